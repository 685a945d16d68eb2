//! `random`: live posts, drawn uniformly.

use recsafe_common::draw::{Decides, Draw};
use recsafe_common::key::Part;

use super::Gathering;
use crate::request::{Request, View};

pub(super) fn gather(gathering: &mut Gathering, request: &Request, view: &View, count: usize) {
    let draw = request.luck(Decides::Candidates).about(Part::Random);
    sample(gathering, request, view, 0, count, draw);
}

/// Offers up to `count` posts drawn uniformly from index `from` on, with two draws per requested
/// post.
pub(super) fn sample(
    gathering: &mut Gathering,
    request: &Request,
    view: &View,
    from: usize,
    count: usize,
    mut draw: Draw,
) {
    let posts = view.observed.posts.len().saturating_sub(from);
    let wanted = count.min(posts);
    let asking = (request.viewer, view);
    gathering.offer_tries(asking, (wanted, 2 * wanted), || (from + draw.below(posts)) as u32);
}
