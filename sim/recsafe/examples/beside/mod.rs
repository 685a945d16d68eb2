//! The program that was built with an example.

use std::path::PathBuf;

/// Where it stands: in the folder above this one.
pub fn program() -> PathBuf {
    let own = std::env::current_exe().expect("a program knows where it is");
    let folder = own.ancestors().nth(2).expect("examples stand in a folder of their own");
    folder.join(format!("recsafe{}", std::env::consts::EXE_SUFFIX))
}
