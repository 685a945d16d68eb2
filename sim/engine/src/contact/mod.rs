//! Contact: discoveries of minors, first messages, answers, and the progress of accepted contacts.
//! The phase processes accounts in order, without parallel chunks.

mod messages;
mod seeking;

use recsafe_common::draw::DrawPurpose;
use recsafe_common::ids::{AccountId, Day};
use recsafe_common::key::About;
use recsafe_people::behavior::contact::{ConversationState, Turn, turn};
use recsafe_people::behavior::following;
use recsafe_people::contacts::{Contact, Ended, Route, Stage};
use recsafe_people::role::Role;

use super::day_log::{DayLog, Follow, Report, Reported, ShownAccount};
use super::{Rules, World, follows};
use crate::measure::Recorder;

/// State of one day of contact.
struct Phase<'a> {
    world: &'a mut World,
    rules: &'a Rules,
    recorder: &'a mut Recorder,
    day: Day,
    result: ContactResult,
}

/// Effects of the day's contact on later phases.
#[derive(Debug, Default)]
pub(super) struct ContactResult {
    /// Follows and follow requests by predators after visits to minors' profiles.
    pub(super) follows: Vec<Follow>,
    /// Reports by recipients about senders.
    pub(super) reports: Vec<Report>,
}

/// Simulates the day's contact.
pub(super) fn contact(world: &mut World, rules: &Rules, log: &DayLog, recorder: &mut Recorder) -> ContactResult {
    let day = world.observed.day;
    let mut phase = Phase { world, rules, recorder, day, result: ContactResult::default() };
    phase.forget();
    for shown in &log.suggested {
        phase.suggested(*shown);
    }
    for encounter in &log.encounters {
        phase.discover_one_of(encounter.viewer, &encounter.minors, encounter.route);
    }
    let retry = rules.behavior.contact.retry_after_days as Day;
    for averted in &log.averted {
        phase.world.averted.add(averted.viewer, averted.minor, day + retry);
    }
    phase.continue_contacts();
    phase.deliver_held();
    phase.try_minors();
    phase.write_to_known();
    phase.write_to_strangers();
    phase.result
}

/// Returns whether the tables include a contact. A contact is included if one of the two accounts
/// is not an ordinary adult, or if the pair is in the sample.
pub(super) fn is_recorded(world: &World, share: f64, from: AccountId, to: AccountId) -> bool {
    let ordinary = |id: AccountId| world.people.role[id.row()] == Role::User;
    let sampled = || world.draws.at(DrawPurpose::ContactSample, from, About::Account(to), 0).chance(share);
    !ordinary(from) || !ordinary(to) || sampled()
}

