//! `friends-of-friends`: accounts followed by accounts that the viewer follows, with their Adamic-Adar closeness.

use recsafe_common::draw::Decides;
use recsafe_common::key::Part;

use super::spread;
use crate::request::View;
use crate::suggestions::{AccountCandidates, Asking};

/// Most followees looked at, and most of each one's followees (assumed; beyond that an even sample is taken).
const MOST: usize = 100;
/// Followees whose lists are asked for ahead of the one that is read.
const AHEAD: usize = 3;

/// Closeness of viewer v and candidate c: the sum over the accounts w that v follows and that follow c of 1 / ln(1 + d(w)), d(w) the
/// number that w follows: a tie through an account that follows few says more.
///
/// Source: Adamic and Adar (2003), Social Networks 25:211, on follows that lead from v over w to c; 1 + d keeps it finite.
pub(super) fn gather(asking: &Asking, view: &View, candidates: &mut AccountCandidates) {
    let graph = &view.observed.graph;
    let friends = graph.followees(asking.viewer);
    let mut draw = asking.draw(Decides::SuggestionCandidates, Part::FriendsOfFriends);
    let (places, stands_for) = spread(friends.len(), MOST, &mut draw);
    let places: Vec<usize> = places.inspect(|&place| graph.expect_followees(friends[place])).collect();
    places.iter().take(AHEAD).for_each(|&place| graph.expect_first_followees(friends[place]));
    for (n, &place) in places.iter().enumerate() {
        if let Some(&later) = places.get(n + AHEAD) {
            graph.expect_first_followees(friends[later]);
        }
        let theirs = graph.followees(friends[place]);
        let closeness = 1.0 / libm::logf(1.0 + theirs.len().max(1) as f32);
        let (places, each) = spread(theirs.len(), MOST, &mut draw);
        let mut tie = |account| {
            let candidate = candidates.add(account);
            candidates.ties[candidate] += closeness * stands_for * each;
        };
        if theirs.len() <= MOST {
            // The spread is all of them then.
            for &account in theirs {
                tie(account);
            }
        } else {
            for place in places {
                tie(theirs[place]);
            }
        }
    }
}
