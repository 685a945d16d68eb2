//! Checkpoints: the state of a run, or of a warm-up, that is under way. One file each: a line of JSON that says whose state it is, the
//! state itself, and the SHA-256 of both. Nothing of the state is read before the checksum is found to be right.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use recsafe_common::ids::Day;
use recsafe_config::plan::VERSION;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::StoreError;
use super::aside::{Aside, sync_folder};
use super::folder::Folder;
use super::layout::{CHECKPOINTS, is_hash};

/// Version of the form of the file, counted up too where the state that it holds takes another form within a version of the program.
const FORMAT: u32 = 5;

/// Longest first line, in bytes.
const LONGEST_HEAD: u64 = 1_000;

/// Bytes of the checksum.
const SUM: u64 = 32;

/// Bytes that are read or written at a time.
const BLOCK: usize = 1 << 16;

/// The first line of a checkpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Head {
    /// [`FORMAT`] when it was written.
    checkpoint: u32,
    /// Version of the program.
    version: String,
    /// Hash of the run or warm-up.
    of: String,
    /// The last day that was lived.
    day: Day,
}

/// Why a checkpoint is of no use.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    /// It cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It is not what it was when it was written.
    #[error("the checkpoint {} is damaged: {what}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// It is of another run, or of another version of the program.
    #[error("the checkpoint {} is of no use here: {what}", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
        /// Whose it is.
        what: String,
    },
}

impl Folder {
    fn checkpoints(&self) -> PathBuf {
        self.path().join(CHECKPOINTS)
    }

    /// Where the checkpoint of a run, or of a warm-up, with this hash stands.
    #[must_use]
    pub fn checkpoint_path(&self, of: &str) -> PathBuf {
        self.checkpoints().join(format!("{of}.ckpt"))
    }

    /// Whether there is a checkpoint that says that it is of this hash. Whether it is whole shows when it is read.
    #[must_use]
    pub fn has_checkpoint(&self, of: &str) -> bool {
        let path = self.checkpoint_path(of);
        File::open(&path).is_ok_and(|file| head(&mut BufReader::new(file), &path, of).is_ok())
    }

    /// Keeps the state of a run at the end of a day, in place of the one kept before. Returns the size of the file in bytes.
    ///
    /// # Errors
    /// If it cannot be written; the one kept before stays then.
    pub fn write_checkpoint<S: Serialize>(&self, of: &str, day: Day, state: &S) -> Result<u64, StoreError> {
        let (folder, path) = (self.checkpoints(), self.checkpoint_path(of));
        let aside = Aside::file(self.path(), "checkpoint")?;
        let head = Head { checkpoint: FORMAT, version: VERSION.to_owned(), of: of.to_owned(), day };
        let size = write(aside.path(), &head, state).map_err(StoreError::file("write", aside.path()))?;
        let _alone = alone();
        fs::create_dir_all(&folder).map_err(StoreError::file("make", &folder))?;
        aside.put(&path)?;
        sync_folder(self.path())?;
        Ok(size)
    }

    /// The state kept of a run, with the last day that was lived; none if none is kept.
    ///
    /// # Errors
    /// If it cannot be read, is damaged, or is of another run or version.
    pub fn read_checkpoint<S: DeserializeOwned>(&self, of: &str) -> Result<Option<(Day, S)>, CheckpointError> {
        let path = self.checkpoint_path(of);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(StoreError::file("read", &path)(error).into()),
        };
        read(file, &path, of).map(Some)
    }

    /// Takes a checkpoint away, if there is one.
    ///
    /// # Errors
    /// If it cannot be removed.
    pub fn remove_checkpoint(&self, of: &str) -> Result<(), StoreError> {
        let path = self.checkpoint_path(of);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(StoreError::file("remove", &path)(error)),
            _ => {
                let _alone = alone();
                drop(fs::remove_dir(self.checkpoints())); // succeeds when it was the last
                Ok(())
            }
        }
    }

    /// Takes away the checkpoints of what `is_over`, by hash. Returns the hashes of those that stay, in the order of names; files that are no
    /// checkpoints are passed over.
    ///
    /// # Errors
    /// If the folder cannot be looked into, or a file cannot be removed.
    pub fn tidy_checkpoints(&self, is_over: impl Fn(&str) -> bool) -> Result<Vec<String>, StoreError> {
        let folder = self.checkpoints();
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(StoreError::file("look into", &folder)(error)),
        };
        let mut stay = Vec::new();
        for path in entries.flatten().map(|entry| entry.path()) {
            let Some(of) = whose(&path) else { continue };
            if is_over(&of) {
                fs::remove_file(&path).map_err(StoreError::file("remove", &path))?;
            } else {
                stay.push(of);
            }
        }
        drop(fs::remove_dir(&folder)); // succeeds when nothing stays
        stay.sort();
        Ok(stay)
    }
}

