//! recsafe as a library: the engine, its measures, and what is made of them. Each part is a crate of its own; here they stand under one name.
//!
//! The program `recsafe` is a thin layer on this. See the repository's README for a tour and `models/README.md` for the model.

pub mod cli;
pub mod experiments;
pub mod registry;

pub use recsafe_analysis as compare;
pub use recsafe_common as common;
pub use recsafe_common::{catalogue, choices, settings};
pub use recsafe_config as config;
pub use recsafe_conformance as conformance;
pub use recsafe_engine as engine;
pub use recsafe_engine::measure;
pub use recsafe_evidence as validate;
pub use recsafe_evidence::dock;
pub use recsafe_names as names;
pub use recsafe_people as people;
pub use recsafe_platform as platform;
pub use recsafe_report as report;
pub use recsafe_report::story;
pub use recsafe_results as store;
pub use recsafe_results::{import, output_file, panics};
pub use recsafe_run as run;
pub use recsafe_run::{diff, study};
pub use recsafe_scenario as scenario;
pub use recsafe_stats as stats;
pub use recsafe_text as text;

/// The worked examples of the contributor's guide: they compile, or the documentation tests fail.
#[cfg(doctest)]
#[doc = include_str!("../../../CONTRIBUTING.md")]
struct WorkedExamples;
