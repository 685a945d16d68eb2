//! The results folder: who holds it, which runs are in it, and the files of the whole experiment.

use std::collections::BTreeMap;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use recsafe_config::manifest::{Manifest, RunEntry};

use super::StoreError;
use super::aside::{Aside, entries, tidy};
use super::layout::{ASIDE, CHECKPOINTS, FIXED, RECORD, ROOT_FILES, RUNS, names_a_run, run_folder, run_place};
use super::manifest::{RunRecord, checksum};
use super::own::refuse_foreign_file;
use super::run_files::{RunFiles, RunFolder, lists_every_table};

/// A results folder.
#[derive(Clone, Debug)]
pub struct Folder {
    root: PathBuf,
}

/// A results folder that is held, so that no other process writes into it. It is let go when the last copy of this is dropped, or when the
/// process dies.
#[derive(Clone, Debug)]
pub struct FolderLock(#[expect(dead_code, reason = "the lock lasts as long as the file is open")] Arc<File>);

impl Folder {
    /// The folder at `root`, which need not exist.
    #[must_use]
    pub fn new(root: &Path) -> Self {
        Folder { root: root.to_owned() }
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.root
    }

    /// Looks for links in the folder, where this program writes. The folder itself may be one.
    ///
    /// # Errors
    /// The first link; or if a folder cannot be looked into.
    pub fn refuse_links(&self) -> Result<(), StoreError> {
        let at_root = FIXED.iter().chain(&ROOT_FILES).map(|name| self.root.join(name));
        let below = [RUNS, CHECKPOINTS].map(|name| entries(&self.root.join(name)));
        let [runs, checkpoints] = below;
        match at_root.chain(runs?).chain(checkpoints?).find(|path| path.is_symlink()) {
            Some(link) => Err(StoreError::Link(link)),
            None => Ok(()),
        }
    }

    /// Bytes of the runs in it, checkpoints and what is written aside counted. What cannot be looked into counts as nothing.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        [RUNS, CHECKPOINTS, ASIDE].iter().map(|name| bytes_below(&self.root.join(name))).sum()
    }

    /// Makes the folder if need be and holds it for as long as the lock lives.
    ///
    /// # Errors
    /// If another process holds it or reads it, or it cannot be made.
    pub fn lock(&self) -> Result<FolderLock, StoreError> {
        fs::create_dir_all(&self.root).map_err(StoreError::folder(&self.root))?;
        self.locked(File::try_lock)
    }

    /// Holds the folder as it is, together with others that read it: nobody writes into it as long as the lock lives.
    ///
    /// # Errors
    /// If another process writes into it, or it is not there.
    pub fn lock_to_read(&self) -> Result<FolderLock, StoreError> {
        self.locked(File::try_lock_shared)
    }

    fn locked(&self, lock: impl FnOnce(&File) -> Result<(), TryLockError>) -> Result<FolderLock, StoreError> {
        let held = File::open(&self.root).map_err(StoreError::file("open", &self.root))?;
        match lock(&held) {
            // Who held it until just now may have moved it away.
            Ok(()) if self.is(&held) => Ok(FolderLock(Arc::new(held))),
            Ok(()) | Err(TryLockError::WouldBlock) => Err(StoreError::Locked(self.root.clone())),
            Err(TryLockError::Error(error)) => Err(StoreError::file("lock", &self.root)(error)),
        }
    }

    /// Whether this is what was opened under its name.
    #[cfg(unix)]
    fn is(&self, opened: &File) -> bool {
        use std::os::unix::fs::MetadataExt;
        let id = |found: fs::Metadata| (found.dev(), found.ino());
        fs::metadata(&self.root).map(id).ok() == opened.metadata().map(id).ok()
    }

    /// Not known here: a folder that is open cannot be moved.
    #[cfg(not(unix))]
    fn is(&self, _opened: &File) -> bool {
        true
    }

    /// Refuses a place that is something else than a folder, such as a file, or a link to nothing.
    ///
    /// # Errors
    /// If it is.
    pub fn refuse_no_folder(&self) -> Result<(), StoreError> {
        if self.root.is_dir() || self.root.symlink_metadata().is_err() {
            return Ok(());
        }
        Err(StoreError::folder(&self.root)(std::io::ErrorKind::NotADirectory.into()))
    }

    /// Refuses a folder into which nothing can be written.
    ///
    /// # Errors
    /// If it is.
    pub fn refuse_unwritable(&self, _held: &FolderLock) -> Result<(), StoreError> {
        match Aside::file(&self.root, "nothing") {
            Ok(_) => Ok(()),
            Err(StoreError::File { source, .. }) => Err(StoreError::folder(&self.root)(source)),
            Err(error) => Err(error),
        }
    }

    /// Takes away what writers that died have left aside.
    ///
    /// # Errors
    /// If something cannot be removed.
    pub fn tidy(&self, _held: &FolderLock) -> Result<(), StoreError> {
        tidy(&self.root)
    }

    /// Begins the files of a run.
    ///
    /// # Errors
    /// If the folder aside cannot be made.
    pub fn begin_run(&self, run: RunEntry) -> Result<RunFiles, StoreError> {
        RunFiles::begin(&self.root, run)
    }

    /// Where the files of a run are.
    #[must_use]
    pub fn run_path(&self, run: &RunEntry) -> PathBuf {
        self.root.join(run_place(run))
    }

    /// The folder of every run that is in place, whatever state it is in.
    ///
    /// # Errors
    /// If the folder cannot be looked into.
    pub fn run_folders(&self) -> Result<Vec<PathBuf>, StoreError> {
        let is_run =
            |path: &PathBuf| path.is_dir() && path.file_name().is_some_and(|name| names_a_run(&name.to_string_lossy()));
        Ok(entries(&self.root.join(RUNS))?.into_iter().filter(is_run).collect())
    }

    /// Every run that is in place, by what the folders say of themselves; a folder that says nothing, or that has another run's name, is
    /// passed over.
    ///
    /// # Errors
    /// If a folder cannot be looked into.
    pub fn records(&self) -> Result<Vec<RunRecord>, StoreError> {
        let read = |place: &PathBuf| -> Option<RunRecord> {
            let record = record_in(place)?;
            (self.root.join(run_folder(&record.hash)) == *place).then_some(record)
        };
        Ok(self.run_folders()?.iter().filter_map(read).collect())
    }

    /// Every run that is in place with all of its files as they were written, by its hash.
    ///
    /// # Errors
    /// If a folder cannot be looked into, or a file is there but cannot be read.
    pub fn whole_runs(&self) -> Result<BTreeMap<String, RunEntry>, StoreError> {
        let mut whole = BTreeMap::new();
        for run in self.records()?.into_iter().map(RunEntry::from) {
            if self.is_whole(&run)? {
                whole.insert(run.hash.clone(), run);
            }
        }
        Ok(whole)
    }

    /// Every run that is in place where the earlier layout had it.
    ///
    /// # Errors
    /// If a folder cannot be looked into.
    pub fn earlier_records(&self) -> Result<Vec<RunEntry>, StoreError> {
        let mut places = vec![self.root.join(RUNS)];
        for _ in ["arm", "point", "seed"] {
            places = places.iter().map(|place| entries(place)).collect::<Result<Vec<_>, _>>()?.concat();
        }
        let read = |place: &PathBuf| -> Option<RunEntry> {
            let entry = RunEntry { earlier: true, ..RunEntry::from(record_in(place)?) };
            (self.run_path(&entry) == *place).then_some(entry)
        };
        Ok(places.iter().filter_map(read).collect())
    }

    /// Writes a file of the whole experiment: aside, synced, moved into place. Its checksum then goes into the manifest, if there is
    /// one.
    ///
    /// # Errors
    /// If it cannot be written, or a file of another program has its name.
    pub fn write_whole(
        &self,
        _held: &FolderLock,
        name: &str,
        write: impl FnOnce(&Path) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let (path, aside) = (self.root.join(name), Aside::file(&self.root, name)?);
        write(aside.path())?;
        let Some(mut manifest) = self.manifest()? else { return aside.put(&path) };
        refuse_foreign_file(&path, &manifest)?;
        manifest.files.insert(name.to_owned(), checksum(aside.path())?);
        // The file goes first: the old one is known by its checksum until then, the new one by its mark. Version 0.1.0 wrote no marks.
        aside.put(&path)?;
        self.write_manifest(&manifest)
    }

    /// Writes a page of the whole experiment, in the same way.
    ///
    /// # Errors
    /// If it cannot be written, or a file of another program has its name.
    pub fn write_page(&self, held: &FolderLock, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
        self.write_whole(held, name, |path| super::aside::write_synced(path, bytes))
    }

    /// The manifest as a reader of results takes it: a run whose folder is gone is not among the finished ones. None if there is no manifest.
    ///
    /// # Errors
    /// As of [`Folder::manifest`].
    pub fn results(&self) -> Result<Option<Manifest>, StoreError> {
        let mut manifest = self.manifest()?;
        if let Some(manifest) = &mut manifest {
            manifest.runs.retain(|run| self.run_path(run).is_dir());
        }
        Ok(manifest)
    }

    /// Whether a run's files are all there, as they were written.
    ///
    /// # Errors
    /// If a file is there but cannot be read.
    pub fn is_whole(&self, run: &RunEntry) -> Result<bool, StoreError> {
        let place = self.run_path(run);
        for (name, expected) in &run.files {
            let path = place.join(name);
            if !path.exists() || checksum(&path)? != *expected {
                return Ok(false);
            }
        }
        Ok(lists_every_table(run))
    }

    /// The folder of a run.
    #[must_use]
    pub fn run(&self, run: &RunEntry) -> RunFolder {
        RunFolder::of(&self.root, run)
    }
}

/// A path without links in it, whether there is something or not: two paths of one place are equal, and one that lies in another begins with it.
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

/// What a run's folder says of itself; none if it says nothing that can be read and used.
fn record_in(place: &Path) -> Option<RunRecord> {
    let record: RunRecord = serde_json::from_slice(&fs::read(place.join(RECORD)).ok()?).ok()?;
    record.is_good().then_some(record)
}

/// Bytes of all files below a folder.
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
