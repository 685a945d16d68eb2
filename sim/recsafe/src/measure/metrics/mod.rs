//! The catalogue of metrics: one file and one line each. The only place that names them.

use serde::{Deserialize, Serialize};

use super::{Cut, Group, Ratio};

/// Which way a metric improves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Direction {
    /// A fall is an improvement.
    #[serde(rename = "lower")]
    LowerIsBetter,
    /// A rise is an improvement.
    #[serde(rename = "higher")]
    HigherIsBetter,
    /// Neither is better as such.
    #[default]
    #[serde(rename = "neither")]
    Neither,
}

impl Direction {
    /// The word that stands in tables and files: `lower`, `higher` or `neither`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Direction::LowerIsBetter => "lower",
            Direction::HigherIsBetter => "higher",
            Direction::Neither => "neither",
        }
    }
}

/// What a metric is.
#[derive(Clone, Copy, Debug)]
pub struct Info {
    /// Its name in files and commands.
    pub id: &'static str,
    /// A short name for people.
    pub title: &'static str,
    /// Its family.
    pub family: &'static str,
    /// Unit.
    pub unit: &'static str,
    /// Which way is better.
    pub direction: Direction,
    /// The group that is shown first.
    pub default_group: &'static str,
    /// How it is computed.
    pub formula: &'static str,
    /// How to read it.
    pub reading: &'static str,
    /// Whether a single day has it.
    pub daily: bool,
    /// Whether a run has it; else it is made from two arms when these are compared.
    pub measured: bool,
}

impl Info {
    /// A metric that is measured in every run, by day too.
    const BASE: Info = Info {
        id: "",
        title: "",
        family: "",
        unit: "",
        direction: Direction::Neither,
        default_group: "all",
        formula: "",
        reading: "",
        daily: true,
        measured: true,
    };
}

/// A number made from what was recorded of a group.
pub trait Metric: Sync {
    /// What it is.
    fn info(&self) -> &'static Info;

    /// Its value for a group over some days.
    fn measure(&self, cut: &Cut) -> Ratio;

    /// Whether it makes sense for a group.
    fn applies(&self, _group: &Group) -> bool {
        true
    }
}

macro_rules! metrics {
    ($($file:ident :: $type:ident,)*) => {
        $(mod $file;)*

        /// Every metric, in the order of tables.
        #[must_use]
        pub fn all() -> Vec<Box<dyn Metric>> {
            vec![$(Box::new($file::$type),)*]
        }
    };
}

metrics! {
    dose::Dose,
    prevalence::Prevalence,
    harmful_views::HarmfulViews,
    severe_reach::SevereReach,
    unsolicited_share::UnsolicitedShare,
    amplification::Amplification,
    exposure_gini::ExposureGini,
    exposure_top_decile::ExposureTopDecile,
    days_to_first_exposure::DaysToFirstExposure,
    first_exposure_median::FirstExposureMedian,
    engagement::Engagement,
    views::Views,
    benign_reach::BenignReach,
    relevance::Relevance,
    diversity::Diversity,
    novelty::Novelty,
}

/// The metric called `id`.
#[must_use]
pub fn find(id: &str) -> Option<&'static Info> {
    all().iter().map(|metric| metric.info()).find(|info| info.id == id)
}
