//! The results folder: where files stand, and how they get there whole.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::manifest::{Manifest, RunEntry, checksum};
use super::{StoreError, parquet, tables::find};

/// Where runs are written before they are whole.
const ASIDE: &str = ".partial";

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
    files: BTreeMap<String, String>,
}

/// Syncs a folder, so that the names in it are on disk.
///
/// # Errors
/// If it cannot be opened or synced.
pub fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    File::open(folder).and_then(|file| file.sync_all()).map_err(StoreError::file("sync", folder))
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
            Ok(entries) => Ok(entries.flatten().any(|entry| entry.file_name() != ASIDE)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(StoreError::file("look into", &self.root)(error)),
        }
    }

    /// Makes the folder for a new start.
    ///
    /// # Errors
    /// If there are results in it already, or it cannot be made.
    pub fn start(&self) -> Result<(), StoreError> {
        if self.is_occupied()? {
            return Err(StoreError::Occupied(self.root.clone()));
        }
        self.make()
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
        if self.is_occupied()? && !self.root.join("manifest.json").exists() {
            return Err(StoreError::NotResults(self.root.clone()));
        }
        for name in ["manifest.json", "runs", "points.parquet", "comparison.parquet", "report.html", ASIDE] {
            self.remove(name)?;
        }
        Ok(())
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
    pub fn begin_run(&self, arm: &str, point: u32, seed: u64) -> Result<RunFiles, StoreError> {
        let aside = self.root.join(ASIDE).join(format!("{arm}.{point}.{seed}"));
        fs::create_dir_all(&aside).map_err(StoreError::file("make", &aside))?;
        Ok(RunFiles { aside, place: self.run_path(arm, point, seed), files: BTreeMap::new() })
    }

    /// Writes a table of the whole experiment: aside, synced, renamed.
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
        fs::rename(&aside, &path).map_err(StoreError::file("rename", &aside))?;
        sync_folder(&self.root)
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
    /// If a file cannot be read.
    pub fn read_metrics(&self, manifest: &Manifest) -> Result<Vec<(RunEntry, Vec<parquet::MetricRow>)>, StoreError> {
        let read = |run: &RunEntry| {
            let path = self.run_path(&run.arm, run.point, run.seed).join("metrics.parquet");
            parquet::read_metrics(&path).map(|rows| (run.clone(), rows))
        };
        manifest.runs.iter().map(read).collect()
    }
}

impl RunFiles {
    /// Writes one table of the run.
    ///
    /// # Errors
    /// If there is no such table, the columns do not fit it, or the file cannot be written.
    pub fn write(&mut self, table: &str, columns: Vec<parquet::Data>) -> Result<(), StoreError> {
        let table = find(table)
            .ok_or_else(|| StoreError::Columns { table: table.to_owned(), what: "no such table".to_owned() })?;
        let name = format!("{}.parquet", table.name);
        let path = self.aside.join(&name);
        parquet::write(&path, table, columns)?;
        self.files.insert(name, checksum(&path)?);
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
            self.files.insert(name.clone(), checksum.clone());
        }
        Ok(())
    }

    /// Moves the files into place; from now on the run counts. Returns their checksums.
    ///
    /// # Errors
    /// If they cannot be moved.
    pub fn keep(self) -> Result<BTreeMap<String, String>, StoreError> {
        let parent = self.place.parent().unwrap_or(&self.place);
        fs::create_dir_all(parent).map_err(StoreError::file("make", parent))?;
        sync_folder(&self.aside)?;
        if self.place.exists() {
            // Files that the manifest does not know: a run that was cut off between this step and the manifest's.
            fs::remove_dir_all(&self.place).map_err(StoreError::file("remove", &self.place))?;
        }
        fs::rename(&self.aside, &self.place).map_err(StoreError::file("move into place", &self.aside))?;
        sync_folder(parent)?;
        Ok(self.files)
    }
}
