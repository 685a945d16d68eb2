//! `[experiment]` and `[output]`: what is asked, for how long, with which luck, and what a run keeps.

use recsafe_common::setting::{Setting, Shape};
use recsafe_common::settings;

/// Seeds of an experiment: how many, or which.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
pub enum Seeds {
    /// 1, 2, ... up to this.
    Count(u64),
    /// These.
    Each(Vec<u64>),
}

impl Setting for Seeds {
    const SHAPE: Shape = Shape::IntegerOrList;
}

impl Seeds {
    /// How many there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        match self {
            Seeds::Count(count) => *count,
            Seeds::Each(seeds) => seeds.len() as u64,
        }
    }

    /// Every seed.
    #[must_use]
    pub fn list(&self) -> Vec<u64> {
        match self {
            Seeds::Count(count) => (1..=*count).collect(),
            Seeds::Each(seeds) => seeds.clone(),
        }
    }
}

settings! {
    /// What is asked, for how long, with which luck.
    pub struct About {
        /// Name of the experiment, and of its results' folder: small letters, digits, `.`, `_`, `-`.
        pub name: String = String::new(), (), "", "";
        /// A title of up to 200 characters.
        pub title: String = String::new(), (), "", "";
        /// The question that the experiment answers.
        pub question: String = String::new(), (), "", "";
        /// Measured days.
        pub days: u32 = 28, 1..=3650, "days", "assumed";
        /// Days before them, in which rankers learn; policies start on day 0, after these. A world setting.
        pub warm_up_days: u32 = 7, 0..=3650, "days", "assumed";
        /// How many seeds, or a list of them. Every arm meets the same seeds.
        pub seeds: Seeds = Seeds::Count(4), 0.0..=9.0e15, "", "assumed";
        /// The arm that others are compared with; the first, if not named.
        pub baseline: Option<String> = None, (), "", "";
        /// The harm that the answer is about: a metric, with `@group` if it is not the metric's own group.
        pub harm: String = "dose@minor".to_owned(), (), "", "";
        /// What is paid for it, likewise.
        pub cost: String = "engagement@all".to_owned(), (), "", "";
        /// Say how likely it is that harm changes by at least this: -0.2 is a fall by a fifth.
        pub target: Option<f64> = None, -1.0..=100.0, "relative change", "";
    }
}

settings! {
    /// What a run keeps.
    pub struct Output {
        /// Share of accounts whose every exposure is kept in `exposures.parquet`.
        pub exposures: f64 = 0.01, 0.0..=1.0, "share of accounts", "assumed";
    }
}
