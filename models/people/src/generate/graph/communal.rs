//! `communities`: random-walk growth inside and between communities.
//!
//! Each account adds its follows one by one. Some follows lead to members of the account's own
//! community. For the other follows, the account usually copies a follow of a random account.
//! Copying gives heavy-tailed in-degrees (Kleinberg et al. 1999). Then the account can also follow
//! followees of the new followee. Such follows close triangles (Vazquez 2003).

use rand_distr::{Distribution, LogNormal};
use recsafe_common::draw::{Draw, DrawPurpose, Draws, mix};
use recsafe_common::ids::AccountId;
use recsafe_common::key::{About, Who};

use super::Follows;
use crate::generate::communities::Communities;
use crate::settings::Graph;

struct Growth<'a> {
    settings: &'a Graph,
    communities: &'a Communities,
    draws: Draws,
    /// For each account: whether the account is excluded from the growth.
    aside: &'a [bool],
    follows: Follows,
}

/// Grows the graph of all accounts that `aside` does not exclude.
pub(super) fn grow(aside: &[bool], communities: &Communities, settings: &Graph, draws: Draws) -> Follows {
    let accounts = aside.len();
    let mut growth = Growth { settings, communities, draws, aside, follows: vec![Vec::new(); accounts] };
    let sd = settings.follows_log_sd;
    // Follow-backs add to an account's follows, so the account makes fewer follows itself. In the
    // default graph, about a fifth of the follow-backs inside communities add nothing, because the
    // follow exists already (measured).
    let answered = 0.8 * settings.follow_inside * settings.follow_back_inside
        + (1.0 - settings.follow_inside) * settings.follow_back_outside;
    let own = settings.follows / (1.0 + answered);
    let wanted = LogNormal::new(libm::log(own.max(1e-9)) - sd * sd / 2.0, sd);
    let mut order: Vec<u32> = (0..accounts as u32).collect();
    order.sort_unstable_by_key(|&id| {
        mix(u64::from(id) ^ draws.at(DrawPurpose::Follow, Who::Nobody, About::Nothing, 0).bits())
    });
    for id in order.into_iter().filter(|&id| !aside[id as usize]) {
        let mut draw = draws.at(DrawPurpose::OutDegree, AccountId(id), About::Nothing, 0);
        let wanted = wanted.as_ref().map_or(own, |wanted| wanted.sample(&mut draw));
        growth.grow_account(id, (wanted + draw.unit()) as usize); // random rounding keeps the mean
    }
    growth.follows
}

impl Growth<'_> {
    fn grow_account(&mut self, id: u32, wanted: usize) {
        let accounts = self.follows.len();
        let wanted = wanted.min(accounts.saturating_sub(1) / 2);
        let mut draw = self.draws.at(DrawPurpose::Follow, AccountId(id), About::Step(1), 0);
        let mut count = 0;
        for _ in 0..4 * wanted {
            if count >= wanted {
                break;
            }
            let target = self.target(id, &mut draw);
            count += usize::from(self.follow(id, target, &mut draw));
            // The walk continues to the followees of the new followee.
            let mut beyond = [0_u32; 16];
            let known = self.follows[target as usize].len().min(16);
            let offset = draw.below(self.follows[target as usize].len().max(1));
            for (position, next) in beyond.iter_mut().enumerate().take(known) {
                *next = self.follows[target as usize][(offset + position) % self.follows[target as usize].len()];
            }
            for &next in &beyond[..known] {
                if count < wanted && draw.chance(self.settings.walk_probability) {
                    count += usize::from(self.follow(id, next, &mut draw));
                }
            }
        }
    }

    fn target(&self, id: u32, draw: &mut Draw) -> u32 {
        if draw.chance(self.settings.follow_inside) {
            let members = &self.communities.members[self.communities.of[id as usize] as usize];
            return members[draw.below(members.len())];
        }
        let anyone = draw.below(self.follows.len()) as u32;
        let followees = &self.follows[anyone as usize];
        if draw.chance(self.settings.copy_probability) && !followees.is_empty() {
            followees[draw.below(followees.len())]
        } else {
            anyone
        }
    }

    /// Adds a follow and possibly a follow-back. Returns false if the follow is not new or not
    /// possible.
    fn follow(&mut self, from: u32, to: u32, draw: &mut Draw) -> bool {
        if from == to || self.aside[to as usize] || self.follows[from as usize].contains(&to) {
            return false;
        }
        self.follows[from as usize].push(to);
        let inside = self.communities.of[from as usize] == self.communities.of[to as usize];
        let back = if inside { self.settings.follow_back_inside } else { self.settings.follow_back_outside };
        if draw.chance(back) && !self.follows[to as usize].contains(&from) {
            self.follows[to as usize].push(from);
        }
        true
    }
}
