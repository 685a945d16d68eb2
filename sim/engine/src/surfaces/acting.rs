//! The feed under `reshare-one`: account holders have no sessions and reshare one post at a time.

use recsafe_common::ids::AccountId;
use recsafe_people::behavior::reshare_one::{self, acts_today};

use super::viewer::ViewerDay;
use super::{RequestWorkspace, SurfaceServer};

impl SurfaceServer<'_> {
    /// Returns the number of acts of an account today.
    pub(super) fn acts(&self, account: AccountId) -> u32 {
        let people = self.world.people;
        if !reshare_one::acts(people, &self.rules.behavior, account) {
            return 0;
        }
        acts_today(people.activity[account.row()], account, self.view.observed.day, self.world.draws)
    }

    /// Returns the slate position of the post that the viewer reshares in an act, or `None` if the
    /// viewer can reshare no post of the slate. The viewer views the whole slate.
    pub(super) fn reshared(&self, act: u32, viewer: &ViewerDay, workspace: &RequestWorkspace) -> Option<usize> {
        let weights: Vec<f64> =
            (0..workspace.maker.slate.len()).map(|index| self.weight(viewer, workspace, index)).collect();
        reshare_one::chosen(&weights, viewer.state.account, act, viewer.request.day, self.world.draws)
    }

    /// Returns the weight of a post when the viewer chooses the post to reshare.
    fn weight(&self, viewer: &ViewerDay, workspace: &RequestWorkspace, index: usize) -> f64 {
        let (people, resharing) = (self.world.people, &self.rules.behavior.reshare_one);
        let (account, posts) = (viewer.state.account, &self.view.observed.posts);
        let post_index = workspace.maker.slate[index].post_index as usize;
        let (creator, sequence) = (posts.rows()[post_index].creator, posts.counters()[post_index].sequence);
        let appeal = reshare_one::appeal(people, resharing, &self.rules.bots, creator, sequence, self.world.draws);
        let (shares, age) = match self.view.inboxes.entry(account, posts.id(post_index)) {
            Some(entry) => (entry.shares, viewer.request.day - entry.came),
            None => (1, viewer.request.day - i32::from(posts.rows()[post_index].day)),
        };
        reshare_one::weight(resharing, appeal, shares, age.unsigned_abs())
    }
}
