//! `random`: accounts, drawn uniformly.

use recsafe_common::draw::DrawPurpose;
use recsafe_common::ids::AccountId;
use recsafe_common::key::Part;

use crate::suggestions::{AccountCandidates, SuggestionRequest};

pub(super) fn gather(request: &SuggestionRequest, findable: usize, count: usize, candidates: &mut AccountCandidates) {
    let mut draw = request.draw(DrawPurpose::SuggestionCandidates, Part::Anybody);
    for _ in 0..if findable == 0 { 0 } else { count } {
        candidates.add(AccountId(draw.below(findable) as u32));
    }
}
