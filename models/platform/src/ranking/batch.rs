//! Scores for the candidates of many requests at once, by rankers that may fail.
#![allow(clippy::inline_always, reason = "only what is inlined is compiled for wider registers")]

use std::error::Error;
use std::fmt;

use recsafe_common::wide::{Work, wide};

use super::Ranker;
use crate::candidates::Candidates;
use crate::request::{Request, View};

/// A request of a batch: what is to be scored, and where the scores go.
#[derive(Debug)]
pub struct Unscored<'a> {
    /// The request.
    pub request: &'a Request,
    /// Its candidates.
    pub candidates: &'a Candidates,
    /// One score for each candidate, in their order, higher is better. What stands there before is of no use.
    pub scores: &'a mut Vec<f32>,
}

/// Why a ranker gave no scores that can be used.
#[derive(Debug)]
pub struct RankerError {
    place: Option<usize>,
    source: Box<dyn Error + Send + Sync>,
}

impl RankerError {
    /// An error of what went wrong: a message, or an error. It is about the whole batch.
    pub fn new(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        RankerError { place: None, source: source.into() }
    }

    /// The same about the request with this place in the batch, from 0.
    #[must_use]
    pub fn at(self, place: usize) -> Self {
        RankerError { place: Some(place), ..self }
    }

    /// The place in the batch of the request that it is about, from 0; none if it is about the whole batch.
    #[must_use]
    pub const fn place(&self) -> Option<usize> {
        self.place
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

/// Lets a ranker score a batch.
///
/// # Errors
/// If the ranker fails, or gives a request another number of scores than it has candidates, or one that is not finite: no slate can be filled
/// by these.
pub fn score_all(ranker: &dyn Ranker, view: &View, batch: &mut [Unscored]) -> Result<(), RankerError> {
    ranker.score_batch(view, batch)?;
    batch
        .iter()
        .enumerate()
        .try_for_each(|(place, one)| refuse_unusable(one.scores, one.candidates.len()).map_err(|error| error.at(place)))
}

/// Whether there is one finite score for each candidate.
///
/// # Errors
/// Says what is wrong.
pub(crate) fn refuse_unusable(scores: &[f32], candidates: usize) -> Result<(), RankerError> {
    if scores.len() != candidates {
        return Err(RankerError::new(format!("it gave {} scores for {candidates} candidates", scores.len())));
    }
    if are_finite(scores) {
        return Ok(());
    }
    let place = scores.iter().position(|score| !score.is_finite()).unwrap_or(0);
    Err(RankerError::new(format!("score {place} of {candidates} is {}, and scores are finite", scores[place])))
}

/// Whether no score is below 0, as those of people suggestions must be.
///
/// # Errors
/// Says which is.
pub(crate) fn refuse_negative(scores: &[f32]) -> Result<(), RankerError> {
    match scores.iter().position(|score| *score < 0.0) {
        None => Ok(()),
        Some(place) => {
            let (score, all) = (scores[place], scores.len());
            Err(RankerError::new(format!("score {place} of {all} is {score}, and scores are 0 or more")))
        }
    }
}

/// Whether all scores are finite.
fn are_finite(scores: &[f32]) -> bool {
    wide(Finite(scores))
}

/// No branches, so that many scores are looked at in one go: of no other number are all bits of the exponent set, and one more in the last of
/// them carries into the sign, which is left out before.
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
        assert_eq!(refused(&[1.0], 2), "it gave 1 scores for 2 candidates");
        assert_eq!(refused(&[1.0, f32::NAN, 2.0], 3), "score 1 of 3 is NaN, and scores are finite");
        assert_eq!(refused(&[f32::NEG_INFINITY], 1), "score 0 of 1 is -inf, and scores are finite");
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
        assert_eq!((error.to_string().as_str(), error.place()), ("outer", None));
        assert_eq!(error.source().unwrap().to_string(), "invalid digit found in string");
        assert_eq!(RankerError::new("words").at(3).place(), Some(3));
    }

    proptest! {
        #[test]
        fn finite_is_what_the_type_says(scores in prop::collection::vec(any::<u32>().prop_map(f32::from_bits), 0..40)) {
            prop_assert_eq!(are_finite(&scores), scores.iter().all(|score| score.is_finite()));
        }
    }
}
