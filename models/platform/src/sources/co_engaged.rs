//! `co-engaged`: posts liked by accounts that liked the same posts as the viewer.
//!
//! The source samples posts by short random walks on the graph of likes, as Pixie does
//! (Eksombatchai et al. 2018). A walk goes from one of the viewer's last ten likes to one of the
//! post's last eight likers and on to one of that account's last ten likes.

use recsafe_common::draw::{Decides, Draw, part};
use recsafe_common::ids::{AccountId, PostId};
use recsafe_common::key::Part;
use recsafe_common::prefetch::prefetch_at;

use super::{BATCH, Gathering};
use crate::index::LIKED;
use crate::request::{Request, View};

pub(super) fn gather(gathering: &mut Gathering, request: &Request, view: &View, count: usize) {
    let mut own = [0_u32; LIKED];
    let known = own_likes(gathering, request.viewer, view, &mut own);
    if known == 0 {
        return;
    }
    let likers: [&[u32]; LIKED] = std::array::from_fn(|own_like| view.index.likers(own[own_like] as usize));
    let mut draw = request.luck(Decides::Candidates).about(Part::CoEngaged);
    let (mut missing, mut left) = (count, 2 * count);
    while missing > 0 && left > 0 {
        let walks = missing.min(left).min(BATCH);
        let (slots, found, made) = walk(view, &likers[..known], walks, &mut draw);
        left -= made;
        missing -= gathering.offer(request.viewer, view, &slots[..found]);
    }
}

/// Makes up to `walks` random walks. They advance together, one step at a time, so that their
/// memory accesses overlap. Returns the post indices, how many they are, and the number of walks
/// made.
///
/// If a walk ends at a liker without likes, the later walks are dropped. The random numbers that
/// they used are drawn again, so that the result is the same as if walks were made one after the
/// other.
fn walk(view: &View, likers: &[&[u32]], walks: usize, draw: &mut Draw) -> ([u32; BATCH], usize, usize) {
    let mut steps = [(0_u32, 0_u64, *draw, 0); BATCH];
    let mut begun = 0;
    for made in 1..=walks {
        let liked_by = likers[draw.below(likers.len())];
        if !liked_by.is_empty() {
            let liker = liked_by[draw.below(liked_by.len())];
            let here = *draw;
            steps[begun] = (liker, draw.bits(), here, made);
            view.index.expect_liked(AccountId(liker));
            begun += 1;
        }
    }
    let mut posts = [PostId(0); BATCH];
    for (post, &(liker, bits, here, made)) in posts.iter_mut().zip(&steps[..begun]) {
        let liked = view.index.liked(AccountId(liker));
        if liked.is_empty() {
            *draw = here;
            let whole = steps[..begun].iter().take_while(|step| step.3 < made).count();
            let (slots, found) = live(view, &posts[..whole]);
            return (slots, found, made);
        }
        *post = PostId(liked[part(bits, liked.len())]);
    }
    let (slots, found) = live(view, &posts[..begun]);
    (slots, found, walks)
}

/// Returns the indices of the live posts among `posts`, and how many they are.
fn live(view: &View, posts: &[PostId]) -> ([u32; BATCH], usize) {
    let (mut slots, mut found) = ([0; BATCH], 0);
    for slot in posts.iter().filter_map(|&post| view.observed.posts.slot(post)) {
        prefetch_at(view.observed.posts.gates(), slot);
        slots[found] = slot as u32;
        found += 1;
    }
    (slots, found)
}

/// Writes the indices of the viewer's last live likes to `own`, today's likes first, and returns
/// how many they are.
fn own_likes(gathering: &Gathering, viewer: AccountId, view: &View, own: &mut [u32; LIKED]) -> usize {
    let today = gathering.liked_today.iter().rev().copied();
    let before = view.index.liked(viewer).iter().map(|&post| PostId(post));
    let mut known = 0;
    for slot in today.chain(before).filter_map(|post| view.observed.posts.slot(post)).take(LIKED) {
        own[known] = slot as u32;
        known += 1;
    }
    known
}
