//! The file that `recsafe init` writes.

/// A commented experiment that runs as it is.
pub const STARTER: &str = include_str!("starter.toml");
