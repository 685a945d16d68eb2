//! Registered rankers, interventions and metrics that fail, are invalid or are registered late. If
//! a ranker fails or returns unusable scores, its run ends with an error that states day, account
//! and reason. The other runs continue.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::sync::Once;

use recsafe::catalogue::Described;
use recsafe::measure::metrics::{Info, Metric};
use recsafe::measure::{GroupWindow, Ratio};
use recsafe::platform::candidates::Candidates;
use recsafe::platform::interventions::{Efficacy, Intervention};
use recsafe::platform::ranking::{Ranker, RankerError, Unscored};
use recsafe::platform::suggestions::ranking::PeopleRanker;
use recsafe::platform::suggestions::{AccountCandidates, AccountSource, SuggestionRequest};
use recsafe::platform::{Request, View};
use recsafe::prelude::*;
use recsafe::registry::{
    RegisterError, register_intervention, register_metric, register_people_ranker, register_ranker,
};
use recsafe::{RunError, conformance, settings};

settings! {
    /// Scores the newest posts highest, but fails on one day for one account.
    struct Fails {
        /// The day of the failure.
        day: i32 = 2, 0..=1000, "days", "assumed";
        /// The account of the failure.
        account: u32 = 7, 0..=1_000_000, "accounts", "assumed";
        /// Whether the ranker scores batches.
        in_batches: bool = true, (), "", "assumed";
        /// Whether the ranker returns NaN instead of an error.
        no_number: bool = false, (), "", "assumed";
    }
}

impl Described for Fails {
    const TITLE: &'static str = "Fails";
    const FAMILY: &'static str = "feed";
    const HOOKS: &'static [&'static str] = &["score"];
}

impl Ranker for Fails {
    fn score(&self, request: &Request, view: &View, candidates: &Candidates, scores: &mut Vec<f32>) {
        let rows = view.observed.posts.rows();
        scores.clear();
        scores.extend(candidates.post_indices.iter().map(|&post_index| f32::from(rows[post_index as usize].day)));
        if self.no_number && self.is_met(request) {
            scores.fill(f32::NAN);
        }
    }

    fn batches(&self) -> bool {
        self.in_batches
    }

    fn score_batch(&self, view: &View, batch: &mut [Unscored]) -> Result<(), RankerError> {
        for (index, one) in batch.iter_mut().enumerate() {
            if !self.no_number && self.is_met(one.request) {
                return Err(RankerError::new("the model is not there").at(index));
            }
            self.score(one.request, view, one.candidates, one.scores);
        }
        Ok(())
    }
}

impl Fails {
    fn is_met(&self, request: &Request) -> bool {
        request.day == self.day && request.viewer.0 == self.account
    }
}

settings! {
    /// Returns the same invalid score for all posts.
    struct NoNumbers {
        /// Whether the score is negative instead of NaN.
        negative: bool = false, (), "", "assumed";
        /// Whether one score is missing.
        too_few: bool = false, (), "", "assumed";
    }
}

impl Described for NoNumbers {
    const TITLE: &'static str = "No numbers";
    const FAMILY: &'static str = "people";
    const HOOKS: &'static [&'static str] = &["score"];
}

impl PeopleRanker for NoNumbers {
    fn sources(&self) -> &'static [AccountSource] {
        &[AccountSource::FriendsOfFriends]
    }

    fn score(&self, _: &SuggestionRequest, candidates: &AccountCandidates, scores: &mut Vec<f32>) {
        scores.clear();
        let missing = usize::from(self.too_few);
        scores.resize(candidates.len().saturating_sub(missing), if self.negative { -1.0 } else { f32::NAN });
    }
}

settings! {
    /// Sets every score to NaN.
    struct Spoils {}
}

impl Described for Spoils {
    const TITLE: &'static str = "Spoils";
    const FAMILY: &'static str = "feed";
    const HOOKS: &'static [&'static str] = &["adjust"];
}

impl Intervention for Spoils {
    fn adjust(&self, _: Efficacy, _: &Request, _: &View, _: &Candidates, scores: &mut [f32]) {
        scores.fill(f32::NAN);
    }
}

