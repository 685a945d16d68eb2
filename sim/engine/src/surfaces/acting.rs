//! The feed of account holders who act instead of visiting (`reshare-one`).

use recsafe_common::ids::AccountId;
use recsafe_people::behavior::reshare_one::{self, acts_today};

use super::viewer::{Look, Reacting, ViewerDay};
use super::{Desk, Output, Scratch};

impl Desk<'_> {
    /// Number of an account's acts today.
    pub(super) fn acts(&self, account: AccountId) -> u32 {
        let people = self.world.people;
        if !reshare_one::acts(people, &self.rules.behavior, account) {
            return 0;
        }
        acts_today(people.activity[account.row()], account, self.view.observed.day, self.world.draws)
    }

    /// Lets the viewer reshare a post at each of its acts that is not a post of its own; those are made in the morning.
    pub(super) fn serve_acts(&self, acts: u32, viewer: &mut ViewerDay, scratch: &mut Scratch, output: &mut Output) {
        let (resharing, day) = (&self.rules.behavior.reshare_one, self.view.observed.day);
        for number in 0..acts {
            let enough = viewer.most_slates.is_some_and(|most| viewer.request.number >= most);
            if !enough && !reshare_one::posts(resharing, viewer.own.account, number, day, self.world.draws) {
                self.reshare(number, viewer, scratch, output);
            }
        }
    }

    /// Answers a request of the viewer, which looks at the whole slate and reshares one post of it, if there is any.
    fn reshare(&self, number: u32, viewer: &mut ViewerDay, scratch: &mut Scratch, output: &mut Output) {
        let step = self.rules.policy.personalisation(self.rules.feed.personalisation, &scratch.active, &viewer.request);
        let explores = self.answer(step, viewer, scratch);
        output.tally.slate(self.cell(viewer.own.account), &self.view, &scratch.maker.slate);
        let weights: Vec<f64> =
            (0..scratch.maker.slate.len()).map(|place| self.weight(viewer, scratch, place)).collect();
        let (account, day) = (viewer.own.account, viewer.request.day);
        let chosen = reshare_one::chosen(&weights, account, number, day, self.world.draws);
        let how = Look { session: number, teaches: !explores, reacting: Reacting::Reshares(chosen) };
        self.look_through(how, step, viewer, scratch, output);
        viewer.request.number += 1;
    }

    /// In proportion to what the post at a place of the slate is reshared.
    fn weight(&self, viewer: &ViewerDay, scratch: &Scratch, place: usize) -> f64 {
        let (people, resharing) = (self.world.people, &self.rules.behavior.reshare_one);
        let (account, posts) = (viewer.own.account, &self.view.observed.posts);
        let slot = scratch.maker.slate[place].slot as usize;
        let (creator, sequence) = (posts.rows()[slot].creator, posts.ledgers()[slot].sequence);
        let appeal = reshare_one::appeal(people, resharing, &self.rules.bots, creator, sequence, self.world.draws);
        let (shares, age) = match self.view.inboxes.entry(account, posts.id(slot)) {
            Some(entry) => (entry.shares, viewer.request.day - entry.came),
            None => (1, viewer.request.day - i32::from(posts.rows()[slot].day)),
        };
        reshare_one::weight(resharing, appeal, shares, age.unsigned_abs())
    }
}
