//! `manifest.json`: any bytes. A manifest that can be read must not refer to files outside of the
//! manifest's folder. Verifying and comparing the folder must not panic.
#![no_main]

use std::path::PathBuf;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use recsafe_engine::measure::metrics::facts;
use recsafe_fuzz::scratch;
use recsafe_results::Folder;
use recsafe_run::verify;

static FOLDER: LazyLock<PathBuf> = LazyLock::new(scratch);

// recsafe catches panics of the Parquet reader and reports the file as corrupt. libFuzzer's own
// panic hook would stop the target at such a panic.
fuzz_target!(init: recsafe_results::panics::tell_once(|panic| eprintln!("{panic}")), |bytes: &[u8]| {
    let folder = Folder::new(&FOLDER);
    std::fs::write(FOLDER.join("manifest.json"), bytes).expect("the scratch folder is writable");
    let Ok(Some(manifest)) = folder.manifest() else { return };
    for run in &manifest.runs {
        let place = folder.run_path(run);
        for name in run.files.keys() {
            let file = place.join(name);
            assert!(file.starts_with(FOLDER.join("runs")) && file.components().all(|part| part.as_os_str() != ".."));
        }
    }
    // Errors are allowed here; the functions only have to return.
    let _ = verify(&folder);
    let _ = folder.compared(&facts(), None);
});
