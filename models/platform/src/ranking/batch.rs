//! Scoring of a batch of requests, and checks of the scores.
#![allow(clippy::inline_always, reason = "only inlined code is compiled for wider registers")]

use std::error::Error;
use std::fmt;

use recsafe_common::wide::{Work, wide};

use super::Ranker;
use crate::candidates::Candidates;
use crate::request::{Request, View};

/// A request of a batch, its candidates and the list for their scores.
#[derive(Debug)]
pub struct Unscored<'a> {
    /// The request.
    pub request: &'a Request,
    /// The candidates of the request.
    pub candidates: &'a Candidates,
    /// One score per candidate, in the order of the candidates. Higher scores are better. Earlier
    /// contents are ignored.
    pub scores: &'a mut Vec<f32>,
}

/// The reason why a ranker returned no usable scores.
#[derive(Debug)]
pub struct RankerError {
    index: Option<usize>,
    source: Box<dyn Error + Send + Sync>,
}

impl RankerError {
    /// Creates an error about the whole batch from a message or another error.
    pub fn new(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        RankerError { index: None, source: source.into() }
    }

    /// Turns the error into an error about the request at this index of the batch.
    #[must_use]
    pub fn at(self, index: usize) -> Self {
        RankerError { index: Some(index), ..self }
    }

    /// Returns the index of the affected request in the batch, or `None` if the error is about the
    /// whole batch.
    #[must_use]
    pub const fn index(&self) -> Option<usize> {
        self.index
    }
}

impl fmt::Display for RankerError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.source.fmt(f)
    }
}

impl Error for RankerError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.source()
    }
}

/// Scores a batch of requests and checks the scores.
///
/// # Errors
/// Fails if the ranker fails, if the number of scores differs from the number of candidates, or if
/// a score is not finite.
pub fn score_all(ranker: &dyn Ranker, view: &View, batch: &mut [Unscored]) -> Result<(), RankerError> {
    ranker.score_batch(view, batch)?;
    batch
        .iter()
        .enumerate()
        .try_for_each(|(index, one)| refuse_unusable(one.scores, one.candidates.len()).map_err(|error| error.at(index)))
}

/// Checks that there is one finite score per candidate.
///
/// # Errors
/// Returns an error that describes the first problem.
pub(crate) fn refuse_unusable(scores: &[f32], candidates: usize) -> Result<(), RankerError> {
    if scores.len() != candidates {
        return Err(RankerError::new(format!("got {} scores for {candidates} candidates", scores.len())));
    }
    if are_finite(scores) {
        return Ok(());
    }
    let index = scores.iter().position(|score| !score.is_finite()).unwrap_or(0);
    Err(RankerError::new(format!("score {index} of {candidates} is {}, but scores must be finite", scores[index])))
}

/// Checks that no score is below 0, as people suggestions require.
///
/// # Errors
/// Returns an error that shows the first negative score.
pub(crate) fn refuse_negative(scores: &[f32]) -> Result<(), RankerError> {
    match scores.iter().position(|score| *score < 0.0) {
        None => Ok(()),
        Some(index) => {
            let (score, all) = (scores[index], scores.len());
            Err(RankerError::new(format!("score {index} of {all} is {score}, but scores must be 0 or more")))
        }
    }
}

/// Returns whether all scores are finite.
fn are_finite(scores: &[f32]) -> bool {
    wide(Finite(scores))
}

/// A check that all numbers are finite. The check has no branches, so that it runs in vector
/// registers. Only infinities and NaN have all bits of the exponent set. If 1 is added to the
/// lowest bit of such an exponent, the carry sets the sign bit, which `abs` has cleared.
struct Finite<'a>(&'a [f32]);

impl Work for Finite<'_> {
    type Out = bool;

    #[inline(always)]
    fn run(self) -> bool {
        const EXPONENT_END: u32 = 1 << 23;
        let carries = self.0.iter().fold(0, |carries, score| carries | (score.abs().to_bits() + EXPONENT_END));
        carries >> 31 == 0
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn scores_of_another_number_and_such_as_are_not_finite_are_refused() {
        let refused = |scores: &[f32], candidates| refuse_unusable(scores, candidates).unwrap_err().to_string();
        assert_eq!(refused(&[1.0], 2), "got 1 scores for 2 candidates");
        assert_eq!(refused(&[1.0, f32::NAN, 2.0], 3), "score 1 of 3 is NaN, but scores must be finite");
        assert_eq!(refused(&[f32::NEG_INFINITY], 1), "score 0 of 1 is -inf, but scores must be finite");
        assert!(refuse_unusable(&[], 0).is_ok() && refuse_unusable(&[f32::MAX, f32::MIN, -0.0], 3).is_ok());
    }

    #[test]
    fn an_error_says_what_its_source_says_and_hands_on_what_is_behind_it() {
        #[derive(Debug)]
        struct Outer(std::num::ParseIntError);
        impl fmt::Display for Outer {
            fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("outer")
            }
        }
        impl Error for Outer {
            fn source(&self) -> Option<&(dyn Error + 'static)> {
                Some(&self.0)
            }
        }
        let error = RankerError::new(Outer("x".parse::<u8>().unwrap_err()));
        assert_eq!((error.to_string().as_str(), error.index()), ("outer", None));
        assert_eq!(error.source().unwrap().to_string(), "invalid digit found in string");
        assert_eq!(RankerError::new("words").at(3).index(), Some(3));
    }

    proptest! {
        #[test]
        fn finite_is_what_the_type_says(scores in prop::collection::vec(any::<u32>().prop_map(f32::from_bits), 0..40)) {
            prop_assert_eq!(are_finite(&scores), scores.iter().all(|score| score.is_finite()));
        }
    }
}
