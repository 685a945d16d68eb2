//! The results folder: where files stand, and how they get there whole.

use std::collections::BTreeMap;
use std::fs::{self, File, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::checkpoint::CHECKPOINTS;
use super::manifest::{Manifest, RunEntry, RunRecord, checksum};
use super::{StoreError, parquet, tables::find};

/// Where runs are written before they are whole.
pub(super) const ASIDE: &str = ".partial";

/// A results folder.
#[derive(Clone, Debug)]
pub struct Folder {
    root: PathBuf,
}

/// The files of one run, written aside; [`RunFiles::keep`] moves them into place.
#[derive(Debug)]
pub struct RunFiles {
    aside: PathBuf,
    place: PathBuf,
    run: RunEntry,
}

/// Tables of the whole experiment that commands leave in the folder.
pub(super) const TABLES: [&str; 4] =
    ["points.parquet", "comparison.parquet", "candidates.parquet", "sensitivity.parquet"];

/// What else this program leaves in the folder.
const OTHERS: [&str; 6] = ["manifest.json", "runs", "report.html", "winner", CHECKPOINTS, ASIDE];

/// A results folder that is held; it is let go when this is dropped.
#[derive(Debug)]
pub struct FolderLock(#[expect(dead_code, reason = "the lock lasts as long as the file is open")] File);

/// The folder of a run that is in place.
#[derive(Clone, Debug, PartialEq)]
pub struct RunFolder {
    /// Where it is.
    pub path: PathBuf,
    /// What it says of itself.
    pub record: RunRecord,
}

/// What a run's folder says of itself.
const RECORD: &str = "run.json";

/// Syncs a folder, so that the names in it are on disk.
///
/// # Errors
/// If it cannot be opened or synced.
pub fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    File::open(folder).and_then(|file| file.sync_all()).map_err(StoreError::file("sync", folder))
}

/// A new file in the place of whatever stood there. A link is replaced, and never written through.
pub(super) fn new_file(path: &Path) -> Result<File, StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(StoreError::file("replace", path)(error)),
        _ => File::create_new(path).map_err(StoreError::file("create", path)),
    }
}

