//! recsafe as a library: the engine, its measures, and what is made of them.
//!
//! The program `recsafe` is a thin layer on this. See the repository's README for a tour and `models/README.md` for the model.

pub mod cli;
pub mod compare;
pub mod conformance;
pub mod diff;
pub mod dock;
pub mod engine;
pub mod experiments;
mod heap;
pub mod import;
pub mod measure;
pub mod output_file;
pub mod panics;
pub mod report;
pub mod run;
pub mod store;
pub mod story;
pub mod study;
mod table;
pub mod text;
pub mod validate;

/// The worked examples of the contributor's guide: they compile, or the documentation tests fail.
#[cfg(doctest)]
#[doc = include_str!("../../../CONTRIBUTING.md")]
struct WorkedExamples;
