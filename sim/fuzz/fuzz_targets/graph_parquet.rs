//! Parquet files of follows or likes: any bytes.
#![no_main]

use std::path::PathBuf;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use recsafe_fuzz::scratch;
use recsafe_import::ParquetRows;
use recsafe_results::import::Parquet;

static FILE: LazyLock<PathBuf> = LazyLock::new(|| scratch().join("graph.parquet"));

// recsafe catches panics of the Parquet reader and reports the file as corrupt. libFuzzer's own
// panic hook would stop the target at such a panic.
fuzz_target!(init: recsafe_results::panics::tell_once(|panic| eprintln!("{panic}")), |bytes: &[u8]| {
    std::fs::write(&*FILE, bytes).expect("the scratch folder is writable");
    let columns = ["1", "2"].map(str::to_owned);
    let mut before = 0;
    let read = Parquet.rows(&FILE, &columns, &mut |row, _| {
        assert_eq!(row, before + 1, "rows come in order");
        before = row;
        Ok(())
    });
    if let Err(refusal) = read {
        assert!(!refusal.what.is_empty());
    }
});
