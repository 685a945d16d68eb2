//! Checks of a feed ranker.

use recsafe_engine::{Named, Rules};
use recsafe_platform::ranking::{Ranker, RankerError, Unscored};
use recsafe_platform::settings::Quotas;

use super::cases::{Case, cases};
use super::report::{Property, Report};
use super::scores::{self, Question};
use super::subject::Subject;
use super::{knobs, lives};

const SOURCES: Property =
    ("sources", "it requests candidates from at least one source, and its repeat discount is in [0, 1]");

const BATCHES: Property = ("batches", "scores in a batch equal the scores of single requests");

impl Subject<dyn Ranker> {
    /// Runs every check.
    pub fn check(&self) -> Report {
        let mut report = Report::new(self.entry.id);
        if !knobs::check(self, &mut report) {
            return report;
        }
        let cases = cases();
        let questions: Vec<Question<dyn Ranker>> = cases.iter().map(question).collect();
        let usable = scores::check(self, &questions, f32::NEG_INFINITY, &mut report);
        if usable {
            report.check(BATCHES, || {
                cases.iter().try_for_each(|case| scores_alike_in_a_batch(self.plain()?.as_ref(), case))
            });
        } else {
            report.skip(&[BATCHES], "its scores are unusable");
        }
        report.check(SOURCES, || asks_for_something(self.plain()?.as_ref()));
        if usable {
            lives::check(&mut report, |test_world| {
                Ok(Rules { ranker: Named::new(self.entry.id, self.plain()?), ..test_world.rules()? })
            });
        } else {
            report.skip(&lives::PROPERTIES, "its scores are unusable");
        }
        report
    }
}

/// Returns the question that a case asks a ranker.
fn question(case: &Case) -> Question<'_, dyn Ranker> {
    Question {
        name: case.name,
        candidates: case.candidates.len(),
        ask: Box::new(|ranker, scores| asked(ranker, case, scores)),
    }
}

/// Calls a ranker as the engine does, with a batch of one request.
pub(super) fn asked(ranker: &dyn Ranker, case: &Case, scores: &mut Vec<f32>) -> Result<(), RankerError> {
    let (request, candidates) = (&case.request, &case.candidates);
    ranker.score_batch(&case.view(), &mut [Unscored { request, candidates, scores }])
}

/// Checks that a batch gives the same scores as single requests. The batch has three requests: the
/// case, the case with half of the candidates, and the case again.
fn scores_alike_in_a_batch(ranker: &dyn Ranker, case: &Case) -> Result<(), String> {
    let (whole, view) = (&case.candidates, case.view());
    let mut half = whole.clone();
    let mut index = 0;
    half.retain(|_, _, _| {
        index += 1;
        index <= whole.len() / 2
    });
    let candidates = [whole, &half, whole];
    let mut together = [const { Vec::new() }; 3];
    let asked = candidates.iter().zip(&mut together);
    let mut batch: Vec<Unscored> =
        asked.map(|(candidates, scores)| Unscored { request: &case.request, candidates, scores }).collect();
    ranker.score_batch(&view, &mut batch).map_err(|error| format!("it fails: {error} ({})", case.name))?;
    for (candidates, scores) in candidates.iter().zip(&together) {
        let mut alone = Vec::new();
        ranker.score(&case.request, &view, candidates, &mut alone);
        if !scores::are_same(&alone, scores) {
            return Err(format!("scores in a batch differ from the scores of a single request ({})", case.name));
        }
    }
    Ok(())
}

/// Checks that a ranker's quotas of candidate sources and its repeat discount are valid.
pub(super) fn asks_for_something(ranker: &dyn Ranker) -> Result<(), String> {
    let Quotas { followed, similar, co_engaged, trending, fresh, random, inbox } = ranker.sources(&Quotas::default());
    let quotas = [followed, similar, co_engaged, trending, fresh, random, inbox];
    let discount = ranker.repeat_discount();
    if quotas.iter().any(|quota| !quota.is_finite() || *quota < 0.0) || quotas.iter().sum::<f64>() <= 0.0 {
        return Err(format!(
            "its source quotas are {quotas:?}; each must be finite and at least 0, and their sum above 0"
        ));
    }
    if !(0.0..=1.0).contains(&discount) {
        return Err(format!("its repeat discount is {discount}; it must be in [0, 1]"));
    }
    Ok(())
}
