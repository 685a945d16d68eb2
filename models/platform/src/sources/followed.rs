//! `followed`: the newest posts that followees made or shared.

use recsafe_common::draw::mix;
use recsafe_common::ids::{AccountId, Day};

use super::Gathering;
use crate::request::View;

/// Maximum number of posts of followees per viewer and day.
const MOST: usize = 1024;

/// Collects the day's list, newest first by the day of the post or of its share. A hash breaks
/// ties.
fn collect(gathering: &mut Gathering, viewer: AccountId, view: &View) {
    let ties = gathering.ties;
    let Gathering { recent, followed, heads, ranges, .. } = gathering;
    recent.clear();
    // Day, tie and post index in one integer, which sorts faster than a tuple.
    let key = |day: Day, slot: u32| {
        let tie = u64::from(mix(ties ^ u64::from(slot)) as u16);
        ((day - Day::from(i16::MIN)) as u64) << 48 | tie << 32 | u64::from(slot)
    };
    let followees = view.observed.graph.followees(viewer);
    view.index.posts_of_each(followees, heads, |slot| recent.push(key(view.index.day_of(slot), slot)));
    view.index.shares_of_each(followees, ranges, |share| {
        recent.extend(view.observed.posts.slot(share.post).map(|slot| key(share.day, slot as u32)));
    });
    recent.sort_unstable_by(|a, b| b.cmp(a));
    recent.truncate(MOST);
    followed.clear();
    followed.extend(recent.iter().map(|&key| key as u32));
}

/// Offers the newest `count` posts that the viewer has not seen.
pub(super) fn gather(gathering: &mut Gathering, viewer: AccountId, view: &View, count: usize) {
    if !gathering.collected {
        gathering.collected = true;
        collect(gathering, viewer, view);
    }
    let list = std::mem::take(&mut gathering.followed);
    let mut rest = list.iter().copied();
    let asking = (viewer, view);
    gathering.offer_tries(asking, (count, list.len()), || rest.next().unwrap_or_default());
    gathering.followed = list;
}
