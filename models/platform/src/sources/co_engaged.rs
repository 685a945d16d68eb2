//! `co-engaged`: posts liked by those who liked what the viewer liked.
//!
//! Sampled by short random walks on the graph of likes, viewer -> post -> liker -> post, as in Pixie (Eksombatchai et al.
//! 2018): from one of the viewer's last ten likes, to one of its last eight likers, to one of that account's last ten likes.

use recsafe_common::draw::Decides;
use recsafe_common::ids::{AccountId, PostId};

use super::Gathering;
use crate::candidates::Source;
use crate::index::LIKED;
use crate::request::{Request, View};

pub(super) fn gather(gathering: &mut Gathering, request: &Request, view: &View, count: usize) {
    let mut own = [0_u32; LIKED];
    let known = own_likes(gathering, request.viewer, view, &mut own);
    if known == 0 {
        return;
    }
    let mut draw = request.luck(Decides::Candidates).about(2 << 16);
    let mut missing = count;
    for _ in 0..2 * count {
        if missing == 0 {
            break;
        }
        let likers = view.index.likers(own[draw.below(known)] as usize);
        if likers.is_empty() {
            continue;
        }
        let liked = view.index.liked(AccountId(likers[draw.below(likers.len())]));
        if liked.is_empty() {
            continue;
        }
        if let Some(slot) = view.observed.posts.slot(PostId(liked[draw.below(liked.len())])) {
            missing -= usize::from(gathering.offer(request.viewer, view, slot as u32, Source::CoEngaged));
        }
    }
}

/// Slots of the viewer's last live likes, today's first; returns how many there are.
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
