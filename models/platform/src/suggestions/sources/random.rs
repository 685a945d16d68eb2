//! `random`: accounts, drawn uniformly.

use recsafe_common::draw::Decides;
use recsafe_common::ids::AccountId;
use recsafe_common::key::Part;

use crate::suggestions::{AccountCandidates, Asking};

pub(super) fn gather(asking: &Asking, findable: usize, count: usize, candidates: &mut AccountCandidates) {
    let mut draw = asking.draw(Decides::SuggestionCandidates, Part::Anybody);
    for _ in 0..if findable == 0 { 0 } else { count } {
        candidates.add(AccountId(draw.below(findable) as u32));
    }
}