impl Phase<'_> {
    /// Discards old contacts, old averted discoveries and old blocks. The recorder keeps the
    /// contacts that belong in the tables.
    fn forget(&mut self) {
        let (day, retry) = (self.day, self.rules.behavior.contact.retry_after_days as Day);
        let mut contacts = std::mem::take(&mut self.world.contacts);
        contacts.forget(day, retry, |from, contact| {
            if is_recorded(self.world, self.recorder.contact_share(), from, contact.to) {
                self.recorder.contact_is_over(from, &contact);
            }
        });
        self.world.contacts = contacts;
        self.world.averted.forget(day);
        self.world.observed.blocks.forget_before(day - self.rules.behavior.contact.block_days as Day + 1);
    }

    fn suggested(&mut self, shown: ShownAccount) {
        let ShownAccount { viewer, account, followed } = shown;
        self.recorder.suggested(viewer, account, followed);
        if is_recorded(self.world, self.recorder.contact_share(), viewer, account) {
            self.advance_stage(viewer, account, Stage::Suggested);
        }
        if self.world.people.is_contacting_predator(viewer) && self.world.people.is_minor(account) {
            let mut noted = self.world.draws.at(DrawPurpose::Find, viewer, About::Account(account), self.day);
            if noted.chance(self.rules.behavior.contact.notice_probability_suggested) {
                self.record_discovery(viewer, account, Route::Suggestion);
            }
        }
    }

    /// Lets a contacting predator discover the first of these minors who is not on the target list
    /// and was not recently contacted.
    fn discover_one_of(&mut self, viewer: AccountId, minors: &[AccountId], route: Route) {
        let forget = self.rules.behavior.contact.list_retention_days as Day;
        let is_new = |minor: &&AccountId| {
            let known = self.world.contacts.get(viewer, **minor);
            !known.is_some_and(|known| known.is_closed() || known.is_listed(self.day, forget))
        };
        let Some(&minor) = minors.iter().find(is_new) else { return };
        self.record_discovery(viewer, minor, route);
        // In the feed, a follow results from liking a post. In this function, a follow results from
        // visiting a profile.
        let (people, settings) = (&self.world.people, &self.rules.behavior.following);
        if route != Route::Feed && following::follows(people, settings, viewer, minor, self.day, self.world.draws) {
            self.result.follows.push(Follow { from: viewer, to: minor });
        }
    }

    /// Adds a minor to the target list of a contacting predator. The predator also visits the
    /// minor's profile.
    fn record_discovery(&mut self, viewer: AccountId, minor: AccountId, route: Route) {
        let contact = &self.rules.behavior.contact;
        let (day, forget) = (self.day, contact.list_retention_days as Day);
        let known = self.world.contacts.get(viewer, minor);
        if known.is_some_and(Contact::is_closed) || self.world.observed.blocks.between(viewer, minor) {
            return;
        }
        let listed = known.is_some_and(|known| known.is_listed(day, forget));
        let length = self.world.contacts.of(viewer).iter().filter(|known| known.is_listed(day, forget)).count();
        if !listed && length >= contact.target_list_size as usize {
            return;
        }
        self.advance_stage(viewer, minor, Stage::Found);
        self.world.contacts.entry(viewer, minor, day).route.get_or_insert(route);
        if !self.world.observed.accounts.excluded_from_training[viewer.row()] {
            self.world.profile_visits.add(viewer, minor);
        }
    }

    /// Advances the contact of `from` with `to` to a stage. If the contact reaches the stage for
    /// the first time, the stage is counted.
    fn advance_stage(&mut self, from: AccountId, to: AccountId, stage: Stage) {
        let first = self.world.contacts.entry(from, to, self.day).advance_to(stage, self.day);
        if first && self.world.people.role[from.row()] == Role::Predator {
            self.recorder.reached(from, to, stage);
        }
    }

    /// Ends a contact. A block or a report also ends the follows between the two accounts.
    fn end(&mut self, from: AccountId, to: AccountId, how: Ended) {
        self.world.contacts.entry(from, to, self.day).end(how, self.day);
        if matches!(how, Ended::Blocked | Ended::Reported) {
            self.world.observed.blocks.add(from, to, self.day);
            follows::end(self.world, from, to);
            follows::end(self.world, to, from);
        }
        if how == Ended::Reported {
            self.result.reports.push(Report { by: to, about: Reported::Account(from) });
        }
    }

    /// Returns the factor by which an account's propensity to report is multiplied.
    fn report_factor(&self, account: AccountId) -> f64 {
        self.rules.report_factor(&self.world.people, &self.world.observed, account, self.world.draws)
    }

    /// Continues or ends contacts that were accepted on earlier days. A contact pauses while one of
    /// the two accounts is suspended.
    fn continue_contacts(&mut self) {
        let (people, contacts, draws) = (&self.world.people, &self.world.contacts, self.world.draws);
        let usable = |id| self.world.observed.accounts.is_usable(id);
        let mut turns = Vec::new();
        for (from, contact) in contacts.iter().filter(|(_, contact)| contact.is_live()) {
            if contact.day(Stage::Accepted) < Some(self.day) && usable(from) && usable(contact.to) {
                let conversation = ConversationState {
                    conversing: contact.day(Stage::Conversing).is_some(),
                    escalated: contact.day(Stage::Escalated).is_some(),
                    report_factor: self.report_factor(contact.to),
                };
                let turn =
                    turn(people, &self.rules.behavior.contact, (from, contact.to), conversation, self.day, draws);
                let next = if conversation.conversing { Stage::Escalated } else { Stage::Conversing };
                turns.push((from, contact.to, turn, next));
            }
        }
        for (from, to, turn, next) in turns {
            match turn {
                Turn::Stays => {}
                Turn::Advances => self.advance_stage(from, to, next),
                Turn::Ends(how) => self.end(from, to, how),
            }
        }
    }
}
