//! Checks of scores, for posts and for accounts.

use recsafe_platform::ranking::RankerError;

use super::report::{Property, Report};
use super::subject::Subject;
use super::variants;

const EACH: Property = ("one-score-each", "it returns one score per candidate");
const FINITE: Property = ("finite", "every score is a finite number and not below the allowed minimum");
const TWICE: Property =
    ("asked-twice", "equal requests get equal scores, also from a second instance with the same knobs");
const SCRATCH: Property = ("scratch", "scores do not depend on the previous content of the buffer");
const THREADS: Property = ("threads", "scores do not depend on the thread or on concurrent calls");
const ENDS: Property = ("knob-ends", "scores are finite with knobs at the ends of their ranges");

/// Calls a ranker, which writes its scores.
type Ask<'a, T> = Box<dyn Fn(&T, &mut Vec<f32>) -> Result<(), RankerError> + Sync + 'a>;

/// Checks the scores of one question.
type CheckOne<'a, T> = &'a dyn Fn(&Question<T>, &[f32]) -> Result<(), String>;

/// One question to a ranker.
pub(super) struct Question<'a, T: ?Sized> {
    /// The special property of the case.
    pub name: &'a str,
    /// Number of candidates.
    pub candidates: usize,
    /// Calls the ranker.
    pub ask: Ask<'a, T>,
}

/// Returns whether scores are equal to the last bit.
pub(super) fn are_same(scores: &[f32], others: &[f32]) -> bool {
    scores.iter().map(|score| score.to_bits()).eq(others.iter().map(|score| score.to_bits()))
}

impl<T: ?Sized> Question<'_, T> {
    fn answer(&self, ranker: &T) -> Result<Vec<f32>, String> {
        self.answer_over(ranker, Vec::new())
    }

    /// Returns the scores that the ranker writes into a buffer with the content `scores`.
    fn answer_over(&self, ranker: &T, mut scores: Vec<f32>) -> Result<Vec<f32>, String> {
        match (self.ask)(ranker, &mut scores) {
            Ok(()) => Ok(scores),
            Err(error) => Err(format!("it fails: {error} ({})", self.name)),
        }
    }

    fn has_one_each(&self, scores: &[f32]) -> Result<(), String> {
        let (found, wanted) = (scores.len(), self.candidates);
        if found == wanted { Ok(()) } else { Err(format!("{found} scores for {wanted} candidates ({})", self.name)) }
    }

    fn is_finite(&self, scores: &[f32], least: f32) -> Result<(), String> {
        match scores.iter().find(|score| !score.is_finite() || **score < least) {
            None => Ok(()),
            Some(score) => Err(format!("invalid score {score} ({})", self.name)),
        }
    }

    fn is_same(&self, scores: &[f32], before: &[f32]) -> Result<(), String> {
        if are_same(scores, before) {
            Ok(())
        } else {
            Err(format!("scores differ from the first call ({})", self.name))
        }
    }
}

/// Runs the checks; `least` is the lowest score allowed. Returns whether the scores can be used.
pub(super) fn check<T: ?Sized + Sync>(
    subject: &Subject<T>,
    questions: &[Question<T>],
    least: f32,
    report: &mut Report,
) -> bool {
    let first = report.check(EACH, || {
        let ranker = subject.plain()?;
        let answers: Vec<Vec<f32>> =
            questions.iter().map(|question| question.answer(&ranker)).collect::<Result<_, String>>()?;
        for (question, scores) in questions.iter().zip(&answers) {
            question.has_one_each(scores)?;
        }
        Ok((ranker, answers))
    });
    let Some((ranker, answers)) = first else {
        report.skip(&[FINITE, TWICE, SCRATCH, THREADS, ENDS], "the number of scores is wrong");
        return false;
    };
    let asked: Vec<(&Question<T>, &Vec<f32>)> = questions.iter().zip(&answers).collect();
    let each = |check: CheckOne<T>| {
        // Questions are asked in reverse order, so each question follows a different question than
        // before.
        asked.iter().rev().try_for_each(|(question, scores)| check(question, scores))
    };
    let finite = report.check(FINITE, || each(&|question, scores| question.is_finite(scores, least))).is_some();
    if finite {
        report.check(ENDS, || at_ends(subject, questions, least));
    } else {
        report.skip(&[ENDS], "scores are not finite with default knobs");
    }
    let steady = report.check(TWICE, || {
        let alike = subject.plain()?;
        each(&|question, before| {
            question.is_same(&question.answer(&ranker)?, before)?;
            question.is_same(&question.answer(&alike)?, before)
        })
    });
    if steady.is_none() {
        report.skip(&[SCRATCH, THREADS], "equal requests get different scores");
        return false;
    }
    report.check(SCRATCH, || {
        each(&|question, before| {
            let scratch = vec![f32::NAN; 2 * question.candidates + 3];
            question.is_same(&question.answer_over(&ranker, scratch)?, before)
        })
    });
    let same = || each(&|question, before| question.is_same(&question.answer(&ranker)?, before));
    report.check(THREADS, || side_by_side(&same));
    [FINITE, ENDS, SCRATCH, THREADS].iter().all(|(name, _)| !report.failed().contains(name))
}

/// Runs a check in two threads at once.
fn side_by_side(check: &(impl Fn() -> Result<(), String> + Sync)) -> Result<(), String> {
    std::thread::scope(|scope| {
        let threads = [scope.spawn(check), scope.spawn(check)];
        let outcomes = threads.map(|thread| thread.join().unwrap_or_else(|_| Err("it panicked".to_owned())));
        outcomes.into_iter().collect()
    })
}

fn at_ends<T: ?Sized>(subject: &Subject<T>, questions: &[Question<T>], least: f32) -> Result<(), String> {
    let knobs = &subject.entry.knobs;
    for variant in variants::alone(knobs).into_iter().chain(variants::together(knobs)) {
        let ranker = subject.make(&variant.knobs)?;
        for question in questions {
            let checked = question.answer(&ranker).and_then(|scores| {
                question.has_one_each(&scores)?;
                question.is_finite(&scores, least)
            });
            checked.map_err(|problem| format!("{}: {problem}", variant.name))?;
        }
    }
    Ok(())
}
