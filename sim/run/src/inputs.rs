//! The experiment file and its packages, kept with the results that they made.

use std::collections::BTreeMap;

use recsafe_config::experiment::KeptFile;

use recsafe_results::{Folder, FolderLock, Manifest, StoreError};

/// Keeps the files in place of those that were kept before, and lists them in the manifest.
pub(super) fn keep(
    files: &[KeptFile],
    folder: &Folder,
    held: &FolderLock,
    manifest: &mut Manifest,
) -> Result<(), StoreError> {
    let texts: BTreeMap<&str, &str> = files.iter().map(|file| (file.path.as_str(), file.text.as_str())).collect();
    folder.remove_inputs(held, manifest)?;
    manifest.inputs.clear();
    for (path, text) in texts {
        let sum = folder.write_input(held, path, text.as_bytes())?;
        manifest.inputs.insert(path.to_owned(), sum);
    }
    Ok(())
}

/// Refuses if a file that is neither as it was kept nor equal to the one that would be kept is in its place.
pub(super) fn refuse_foreign(
    files: &[KeptFile],
    folder: &Folder,
    manifest: Option<&Manifest>,
) -> Result<(), StoreError> {
    files.iter().try_for_each(|file| folder.refuse_foreign_input(&file.path, file.text.as_bytes(), manifest))
}
