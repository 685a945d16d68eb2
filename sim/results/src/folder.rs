//! The results folder: its lock, its runs and the files of the whole experiment.

use std::collections::BTreeMap;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use recsafe_config::manifest::{Manifest, RunEntry};

use super::StoreError;
use super::layout::{CHECKPOINTS, FIXED, RECORD, ROOT_FILES, RUNS, STAGING, names_a_run, run_folder, run_place};
use super::manifest::{RunRecord, checksum};
use super::own::refuse_foreign_file;
use super::run_files::{RunFiles, RunFolder, lists_every_table};
use super::staged_file::{StagedFile, entries, tidy};

/// A results folder.
#[derive(Clone, Debug)]
pub struct Folder {
    root: PathBuf,
}

/// A lock of a results folder. The lock is released when its last copy is dropped or the process
/// ends.
#[derive(Clone, Debug)]
pub struct FolderLock(#[expect(dead_code, reason = "the lock lasts as long as the file is open")] Arc<File>);

impl Folder {
    /// Creates a handle of the folder at `root`, which need not exist.
    #[must_use]
    pub fn new(root: &Path) -> Self {
        Folder { root: root.to_owned() }
    }

    /// Returns the path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.root
    }

    /// Refuses links at the paths that recsafe writes to. The folder itself is allowed to be a
    /// link.
    ///
    /// # Errors
    /// If there is a link, or if a folder cannot be read.
    pub fn refuse_links(&self) -> Result<(), StoreError> {
        let at_root = FIXED.iter().chain(&ROOT_FILES).map(|name| self.root.join(name));
        let below = [RUNS, CHECKPOINTS].map(|name| entries(&self.root.join(name)));
        let [runs, checkpoints] = below;
        match at_root.chain(runs?).chain(checkpoints?).find(|path| path.is_symlink()) {
            Some(link) => Err(StoreError::Link(link)),
            None => Ok(()),
        }
    }

    /// Returns the size of the folder's runs, checkpoints and staged files, in bytes. Unreadable
    /// folders count as empty.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        [RUNS, CHECKPOINTS, STAGING].iter().map(|name| bytes_below(&self.root.join(name))).sum()
    }

    /// Creates the folder if necessary and locks it for writing.
    ///
    /// # Errors
    /// If another process reads or writes the folder, or if the folder cannot be created.
    pub fn lock(&self) -> Result<FolderLock, StoreError> {
        fs::create_dir_all(&self.root).map_err(StoreError::folder(&self.root))?;
        self.locked(File::try_lock)
    }

    /// Locks the folder for reading. Other readers can lock the folder at the same time, but
    /// writers cannot.
    ///
    /// # Errors
    /// If another process writes to the folder, or the folder is missing.
    pub fn lock_to_read(&self) -> Result<FolderLock, StoreError> {
        self.locked(File::try_lock_shared)
    }

    fn locked(&self, lock: impl FnOnce(&File) -> Result<(), TryLockError>) -> Result<FolderLock, StoreError> {
        let folder_lock = File::open(&self.root).map_err(StoreError::file("open", &self.root))?;
        match lock(&folder_lock) {
            // The previous owner of the lock can move the folder after this process opens the
            // folder.
            Ok(()) if self.is(&folder_lock) => Ok(FolderLock(Arc::new(folder_lock))),
            Ok(()) | Err(TryLockError::WouldBlock) => Err(StoreError::Locked(self.root.clone())),
            Err(TryLockError::Error(error)) => Err(StoreError::file("lock", &self.root)(error)),
        }
    }

    /// Returns whether the path still leads to the opened folder.
    #[cfg(unix)]
    fn is(&self, opened: &File) -> bool {
        use std::os::unix::fs::MetadataExt;
        let id = |found: fs::Metadata| (found.dev(), found.ino());
        fs::metadata(&self.root).map(id).ok() == opened.metadata().map(id).ok()
    }

    /// On other systems, an open folder cannot be moved.
    #[cfg(not(unix))]
    fn is(&self, _opened: &File) -> bool {
        true
    }

    /// Refuses a path that exists and is not a folder, such as a file or a broken link.
    ///
    /// # Errors
    /// If the path is not a folder.
    pub fn refuse_no_folder(&self) -> Result<(), StoreError> {
        if self.root.is_dir() || self.root.symlink_metadata().is_err() {
            return Ok(());
        }
        Err(StoreError::folder(&self.root)(std::io::ErrorKind::NotADirectory.into()))
    }

    /// Refuses a folder without write permission.
    ///
    /// # Errors
    /// If a test file cannot be created.
    pub fn refuse_unwritable(&self, _held: &FolderLock) -> Result<(), StoreError> {
        match StagedFile::file(&self.root, "nothing") {
            Ok(_) => Ok(()),
            Err(StoreError::File { source, .. }) => Err(StoreError::folder(&self.root)(source)),
            Err(error) => Err(error),
        }
    }

    /// Deletes files that crashed writers left in the staging folder.
    ///
    /// # Errors
    /// If a file cannot be deleted.
    pub fn tidy(&self, _held: &FolderLock) -> Result<(), StoreError> {
        tidy(&self.root)
    }

    /// Creates a staging folder for the files of a run.
    ///
    /// # Errors
    /// If the staging folder cannot be created.
    pub fn begin_run(&self, run: RunEntry) -> Result<RunFiles, StoreError> {
        RunFiles::begin(&self.root, run)
    }

    /// Returns the path of a run's folder.
    #[must_use]
    pub fn run_path(&self, run: &RunEntry) -> PathBuf {
        self.root.join(run_place(run))
    }

    /// Returns the folders of all runs, including damaged and unfinished runs.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub fn run_folders(&self) -> Result<Vec<PathBuf>, StoreError> {
        let is_run =
            |path: &PathBuf| path.is_dir() && path.file_name().is_some_and(|name| names_a_run(&name.to_string_lossy()));
        Ok(entries(&self.root.join(RUNS))?.into_iter().filter(is_run).collect())
    }

    /// Returns the records of all runs. Skips folders without a valid record, and folders whose
    /// name does not match the record.
    ///
    /// # Errors
    /// If a folder cannot be read.
    pub fn records(&self) -> Result<Vec<RunRecord>, StoreError> {
        let read = |path: &PathBuf| -> Option<RunRecord> {
            let record = record_in(path)?;
            (self.root.join(run_folder(&record.hash)) == *path).then_some(record)
        };
        Ok(self.run_folders()?.iter().filter_map(read).collect())
    }

    /// Returns all runs with intact files, by hash.
    ///
    /// # Errors
    /// If a folder or an existing file cannot be read.
    pub fn whole_runs(&self) -> Result<BTreeMap<String, RunEntry>, StoreError> {
        let mut whole = BTreeMap::new();
        for run in self.records()?.into_iter().map(RunEntry::from) {
            if self.is_whole(&run)? {
                whole.insert(run.hash.clone(), run);
            }
        }
        Ok(whole)
    }

    /// Returns the runs that are stored in the layout of version 0.1.0.
    ///
    /// # Errors
    /// If a folder cannot be read.
    pub fn earlier_records(&self) -> Result<Vec<RunEntry>, StoreError> {
        let mut places = vec![self.root.join(RUNS)];
        for _ in ["arm", "point", "seed"] {
            places = places.iter().map(|path| entries(path)).collect::<Result<Vec<_>, _>>()?.concat();
        }
        let read = |path: &PathBuf| -> Option<RunEntry> {
            let entry = RunEntry { earlier: true, ..RunEntry::from(record_in(path)?) };
            (self.run_path(&entry) == *path).then_some(entry)
        };
        Ok(places.iter().filter_map(read).collect())
    }

    /// Writes a file of the whole experiment. Adds the file's checksum to the manifest, if there is
    /// a manifest.
    ///
    /// # Errors
    /// If the file cannot be written, or a file of another program has the same name.
    pub fn write_whole(
        &self,
        _held: &FolderLock,
        name: &str,
        write: impl FnOnce(&Path) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let (path, staged) = (self.root.join(name), StagedFile::file(&self.root, name)?);
        write(staged.path())?;
        let Some(mut manifest) = self.manifest()? else { return staged.put(&path) };
        refuse_foreign_file(&path, &manifest)?;
        manifest.files.insert(name.to_owned(), checksum(staged.path())?);
        // The file is moved before the manifest is written. Before the move, the manifest
        // identifies the old file by its checksum, because files of version 0.1.0 do not contain
        // the text that identifies files of recsafe. Between the two steps, this text identifies
        // the new file.
        staged.put(&path)?;
        self.write_manifest(&manifest)
    }

    /// Writes a page of the whole experiment.
    ///
    /// # Errors
    /// If the page cannot be written, or a file of another program has the same name.
    pub fn write_page(&self, lock: &FolderLock, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
        self.write_whole(lock, name, |path| super::staged_file::write_synced(path, bytes))
    }

    /// Returns the manifest without runs whose folder is missing, or `None` if there is no
    /// manifest.
    ///
    /// # Errors
    /// See [`Folder::manifest`].
    pub fn results(&self) -> Result<Option<Manifest>, StoreError> {
        let mut manifest = self.manifest()?;
        if let Some(manifest) = &mut manifest {
            manifest.runs.retain(|run| self.run_path(run).is_dir());
        }
        Ok(manifest)
    }

    /// Returns whether a run has all of its files with their original content.
    ///
    /// # Errors
    /// If an existing file cannot be read.
    pub fn is_whole(&self, run: &RunEntry) -> Result<bool, StoreError> {
        let folder = self.run_path(run);
        for (name, expected) in &run.files {
            let path = folder.join(name);
            if !path.exists() || checksum(&path)? != *expected {
                return Ok(false);
            }
        }
        Ok(lists_every_table(run))
    }

    /// Returns the folder of a run.
    #[must_use]
    pub fn run(&self, run: &RunEntry) -> RunFolder {
        RunFolder::of(&self.root, run)
    }
}

/// Returns the absolute path without links. The file need not exist. Paths of the same file become
/// equal, and a path inside a folder starts with the folder's path.
#[must_use]
pub fn resolved(path: &Path) -> PathBuf {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let found = whole.ancestors().find_map(|above| Some((above, above.canonicalize().ok()?)));
    let Some((above, mut real)) = found else { return whole };
    for part in whole.strip_prefix(above).unwrap_or(&whole).components() {
        match part {
            std::path::Component::ParentDir => drop(real.pop()),
            part => real.push(part),
        }
    }
    real
}

/// Returns the record in a run's folder, or `None` if the record is missing or not valid.
fn record_in(path: &Path) -> Option<RunRecord> {
    let record: RunRecord = serde_json::from_slice(&fs::read(path.join(RECORD)).ok()?).ok()?;
    record.is_good().then_some(record)
}

/// Returns the bytes of all files below a folder.
fn bytes_below(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| match entry.metadata() {
            Ok(found) if found.is_dir() => bytes_below(&entry.path()),
            Ok(found) => found.len(),
            Err(_) => 0,
        })
        .sum()
}
