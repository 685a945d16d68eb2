//! The question of an experiment.

pub use recsafe_stats::Outcome;

/// The comparison that an experiment declares before it runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// The arm that all other arms are compared with.
    pub baseline: String,
    /// All arms, including the baseline, in the order of the experiment file.
    pub arms: Vec<String>,
    /// The primary outcome.
    pub harm: Outcome,
    /// The outcome that measures the cost of reducing the harm.
    pub cost: Outcome,
    /// The target for the harm's relative change: -0.2 is a fall by 20 %.
    pub target: Option<f64>,
}

impl Question {
    /// Returns the arms that are compared with the baseline, in the order of the file.
    pub fn compared(&self) -> impl Iterator<Item = &str> {
        self.arms.iter().map(String::as_str).filter(|arm| *arm != self.baseline)
    }

    /// Returns whether the outcome was declared, as harm or as cost.
    #[must_use]
    pub fn declares(&self, metric: &str, group: &str) -> bool {
        [&self.harm, &self.cost].iter().any(|outcome| outcome.metric == metric && outcome.group == group)
    }
}
