//! Rankers of another crate that fail, or answer with what cannot be used: the run ends with a message that says when, for whom and why, and
//! the other runs are made.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::sync::Once;

use recsafe::catalogue::Described;
use recsafe::platform::candidates::Candidates;
use recsafe::platform::ranking::{Ranker, RankerError, Unscored};
use recsafe::platform::suggestions::ranking::PeopleRanker;
use recsafe::platform::suggestions::{AccountCandidates, AccountSource, Asking};
use recsafe::platform::{Request, View};
use recsafe::prelude::*;
use recsafe::registry::{register_people_ranker, register_ranker};
use recsafe::{RunError, settings};

settings! {
    /// The newest first; fails on a day for one account.
    struct Fails {
        /// The day.
        day: i32 = 2, 0..=1000, "days", "assumed";
        /// The account.
        account: u32 = 7, 0..=1_000_000, "accounts", "assumed";
        /// Whether it scores batches.
        in_batches: bool = true, (), "", "assumed";
        /// Whether it gives scores that are no numbers, in place of failing.
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
        scores.extend(candidates.slots.iter().map(|&slot| f32::from(rows[slot as usize].day)));
        if self.no_number && self.is_met(request) {
            scores.fill(f32::NAN);
        }
    }

    fn batches(&self) -> bool {
        self.in_batches
    }

    fn score_batch(&self, view: &View, batch: &mut [Unscored]) -> Result<(), RankerError> {
        for (place, one) in batch.iter_mut().enumerate() {
            if !self.no_number && self.is_met(one.request) {
                return Err(RankerError::new("the model is not there").at(place));
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
    /// Scores that are no numbers.
    struct NoNumbers {}
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

    fn score(&self, _: &Asking, candidates: &AccountCandidates, scores: &mut Vec<f32>) {
        scores.clear();
        scores.resize(candidates.len(), f32::NAN);
    }
}

/// An experiment whose second arm has this ranker.
fn with(path: &str, ranker: toml::Table) -> Experiment {
    static REGISTERED: Once = Once::new();
    REGISTERED.call_once(|| {
        register_ranker::<Fails>("fails", "1").unwrap();
        register_people_ranker::<NoNumbers>("no-numbers", "1").unwrap();
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

/// What a run of it says, on one thread and on two.
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
    let said = told(&with("people.ranker", toml::from_str("kind = \"no-numbers\"").unwrap()));
    assert!(said.starts_with("fails, seed 1, day ") && said.contains("ranker `no-numbers`: score 0 of "), "{said}");
}

#[test]
fn the_other_runs_are_kept_and_the_run_is_made_when_it_fails_no_more() {
    let root = tempfile::tempdir().unwrap();
    let failing = failing("day = 3");
    let into = RunOptions::new().folder(root.path().join("out")).threads(1);
    failing.run_with(&into).unwrap_err();
    let kept = Results::open(root.path().join("out")).unwrap();
    assert_eq!(kept.runs().iter().map(|run| run.arm.as_str()).collect::<Vec<_>>(), ["as-is"]);
    assert!(kept.remarks().unwrap()[0].starts_with("1 of 2 planned runs is missing"), "{:?}", kept.remarks());
}

#[test]
fn a_ranker_that_scores_batches_gives_what_it_gives_one_by_one() {
    let metrics = |knobs: &str| {
        let results = failing(knobs).run().unwrap();
        let rows = results.rows::<MetricRow>(results.run("fails", 0, 1).unwrap()).unwrap();
        assert!(rows.iter().any(|row| row.metric == "views" && row.value > Some(0.0)));
        rows
    };
    let never = "day = 900\nin_batches = ";
    assert_eq!(metrics(&format!("{never}true")), metrics(&format!("{never}false")));
}
