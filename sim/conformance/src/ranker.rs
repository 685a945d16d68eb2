//! Checks of a ranker of the feed.

use recsafe_engine::{Named, Rules};
use recsafe_platform::ranking::{Ranker, RankerError, Unscored};
use recsafe_platform::settings::Quotas;

use super::cases::{Case, cases};
use super::report::{Promise, Report};
use super::scores::{self, Question};
use super::subject::Subject;
use super::{knobs, lives};

const SOURCES: Promise =
    ("sources", "it asks at least one source for candidates, and discounts repeats by a factor in [0, 1]");

impl Subject<dyn Ranker> {
    /// Makes every check.
    pub fn check(&self) -> Report {
        let mut report = Report::new(self.entry.id);
        if !knobs::check(self, &mut report) {
            return report;
        }
        let cases = cases();
        let questions: Vec<Question<dyn Ranker>> = cases.iter().map(question).collect();
        let usable = scores::check(self, &questions, f32::NEG_INFINITY, &mut report);
        report.check(SOURCES, || asks_for_something(self.plain()?.as_ref()));
        if usable {
            lives::check(&mut report, |ground| {
                Ok(Rules { ranker: Named::new(self.entry.id, self.plain()?), ..ground.rules()? })
            });
        } else {
            report.skip(&lives::PROMISES, "its scores cannot be used");
        }
        report
    }
}

/// The question of a case.
fn question(case: &Case) -> Question<'_, dyn Ranker> {
    Question {
        name: case.name,
        candidates: case.candidates.len(),
        ask: Box::new(|ranker, scores| asked(ranker, case, scores)),
    }
}

/// Asks a ranker as the engine does, a batch of one.
pub(super) fn asked(ranker: &dyn Ranker, case: &Case, scores: &mut Vec<f32>) -> Result<(), RankerError> {
    let (request, candidates) = (&case.request, &case.candidates);
    ranker.score_batch(&case.view(), &mut [Unscored { request, candidates, scores }])
}

/// Whether what a ranker asks sources for, and what it makes of repeats, makes sense.
pub(super) fn asks_for_something(ranker: &dyn Ranker) -> Result<(), String> {
    let Quotas { followed, similar, co_engaged, trending, fresh, random, inbox } = ranker.sources(&Quotas::default());
    let quotas = [followed, similar, co_engaged, trending, fresh, random, inbox];
    let discount = ranker.repeat_discount();
    if quotas.iter().any(|quota| !quota.is_finite() || *quota < 0.0) || quotas.iter().sum::<f64>() <= 0.0 {
        return Err(format!("it asks sources for {quotas:?}"));
    }
    if !(0.0..=1.0).contains(&discount) {
        return Err(format!("its factor on repeats is {discount}"));
    }
    Ok(())
}
