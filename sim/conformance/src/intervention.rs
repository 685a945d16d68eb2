//! Checks of an intervention.

use recsafe_engine::Rules;
use recsafe_platform::interventions::{Deployed, Intervention, Policy, Targeting};
use serde_json::{Map, Value as Json};

use super::report::{Property, Report};
use super::subject::Subject;
use super::worlds::{Outcome, TestWorld};
use super::{hooks, knobs, lives, variants};

const COVERAGE: Property = ("coverage-0", "with a coverage of 0, no table changes");
const EFFICACY: Property = ("efficacy-0", "with an efficacy of 0, no table changes");
const DAYS: Property = ("out-of-its-days", "if it ends on its first day or starts after the run, no table changes");
const START: Property = ("before-its-start", "before its first day, no table changes");
const ACTS: Property =
    ("acts", "with full coverage, it changes the tables, so the checks in the small world test something");
const ENDS: Property = (
    "world-knob-ends",
    "with knobs at the ends of their ranges, a small world runs without errors and all figures are finite",
);

/// Start day in the checks of roll-outs that start after day 0.
const LATER: u32 = 2;

impl Subject<dyn Intervention> {
    /// Runs every check.
    pub fn check(&self) -> Report {
        let mut report = Report::new(self.entry.id);
        if !knobs::check(self, &mut report) {
            return report;
        }
        let sensible = hooks::check(self, &mut report);
        let Some(test_world) = lives::test_world(&mut report) else { return report };
        let without = test_world.rules().and_then(|rules| test_world.live(rules, 1));
        let without = without.as_ref().map_err(String::as_str);
        self.where_it_does_nothing(&test_world, without, &mut report);
        if !sensible {
            report.skip(&[&lives::PROPERTIES[..], &[ACTS, ENDS]].concat(), "its answers are invalid");
            return report;
        }
        let with =
            lives::check_on(&test_world, &mut report, || self.rules(&test_world, &Map::new(), &Targeting::default()));
        match (with, without) {
            (Some(with), Ok(without)) if with.is_same(without).is_ok() => {
                report.skip(&[ACTS], "it changes nothing in the small world, so the checks there say little about it");
            }
            _ => _ = report.check(ACTS, || Ok(())),
        }
        report.check(ENDS, || self.at_ends(&test_world));
        report
    }

    /// Returns the small world's rules with this intervention and these knobs.
    fn rules(&self, test_world: &TestWorld, knobs: &Map<String, Json>, rollout: &Targeting) -> Result<Rules, String> {
        let deployed = Deployed::of(self.entry.id, rollout.clone(), self.make(knobs)?);
        Ok(Rules { policy: Policy::new(vec![deployed]), ..test_world.rules()? })
    }

    /// Simulates the world with this intervention and its default knobs.
    fn live(&self, test_world: &TestWorld, rollout: &Targeting) -> Result<Outcome, String> {
        test_world.live(self.rules(test_world, &Map::new(), rollout)?, 1)
    }

    /// Checks that some roll-outs change nothing, by comparison with a run without the
    /// intervention.
    fn where_it_does_nothing(&self, test_world: &TestWorld, without: Result<&Outcome, &str>, report: &mut Report) {
        let nothing = |rollout: Targeting| self.live(test_world, &rollout)?.is_same(without?);
        let always = Targeting::default();
        report.check(COVERAGE, || nothing(Targeting { coverage: 0.0, ..always.clone() }));
        report.check(EFFICACY, || nothing(Targeting { efficacy: 0.0, ..always.clone() }));
        report.check(DAYS, || {
            let never = Targeting { start_day: LATER as i32, end_day: Some(LATER as i32), ..always.clone() };
            nothing(never)?;
            nothing(Targeting { start_day: 3650, ..always.clone() })
        });
        report.check(START, || {
            let later = self.live(test_world, &Targeting { start_day: LATER as i32, ..always.clone() })?;
            later.before(LATER).is_same(&without?.before(LATER))
        });
    }

    fn at_ends(&self, test_world: &TestWorld) -> Result<(), String> {
        for variant in variants::together(&self.entry.knobs) {
            let rules = self.rules(test_world, &variant.knobs, &Targeting::default())?;
            let outcome = test_world.live(rules, 1).and_then(|outcome| outcome.is_finite());
            outcome.map_err(|problem| format!("{}: {problem}", variant.name))?;
        }
        Ok(())
    }
}
