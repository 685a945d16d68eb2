//! Four kinds of reports: reports about hidden posts, reports about senders of messages, mistaken
//! reports, and test reports.

use recsafe_common::draw::{Draw, DrawPurpose};
use recsafe_common::ids::AccountId;
use recsafe_common::key::{About, Who};
use recsafe_people::behavior::reporting::reports_mistakenly;
use recsafe_people::role::Role;
use recsafe_platform::enforcement::{Item, Source, Subject};

use super::Enforcing;
use crate::by_account;
use crate::day_log::{DayLog, Report, Reported};

impl Enforcing<'_> {
    /// Files today's reports about posts, reports about senders, and mistaken reports, in this
    /// order.
    pub(super) fn take_reports(&mut self, log: &DayLog, contact: &[Report]) {
        let of_posts = log.events.iter().filter(|event| event.what.reported());
        let of_posts = of_posts.map(|event| Report { by: event.account, about: Reported::Post(event.post_index) });
        for report in of_posts {
            self.file(report);
        }
        for &report in contact {
            self.file(report);
        }
        for report in self.mistaken() {
            self.file(report);
        }
    }

    /// Returns mistaken reports. A mistaken report is about an account that the reporter follows or
    /// recently visited.
    fn mistaken(&self) -> Vec<Report> {
        let (world, rules) = (&*self.world, self.rules);
        by_account(world.people.len(), |by, filed| {
            if !world.acts(by) {
                return;
            }
            let report_factor = rules.report_factor(&world.people, &world.observed, by, world.draws);
            let draw = reports_mistakenly(&world.people, &rules.behavior, by, report_factor, self.day, world.draws);
            let about = draw.and_then(|mut draw| self.somebody_near(by, &mut draw));
            filed.extend(about.map(|about| Report { by, about: Reported::Account(about) }));
        })
    }

    /// Draws an account that the reporter `by` follows or recently visited. Returns `None` if the
    /// drawn account violates the rules or is not usable.
    fn somebody_near(&self, by: AccountId, draw: &mut Draw) -> Option<AccountId> {
        let followees = self.world.observed.graph.followees(by);
        let visited = self.world.profile_visits.visited_by(by);
        let index = draw.below(followees.len() + visited.len());
        let about = match index.checked_sub(followees.len()) {
            None => *followees.get(index)?,
            Some(later) => AccountId(*visited.get(later)?),
        };
        let innocent = !self.world.people.violates(about) && self.world.observed.accounts.is_usable(about);
        innocent.then_some(about)
    }

    /// Files a report. The report counts as leading to action if the account is already sanctioned,
    /// or if the post is already taken down.
    fn file(&mut self, Report { by, about }: Report) {
        let accounts = &self.world.observed.accounts;
        let by_minors = u32::from(accounts.passes_for_minor(by));
        let (subject, holder, classifier_score) = match about {
            Reported::Account(account) => {
                (Subject::Account(account), account, accounts.classifier_score[account.row()].unwrap_or(0.0))
            }
            Reported::Post(post_index) => {
                let row = &self.world.observed.posts.rows()[post_index as usize];
                (Subject::Post(self.world.observed.posts.id(post_index as usize)), row.creator, row.classifier_score)
            }
        };
        let item = Item {
            subject,
            identity: self.identity(subject),
            holder: Some(holder),
            opened: self.day,
            source: Source::Report,
            classifier_score,
            reports: 1,
            by_minors,
        };
        let violates = self.violates(subject);
        self.recorder.reported(by, holder, violates);
        let by_predator = self.world.people.role[holder.row()] == Role::Predator;
        if matches!(about, Reported::Account(_)) && self.world.people.is_minor(by) && by_predator {
            self.recorder.reported_contact(by);
        }
        if self.is_settled(&item) {
            self.recorder.resolved(1, violates, true);
        } else {
            self.put(item);
        }
    }

    /// Files the day's test reports. The number of reports is Poisson distributed. Each report has
    /// a separate subject that does not violate the rules.
    pub(super) fn take_test_reports(&mut self) {
        let mean = self.rules.enforcement.test_reports;
        if mean <= 0.0 {
            return;
        }
        for _ in 0..poisson(self.world.draws.at(DrawPurpose::TestReports, Who::Nobody, About::Nothing, self.day), mean)
        {
            let subject = Subject::Test(self.world.enforcement_state.tests);
            self.world.enforcement_state.tests += 1;
            let source = Source::Report;
            let identity = self.identity(subject);
            let item = Item {
                subject,
                identity,
                holder: None,
                opened: self.day,
                source,
                classifier_score: 0.0,
                reports: 1,
                by_minors: 0,
            };
            self.put(item);
        }
    }
}

/// Draws a Poisson number with any mean. The result is the sum of several Poisson numbers whose
/// means are small enough for inversion.
fn poisson(mut draw: Draw, mean: f64) -> u32 {
    let parts = (mean / 400.0).ceil().max(1.0);
    (0..parts as u32).map(|_| draw.poisson(mean / parts)).sum()
}
