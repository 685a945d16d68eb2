//! Policy packages: any bytes in a file next to the experiment that uses the package.
#![no_main]

use std::path::PathBuf;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use recsafe_fuzz::{input, read, scratch};

const EXPERIMENT: &str = r#"
[experiment]
name = "fuzz"
[[arm]]
name = "as-is"
[[arm]]
name = "packaged"
policies = ["./package.toml"]
"#;

static FOLDER: LazyLock<PathBuf> = LazyLock::new(scratch);

fuzz_target!(|bytes: &[u8]| {
    std::fs::write(FOLDER.join("package.toml"), bytes).expect("the scratch folder is writable");
    read(&input(EXPERIMENT, Vec::new(), &FOLDER.join("experiment.toml")));
});
