//! The feed of account holders who act instead of visiting (`reshare-one`).

use recsafe_common::ids::AccountId;
use recsafe_people::behavior::reshare_one::{self, acts_today};

use super::viewer::ViewerDay;
use super::{Desk, Seat};

impl Desk<'_> {
    /// Number of an account's acts today.
    pub(super) fn acts(&self, account: AccountId) -> u32 {
        let people = self.world.people;
        if !reshare_one::acts(people, &self.rules.behavior, account) {
            return 0;
        }
        acts_today(people.activity[account.row()], account, self.view.observed.day, self.world.draws)
    }

    /// The place of the slate's post that the viewer reshares at an act, if there is any. It looks at the whole slate.
    pub(super) fn reshared(&self, act: u32, viewer: &ViewerDay, seat: &Seat) -> Option<usize> {
        let weights: Vec<f64> = (0..seat.maker.slate.len()).map(|place| self.weight(viewer, seat, place)).collect();
        reshare_one::chosen(&weights, viewer.own.account, act, viewer.request.day, self.world.draws)
    }

    /// In proportion to what the post at a place of the slate is reshared.
    fn weight(&self, viewer: &ViewerDay, seat: &Seat, place: usize) -> f64 {
        let (people, resharing) = (self.world.people, &self.rules.behavior.reshare_one);
        let (account, posts) = (viewer.own.account, &self.view.observed.posts);
        let slot = seat.maker.slate[place].slot as usize;
        let (creator, sequence) = (posts.rows()[slot].creator, posts.ledgers()[slot].sequence);
        let appeal = reshare_one::appeal(people, resharing, &self.rules.bots, creator, sequence, self.world.draws);
        let (shares, age) = match self.view.inboxes.entry(account, posts.id(slot)) {
            Some(entry) => (entry.shares, viewer.request.day - entry.came),
            None => (1, viewer.request.day - i32::from(posts.rows()[slot].day)),
        };
        reshare_one::weight(resharing, appeal, shares, age.unsigned_abs())
    }
}
