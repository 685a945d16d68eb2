//! Checks of an intervention.

use recsafe_engine::Rules;
use recsafe_platform::interventions::{Deployed, Intervention, Policy, Rollout};
use serde_json::{Map, Value as Json};

use super::report::{Promise, Report};
use super::subject::Subject;
use super::worlds::{Ground, Outcome};
use super::{hooks, knobs, lives, variants};

const COVERAGE: Promise = ("coverage-0", "with a coverage of 0, no table changes");
const EFFICACY: Promise = ("efficacy-0", "with an efficacy of 0, no table changes");
const DAYS: Promise = ("out-of-its-days", "if it ends on its first day or starts after the run, no table changes");
const START: Promise = ("before-its-start", "before its first day, no table changes");
const ACTS: Promise = ("acts", "at full coverage, tables change, so the checks in the small world are meaningful");
const ENDS: Promise = (
    "world-knob-ends",
    "with knobs at the ends of their ranges, a small world runs without errors and all figures are finite",
);

/// Start day of interventions that start later.
const LATER: u32 = 2;

impl Subject<dyn Intervention> {
    /// Runs every check.
    pub fn check(&self) -> Report {
        let mut report = Report::new(self.entry.id);
        if !knobs::check(self, &mut report) {
            return report;
        }
        let sensible = hooks::check(self, &mut report);
        let Some(ground) = lives::ground(&mut report) else { return report };
        let without = ground.rules().and_then(|rules| ground.live(rules, 1));
        let without = without.as_ref().map_err(String::as_str);
        self.where_it_does_nothing(&ground, without, &mut report);
        if !sensible {
            report.skip(&[&lives::PROMISES[..], &[ACTS, ENDS]].concat(), "its answers are invalid");
            return report;
        }
        let with = lives::check_on(&ground, &mut report, || self.rules(&ground, &Map::new(), &Rollout::default()));
        match (with, without) {
            (Some(with), Ok(without)) if with.is_same(without).is_ok() => {
                report.skip(&[ACTS], "it changes nothing in the small world, so the checks there say little about it");
            }
            _ => _ = report.check(ACTS, || Ok(())),
        }
        report.check(ENDS, || self.at_ends(&ground));
        report
    }

    /// Returns the small world's rules with this intervention and these knobs.
    fn rules(&self, ground: &Ground, knobs: &Map<String, Json>, rollout: &Rollout) -> Result<Rules, String> {
        let deployed = Deployed::of(self.entry.id, rollout.clone(), self.make(knobs)?);
        Ok(Rules { policy: Policy::new(vec![deployed]), ..ground.rules()? })
    }

    /// Simulates the world with this intervention and its default knobs.
    fn live(&self, ground: &Ground, rollout: &Rollout) -> Result<Outcome, String> {
        ground.live(self.rules(ground, &Map::new(), rollout)?, 1)
    }

    /// Checks roll-outs under which nothing may change, by comparison with a run without the
    /// intervention.
    fn where_it_does_nothing(&self, ground: &Ground, without: Result<&Outcome, &str>, report: &mut Report) {
        let nothing = |rollout: Rollout| self.live(ground, &rollout)?.is_same(without?);
        let always = Rollout::default();
        report.check(COVERAGE, || nothing(Rollout { coverage: 0.0, ..always.clone() }));
        report.check(EFFICACY, || nothing(Rollout { efficacy: 0.0, ..always.clone() }));
        report.check(DAYS, || {
            let never = Rollout { start_day: LATER as i32, end_day: Some(LATER as i32), ..always.clone() };
            nothing(never)?;
            nothing(Rollout { start_day: 3650, ..always.clone() })
        });
        report.check(START, || {
            let later = self.live(ground, &Rollout { start_day: LATER as i32, ..always.clone() })?;
            later.before(LATER).is_same(&without?.before(LATER))
        });
    }

    fn at_ends(&self, ground: &Ground) -> Result<(), String> {
        for variant in variants::together(&self.entry.knobs) {
            let rules = self.rules(ground, &variant.knobs, &Rollout::default())?;
            let outcome = ground.live(rules, 1).and_then(|outcome| outcome.is_finite());
            outcome.map_err(|problem| format!("{}: {problem}", variant.name))?;
        }
        Ok(())
    }
}
