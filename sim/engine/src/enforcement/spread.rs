//! Actions without review: waves of removals, removals because of ties, removals at a constant
//! hazard, and takedowns of harmful posts at a half-life.

use recsafe_common::draw::DrawPurpose;
use recsafe_common::ids::AccountId;
use recsafe_common::key::About;
use recsafe_common::observed::Visibility;
use recsafe_platform::enforcement::Source;

use super::{Enforcing, Reason};
use crate::measure::Kind;

impl Enforcing<'_> {
    /// Removes accounts of any kind. Each account has the same daily probability of removal.
    pub(super) fn remove_at_constant_hazard(&mut self) {
        let hazard = self.rules.enforcement.constant_hazard;
        if hazard <= 0.0 {
            return;
        }
        let struck = |&id: &AccountId| {
            self.world.people.removed[id.row()].is_none()
                && self.world.draws.at(DrawPurpose::Hazard, id, About::Nothing, self.day).chance(hazard)
        };
        let struck: Vec<AccountId> = self.world.people.ids().filter(struck).collect();
        for account in struck {
            self.remove_unseen(account, Kind::Removed, Source::ConstantHazard);
        }
    }

    /// Takes down each live harmful post with a daily probability of 1 - 2^(-1 / half-life).
    pub(super) fn take_down_by_half_life(&mut self) {
        let Some(half_life) = self.rules.enforcement.takedown_half_life else { return };
        let hazard = 1.0 - libm::exp2(-1.0 / half_life);
        let posts = &self.world.observed.posts;
        let struck = |&post_index: &usize| {
            let (creator, sequence) = (posts.rows()[post_index].creator, posts.counters()[post_index].sequence);
            posts.counters()[post_index].restricted != Visibility::Nobody
                && self.is_harmful(post_index)
                && self.world.draws.at(DrawPurpose::Takedown, creator, About::Nth(sequence), self.day).chance(hazard)
        };
        let struck: Vec<usize> = (0..posts.len()).filter(struck).collect();
        for post_index in struck {
            self.restrict_post(post_index, Visibility::Nobody, (Kind::PostRemoved, Source::ConstantHazard), 0);
        }
    }

    /// Removes accounts that have new ties to sanctioned accounts since yesterday. A rule
    /// determines the probability of removal. Without such a rule, no account is removed.
    pub(super) fn spread_removals(&mut self) {
        let mut tied = std::mem::take(&mut self.world.enforcement_state.lost_tie_accounts);
        tied.sort_unstable();
        tied.dedup();
        for account in tied {
            let observed = &self.world.observed;
            let Some(spread) = self.rules.policy.spreads(account, observed, self.world.draws) else { continue };
            let classifier_score = f64::from(observed.accounts.classifier_score[account.row()].unwrap_or(0.0));
            let ties = i32::from(observed.accounts.lost_tie_count[account.row()]);
            let chance = 1.0 - (1.0 - spread.per_tie).powi(ties);
            let mut draw = self.world.draws.at(DrawPurpose::NetworkRemoval, account, About::Nothing, self.day);
            if observed.accounts.is_usable(account) && classifier_score >= spread.least_signal && draw.chance(chance) {
                self.remove_unseen(account, Kind::NetworkRemoved, Source::Network);
            }
        }
    }

    /// Applies today's removal waves. A wave removes a share of the exchange accounts. By mistake,
    /// the wave also removes some other accounts that have mutual follows with removed exchange
    /// accounts.
    pub(super) fn send_waves(&mut self) {
        for (number, wave) in self.rules.policy.waves(self.day) {
            let reaches = |id: AccountId| {
                self.world.people.removed[id.row()].is_none()
                    && self.rules.policy.wave_reaches(number, id, &self.world.observed, self.world.draws)
            };
            let draw = |id: AccountId| self.world.draws.at(DrawPurpose::Wave, id, About::Rule(number), self.day).unit();
            let exchange = |id: &AccountId| self.world.people.intents[id.row()].is_exchange();
            let mut listed: Vec<AccountId> =
                self.world.people.ids().filter(exchange).filter(|&id| reaches(id) && draw(id) < wave.share).collect();
            let graph = &self.world.observed.graph;
            let known = listed.iter().flat_map(|&id| graph.followees(id).iter().map(move |&other| (id, other)));
            let mut mistaken: Vec<AccountId> = known
                .filter(|&(id, other)| graph.contains(other, id) && !exchange(&other))
                .map(|(_, other)| other)
                .filter(|&other| reaches(other) && draw(other) < wave.mistaken)
                .collect();
            mistaken.sort_unstable();
            mistaken.dedup();
            listed.append(&mut mistaken);
            for account in listed {
                self.remove_unseen(account, Kind::Removed, Source::RemovalWave);
            }
        }
    }

    /// Removes an account without review.
    fn remove_unseen(&mut self, account: AccountId, kind: Kind, source: Source) {
        let rightly = self.world.people.violates(account);
        self.remove(account, kind, Reason { source, waited: 0, rightly }, false);
    }
}