/// Held while the folder of checkpoints is made and written to, or taken away because it is empty: workers do both at once.
fn alone() -> MutexGuard<'static, ()> {
    static FOLDER: Mutex<()> = Mutex::new(());
    FOLDER.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The hash that the name of a checkpoint has; none if it is no checkpoint.
fn whose(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_string_lossy();
    let of = name.strip_suffix(".ckpt")?;
    (is_hash(of) && path.is_file()).then(|| of.to_owned())
}

/// Whether a file is a checkpoint.
pub(super) fn is_checkpoint(path: &Path) -> bool {
    whose(path).is_some()
}

/// Writes a checkpoint and syncs it; returns its size.
fn write<S: Serialize>(path: &Path, head: &Head, state: &S) -> io::Result<u64> {
    let hashed = Hashed { file: File::create(path)?, sum: Sha256::new(), written: 0, failure: None };
    let mut out = BufWriter::with_capacity(BLOCK, hashed);
    serde_json::to_writer(&mut out, head)?;
    out.write_all(b"\n")?;
    if let Err(error) = postcard::to_io(state, &mut out) {
        // The library does not pass the system's word on.
        let failure = out.get_mut().failure.take();
        return Err(failure.unwrap_or_else(|| io::Error::other(error)));
    }
    let Hashed { mut file, sum, written, .. } = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.write_all(&sum.finalize())?;
    file.sync_all()?;
    Ok(written + SUM)
}

