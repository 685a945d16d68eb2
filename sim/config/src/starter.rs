//! The file that `recsafe init` writes.

/// A commented experiment that can be run without changes.
pub const STARTER: &str = include_str!("starter.toml");
