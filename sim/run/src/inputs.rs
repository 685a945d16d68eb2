//! Copies of the experiment file and its packages in the results folder.

use std::collections::BTreeMap;

use recsafe_config::experiment::KeptFile;

use recsafe_results::{Folder, FolderLock, Manifest, StoreError};

/// Replaces the kept files and lists the new files in the manifest.
pub(super) fn keep(
    files: &[KeptFile],
    folder: &Folder,
    lock: &FolderLock,
    manifest: &mut Manifest,
) -> Result<(), StoreError> {
    let texts: BTreeMap<&str, &str> = files.iter().map(|file| (file.path.as_str(), file.text.as_str())).collect();
    folder.remove_inputs(lock, manifest)?;
    manifest.inputs.clear();
    for (path, text) in texts {
        let sum = folder.write_input(lock, path, text.as_bytes())?;
        manifest.inputs.insert(path.to_owned(), sum);
    }
    Ok(())
}

/// Refuses to overwrite a file that is neither a kept file nor equal to the new file.
pub(super) fn refuse_foreign(
    files: &[KeptFile],
    folder: &Folder,
    manifest: Option<&Manifest>,
) -> Result<(), StoreError> {
    files.iter().try_for_each(|file| folder.refuse_foreign_input(&file.path, file.text.as_bytes(), manifest))
}
