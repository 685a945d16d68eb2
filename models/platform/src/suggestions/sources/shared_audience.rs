//! `shared-audience`: accounts whose audience is like that of accounts that the viewer follows or attends to.

use recsafe_common::draw::{Decides, Draw};
use recsafe_common::ids::AccountId;

use super::spread;
use crate::request::View;
use crate::suggestions::{AccountCandidates, Asking};

/// Most accounts sampled at each of the three steps: own, their audience, what each of these follows or attends to (assumed).
const MOST: [usize; 3] = [12, 6, 6];

/// For a candidate c: the sum, over accounts s that the viewer follows or attends to, of the cosine of the audiences A(s) and A(c),
/// |A(s) n A(c)| / sqrt(|A(s)| |A(c)|). An audience is who follows an account, and who visited its profile of late. Estimated by
/// walks s -> a member of A(s) -> what that one follows or attends to, at most 12, 6 and 6 of each, each sample weighed by how
/// many it stands for. Walks through the viewer itself are
/// left out, but it counts in the sizes; an account that both follows and visits counts twice, so that this is a cosine of lists
/// with repeats, and can exceed 1. Walks through accounts that a rule mutes are left out too.
///
/// Source: item-item collaborative filtering by cosine (Sarwar et al. 2001), with accounts as items.
pub(super) fn gather(asking: &Asking, view: &View, candidates: &mut AccountCandidates) {
    let mut draw = asking.draw(Decides::SuggestionCandidates, 1);
    let own = Both(view.observed.graph.followees(asking.viewer), view.attention.attended(asking.viewer));
    own.sample(MOST[0], &mut draw, |seed, weight, draw| {
        let audience = audience(view, seed);
        let weight = weight / (audience.len() as f32).sqrt();
        audience.sample(MOST[1], draw, |member, members, draw| {
            if member == asking.viewer || view.observed.accounts.muted[member.row()] {
                return;
            }
            let followed = Both(view.observed.graph.followees(member), view.attention.attended(member));
            followed.sample(MOST[2], draw, |candidate, each, _| {
                let place = candidates.add(candidate);
                candidates.audience[place] += weight * members * each;
            });
        });
    });
    for place in 0..candidates.len() {
        if candidates.audience[place] > 0.0 {
            candidates.audience[place] /= (audience(view, candidates.accounts[place]).len() as f32).sqrt();
        }
    }
}

fn audience<'a>(view: &View<'a>, account: AccountId) -> Both<'a> {
    Both(view.observed.graph.followers(account), view.attention.viewers(account))
}

/// Two lists as one: follows, and attention of late. An account in both counts twice, as it does more than one thing.
struct Both<'a>(&'a [AccountId], &'a [u32]);

impl Both<'_> {
    fn len(&self) -> usize {
        self.0.len() + self.1.len()
    }

    /// Calls `with` for an even sample of at most `most`: the account, how many it stands for, and the draw for going on.
    fn sample(&self, most: usize, draw: &mut Draw, mut with: impl FnMut(AccountId, f32, &mut Draw)) {
        let (places, stands_for) = spread(self.len(), most, draw);
        for place in places {
            let account = match place.checked_sub(self.0.len()) {
                None => self.0[place],
                Some(later) => AccountId(self.1[later]),
            };
            with(account, stands_for, draw);
        }
    }
}
