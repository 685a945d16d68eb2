//! All catalogue entries conform. For each faulty implementation, the check for its fault fails.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::sync::atomic::{AtomicU32, Ordering};

use recsafe_common::band::AgeBand;
use recsafe_common::catalogue::Described;
use recsafe_common::key::Use;
use recsafe_common::observed::Observed;
use recsafe_common::settings;
use recsafe_conformance::{self as conformance, Check, Report, Subject, Verdict};
use recsafe_platform::candidates::Candidates;
use recsafe_platform::interventions::{self, Efficacy, Flaggers, Intervention, Message};
use recsafe_platform::ranking::{self, Ranker, RankerError, Unscored};
use recsafe_platform::slate::{Filled, Pick};
use recsafe_platform::suggestions::ranking::{self as people_ranking, PeopleRanker};
use recsafe_platform::suggestions::{AccountCandidates, AccountSource, SuggestionRequest};
use recsafe_platform::{Request, View};

fn assert_all(reports: impl Iterator<Item = Report>) {
    let (mut checked, mut failed) = (0, Vec::new());
    for report in reports {
        checked += 1;
        println!("{report}");
        if !report.passed() {
            failed.push(report.to_string());
        }
    }
    assert!(checked > 0 && failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn every_ranker_conforms() {
    assert_all(Subject::<dyn Ranker>::listed(ranking::entries(), ranking::decode).map(|it| it.check()));
}

#[test]
fn every_ranker_of_people_suggestions_conforms() {
    assert_all(
        Subject::<dyn PeopleRanker>::listed(people_ranking::entries(), people_ranking::decode).map(|it| it.check()),
    );
}

#[test]
fn every_intervention_conforms() {
    let is_passed = |check: &Check| check.verdict == Verdict::Passed;
    assert_all(Subject::<dyn Intervention>::listed(interventions::entries(), interventions::decode).map(|it| {
        let report = it.check();
        let mut named = report.checks.iter().filter(|check| check.name == "named-hooks");
        assert!(named.any(is_passed), "no declared hook has an effect:\n{report}");
        report
    }));
}

/// Implements a type's description.
macro_rules! described {
    ($($type:ident: $hook:literal),* $(,)?) => { $(
        impl Described for $type {
            const TITLE: &'static str = "A test";
            const FAMILY: &'static str = "test";
            const HOOKS: &'static [&'static str] = &[$hook];
        }
    )* };
}

settings! {
    /// Divides by a value that can be 0, so posts without engagement have no finite score.
    pub struct Divides {
        /// The dividend.
        pub by: f64 = 1.0, 0.1..=10.0, "score", "assumed";
    }
}

impl Ranker for Divides {
    fn score(&self, _: &Request, view: &View, candidates: &Candidates, scores: &mut Vec<f32>) {
        let rows = view.observed.posts.rows();
        scores.clear();
        scores.extend(
            candidates.post_indices.iter().map(|&post_index| self.by as f32 / rows[post_index as usize].popularity),
        );
    }
}

settings! {
    /// Returns different scores on each call.
    pub struct Counts {}
}

static ASKED: AtomicU32 = AtomicU32::new(0);

impl Ranker for Counts {
    fn score(&self, _: &Request, _: &View, candidates: &Candidates, scores: &mut Vec<f32>) {
        scores.clear();
        scores.extend(
            candidates
                .post_indices
                .iter()
                .map(|&post_index| (post_index + ASKED.fetch_add(1, Ordering::Relaxed)) as f32),
        );
    }
}

settings! {
    /// Appends its scores to the buffer instead of replacing the content.
    pub struct Appends {}
}

impl Ranker for Appends {
    fn score(&self, _: &Request, _: &View, candidates: &Candidates, scores: &mut Vec<f32>) {
        scores.resize(candidates.len(), 0.0);
        scores.iter_mut().zip(&candidates.post_indices).for_each(|(score, &post_index)| *score += post_index as f32);
    }
}

settings! {
    /// Scores only today's posts.
    pub struct Fewer {}
}

impl Ranker for Fewer {
    fn score(&self, request: &Request, view: &View, candidates: &Candidates, scores: &mut Vec<f32>) {
        let rows = view.observed.posts.rows();
        scores.clear();
        let today = candidates
            .post_indices
            .iter()
            .filter(|&&post_index| i32::from(rows[post_index as usize].day) == request.day);
        scores.extend(today.map(|&post_index| post_index as f32));
    }
}

settings! {
    /// Has a knob without a description.
    pub struct Silent {
        pub weight: f64 = 1.0, 0.0..=10.0, "score", "assumed";
    }
}

impl Ranker for Silent {
    fn score(&self, _: &Request, _: &View, candidates: &Candidates, scores: &mut Vec<f32>) {
        scores.clear();
        scores.resize(candidates.len(), self.weight as f32);
    }
}

settings! {
    /// Has knobs with an invalid default, range or unit.
    pub struct Careless {
        /// A knob with a default above its range.
        pub high: f64 = 11.0, 0.0..=10.0, "score", "assumed";
        /// A knob without a range, a unit or a source.
        pub endless: f64 = 1.0, (), "", "";
    }
}

impl Ranker for Careless {
    fn score(&self, _: &Request, _: &View, candidates: &Candidates, scores: &mut Vec<f32>) {
        scores.clear();
        scores.resize(candidates.len(), (self.high + self.endless) as f32);
    }
}

settings! {
    /// Scores accounts below the allowed minimum.
    pub struct Unpopular {}
}

impl PeopleRanker for Unpopular {
    fn sources(&self) -> &'static [AccountSource] {
        &[AccountSource::Popular]
    }

    fn score(&self, _: &SuggestionRequest, candidates: &AccountCandidates, scores: &mut Vec<f32>) {
        scores.clear();
        scores.extend(candidates.popularity.iter().map(|popularity| -popularity));
    }
}

