//! Parquet files of follows and likes. Text files and the checks of rows are in `recsafe_import`.

mod apart;
mod parquet;

pub use apart::{ParquetApart, decode_for_another};
pub use parquet::Parquet;
