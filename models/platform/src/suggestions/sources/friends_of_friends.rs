//! `friends-of-friends`: accounts followed by the viewer's followees, with their Adamic-Adar
//! closeness.

use recsafe_common::draw::DrawPurpose;
use recsafe_common::key::Part;

use super::spread;
use crate::request::View;
use crate::suggestions::{AccountCandidates, SuggestionRequest};

/// Maximum length of the viewer's list of followees, and of the list of each followee (assumed).
/// Longer lists are sampled evenly.
const MOST: usize = 100;
/// Number of followees whose lists are prefetched ahead of the list that is read.
const AHEAD: usize = 3;

/// Adds the candidates and their closeness.
///
/// The closeness of viewer v and candidate c is the sum of 1 / ln(1 + d(w)) over the accounts w
/// that v follows and that follow c. Here d(w) is the number of accounts that w follows. So a tie
/// through an account that follows few others has a higher weight.
///
/// Source: Adamic and Adar (2003), Social Networks 25:211, applied to follows from v to w and from
/// w to c. The 1 in 1 + d keeps the sum finite.
pub(super) fn gather(request: &SuggestionRequest, view: &View, candidates: &mut AccountCandidates) {
    let graph = &view.observed.graph;
    let friends = graph.followees(request.viewer);
    let mut draw = request.draw(DrawPurpose::SuggestionCandidates, Part::FriendsOfFriends);
    let (indices, stands_for) = spread(friends.len(), MOST, &mut draw);
    let indices: Vec<usize> = indices.inspect(|&index| graph.prefetch_followees(friends[index])).collect();
    indices.iter().take(AHEAD).for_each(|&index| graph.prefetch_first_followees(friends[index]));
    for (n, &index) in indices.iter().enumerate() {
        if let Some(&later) = indices.get(n + AHEAD) {
            graph.prefetch_first_followees(friends[later]);
        }
        let theirs = graph.followees(friends[index]);
        let closeness = 1.0 / libm::logf(1.0 + theirs.len().max(1) as f32);
        let (indices, each) = spread(theirs.len(), MOST, &mut draw);
        let mut tie = |account| {
            let candidate = candidates.add(account);
            candidates.ties[candidate] += closeness * stands_for * each;
        };
        if theirs.len() <= MOST {
            // The sample is the whole list.
            for &account in theirs {
                tie(account);
            }
        } else {
            for index in indices {
                tie(theirs[index]);
            }
        }
    }
}