settings! {
    /// Reports as many accounts as its budget allows, with a cost that can be 0.
    pub struct Flood {
        /// Cost of a report.
        pub cost: f64 = 0.0, 0.0..=10.0, "minutes", "assumed";
    }
}

impl Intervention for Flood {
    fn flaggers(&self) -> Option<Flaggers> {
        Some(Flaggers { reports: 0.0 / self.cost, precision: 0.5 })
    }
}

settings! {
    /// Has its full effect even if the efficacy is 0.
    pub struct Stubborn {}
}

impl Intervention for Stubborn {
    fn eligible(&self, _: Efficacy, _: &Request, _: &View, candidates: &mut Candidates) {
        candidates.retain(|post_index, _, _| post_index % 2 == 0);
    }
}

settings! {
    /// Makes a score infinite if a knob is at the upper end of its range.
    pub struct Steep {
        /// Power of ten of the factor.
        pub power: f64 = 1.0, 0.0..=1.0e6, "powers of ten", "assumed";
    }
}

impl Intervention for Steep {
    fn adjust(&self, efficacy: Efficacy, _: &Request, _: &View, candidates: &Candidates, scores: &mut [f32]) {
        for (score, &post_index) in scores.iter_mut().zip(&candidates.post_indices) {
            if efficacy.works_on(Use::PostIndex(post_index)) {
                *score *= 10_f32.powf(self.power as f32);
            }
        }
    }
}

settings! {
    /// Stops every message, although it declares that it does not act on minors.
    pub struct Leaky {}
}

impl Intervention for Leaky {
    fn acts_on(&self, band: AgeBand) -> bool {
        !band.is_minor()
    }

    fn stops(&self, _: &Message, _: &Observed) -> bool {
        true
    }
}

settings! {
    /// Stops all messages, but declares the hook for hiding accounts.
    pub struct Misnamed {}
}

