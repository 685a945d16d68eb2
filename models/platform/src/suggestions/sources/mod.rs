//! Candidate sources of people suggestions, one file each.

mod friends_of_friends;
mod popular;
mod random;
mod shared_audience;

use recsafe_common::draw::Draw;

use super::{AccountCandidates, AccountSource, Asking, Service};
use crate::request::View;

/// Adds what a source finds.
pub(super) fn gather(
    source: AccountSource,
    asking: &Asking,
    view: &View,
    service: &Service,
    candidates: &mut AccountCandidates,
) {
    let count = service.settings.candidates as usize;
    match source {
        AccountSource::FriendsOfFriends => friends_of_friends::gather(asking, view, candidates),
        AccountSource::SharedAudience => shared_audience::gather(asking, view, service.audiences, candidates),
        AccountSource::Popular => popular::gather(view, count, candidates),
        AccountSource::Random => random::gather(asking, service.findable, count, candidates),
    }
}

/// At most `most` places of `0..length`: all of them if they are so few, else places at even distances from a random start, so that
/// each is as likely as any other. And how many places each of them stands for.
fn spread(length: usize, most: usize, draw: &mut Draw) -> (impl Iterator<Item = usize> + use<>, f32) {
    let count = length.min(most);
    let start = if length > most { draw.below(length) } else { 0 };
    let step = ((length as u64) << 32) / count.max(1) as u64; // in parts of 2^32, so that no place needs a division
    let places = (0..count as u64).map(move |n| {
        let place = start + ((n * step) >> 32) as usize;
        if place < length { place } else { place - length }
    });
    (places, length as f32 / count.max(1) as f32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use recsafe_common::draw::{Decides, Draws};
    use recsafe_common::key::{About, Who};

    proptest! {
        #[test]
        fn a_spread_is_distinct_places_that_stand_for_all(length in 0_usize..2000, most in 1_usize..50, seed: u64) {
            let mut draw = Draws::new(seed).at(Decides::SuggestionCandidates, Who::Nobody, About::Nothing, 0);
            let (places, each) = spread(length, most, &mut draw);
            let mut places: Vec<usize> = places.collect();
            prop_assert_eq!(places.len(), length.min(most));
            prop_assert!((places.len() as f32 * each - length as f32).abs() < 1e-3 * length.max(1) as f32);
            places.sort_unstable();
            places.dedup();
            prop_assert_eq!(places.len(), length.min(most), "no place twice");
            prop_assert!(places.iter().all(|&place| place < length));
        }
    }
}