/// Writes a file and syncs it.
pub(super) fn write_synced(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let mut file = new_file(path)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(StoreError::file("write", path))
}

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

    /// Whether there is anything in it, the leavings of an interrupted start apart.
    ///
    /// # Errors
    /// If it cannot be looked into.
    pub fn is_occupied(&self) -> Result<bool, StoreError> {
        match fs::read_dir(&self.root) {
            Ok(entries) => Ok(entries.flatten().any(|entry| !is_aside(&entry.file_name().to_string_lossy()))),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(StoreError::file("look into", &self.root)(error)),
        }
    }

    /// Looks for links in the folder, where this program writes. The folder itself may be one.
    ///
    /// # Errors
    /// The first link; or if a folder cannot be looked into.
    pub fn refuse_links(&self) -> Result<(), StoreError> {
        let own = TABLES.iter().chain(&OTHERS).map(|name| self.root.join(name));
        if let Some(link) = own.into_iter().find(|path| path.is_symlink()) {
            return Err(StoreError::Link(link));
        }
        let mut places = vec![self.root.join("runs")];
        for _ in ["arm", "point", "seed"] {
            let inner = places.iter().map(|place| entries(place)).collect::<Result<Vec<_>, _>>()?.concat();
            if let Some(link) = inner.iter().find(|path| path.is_symlink()) {
                return Err(StoreError::Link(link.clone()));
            }
            places = inner;
        }
        match entries(&self.root.join(CHECKPOINTS))?.into_iter().find(|path| path.is_symlink()) {
            Some(link) => Err(StoreError::Link(link)),
            None => Ok(()),
        }
    }

    /// Bytes of the runs in it, checkpoints and what is written aside counted. What cannot be looked into counts as nothing.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        ["runs", CHECKPOINTS, ASIDE].iter().map(|name| bytes_below(&self.root.join(name))).sum()
    }

    /// Makes the folder if need be and holds it for as long as the lock lives, so that no other process writes into it. A process that
    /// dies lets go of it.
    ///
    /// # Errors
    /// If another process holds it, or it cannot be made.
    pub fn lock(&self) -> Result<FolderLock, StoreError> {
        fs::create_dir_all(&self.root).map_err(StoreError::file("make", &self.root))?;
        let held = File::open(&self.root).map_err(StoreError::file("open", &self.root))?;
        match held.try_lock() {
            Ok(()) => Ok(FolderLock(held)),
            Err(TryLockError::WouldBlock) => Err(StoreError::Locked(self.root.clone())),
            Err(TryLockError::Error(error)) => Err(StoreError::file("lock", &self.root)(error)),
        }
    }

    /// Makes the folder, and takes away what an interrupted run left aside.
    ///
    /// # Errors
    /// If it cannot be made.
    pub fn make(&self) -> Result<(), StoreError> {
        fs::create_dir_all(&self.root).map_err(StoreError::file("make", &self.root))?;
        self.remove(ASIDE)
    }

    /// Takes away the results in it, and nothing else.
    ///
    /// # Errors
    /// If it holds something that is no result of this program.
    pub fn clear(&self) -> Result<(), StoreError> {
        if self.is_occupied()? && !self.root.join("manifest.json").exists() && self.records()?.is_empty() {
            return Err(StoreError::NotResults(self.root.clone()));
        }
        TABLES.iter().chain(&OTHERS).try_for_each(|name| self.remove(name))
    }

    fn remove(&self, name: &str) -> Result<(), StoreError> {
        let path = self.root.join(name);
        let gone = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        match gone {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(StoreError::file("remove", &path)(error)),
            _ => Ok(()),
        }
    }

    /// Where a run's files stand.
    #[must_use]
    pub fn run_path(&self, arm: &str, point: u32, seed: u64) -> PathBuf {
        self.root.join("runs").join(format!("arm={arm}")).join(format!("point={point}")).join(format!("seed={seed}"))
    }

    /// Begins the files of a run.
    ///
    /// # Errors
    /// If the folder aside cannot be made.
    pub fn begin_run(&self, run: RunEntry) -> Result<RunFiles, StoreError> {
        let RunEntry { arm, point, seed, .. } = &run;
        let aside = self.root.join(ASIDE).join(format!("{arm}.{point}.{seed}"));
        fs::create_dir_all(&aside).map_err(StoreError::file("make", &aside))?;
        let place = self.run_path(arm, *point, *seed);
        Ok(RunFiles { aside, place, run })
    }

    /// The folder of every run that is in place.
    ///
    /// # Errors
    /// If a folder cannot be looked into.
    pub fn run_folders(&self) -> Result<Vec<PathBuf>, StoreError> {
        let mut places = vec![self.root.join("runs")];
        for _ in ["arm", "point", "seed"] {
            places = places.iter().map(|place| inside(place)).collect::<Result<Vec<_>, _>>()?.concat();
        }
        Ok(places)
    }

    /// Every run whose folder is in place, by what the folders say of themselves; folders that say nothing are passed over.
    ///
    /// # Errors
    /// If a folder cannot be looked into.
    pub fn records(&self) -> Result<Vec<RunEntry>, StoreError> {
        let places = self.run_folders()?;
        let read = |place: &PathBuf| -> Option<RunEntry> {
            let record: RunRecord = serde_json::from_slice(&fs::read(place.join(RECORD)).ok()?).ok()?;
            // Where it stands counts: a folder that was moved by hand is not what its record says.
            (record.is_good() && self.run_path(&record.arm, record.point, record.seed) == *place).then(|| record.into())
        };
        Ok(places.iter().filter_map(read).collect())
    }

    /// Gives runs that are in place another arm or point: `moves` has each run as it is and as it is to be.
    ///
    /// # Errors
    /// If a file cannot be moved.
    pub fn move_runs(&self, moves: &[(RunEntry, RunEntry)]) -> Result<(), StoreError> {
        let mut waiting = Vec::new();
        for (from, to) in moves {
            let place = self.run_path(&from.arm, from.point, from.seed);
            let mut files = self.begin_run(to.clone())?;
            files.same_as(from, &place)?;
            waiting.push((place, files));
        }
        for (place, _) in &waiting {
            fs::remove_dir_all(place).map_err(StoreError::file("remove", place))?;
        }
        waiting.into_iter().try_for_each(|(_, files)| files.keep().map(|_| ()))
    }

    /// Writes a table of the whole experiment: aside, synced, renamed. Its checksum goes into the manifest, if there is one.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write_whole(
        &self,
        name: &str,
        write: impl FnOnce(&Path) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let (path, aside) = (self.root.join(name), self.root.join(format!(".{name}.partial")));
        write(&aside)?;
        let checksum = checksum(&aside)?;
        fs::rename(&aside, &path).map_err(StoreError::file("rename", &aside))?;
        sync_folder(&self.root)?;
        let Some(mut manifest) = Manifest::load(&self.root)? else { return Ok(()) };
        manifest.files.insert(name.to_owned(), checksum);
        manifest.save(&self.root)
    }

    /// Writes a file of the whole experiment that is no table, in the same way.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write_page(&self, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
        self.write_whole(name, |path| write_synced(path, bytes))
    }

    /// Whether a run's files are all there, as they were written.
    ///
    /// # Errors
    /// If a file is there but cannot be read.
    pub fn is_whole(&self, run: &RunEntry) -> Result<bool, StoreError> {
        let place = self.run_path(&run.arm, run.point, run.seed);
        for (name, expected) in &run.files {
            let path = place.join(name);
            if !path.exists() || checksum(&path)? != *expected {
                return Ok(false);
            }
        }
        Ok(!run.files.is_empty())
    }

    /// Every finished run's metrics: (arm, point, seed) and its rows, in the manifest's order.
    ///
    /// # Errors
    /// If a file cannot be read, or is not as it was written.
    pub fn read_metrics(&self, manifest: &Manifest) -> Result<Vec<(RunEntry, Vec<parquet::MetricRow>)>, StoreError> {
        let read = |run: &RunEntry| {
            let table = self.read_table(run, "metrics", &parquet::METRIC_COLUMNS)?;
            parquet::metric_rows(&table).map(|rows| (run.clone(), rows))
        };
        manifest.runs.iter().map(read).collect()
    }

    /// Columns of a run's table.
    ///
    /// # Errors
    /// If its file cannot be read, or is not as it was written.
    pub fn read_table(&self, run: &RunEntry, table: &str, columns: &[&str]) -> Result<parquet::ReadTable, StoreError> {
        read_unchanged(&self.run_path(&run.arm, run.point, run.seed), &run.files, table, columns)
    }
}

