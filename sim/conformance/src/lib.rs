//! Conformance checks for custom rankers and interventions. All entries of the catalogues pass
//! these checks.
//!
//! This crate is internal to recsafe. The crate `recsafe` exports it as `recsafe::conformance`.
//!
//! Types cannot enforce some properties: scores are finite, equal requests get equal answers, and
//! an intervention that reaches nobody changes nothing. Each [`Check`] tests one property, on small
//! random platforms or in a small world. The checks take about 1 s.
//!
//! Types enforce that a ranker or an intervention reads only what the platform can observe. The
//! crate of the ranker or intervention depends on `recsafe-platform`, which has no access to roles,
//! true interests and true severities. The ranker or intervention receives only a
//! [`recsafe_platform::View`]. The check `truth` shows that the engine complies: in two worlds that
//! differ only in hidden truth, the first slates of the day are equal.
//!
//! ```
//! use recsafe_conformance as conformance;
//! use recsafe_common::{catalogue::Described, key::Use, settings};
//! use recsafe_platform::candidates::Candidates;
//! use recsafe_platform::interventions::{Efficacy, Intervention};
//! use recsafe_platform::ranking::Ranker;
//! use recsafe_platform::{Request, View};
//!
//! settings! {
//!     /// Newest posts first.
//!     pub struct Newest {
//!         /// Score subtracted per day of age.
//!         pub per_day: f64 = 1.0, 0.0..=100.0, "score per day", "assumed";
//!     }
//! }
//!
//! impl Described for Newest {
//!     const TITLE: &'static str = "Newest first";
//!     const FAMILY: &'static str = "feed";
//!     const HOOKS: &'static [&'static str] = &["score"];
//! }
//!
//! impl Ranker for Newest {
//!     fn score(
//!         &self,
//!         request: &Request,
//!         view: &View,
//!         candidates: &Candidates,
//!         scores: &mut Vec<f32>,
//!     ) {
//!         let rows = view.observed.posts.rows();
//!         let days = |index: u32| (request.day - i32::from(rows[index as usize].day)) as f32;
//!         let score = |&index: &u32| -(self.per_day as f32) * days(index);
//!         scores.clear();
//!         scores.extend(candidates.post_indices.iter().map(score));
//!     }
//! }
//!
//! settings! {
//!     /// Does not recommend posts above a score of the content classifier.
//!     pub struct Strict {
//!         /// Score above which posts are not recommended.
//!         pub above: f64 = 2.0, -10.0..=20.0, "standard deviations", "assumed";
//!     }
//! }
//!
//! impl Described for Strict {
//!     const TITLE: &'static str = "Strict";
//!     const FAMILY: &'static str = "feed";
//!     const HOOKS: &'static [&'static str] = &["eligible"];
//! }
//!
//! impl Intervention for Strict {
//!     fn eligible(
//!         &self,
//!         efficacy: Efficacy,
//!         _: &Request,
//!         view: &View,
//!         candidates: &mut Candidates,
//!     ) {
//!         let rows = view.observed.posts.rows();
//!         let spared = |index: u32| f64::from(rows[index as usize].classifier_score) <= self.above;
//!         candidates.retain(|index, _, _| spared(index) || !efficacy.works_on(Use::PostIndex(index)));
//!     }
//! }
//!
//! conformance::ranker::<Newest>("newest").assert();
//! let report = conformance::intervention::<Strict>("strict");
//! assert!(report.passed(), "{report}");
//! ```

mod cases;
mod hooks;
mod intervention;
mod knobs;
mod lives;
mod named;
mod people;
mod ranker;
mod report;
mod scores;
mod subject;
mod truth;
mod variants;
mod worlds;

pub use report::{Check, Report, Verdict};
pub use subject::Subject;

use recsafe_common::catalogue::Described;
use recsafe_platform::interventions::Intervention;
use recsafe_platform::ranking::Ranker;
use recsafe_platform::suggestions::ranking::PeopleRanker;

/// Checks a feed ranker. `id` is its name in reports.
pub fn ranker<T: Ranker + Described + 'static>(id: &'static str) -> Report {
    Subject::<dyn Ranker>::of::<T>(id).check()
}

/// Checks a ranker of people suggestions.
pub fn suggestion_ranker<T: PeopleRanker + Described + 'static>(id: &'static str) -> Report {
    Subject::<dyn PeopleRanker>::of::<T>(id).check()
}

/// Checks an intervention.
pub fn intervention<T: Intervention + Described + 'static>(id: &'static str) -> Report {
    Subject::<dyn Intervention>::of::<T>(id).check()
}

/// Checks every feed ranker, every ranker of people suggestions and every intervention called `id`,
/// including entries that other crates registered. Returns an empty list if no entry has this id.
#[must_use]
pub fn named(id: &str) -> Vec<Report> {
    let reports = [
        Subject::<dyn Ranker>::named(id).map(|it| it.check()),
        Subject::<dyn PeopleRanker>::named(id).map(|it| it.check()),
        Subject::<dyn Intervention>::named(id).map(|it| it.check()),
    ];
    reports.into_iter().flatten().collect()
}