/// Returns an experiment whose second arm has this ranker.
fn with(path: &str, ranker: toml::Table) -> Experiment {
    static REGISTERED: Once = Once::new();
    REGISTERED.call_once(|| {
        register_ranker::<Fails>("fails", "1").unwrap();
        register_people_ranker::<NoNumbers>("no-numbers", "1").unwrap();
        register_intervention::<Spoils>("spoils", "1").unwrap();
    });
    Experiment::builder("failing")
        .days(4)
        .warm_up_days(1)
        .seeds(1)
        .set("population.accounts", 200)
        .set("behavior.sessions", 6.0)
        .arm(Arm::new("as-is"))
        .arm(Arm::new("fails").set(path, ranker))
        .build()
        .unwrap()
}

fn failing(knobs: &str) -> Experiment {
    with("feed.ranker", toml::from_str(&format!("kind = \"fails\"\n{knobs}")).unwrap())
}

/// Returns the message of a run, which must be equal with one thread and with two.
fn told(experiment: &Experiment) -> String {
    let said = [1, 2].map(|threads| {
        let failed = experiment.run_with(&RunOptions::new().threads(threads)).unwrap_err();
        assert!(matches!(failed, Error::Run(RunError::Day { .. })) && !failed.is_input(), "{failed}");
        failed.to_string()
    });
    assert_eq!(said[0], said[1]);
    said[0].clone()
}

#[test]
fn a_ranker_that_fails_is_told_with_day_and_account() {
    for how in ["in_batches = true", "in_batches = false"] {
        let said = told(&failing(how));
        assert_eq!(said, "fails, seed 1, day 2, account 7: ranker `fails`: the model is not there", "{how}");
    }
}

#[test]
fn scores_that_are_no_numbers_are_refused_on_both_surfaces() {
    for how in ["no_number = true", "no_number = true\nin_batches = false"] {
        let said = told(&failing(how));
        assert!(said.starts_with("fails, seed 1, day 2, account 7: ranker `fails`: score 0 of "), "{said}");
    }
    let of_people =
        |knobs: &str| told(&with("people.ranker", toml::from_str(&format!("kind = \"no-numbers\"\n{knobs}")).unwrap()));
    for (knobs, what) in
        [("", "is NaN"), ("negative = true", "is -1, but scores must be 0 or more"), ("too_few = true", "scores for")]
    {
        let said = of_people(knobs);
        assert!(said.starts_with("fails, seed 1, day ") && said.contains("ranker `no-numbers`: "), "{said}");
        assert!(said.contains(what), "{said}");
    }
}

#[test]
fn scores_that_a_rule_spoils_are_refused() {
    let experiment = failing("day = 900").with(["arm.as-is.set.feed.exploration=0.1"]).unwrap();
    let mut builder = Experiment::builder("spoilt").days(2).warm_up_days(1).seeds(1).set("population.accounts", 100);
    builder = builder.arm(Arm::new("as-is")).arm(Arm::new("fails").intervention("spoils"));
    let said = told(&builder.build().unwrap());
    assert!(
        said.contains("intervention `spoils`: score 0 of ") && said.starts_with("fails, seed 1, day 0, account "),
        "{said}"
    );
    experiment.run().unwrap();
}

#[test]
fn the_other_runs_are_kept_and_the_run_is_made_when_it_fails_no_more() {
    let root = tempfile::tempdir().unwrap();
    let failing = failing("day = 3");
    let into = RunOptions::new().folder(root.path().join("out")).threads(1);
    failing.run_with(&into).unwrap_err();
    let retained = Results::open(root.path().join("out")).unwrap();
    assert_eq!(retained.runs().iter().map(|run| run.arm.as_str()).collect::<Vec<_>>(), ["as-is"]);
    assert!(retained.remarks().unwrap()[0].starts_with("1 of 2 planned runs is missing"), "{:?}", retained.remarks());
}

#[test]
fn a_ranker_that_scores_batches_gives_what_it_gives_one_by_one() {
    let metrics = |knobs: &str| {
        let results = failing(knobs).run().unwrap();
        let rows = results.rows::<MetricRow>(results.run("fails", 0, 1).unwrap()).unwrap();
        assert!(rows.iter().any(|row| row.metric == "views" && row.value > Some(0.0)));
        // Another test can register the metric `late` between the two runs.
        rows.into_iter().filter(|row| row.metric != "late").collect::<Vec<_>>()
    };
    let never = "day = 900\nin_batches = ";
    assert!(metrics(&format!("{never}true")) == metrics(&format!("{never}false")));
}

