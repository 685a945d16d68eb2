//! The evidence file: any text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use recsafe_evidence::evidence;

fuzz_target!(|text: &str| match evidence::read(text) {
    Ok(rows) => assert!(rows.iter().all(|row| row.low.is_some() || row.high.is_some())),
    Err(bad) => assert!(!bad.to_string().is_empty()),
});
