//! Candidate sources of people suggestions. Each source has its own file.

mod friends_of_friends;
mod popular;
mod random;
mod shared_audience;

use recsafe_common::draw::Draw;

use super::{AccountCandidates, AccountSource, Service, SuggestionRequest};
use crate::request::View;

/// Adds the candidates of a source.
pub(super) fn gather(
    source: AccountSource,
    request: &SuggestionRequest,
    view: &View,
    service: &Service,
    candidates: &mut AccountCandidates,
) {
    let count = service.settings.candidates as usize;
    match source {
        AccountSource::FriendsOfFriends => friends_of_friends::gather(request, view, candidates),
        AccountSource::SharedAudience => shared_audience::gather(request, view, service.audiences, candidates),
        AccountSource::Popular => popular::gather(view, count, candidates),
        AccountSource::Random => random::gather(request, service.findable, count, candidates),
    }
}

/// Returns at most `most` indices of `0..length`, and the number of indices that each returned
/// index represents.
///
/// If `length` is more than `most`, the returned indices are equally spaced, and the first index is
/// random. So all indices are equally likely.
fn spread(length: usize, most: usize, draw: &mut Draw) -> (impl Iterator<Item = usize> + use<>, f32) {
    let count = length.min(most);
    let start = if length > most { draw.below(length) } else { 0 };
    // The step is a fixed-point number with 32 fractional bits, so that no index needs a division.
    let step = ((length as u64) << 32) / count.max(1) as u64;
    let indices = (0..count as u64).map(move |n| {
        let index = start + ((n * step) >> 32) as usize;
        if index < length { index } else { index - length }
    });
    (indices, length as f32 / count.max(1) as f32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use recsafe_common::draw::{DrawPurpose, Draws};
    use recsafe_common::key::{About, Who};

    proptest! {
        #[test]
        fn a_spread_is_distinct_places_that_stand_for_all(length in 0_usize..2000, most in 1_usize..50, seed: u64) {
            let mut draw = Draws::new(seed).at(DrawPurpose::SuggestionCandidates, Who::Nobody, About::Nothing, 0);
            let (indices, each) = spread(length, most, &mut draw);
            let mut indices: Vec<usize> = indices.collect();
            prop_assert_eq!(indices.len(), length.min(most));
            prop_assert!((indices.len() as f32 * each - length as f32).abs() < 1e-3 * length.max(1) as f32);
            indices.sort_unstable();
            indices.dedup();
            prop_assert_eq!(indices.len(), length.min(most), "no duplicates");
            prop_assert!(indices.iter().all(|&index| index < length));
        }
    }
}
