//! The catalogue of metrics: one file and one line each. The only place that names them.

use super::{Cut, Group, Ratio};

/// Which way a metric should move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Lower is better.
    Lower,
    /// Higher is better.
    Higher,
    /// Neither is better as such.
    Neither,
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
