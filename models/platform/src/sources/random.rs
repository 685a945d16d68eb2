//! `random`: live posts, drawn uniformly.

use recsafe_common::draw::{Draw, DrawPurpose};
use recsafe_common::key::Part;

use super::CandidateGenerator;
use crate::request::{Request, View};

pub(super) fn gather(generator: &mut CandidateGenerator, request: &Request, view: &View, count: usize) {
    let draw = request.draws_for(DrawPurpose::Candidates).about(Part::Random);
    sample(generator, request, view, 0, count, draw);
}

/// Offers up to `count` posts, with two draws per requested post. The draws are uniform over the
/// posts from index `from` on.
pub(super) fn sample(
    generator: &mut CandidateGenerator,
    request: &Request,
    view: &View,
    from: usize,
    count: usize,
    mut draw: Draw,
) {
    let posts = view.observed.posts.len().saturating_sub(from);
    let wanted = count.min(posts);
    let suggestion_request = (request.viewer, view);
    generator.try_add_drawn(suggestion_request, (wanted, 2 * wanted), || (from + draw.below(posts)) as u32);
}
