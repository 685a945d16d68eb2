//! Parquet files of follows and likes. Text files, and every check of a row, are in `recsafe_import`.

mod apart;
mod parquet;

pub use apart::{ParquetApart, decode_for_another};
pub use parquet::Parquet;
