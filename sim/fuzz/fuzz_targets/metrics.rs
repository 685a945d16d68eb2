//! A run's `metrics.parquet`, as `compare` reads it: any bytes.
#![no_main]

use std::path::PathBuf;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use recsafe_fuzz::scratch;
use recsafe_results::read;
use recsafe_stats::rows::GroupValue;

static FILE: LazyLock<PathBuf> = LazyLock::new(|| scratch().join("metrics.parquet"));

// A panic of the Parquet reader is caught, and told as a damaged file; libFuzzer's own hook would end the target at it.
fuzz_target!(init: recsafe_results::panics::tell_once(|panic| eprintln!("{panic}")), |bytes: &[u8]| {
    std::fs::write(&*FILE, bytes).expect("the folder was made");
    if let Err(error) = read::<GroupValue>(&FILE) {
        assert!(error.to_string().contains("metrics.parquet"));
    }
});
