//! Trusted flaggers: external experts whose reports of accounts are mostly correct.

use recsafe_common::draw::DrawPurpose;
use recsafe_common::ids::AccountId;
use recsafe_common::key::{About, Who};
use recsafe_platform::enforcement::{Item, Source, Subject};
use recsafe_platform::interventions::Flaggers;

use super::Enforcing;

impl Enforcing<'_> {
    /// Files today's reports by trusted flaggers. The number of reports is Poisson distributed. The
    /// probability that a reported account violates the rules is the precision of the flaggers.
    pub(super) fn take_flaggers_reports(&mut self) {
        for (number, flaggers) in self.rules.policy.flaggers(self.day) {
            let mean = flaggers.reports * self.population() / 10_000.0;
            if mean <= 0.0 {
                continue;
            }
            let draws = self.world.draws;
            let count = draws.at(DrawPurpose::Flagger, Who::Rule(number), About::Nothing, self.day).poisson(mean);
            let (violating, others) = self.may_be_flagged(number);
            for report in 0..count {
                if let Some(account) = self.flagged_in(number, report, &flaggers, &violating, &others) {
                    self.put_flagged(account);
                }
            }
        }
    }

    /// Returns the account that one report is about.
    fn flagged_in(
        &self,
        number: u64,
        report: u32,
        flaggers: &Flaggers,
        violating: &[AccountId],
        others: &[AccountId],
    ) -> Option<AccountId> {
        let mut draw = self.world.draws.at(DrawPurpose::Flagger, Who::Rule(number), About::Counted(report), self.day);
        let among = if draw.chance(flaggers.precision) { violating } else { others };
        (!among.is_empty()).then(|| among[draw.below(among.len())])
    }

    /// Returns two lists of accounts that can be flagged under a rule: violating accounts, and
    /// other accounts.
    fn may_be_flagged(&self, number: u64) -> (Vec<AccountId>, Vec<AccountId>) {
        let (world, policy) = (&*self.world, &self.rules.policy);
        let meant = |id: &AccountId| {
            world.observed.accounts.is_free(*id)
                && !world.probe_rows().contains(&id.row())
                && policy.is_meant_for(number, *id, &world.observed)
        };
        world.people.ids().filter(meant).partition(|&id| world.people.violates(id))
    }

    fn put_flagged(&mut self, account: AccountId) {
        let subject = Subject::Account(account);
        let classifier_score = self.world.observed.accounts.classifier_score[account.row()].unwrap_or(0.0);
        self.put(Item {
            subject,
            identity: self.identity(subject),
            holder: Some(account),
            opened: self.day,
            source: Source::TrustedFlagger,
            classifier_score,
            reports: 0,
            by_minors: 0,
        });
    }
}