impl Intervention for Misnamed {
    fn stops(&self, _: &Message, _: &Observed) -> bool {
        true
    }
}

settings! {
    /// Cannot reach its scoring service.
    pub struct Faints {}
}

impl Ranker for Faints {
    fn score(&self, _: &Request, _: &View, _: &Candidates, _: &mut Vec<f32>) {}

    fn score_batch(&self, _: &View, _: &mut [Unscored]) -> Result<(), RankerError> {
        Err(RankerError::new("no connection"))
    }
}

settings! {
    /// Shows the first post of a slate at every position.
    pub struct Repeats {}
}

impl Intervention for Repeats {
    fn rerank(&self, _: &Request, _: &View, _: &Filled, picks: &mut Vec<Pick>) {
        let first = picks.first().copied();
        picks.fill_with(|| first.unwrap_or(Pick::Ranked(0)));
    }
}

described! {
    Faints: "score", Repeats: "rerank",
    Divides: "score", Counts: "score", Appends: "score", Fewer: "score", Silent: "score", Careless: "score", Unpopular: "score",
    Flood: "flaggers", Leaky: "stops", Stubborn: "eligible", Steep: "adjust", Misnamed: "hides",
}

#[test]
fn a_bad_ranker_is_found_out_by_the_check_that_names_its_fault() {
    assert_eq!(conformance::ranker::<Divides>("divides").failed(), ["finite"]);
    assert_eq!(conformance::ranker::<Counts>("counts").failed(), ["asked-twice"]);
    assert_eq!(conformance::ranker::<Appends>("appends").failed(), ["scratch"]);
    assert_eq!(conformance::ranker::<Fewer>("fewer").failed(), ["one-score-each"]);
    assert_eq!(conformance::ranker::<Silent>("silent").failed(), ["knobs"]);
    assert_eq!(conformance::ranker::<Careless>("careless").failed(), ["knobs", "defaults"]);
    assert_eq!(conformance::suggestion_ranker::<Unpopular>("unpopular").failed(), ["finite"]);
    let faints = conformance::ranker::<Faints>("faints");
    assert_eq!(faints.failed(), ["one-score-each"]);
    let check = faints.checks.iter().find(|check| check.name == "one-score-each").unwrap();
    assert_eq!(check.note, "it fails: no connection (no candidate)");
}

#[test]
fn a_bad_intervention_is_found_out_by_the_check_that_names_its_fault() {
    let flood = conformance::intervention::<Flood>("flood").failed();
    assert_eq!(flood, ["answers", "coverage-0", "efficacy-0", "out-of-its-days", "before-its-start"]);
    assert_eq!(conformance::intervention::<Stubborn>("stubborn").failed(), ["efficacy-0"]);
    assert_eq!(conformance::intervention::<Steep>("steep").failed(), ["knob-ends"]);
    assert_eq!(conformance::intervention::<Leaky>("leaky").failed(), ["leaves-alone"]);
    assert_eq!(conformance::intervention::<Misnamed>("misnamed").failed(), ["unnamed-hooks"]);
    let repeats = conformance::intervention::<Repeats>("repeats");
    assert_eq!(repeats.failed(), ["answers", "before-its-start"], "a run stops once the intervention starts");
    let check = repeats.checks.iter().find(|check| check.name == "answers").unwrap();
    assert!(check.note.contains("`rerank` returns an invalid slate: Ranked("), "{}", check.note);
}

#[test]
fn a_report_says_which_knob_is_meant() {
    let report = conformance::ranker::<Silent>("silent");
    let check = report.checks.iter().find(|check| check.name == "knobs").unwrap();
    assert_eq!(check.note, "`weight` has no description");
    let shown = std::panic::catch_unwind(|| report.assert()).unwrap_err();
    assert!(shown.downcast_ref::<String>().unwrap().contains("FAILED"), "a test that fails shows the report");
}
