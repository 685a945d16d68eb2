//! Kept inputs: the experiment file and its packages, below `experiment/` in the results folder.

use std::fs;
use std::path::Path;

use super::aside::Aside;
use super::layout::INPUTS;
use super::manifest::{checksum, checksum_of};
use super::own::{remove_file, remove_if_empty};
use super::{Folder, FolderLock, Manifest, StoreError};

impl Folder {
    /// Keeps a file. Returns its checksum.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write_input(&self, _held: &FolderLock, name: &str, bytes: &[u8]) -> Result<String, StoreError> {
        let path = self.path().join(INPUTS).join(name);
        let parent = path.parent().unwrap_or(&path);
        fs::create_dir_all(parent).map_err(StoreError::file("make", parent))?;
        let aside = Aside::file(self.path(), "input")?;
        aside.write(bytes)?;
        aside.put(&path)?;
        Ok(checksum_of(bytes))
    }

    /// Reads the kept files: name and text. One that is not as it was written, or is no text, is passed over.
    ///
    /// # Errors
    /// If a file cannot be read.
    pub fn read_inputs(&self, manifest: &Manifest) -> Result<Vec<(String, String)>, StoreError> {
        let mut found = Vec::new();
        for (name, sum) in &manifest.inputs {
            let path = self.path().join(INPUTS).join(name);
            if !path.is_file() {
                continue;
            }
            let bytes = fs::read(&path).map_err(StoreError::file("read", &path))?;
            if checksum_of(&bytes) == *sum {
                found.extend(String::from_utf8(bytes).ok().map(|text| (name.clone(), text)));
            }
        }
        Ok(found)
    }

    /// Refuses if a file is in the place of one to be kept, and is neither the one kept before nor equal to the new one.
    ///
    /// # Errors
    /// That file, or a file that cannot be read.
    pub fn refuse_foreign_input(
        &self,
        name: &str,
        bytes: &[u8],
        manifest: Option<&Manifest>,
    ) -> Result<(), StoreError> {
        let path = self.path().join(INPUTS).join(name);
        if !path.exists() {
            return Ok(());
        }
        let listed = manifest.and_then(|manifest| manifest.inputs.get(name));
        let is_known = path.is_file() && {
            let found = checksum(&path)?;
            found == checksum_of(bytes) || listed == Some(&found)
        };
        if is_known { Ok(()) } else { Err(StoreError::NotOwn(path)) }
    }

    /// Takes away the kept inputs that are not as they were written, so that they can be kept anew.
    ///
    /// # Errors
    /// If one cannot be read or removed.
    pub fn remove_changed_inputs(&self, _held: &FolderLock, manifest: &Manifest) -> Result<(), StoreError> {
        for (name, sum) in &manifest.inputs {
            let path = self.path().join(INPUTS).join(name);
            if path.is_file() && checksum(&path)? != *sum {
                remove_file(&path)?;
            }
        }
        Ok(())
    }

    /// Takes away the kept inputs that are as they were written.
    ///
    /// # Errors
    /// If one cannot be removed.
    pub fn remove_inputs(&self, _held: &FolderLock, manifest: &Manifest) -> Result<(), StoreError> {
        remove(&self.path().join(INPUTS), manifest)
    }
}

/// Takes away the kept inputs below a folder that are as they were written, and folders that become empty.
pub(super) fn remove(folder: &Path, manifest: &Manifest) -> Result<(), StoreError> {
    for (name, sum) in &manifest.inputs {
        let path = folder.join(name);
        if path.is_file() && checksum(&path)? == *sum {
            remove_file(&path)?;
        }
        let mut above = path.as_path();
        while let Some(parent) = above.parent().filter(|parent| parent.starts_with(folder)) {
            remove_if_empty(parent)?;
            above = parent;
        }
    }
    Ok(())
}
