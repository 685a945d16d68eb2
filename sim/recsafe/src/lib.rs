//! recsafe simulates recommender systems to ask what a safety policy would do: how much harm would reach minors, and what it would cost
//! everybody else.
//!
//! An [`Experiment`] has arms, each a set of policies. All arms meet the same seeds: the same people, the same posts, the same luck. So
//! what differs between two arms comes of the policy, and a [`Comparison`] says by how much, with an interval.
//!
//! ```
//! use recsafe::prelude::*;
//!
//! let experiment = Experiment::builder("quiet-feed")
//!     .days(3)
//!     .seeds(2)
//!     .set("population.accounts", 300)
//!     .arm(Arm::new("as-is"))
//!     .arm(Arm::new("no-profile").rule("no-personalisation"))
//!     .build()?;
//! let results = experiment.run()?; // or run_into("results/quiet-feed")
//! println!("{}", results.compare()?);
//! # Ok::<(), Error>(())
//! ```
//!
//! What the model is, with every equation and source, stands in the repository's `models/README.md`; `recsafe explain` says
//! which settings there are.
//!
//! # Where to go from here
//! * [`Experiment`]: from code, from the text of a file, from a file; [`Experiment::run`] keeps results in memory,
//!   [`Experiment::run_into`] in a folder that the program `recsafe` reads too.
//! * [`Results`] and [`Comparison`]: tables, answers, reports. Both are the same for results in memory and in a folder.
//! * [`RunOptions`] and [`Observer`]: threads, limits, progress. Nothing in this library prints; only [`cli::main`] does.
//! * [`Simulation`]: one world, day by day.
//! * [`registry`]: rankers, interventions and metrics of your own, for which [`platform`], [`measure`] and [`common`] hold what they need;
//!   [`conformance`] checks them.
//!
//! # What is stable
//! The names of this crate. The crates behind it (`recsafe-engine`, `recsafe-config` and others) are its internals and change as they need.

mod builder;
pub mod cli;
mod comparison;
mod error;
mod experiment;
pub mod experiments;
mod options;
mod pages;
pub mod registry;
mod results;

pub use builder::{Arm, ExperimentBuilder, Rule};
pub use comparison::Comparison;
pub use error::Error;
pub use experiment::Experiment;
pub use options::{Existing, RunOptions};
pub use results::Results;

pub use recsafe_analysis::{
    Answer, Comparison as ComparisonRow, Direction, FrontierArm, Holds, MetricFacts, Robustness, Selection, Status,
    UnknownName, Verdict,
};
pub use recsafe_config::manifest::{ArmEntry, ExperimentEntry, Manifest, RunEntry, WarmUpEntry};
pub use recsafe_config::{Problem, Problems};
pub use recsafe_engine::measure::{Measured, Ratio};
pub use recsafe_engine::{
    BadRules, DayError, DayReport, Lifetime, Lived, Named, Rules, Scenario, Simulation, Step, Watcher, World,
};
pub use recsafe_people::behavior::probes::{Probe, Script};
pub use recsafe_report::story::StoryError;
pub use recsafe_results::StoreError;
pub use recsafe_run::{Event, NoRoom, Observer, RunError};
pub use toml::Value;

pub use recsafe_common::{self as common, catalogue, choices, settings};
pub use recsafe_conformance as conformance;
pub use recsafe_engine::measure;
pub use recsafe_people as people;
pub use recsafe_platform as platform;

/// Rows of the tables that a run keeps. [`Results::rows`] reads them.
pub mod rows {
    pub use recsafe_stats::rows::{
        AccountRow, ActionRow, ContactRow, DailyRow, ExposureRow, MetricRow, NoRows, ProbeRow, Read, RunRow,
    };
}

/// What most programs need: `use recsafe::prelude::*;`.
pub mod prelude {
    pub use crate::rows::{AccountRow, ActionRow, ContactRow, DailyRow, ExposureRow, MetricRow, ProbeRow};
    pub use crate::{
        Arm, Comparison, ComparisonRow, Error, Event, Existing, Experiment, ExperimentBuilder, Observer, Probe,
        Results, Rule, RunOptions, Scenario, Script, Simulation,
    };
}

/// The worked examples of the contributor's guide: they compile, or the documentation tests fail.
#[cfg(doctest)]
#[doc = include_str!("../../../CONTRIBUTING.md")]
struct WorkedExamples;

/// So do those of the page about the library.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/use-as-a-library.md")]
struct LibraryPage;
