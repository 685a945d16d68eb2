//! One day of a world: all steps, in order.

use recsafe_common::ids::{AccountId, Day};

use super::parallel::prelude::*;
use super::phase::{Phase, Times, Watch};
use super::{
    DayError, Rules, Step, World, age, contact, enforcement, exchange, follows, inboxes, learning, posting, recidivism,
    surfaces,
};
use crate::measure::Recorder;

/// Number of accounts per chunk. The chunk size affects all results, because floating-point sums
/// are computed chunk by chunk.
pub const CHUNK: usize = 64;

/// Report of a simulated day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DayReport {
    /// Day; negative in the warm-up.
    pub day: Day,
    /// Impressions: the number of posts in all slates.
    pub impressions: u64,
    /// Duration of each phase.
    pub times: Times,
}

/// Calls the function `each` for the ids of all accounts, in parallel chunks. Returns the outputs
/// in account order.
pub(super) fn by_account<T: Send>(accounts: usize, each: impl Fn(AccountId, &mut Vec<T>) + Sync) -> Vec<T> {
    let chunks: Vec<Vec<T>> = (0..accounts.div_ceil(CHUNK))
        .into_par_iter()
        .map(|chunk| {
            let mut out = Vec::new();
            for row in chunk * CHUNK..((chunk + 1) * CHUNK).min(accounts) {
                each(AccountId(row as u32), &mut out);
            }
            out
        })
        .collect();
    chunks.into_iter().flatten().collect()
}

impl World {
    /// Simulates one day, and calls `after` with the world after each [`Step`].
    ///
    /// # Errors
    /// If a ranker or a rule fails. The world is then in the middle of a day.
    pub(super) fn live_watched(
        &mut self,
        day: Day,
        rules: &Rules,
        recorder: &mut Recorder,
        mut after: impl FnMut(Step, &World),
    ) -> Result<DayReport, DayError> {
        let (mut watch, mut times) = (Watch::start(), Times::default());
        self.observed.day = day;
        recorder.start_day();
        enforcement::begin_day(self, rules, recorder);
        after(Step::Sanctions, self);
        recidivism::admit_arrivals(self, rules, recorder);
        recorder.present(self.people.ids().filter(|id| self.people.removed[id.row()].is_none()));
        after(Step::Arrivals, self);
        age::renew(self, rules, recorder);
        after(Step::Ages, self);
        self.renew_privacy(rules);
        self.renew_excluded_from_training(rules);
        after(Step::Defaults, self);
        posting::post(self, rules, recorder);
        after(Step::Posting, self);
        inboxes::begin_day(self, rules);
        after(Step::InboxesBefore, self);
        times.add(Phase::Morning, watch.lap());
        let mut log = surfaces::serve(self, rules, recorder, &mut times)?;
        watch.lap();
        for account in &log.niche_searches {
            self.people.searched_niche[account.row()] = true;
            recorder.searched_niche(*account);
        }
        after(Step::Surfaces, self);
        let contact = contact::contact(self, rules, &log, recorder);
        log.follows.extend(contact.follows);
        after(Step::Contact, self);
        times.add(Phase::Contact, watch.lap());
        follows::change(self, rules, &log, recorder);
        after(Step::Follows, self);
        exchange::run_exchanges(self, rules, recorder);
        after(Step::Exchange, self);
        times.add(Phase::Follows, watch.lap());
        enforcement::enforce(self, rules, &log, &contact.reports, recorder);
        after(Step::Enforcement, self);
        times.add(Phase::Enforcement, watch.lap());
        inboxes::end_day(self, rules, &log, recorder);
        after(Step::InboxesAfter, self);
        learning::learn(self, rules, &log);
        exchange::measure(self, recorder);
        after(Step::Learning, self);
        recorder.rules_applied_today(&rules.policy);
        times.add(Phase::Learning, watch.lap());
        Ok(DayReport { day, impressions: log.impressions, times })
    }

    /// Determines which accounts are private today. The holder or a rule decides.
    fn renew_privacy(&mut self, rules: &Rules) {
        let by_rule = |id: AccountId| {
            let band = self.observed.accounts.band[id.row()];
            rules.policy.makes_private(band, id, &self.observed, self.draws)
        };
        let private: Vec<bool> = self.people.ids().map(|id| self.people.private[id.row()] || by_rule(id)).collect();
        self.observed.accounts.private = private;
    }

    /// Determines which accounts are excluded from training today.
    fn renew_excluded_from_training(&mut self, rules: &Rules) {
        let excluded_from_training =
            self.people.ids().map(|id| rules.policy.mutes(id, &self.observed, self.draws)).collect();
        self.observed.accounts.excluded_from_training = excluded_from_training;
    }
}