settings! {
    /// Has a default outside its range.
    struct OutOfRange {
        /// A share.
        share: f64 = 5.0, 0.0..=1.0, "share", "assumed";
    }
}

settings! {
    /// Has a default that is not a number.
    struct NoDefault {
        /// A share.
        share: f64 = f64::NAN, 0.0..=1.0, "share", "assumed";
    }
}

settings! {
    /// Has a hook that does not exist.
    struct Nowhere {}
}

macro_rules! idle_rule {
    ($($rule:ident at $hook:literal),*) => { $(
        impl Described for $rule {
            const TITLE: &'static str = "Idle";
            const FAMILY: &'static str = "feed";
            const HOOKS: &'static [&'static str] = &[$hook];
        }
        impl Intervention for $rule {}
    )* };
}

idle_rule!(OutOfRange at "eligible", NoDefault at "eligible", Nowhere at "no-such-hook");

#[test]
fn what_no_file_could_hold_is_not_registered() {
    let said = |refused: Result<(), RegisterError>| refused.unwrap_err().to_string();
    let out = said(register_intervention::<OutOfRange>("out-of-range", "1"));
    assert_eq!(out, "knob `share` of `out-of-range`: its default is outside its range");
    let none = said(register_intervention::<NoDefault>("no-default", "1"));
    assert!(none.starts_with("`no-default`: cannot be built from its default knobs: "), "{none}");
    assert_eq!(said(register_intervention::<Nowhere>("nowhere", "1")), "`nowhere`: there is no hook `no-such-hook`");
}

settings! {
    /// Scores a batch differently from single requests.
    struct TwoFaced {}
}

impl Described for TwoFaced {
    const TITLE: &'static str = "Two-faced";
    const FAMILY: &'static str = "feed";
    const HOOKS: &'static [&'static str] = &["score"];
}

impl Ranker for TwoFaced {
    fn score(&self, _: &Request, _: &View, candidates: &Candidates, scores: &mut Vec<f32>) {
        scores.clear();
        scores.extend(candidates.post_indices.iter().map(|&post_index| post_index as f32));
    }

    fn batches(&self) -> bool {
        true
    }

    fn score_batch(&self, view: &View, batch: &mut [Unscored]) -> Result<(), RankerError> {
        let share = 1.0 / batch.len() as f32;
        for one in batch {
            self.score(one.request, view, one.candidates, one.scores);
            one.scores.iter_mut().for_each(|score| *score *= share);
        }
        Ok(())
    }
}

#[test]
fn conformance_holds_batches_against_single_requests() {
    assert_eq!(conformance::ranker::<TwoFaced>("two-faced").failed(), ["batches"]);
    assert!(!conformance::ranker::<Fails>("fails").failed().contains(&"batches"));
}

/// Counts accounts.
struct Late;

impl Metric for Late {
    fn info(&self) -> &'static Info {
        &Info {
            id: "late",
            title: "Late",
            family: "quality",
            unit: "views",
            formula: "views / 1",
            reading: "Views.",
            ..Info::BASE
        }
    }

    fn measure(&self, cut: &GroupWindow) -> Ratio {
        cut.ratio(|counts| counts.views as f64, |_| 1.0)
    }
}

#[test]
fn a_metric_that_is_registered_after_the_experiment_was_read_is_measured_in_all_runs_or_in_none() {
    let root = tempfile::tempdir().unwrap();
    let experiment = failing("day = 900");
    let into = RunOptions::new().folder(root.path().join("out")).threads(1);
    let before = experiment.run_with(&into.clone().arms(["as-is"])).unwrap().runs()[0].hash.clone();
    register_metric(Late, "1").unwrap();
    let results = experiment.run_with(&into.existing(Existing::Resume)).unwrap();
    assert!(results.runs().iter().all(|run| run.hash != before), "runs without the metric have other hashes");
    for run in results.runs() {
        let rows = results.rows::<MetricRow>(run).unwrap();
        assert!(rows.iter().any(|row| row.metric == "late"), "{}", run.arm);
    }
    assert!(results.remarks().unwrap().iter().any(|remark| remark.starts_with("1 run in the folder is not part")));
}