/// Columns of the table in `place`, if its file has the checksum that `files` has for it. A damaged file is not given to the Parquet
/// reader, which ends the whole program at some of them: it takes whatever memory a file says that it needs.
fn read_unchanged(
    place: &Path,
    files: &BTreeMap<String, String>,
    table: &str,
    columns: &[&str],
) -> Result<parquet::ReadTable, StoreError> {
    let name = format!("{table}.parquet");
    let path = place.join(&name);
    if files.get(&name).is_some_and(|expected| path.is_file() && checksum(&path).is_ok_and(|sum| sum != *expected)) {
        let what = "it is not as it was written; `recsafe run FILE --resume` makes it again".to_owned();
        return Err(StoreError::BadTable { path, what });
    }
    parquet::ReadTable::read(&path, columns)
}

/// Whether a name is of what is written aside: a start that was cut off at its very beginning leaves no more.
fn is_aside(name: &str) -> bool {
    name.starts_with('.') && name.ends_with(ASIDE)
}

impl RunFolder {
    /// The run in this folder; none if it is the folder of no run.
    ///
    /// # Errors
    /// If what the folder says of itself cannot be read, or is damaged.
    pub fn open(path: &Path) -> Result<Option<RunFolder>, StoreError> {
        let file = path.join(RECORD);
        let bytes = match fs::read(&file) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(StoreError::file("read", &file)(error)),
        };
        let record: RunRecord = match serde_json::from_slice(&bytes) {
            Ok(record) => record,
            Err(source) => return Err(StoreError::Manifest { path: file, source }),
        };
        if !record.is_good() {
            let what = "it names an arm or a file that no run has".to_owned();
            return Err(StoreError::BadManifest { path: file, what });
        }
        Ok(Some(RunFolder { path: path.to_owned(), record }))
    }

    /// Columns of a table of the run.
    ///
    /// # Errors
    /// If its file cannot be read, or is not as it was written.
    pub fn read_table(&self, table: &str, columns: &[&str]) -> Result<parquet::ReadTable, StoreError> {
        read_unchanged(&self.path, &self.record.files, table, columns)
    }
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

