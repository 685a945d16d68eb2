//! The feed of account holders who act (`reshare-one`): one after another, since what one does is in its followers' inboxes at once.

use recsafe_common::draw::Decides;
use recsafe_common::ids::AccountId;
use recsafe_people::behavior::reshare_one::{self, acts_today};
use recsafe_platform::inbox::Inboxes;

use super::viewer::{Look, Reacting, ViewerDay};
use super::{Columns, Desk, Output, Scratch};

impl Desk<'_> {
    /// Lets everybody act who does, in an order drawn anew every day.
    pub(super) fn act_in_turn(&self, columns: &mut Columns, inboxes: &mut Inboxes) -> Output {
        let (people, day) = (self.world.people, self.view.observed.day);
        let (mut output, mut scratch) = (Output::default(), Scratch::default());
        let turn = |id: &AccountId| self.world.draws.at(Decides::ActOrder, u64::from(id.0), 0, day).bits();
        let acts = |id: &AccountId| {
            self.view.observed.accounts.is_usable(*id) && reshare_one::acts(people, &self.rules.behavior, *id)
        };
        let mut order: Vec<(u64, AccountId)> = people.ids().filter(acts).map(|id| (turn(&id), id)).collect();
        order.sort_unstable();
        for (_, account) in order {
            let acts = acts_today(people.activity[account.row()], account, day, self.world.draws);
            if acts > 0 {
                self.act(account, acts, columns, inboxes, (&mut scratch, &mut output));
            }
        }
        output
    }

    /// One account's acts of the day. Its posts of today are there already: each act that is a post sends one of them out.
    fn act(
        &self,
        account: AccountId,
        acts: u32,
        columns: &mut Columns,
        inboxes: &mut Inboxes,
        (scratch, output): (&mut Scratch, &mut Output),
    ) {
        let rows = self.view.observed.posts.rows();
        let day = self.view.observed.day;
        let resharing = &self.rules.behavior.reshare_one;
        let today = self.view.index.posts_of(account).take_while(|&slot| i32::from(rows[slot as usize].day) == day);
        let mut unsent: Vec<u32> = today.collect(); // newest first
        let mut viewer = self.receive(columns.own(account), acts, scratch);
        for number in 0..acts {
            if reshare_one::posts(resharing, account, number, day, self.world.draws) {
                if let Some(slot) = unsent.pop() {
                    self.send(account, slot, inboxes);
                }
            } else if viewer.most_slates.is_none_or(|most| viewer.request.number < most)
                && let Some(slot) = self.with(inboxes).reshare(&mut viewer, number, scratch, output)
            {
                self.send(account, slot, inboxes);
            }
        }
        output.accounts.push((account, viewer.counts));
    }

    /// Answers a request of the viewer and lets it reshare one post of the slate; the post's slot, or none of an empty slate.
    fn reshare(&self, viewer: &mut ViewerDay, number: u32, scratch: &mut Scratch, output: &mut Output) -> Option<u32> {
        let step = self.rules.policy.personalisation(&scratch.active, &viewer.request, self.rules.feed.personalisation);
        let explores = self.answer(step, viewer, scratch);
        output.tally.slate(self.cell(viewer.own.account), &self.view, &scratch.maker.slate);
        let weights: Vec<f64> =
            (0..scratch.maker.slate.len()).map(|place| self.weight(viewer, scratch, place)).collect();
        let (account, day) = (viewer.own.account, viewer.request.day);
        let chosen = reshare_one::chosen(&weights, account, number, day, self.world.draws);
        let how = Look { session: number, teaches: !explores, reacting: Reacting::Reshares(chosen) };
        self.look_through(how, step, viewer, scratch, output);
        viewer.request.number += 1;
        chosen.map(|place| scratch.maker.slate[place].slot)
    }

    /// In proportion to what the post at a place of the slate is reshared.
    fn weight(&self, viewer: &ViewerDay, scratch: &Scratch, place: usize) -> f64 {
        let (people, resharing) = (self.world.people, &self.rules.behavior.reshare_one);
        let (account, posts) = (viewer.own.account, &self.view.observed.posts);
        let slot = scratch.maker.slate[place].slot as usize;
        let (creator, sequence) = (posts.rows()[slot].creator, posts.ledgers()[slot].sequence);
        let appeal = reshare_one::appeal(people, resharing, &self.rules.bots, creator, sequence, self.world.draws);
        let (shares, age) = match self.view.inboxes.entry(account, posts.id(slot)) {
            Some(entry) => (entry.shares, self.view.inboxes.age(account, entry)),
            None => (1, place as u32),
        };
        reshare_one::weight(resharing, appeal, shares, age)
    }

    /// Puts a post into the inboxes of an account's followers: a bot's own post in as many copies as it floods with.
    fn send(&self, from: AccountId, slot: u32, inboxes: &mut Inboxes) {
        if inboxes.length() == 0 {
            return;
        }
        let posts = &self.view.observed.posts;
        let floods = posts.rows()[slot as usize].creator == from && reshare_one::floods(self.world.people, from);
        let copies = if floods { self.rules.bots.flooding } else { 1 };
        for &follower in self.view.observed.graph.followers(from) {
            inboxes.deliver(follower, posts.id(slot as usize), copies);
        }
    }
}