/// A file whose bytes are hashed on the way.
struct Hashed {
    file: File,
    sum: Sha256,
    written: u64,
    failure: Option<io::Error>,
}

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.file.write(bytes) {
            Ok(taken) => {
                self.sum.update(&bytes[..taken]);
                self.written += taken as u64;
                Ok(taken)
            }
            Err(error) => {
                self.failure = Some(io::Error::new(error.kind(), error.to_string()));
                Err(error)
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// The first line, if it is of this hash and this version.
fn head(file: &mut impl BufRead, path: &Path, of: &str) -> Result<(Head, u64), CheckpointError> {
    let damaged = |what: &str| CheckpointError::Damaged { path: path.to_owned(), what: what.to_owned() };
    let foreign = |what: String| Err(CheckpointError::Foreign { path: path.to_owned(), what });
    let mut line = Vec::new();
    file.take(LONGEST_HEAD).read_until(b'\n', &mut line).map_err(StoreError::file("read", path))?;
    let head: Head = serde_json::from_slice(&line).map_err(|_| damaged("its first line makes no sense"))?;
    if head.version != VERSION {
        return foreign(format!("it is of version {}, this is {VERSION}", head.version));
    }
    if head.checkpoint != FORMAT {
        return foreign(format!("it is of form {}, this build writes form {FORMAT}", head.checkpoint));
    }
    if head.of != of {
        return foreign("it is of another run".to_owned());
    }
    Ok((head, line.len() as u64))
}

fn read<S: DeserializeOwned>(file: File, path: &Path, of: &str) -> Result<(Day, S), CheckpointError> {
    let damaged = |what: &str| CheckpointError::Damaged { path: path.to_owned(), what: what.to_owned() };
    let failed = |error: io::Error| CheckpointError::from(StoreError::file("read", path)(error));
    let size = file.metadata().map_err(failed)?.len();
    let mut file = BufReader::with_capacity(BLOCK, file);
    let (head, begins) = head(&mut file, path, of)?;
    let ends = size.checked_sub(SUM).filter(|ends| *ends >= begins).ok_or_else(|| damaged("it is cut short"))?;
    file.seek(SeekFrom::Start(0)).map_err(failed)?;
    if !is_whole(&mut file, ends).map_err(failed)? {
        return Err(damaged("its checksum is wrong"));
    }
    file.seek(SeekFrom::Start(begins)).map_err(failed)?;
    let mut scratch = [0; 64]; // numbers of a fixed width; there is no text in a state
    let decoded = postcard::from_io::<S, _>((BufReader::with_capacity(BLOCK, file.take(ends - begins)), &mut scratch));
    let (state, (mut rest, _)) =
        decoded.map_err(|error| damaged(&format!("it is no state of this program: {error}")))?;
    if !rest.fill_buf().map_err(failed)?.is_empty() {
        return Err(damaged("it holds more than a state of this program"));
    }
    Ok((head.day, state))
}

/// Whether the bytes behind the first `ends` are the checksum of these.
fn is_whole(file: &mut impl Read, ends: u64) -> io::Result<bool> {
    let (mut sum, mut block, mut left) = (Sha256::new(), vec![0; BLOCK], ends);
    while left > 0 {
        let part = &mut block[..left.min(BLOCK as u64) as usize];
        file.read_exact(part)?;
        sum.update(&*part);
        left -= part.len() as u64;
    }
    let mut written = [0; SUM as usize];
    file.read_exact(&mut written)?;
    Ok(sum.finalize()[..] == written)
}

#[cfg(test)]
mod tests {
    use super::*;

    type State = (Vec<f32>, u64, Option<i32>);

    /// Three hashes.
    fn hash(of: &str) -> String {
        hex::encode(Sha256::digest(of))
    }

    fn state() -> State {
        ((0..50_000).map(|n| n as f32 * 0.3).collect(), u64::MAX, Some(-4))
    }

    fn kept() -> (tempfile::TempDir, Folder) {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::new(root.path());
        let size = folder.write_checkpoint(&hash("abc"), 7, &state()).unwrap();
        assert_eq!(size, fs::metadata(folder.checkpoint_path(&hash("abc"))).unwrap().len());
        (root, folder)
    }

    fn told(folder: &Folder, of: &str) -> String {
        folder.read_checkpoint::<State>(of).unwrap_err().to_string()
    }

    #[test]
    fn a_state_comes_back_with_its_day_and_is_replaced_and_removed() {
        let (_root, folder) = kept();
        assert_eq!(folder.read_checkpoint::<State>(&hash("abc")).unwrap(), Some((7, state())));
        folder.write_checkpoint(&hash("abc"), 8, &(vec![1.0_f32], 2_u64, None::<i32>)).unwrap();
        assert_eq!(folder.read_checkpoint::<State>(&hash("abc")).unwrap(), Some((8, (vec![1.0], 2, None))));
        assert_eq!(fs::read_dir(folder.checkpoints()).unwrap().count(), 1, "nothing is left aside");
        folder.remove_checkpoint(&hash("abc")).unwrap();
        assert_eq!(folder.read_checkpoint::<State>(&hash("abc")).unwrap(), None);
        assert!(!folder.checkpoints().exists());
        folder.remove_checkpoint(&hash("abc")).unwrap();
    }

    #[test]
    fn what_is_over_is_taken_away_and_what_others_put_there_is_not() {
        let (_root, folder) = kept();
        folder.write_checkpoint(&hash("def"), 3, &state()).unwrap();
        let foreign = folder.checkpoints().join("model.ckpt");
        fs::write(&foreign, "weights").unwrap();
        assert_eq!(folder.tidy_checkpoints(|of| of == hash("abc")).unwrap(), [hash("def")]);
        assert_eq!(fs::read_dir(folder.checkpoints()).unwrap().count(), 2);
        assert!(folder.tidy_checkpoints(|_| true).unwrap().is_empty());
        assert_eq!(fs::read_to_string(&foreign).unwrap(), "weights");
    }

    #[test]
    fn workers_that_write_and_remove_checkpoints_do_not_disturb_each_other() {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::new(root.path());
        let work = |worker: usize| {
            for number in 0..100 {
                let of = hash(&format!("{worker}.{number}"));
                folder.write_checkpoint(&of, 1, &number).unwrap();
                folder.remove_checkpoint(&of).unwrap();
            }
        };
        std::thread::scope(|scope| (0..4).for_each(|worker| drop(scope.spawn(move || work(worker)))));
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0);
    }

    #[test]
    fn every_byte_that_changes_and_every_cut_is_noticed() {
        let (_root, folder) = kept();
        let path = folder.checkpoint_path(&hash("abc"));
        let whole = fs::read(&path).unwrap();
        let middle = whole.len() / 2;
        for place in [0, 20, 90, middle, whole.len() - 40, whole.len() - 1] {
            let mut bytes = whole.clone();
            bytes[place] ^= 1;
            fs::write(&path, &bytes).unwrap();
            let told = told(&folder, &hash("abc"));
            assert!(told.contains("damaged") || told.contains("of no use"), "byte {place}: {told}");
        }
        for length in [0, 10, 100, middle, whole.len() - 1] {
            fs::write(&path, &whole[..length]).unwrap();
            assert!(told(&folder, &hash("abc")).contains("damaged"), "{length} bytes");
        }
    }

    #[test]
    fn another_runs_state_and_another_versions_are_refused() {
        let (_root, folder) = kept();
        assert!(folder.has_checkpoint(&hash("abc")) && !folder.has_checkpoint(&hash("abd")));
        fs::copy(folder.checkpoint_path(&hash("abc")), folder.checkpoint_path(&hash("abd"))).unwrap();
        assert!(told(&folder, &hash("abd")).contains("of another run") && !folder.has_checkpoint(&hash("abd")));
        let head = Head { checkpoint: FORMAT, version: "0.0.1".to_owned(), of: hash("abe"), day: 3 };
        write(&folder.checkpoint_path(&hash("abe")), &head, &state()).unwrap();
        assert!(told(&folder, &hash("abe")).contains("of version 0.0.1"));
    }

    #[test]
    fn what_is_whole_but_no_such_state_is_refused() {
        let (_root, folder) = kept();
        assert!(
            folder.read_checkpoint::<Vec<f32>>(&hash("abc")).unwrap_err().to_string().contains("more than a state")
        );
        let longer = folder.read_checkpoint::<(State, Vec<u64>)>(&hash("abc")).unwrap_err().to_string();
        assert!(longer.contains("no state of this program"), "{longer}");
    }
}
