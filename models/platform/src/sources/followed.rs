//! `followed`: the newest posts that followees made or shared.

use recsafe_common::draw::mix;
use recsafe_common::ids::{AccountId, Day};

use super::CandidateGenerator;
use crate::request::View;

/// Maximum number of posts of followees per viewer and day.
const MOST: usize = 1024;

/// Collects the day's list of posts, newest first. A post is sorted by the day on which the post
/// was made or, if a followee shared the post, by the day on which it was shared. A hash breaks
/// ties.
fn collect(generator: &mut CandidateGenerator, viewer: AccountId, view: &View) {
    let ties = generator.ties;
    let CandidateGenerator { recent, followed, heads, ranges, .. } = generator;
    recent.clear();
    // The key combines day, tie and post index in one integer, because integers are sorted faster
    // than tuples.
    let key = |day: Day, post_index: u32| {
        let tie = u64::from(mix(ties ^ u64::from(post_index)) as u16);
        ((day - Day::from(i16::MIN)) as u64) << 48 | tie << 32 | u64::from(post_index)
    };
    let followees = view.observed.graph.followees(viewer);
    view.index
        .posts_of_each(followees, heads, |post_index| recent.push(key(view.index.day_of(post_index), post_index)));
    view.index.shares_of_each(followees, ranges, |share| {
        recent.extend(view.observed.posts.index_of(share.post).map(|post_index| key(share.day, post_index as u32)));
    });
    recent.sort_unstable_by(|a, b| b.cmp(a));
    recent.truncate(MOST);
    followed.clear();
    followed.extend(recent.iter().map(|&key| key as u32));
}

/// Offers the newest `count` posts that the viewer has not seen.
pub(super) fn gather(generator: &mut CandidateGenerator, viewer: AccountId, view: &View, count: usize) {
    if !generator.collected {
        generator.collected = true;
        collect(generator, viewer, view);
    }
    let list = std::mem::take(&mut generator.followed);
    let mut rest = list.iter().copied();
    let request = (viewer, view);
    generator.try_add_drawn(request, (count, list.len()), || rest.next().unwrap_or_default());
    generator.followed = list;
}
