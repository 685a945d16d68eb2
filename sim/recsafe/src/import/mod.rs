//! Parquet files of follows and likes. Text files, and every check of a row, are in `recsafe_config::import`.

mod parquet;

pub use parquet::rows;
