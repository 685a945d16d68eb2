//! `manifest.json`: any bytes. What is read must not name anything outside of its folder, and can be verified and compared.
#![no_main]

use std::path::PathBuf;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use recsafe_engine::measure::metrics::facts;
use recsafe_fuzz::scratch;
use recsafe_results::Folder;
use recsafe_run::verify;

static FOLDER: LazyLock<PathBuf> = LazyLock::new(scratch);

// A panic of the Parquet reader is caught, and told as a damaged file; libFuzzer's own hook would end the target at it.
fuzz_target!(init: recsafe_results::panics::tell_once(|panic| eprintln!("{panic}")), |bytes: &[u8]| {
    let folder = Folder::new(&FOLDER);
    std::fs::write(FOLDER.join("manifest.json"), bytes).expect("the folder was made");
    let Ok(Some(manifest)) = folder.manifest() else { return };
    for run in &manifest.runs {
        let place = folder.run_path(run);
        for name in run.files.keys() {
            let file = place.join(name);
            assert!(file.starts_with(FOLDER.join("runs")) && file.components().all(|part| part.as_os_str() != ".."));
        }
    }
    // Whether they find something wrong does not matter here; that they end does.
    let _ = verify(&folder);
    let _ = folder.compared(&facts(), None);
});
