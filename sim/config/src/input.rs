//! What an experiment is made from.

use std::path::PathBuf;
use std::sync::Arc;

use recsafe_import::ParquetRows;
use recsafe_scenario::KnownMetric;

/// What an experiment is made from.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// The file's name for people; packages named by path are looked for beside it.
    pub file: PathBuf,
    /// The file's text.
    pub text: String,
    /// `PATH=VALUE` arguments, in order.
    pub set: Vec<String>,
    /// The metrics that exist.
    pub metrics: Vec<KnownMetric>,
    /// What it is read for.
    pub purpose: Purpose,
    /// What reads Parquet files of follows and likes; without it there can be text files only.
    pub parquet: Option<Arc<dyn ParquetRows>>,
}

/// What an experiment is read for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Purpose {
    /// To be run: its points are those of `[sweep]`.
    #[default]
    Run,
    /// To be searched: its points are the candidates of `[optimise]`, its arms the baseline and the one that is searched.
    Optimise,
}
