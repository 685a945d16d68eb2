//! A run's `metrics.parquet`, as `compare` reads it: any bytes.
#![no_main]

use std::path::PathBuf;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use recsafe_fuzz::scratch;
use recsafe_results::read;
use recsafe_stats::rows::GroupValue;

static FILE: LazyLock<PathBuf> = LazyLock::new(|| scratch().join("metrics.parquet"));

// recsafe catches panics of the Parquet reader and reports the file as corrupt. libFuzzer's own
// panic hook would stop the target at such a panic.
fuzz_target!(init: recsafe_results::panics::tell_once(|panic| eprintln!("{panic}")), |bytes: &[u8]| {
    std::fs::write(&*FILE, bytes).expect("the scratch folder is writable");
    if let Err(error) = read::<GroupValue>(&FILE) {
        assert!(error.to_string().contains("metrics.parquet"));
    }
});
