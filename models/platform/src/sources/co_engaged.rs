//! `co-engaged`: posts liked by accounts that liked the same posts as the viewer.
//!
//! The source samples posts by short random walks on the graph of likes, as in Pixie (Eksombatchai
//! et al. 2018). A walk starts at one of the last ten posts that the viewer liked. The walk goes to
//! one of the post's last eight likers, and ends at one of the last ten posts that this liker
//! liked.

use recsafe_common::draw::{Draw, DrawPurpose, part};
use recsafe_common::ids::{AccountId, PostId};
use recsafe_common::key::Part;
use recsafe_common::prefetch::prefetch_at;

use super::{BATCH, CandidateGenerator};
use crate::index::LIKED;
use crate::request::{Request, View};

pub(super) fn gather(generator: &mut CandidateGenerator, request: &Request, view: &View, count: usize) {
    let mut own = [0_u32; LIKED];
    let known = own_likes(generator, request.viewer, view, &mut own);
    if known == 0 {
        return;
    }
    let likers: [&[u32]; LIKED] = std::array::from_fn(|own_like| view.index.likers(own[own_like] as usize));
    let mut draw = request.draws_for(DrawPurpose::Candidates).about(Part::CoEngaged);
    let (mut missing, mut left) = (count, 2 * count);
    while missing > 0 && left > 0 {
        let walks = missing.min(left).min(BATCH);
        let (post_indices, found, made) = walk(view, &likers[..known], walks, &mut draw);
        left -= made;
        missing -= generator.try_add(request.viewer, view, &post_indices[..found]);
    }
}

/// Makes up to `walks` random walks. All walks advance together, one step at a time, so that their
/// memory accesses overlap. Returns an array of post indices, the number of valid entries, and the
/// number of walks made.
///
/// If a walk ends at a liker without likes, the later walks are dropped, and the random numbers
/// that they used are drawn again. So the result is the same as if the walks were made one after
/// the other.
fn walk(view: &View, likers: &[&[u32]], walks: usize, draw: &mut Draw) -> ([u32; BATCH], usize, usize) {
    let mut steps = [(0_u32, 0_u64, *draw, 0); BATCH];
    let mut begun = 0;
    for made in 1..=walks {
        let liked_by = likers[draw.below(likers.len())];
        if !liked_by.is_empty() {
            let liker = liked_by[draw.below(liked_by.len())];
            let here = *draw;
            steps[begun] = (liker, draw.bits(), here, made);
            view.index.prefetch_liked(AccountId(liker));
            begun += 1;
        }
    }
    let mut posts = [PostId(0); BATCH];
    for (post, &(liker, bits, here, made)) in posts.iter_mut().zip(&steps[..begun]) {
        let liked = view.index.liked(AccountId(liker));
        if liked.is_empty() {
            *draw = here;
            let whole = steps[..begun].iter().take_while(|step| step.3 < made).count();
            let (post_indices, found) = live(view, &posts[..whole]);
            return (post_indices, found, made);
        }
        *post = PostId(liked[part(bits, liked.len())]);
    }
    let (post_indices, found) = live(view, &posts[..begun]);
    (post_indices, found, walks)
}

/// Returns an array with the indices of the live posts among `posts`, and the number of valid
/// entries.
fn live(view: &View, posts: &[PostId]) -> ([u32; BATCH], usize) {
    let (mut post_indices, mut found) = ([0; BATCH], 0);
    for post_index in posts.iter().filter_map(|&post| view.observed.posts.index_of(post)) {
        prefetch_at(view.observed.posts.access(), post_index);
        post_indices[found] = post_index as u32;
        found += 1;
    }
    (post_indices, found)
}

/// Fills `own` with the indices of the live posts that the viewer liked last. Posts that the viewer
/// liked today come first. Returns the number of indices.
fn own_likes(generator: &CandidateGenerator, viewer: AccountId, view: &View, own: &mut [u32; LIKED]) -> usize {
    let today = generator.liked_today.iter().rev().copied();
    let before = view.index.liked(viewer).iter().map(|&post| PostId(post));
    let mut known = 0;
    for post_index in today.chain(before).filter_map(|post| view.observed.posts.index_of(post)).take(LIKED) {
        own[known] = post_index as u32;
        known += 1;
    }
    known
}