/// The folders in a folder, by name; none if it is not there.
fn inside(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    Ok(entries(folder)?.into_iter().filter(|path| path.is_dir()).collect())
}

/// Everything in a folder, by name; nothing if it is not there, or is no folder.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    match fs::read_dir(folder) {
        Ok(entries) => {
            let mut found: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
            found.sort();
            Ok(found)
        }
        Err(error) if [std::io::ErrorKind::NotFound, std::io::ErrorKind::NotADirectory].contains(&error.kind()) => {
            Ok(Vec::new())
        }
        Err(error) => Err(StoreError::file("look into", folder)(error)),
    }
}

impl RunFiles {
    /// Writes one table of the run.
    ///
    /// # Errors
    /// If there is no such table, the columns do not fit it, or the file cannot be written.
    pub fn write(&mut self, table: &str, rows: &parquet::Rows) -> Result<(), StoreError> {
        let table = find(table)
            .ok_or_else(|| StoreError::Columns { table: table.to_owned(), what: "no such table".to_owned() })?;
        let name = format!("{}.parquet", table.name);
        let path = self.aside.join(&name);
        parquet::write_rows(&path, table, rows)?;
        self.run.files.insert(name, checksum(&path)?);
        Ok(())
    }

    /// Writes a file of JSON beside the tables.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write_json<T: Serialize>(&mut self, name: &str, value: &T) -> Result<(), StoreError> {
        let path = self.aside.join(name);
        let text =
            serde_json::to_vec_pretty(value).map_err(|source| StoreError::Manifest { path: path.clone(), source })?;
        write_synced(&path, &text)?;
        self.run.files.insert(name.to_owned(), checksum(&path)?);
        Ok(())
    }

    /// Takes over the files of a run that is in place already: as links where the file system has them, so that equal runs take
    /// the room of one.
    ///
    /// # Errors
    /// If a file can be neither linked nor copied.
    pub fn same_as(&mut self, run: &RunEntry, place: &Path) -> Result<(), StoreError> {
        for (name, checksum) in &run.files {
            let (from, to) = (place.join(name), self.aside.join(name));
            fs::hard_link(&from, &to)
                .or_else(|_| fs::copy(&from, &to).map(|_| ()))
                .map_err(StoreError::file("copy", &from))?;
            self.run.files.insert(name.clone(), checksum.clone());
        }
        Ok(())
    }

    /// Moves the files into place, with a record of what they are; from now on the run counts. Returns its entry.
    ///
    /// # Errors
    /// If they cannot be moved.
    pub fn keep(self) -> Result<RunEntry, StoreError> {
        let record = serde_json::to_vec_pretty(&RunRecord::from(&self.run))
            .map_err(|source| StoreError::Manifest { path: self.aside.join(RECORD), source })?;
        write_synced(&self.aside.join(RECORD), &record)?;
        let parent = self.place.parent().unwrap_or(&self.place);
        fs::create_dir_all(parent).map_err(StoreError::file("make", parent))?;
        sync_folder(&self.aside)?;
        if self.place.exists() {
            // Files that the manifest does not know: a run that was cut off between this step and the manifest's.
            fs::remove_dir_all(&self.place).map_err(StoreError::file("remove", &self.place))?;
        }
        fs::rename(&self.aside, &self.place).map_err(StoreError::file("move into place", &self.aside))?;
        sync_folder(parent)?;
        Ok(self.run)
    }
}
