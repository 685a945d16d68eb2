//! The path of the `recsafe` program that was built together with an example.

use std::path::PathBuf;

/// Returns the path of the program, which is in the folder above the example's folder.
pub fn program() -> PathBuf {
    let own = std::env::current_exe().expect("the path of the example is known");
    let folder = own.ancestors().nth(2).expect("examples are in a subfolder");
    folder.join(format!("recsafe{}", std::env::consts::EXE_SUFFIX))
}
