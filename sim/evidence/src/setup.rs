//! Setup for the comparison of the default world with evidence: a generated experiment that is read
//! like any other experiment.

use std::fmt::Write;
use std::path::PathBuf;

use recsafe_config::{Experiment, Input, Problems};

use recsafe_engine::measure::metrics;

/// The arm without changes.
pub const DEFAULT: &str = "default";

/// All arms that figures can use, with the changes of each arm.
pub(super) const ARMS: &[(&str, &str)] = &[
    (DEFAULT, ""),
    ("chronological", "set = { \"feed.ranker\" = { kind = \"chronological\" } }"),
    (WAVE, "interventions = [{ kind = \"removal-wave\", day = 2, share = 0.7 }]"),
];

/// The arm with a removal wave among exchange accounts.
const WAVE: &str = "wave";

/// Returns whether an arm runs with the seed at this index. The arm `wave` runs with half of the
/// seeds. Only one row uses this arm, and half of the seeds make this row precise enough. A run of
/// this arm takes as long as a run of the default arm.
pub(super) fn is_run(arm: &str, index: usize) -> bool {
    arm != WAVE || index.is_multiple_of(2)
}

/// Test accounts. In a world of 20,000 accounts, each script has enough test accounts for precise
/// figures, and few enough not to slow the world down.
const PROBES: &str = "
[[probe]]
script = \"control\"
count = 20

[[probe]]
script = \"clicker\"
count = 20
clicks = 10

[[probe]]
script = \"lingerer\"
count = 20
";

/// Size, duration and seeds.
#[derive(Clone, Debug, PartialEq)]
pub struct Setup {
    /// Number of accounts.
    pub accounts: u32,
    /// Seeds.
    pub seeds: Vec<u64>,
    /// Measured days.
    pub days: u32,
    /// Days of warm-up.
    pub warm_up_days: u32,
}

impl Setup {
    /// Returns the setup of `recsafe dev validate`: 7 days of warm-up and 35 measured days, seeds
    /// 1, 2, ...
    #[must_use]
    pub fn usual(accounts: u32, seeds: u64) -> Self {
        Setup { accounts, seeds: (1..=seeds).collect(), days: 35, warm_up_days: 7 }
    }

    /// Returns the experiment with these arms and the changes `PATH=VALUE`. Unknown arms are
    /// skipped.
    ///
    /// # Errors
    /// If a change is invalid. The error lists all problems.
    pub fn experiment(&self, arms: &[&str], set: &[String]) -> Result<Experiment, Problems> {
        Experiment::read(&Input {
            file: PathBuf::from("validate.toml"),
            text: self.text(arms),
            set: set.to_vec(),
            metrics: metrics::known(),
            ..Input::default()
        })
    }

    fn text(&self, arms: &[&str]) -> String {
        let Setup { accounts, seeds, days, warm_up_days } = self;
        let mut text = format!(
            "[experiment]\nname = \"validate\"\ndays = {days}\nwarm_up_days = {warm_up_days}\nseeds = {seeds:?}\n\n[population]\naccounts = {accounts}\n"
        );
        for (name, changes) in ARMS.iter().filter(|(name, _)| arms.contains(name)) {
            // Writing to a string cannot fail.
            let _ = write!(text, "\n[[arm]]\nname = \"{name}\"\n{changes}\n");
        }
        text + PROBES
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_arms_that_are_needed_are_run() {
        let setup = Setup::usual(300, 2);
        let arms = |wanted: &[&str]| {
            let experiment = setup.experiment(wanted, &[]).unwrap();
            experiment.arms.iter().map(|arm| arm.name.clone()).collect::<Vec<_>>()
        };
        assert_eq!(arms(&[DEFAULT]), [DEFAULT]);
        assert_eq!(arms(&["chronological", DEFAULT]), [DEFAULT, "chronological"]);
    }

    #[test]
    fn the_wave_has_every_other_seed() {
        assert_eq!([0, 1, 2, 3].map(|index| is_run(WAVE, index)), [true, false, true, false]);
        assert!([0, 1].iter().all(|&index| is_run(DEFAULT, index)));
    }

    #[test]
    fn changes_apply_to_every_arm() {
        let setup = Setup::usual(300, 2);
        let experiment = setup.experiment(&[DEFAULT, "chronological"], &["population.minors=0.3".to_owned()]).unwrap();
        assert!(experiment.arms.iter().all(|arm| arm.points[0].world.population.minors == 0.3));
        assert!(setup.experiment(&[DEFAULT], &["population.miners=0.3".to_owned()]).is_err());
    }
}
