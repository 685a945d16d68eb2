//! The results folder: tables as Parquet files, the manifest, checkpoints, and who may write.
//!
//! An internal crate of recsafe: its names change as the program needs. Programs of others use the crate `recsafe`.
//!
//! Nothing appears under its final name before it is whole: files are written aside, synced and renamed.

mod aside;
mod cells;
mod checkpoint;
mod compared;
mod differing;
mod earlier;
mod folder;
pub mod heap;
pub mod import;
mod index;
mod inputs;
mod layout;
mod manifest;
mod open;
pub mod output_file;
mod own;
pub mod panics;
mod parquet;
mod remarks;
mod replaced;
mod run_files;
mod seal;

pub use aside::sync_folder;
pub use checkpoint::CheckpointError;
pub use differing::{TableDifference, table_difference};
pub use folder::{Folder, FolderLock, resolved};
pub use index::run_row;
pub use layout::{INPUTS, SETTINGS, WINNER, run_id, run_place};
pub use manifest::{RunRecord, checksum, checksum_of};
pub use open::Data;
pub use own::{Holding, PAGE_MARK, strays};
pub use parquet::{ROW_GROUP, encode, read, write, write_open};
pub(crate) use parquet::{is_whole, most_rows};
pub use recsafe_config::manifest::{
    ArmEntry, COPIED, DONE, ExperimentEntry, Manifest, OutputEntry, PointEntry, RunEntry, WarmUpEntry,
};
pub use recsafe_stats::rows::{RunRow, RunStatus, run_words};
pub use remarks::{few, left_out_in_words, missing_in_words, missing_of, never_applied_in_words, others_in_words};
pub use run_files::{RunFiles, RunFolder, lists_every_table};

use std::path::PathBuf;

/// What can go wrong with results on disk.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A file or folder could not be used.
    #[error("cannot {action} {}: {source}", path.display())]
    File {
        /// What was tried.
        action: &'static str,
        /// With which file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A table is no table.
    #[error("{} is damaged: {what}", path.display())]
    BadTable {
        /// The file.
        path: PathBuf,
        /// What the reader stumbled over.
        what: String,
    },
    /// A table could not be made or read.
    #[error("cannot use the table {}: {source}", path.display())]
    Table {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: polars::error::PolarsError,
    },
    /// The manifest is no manifest.
    #[error("{} is damaged: {source}", path.display())]
    Manifest {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: serde_json::Error,
    },
    /// A field of the manifest does not hold what it should.
    #[error("{} is damaged: {what}", path.display())]
    ManifestField {
        /// The file.
        path: PathBuf,
        /// Which field, and what is wrong with it.
        what: String,
    },
    /// The manifest names something that no results folder has.
    #[error("{} cannot be used: {what}", path.display())]
    BadManifest {
        /// The file.
        path: PathBuf,
        /// What is named, and where.
        what: String,
    },
    /// A table holds more than it can.
    #[error("cannot use the table {}: {rows} rows in {bytes} bytes are more than this program ever writes", path.display())]
    TooManyRows {
        /// The file.
        path: PathBuf,
        /// Rows that it says it has.
        rows: u64,
        /// Its length.
        bytes: u64,
    },
    /// Something inside of the folder stands for a place that may be outside of it.
    #[error("{} is a link: what is written there could land outside of the results folder, so nothing is touched", .0.display())]
    Link(PathBuf),
    /// There are results already.
    #[error("{} holds results already", .0.display())]
    Occupied(PathBuf),
    /// Another process is at work in the folder.
    #[error("another recsafe is running in {}", .0.display())]
    Locked(PathBuf),
    /// A folder cannot be made, or nothing can be written into it: nothing was.
    #[error("cannot write into the folder {}: {source}", path.display())]
    NoFolder {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The folder holds something else.
    #[error("{} is not empty and holds no results of recsafe: nothing in it is touched", .0.display())]
    NotResults(PathBuf),
    /// A manifest of another program.
    #[error("{} was not written by recsafe: nothing in its folder is touched", .0.display())]
    ForeignManifest(PathBuf),
    /// A file of another program has the name of one that would be written.
    #[error("{} was not written by recsafe, so it is not replaced", .0.display())]
    NotOwn(PathBuf),
    /// The folder is of a later version of the program.
    #[error("{} has layout {layout}, which a newer version of recsafe wrote", path.display())]
    NewerLayout {
        /// The manifest.
        path: PathBuf,
        /// The layout that it names.
        layout: u32,
    },
    /// The folder is of the earlier layout, which is read but not written.
    #[error("{} has the layout of version 0.1.0, which is read but not added to", .0.display())]
    EarlierLayout(PathBuf),
    /// The folder holds results of another experiment, and no run that this one could use.
    #[error("{} holds results of the experiment `{name}`, and none of its runs is part of this one", path.display())]
    OtherExperiment {
        /// The folder.
        path: PathBuf,
        /// The experiment whose results it holds.
        name: String,
    },
}

impl StoreError {
    /// What to say where a folder cannot be made or written into.
    pub(crate) fn folder(path: &std::path::Path) -> impl FnOnce(std::io::Error) -> StoreError + use<> {
        let path = path.to_owned();
        move |source| StoreError::NoFolder { path, source }
    }

    /// What to say where something cannot be done with a file: "cannot ACTION PATH".
    pub fn file(action: &'static str, path: &std::path::Path) -> impl FnOnce(std::io::Error) -> StoreError + use<> {
        let path = path.to_owned();
        move |source| StoreError::File { action, path, source }
    }

    /// Whether there is no room on disk: it is full, a quota is used up, or a file may not grow.
    #[must_use]
    pub fn is_full_disk(&self) -> bool {
        use std::io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
        let StoreError::File { source, .. } = self else { return false };
        matches!(source.kind(), StorageFull | QuotaExceeded | FileTooLarge)
    }

    /// Whether the user asked for something that cannot be, rather than something having failed. That another process is at work is neither
    /// wrong nor lasting.
    #[must_use]
    pub fn is_wrong_input(&self) -> bool {
        use StoreError as E;
        !matches!(
            self,
            E::File { .. }
                | E::BadTable { .. }
                | E::Table { .. }
                | E::Manifest { .. }
                | E::TooManyRows { .. }
                | E::Locked(_)
        )
    }
}
