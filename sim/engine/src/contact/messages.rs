//! First messages: delivery, answers, and first messages by people without harmful intent.

use recsafe_common::draw::DrawPurpose;
use recsafe_common::ids::AccountId;
use recsafe_common::key::About;
use recsafe_common::messages::MessagesFrom;
use recsafe_people::behavior::contact::{Request, answer, messages_to_strangers, writes_to_known};
use recsafe_people::contacts::{Contact, Ended, Route, Stage};
use recsafe_people::role::Role;
use recsafe_platform::interventions::Message;

use super::{Phase, is_recorded};
use crate::by_account;

/// Result of sending a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sent {
    /// Delivered.
    Delivered,
    /// Rejected because of the recipient's message setting.
    NotTaken,
    /// Rejected because the sender is limited.
    Limited,
    /// Stopped by a rule.
    Stopped,
    /// Delayed by a rule, for this number of days.
    Held(u32),
}

impl Sent {
    /// Returns whether the message counts towards the sender's daily limit.
    pub(super) fn counts(self) -> bool {
        matches!(self, Sent::Delivered | Sent::Held(_))
    }
}

impl Phase<'_> {
    /// Sends a first message and lets the recipient answer. `earlier` is the number of messages of
    /// today that count towards the sender's daily limit, without the current message.
    pub(super) fn send(&mut self, from: AccountId, to: AccountId, earlier: u32) -> Sent {
        self.advance_stage(from, to, Stage::Requested);
        let sent = self.delivery(from, to, earlier);
        match sent {
            Sent::Delivered => self.deliver(from, to),
            Sent::Held(days) => {
                self.world.held.entry(self.day + days as i32).or_default().push((from, to));
            }
            Sent::NotTaken | Sent::Limited | Sent::Stopped => self.end(from, to, Ended::Undelivered),
        }
        sent
    }

    /// Delivers delayed messages that are due. A message is not delivered if the contact has ended,
    /// the sender was sanctioned, or the recipient was suspended or
    /// removed.
    pub(super) fn deliver_held(&mut self) {
        let later = self.world.held.split_off(&(self.day + 1));
        let due = std::mem::replace(&mut self.world.held, later);
        for (from, to) in due.into_values().flatten() {
            let waits = |contact: &Contact| contact.ended().is_none() && contact.day(Stage::Delivered).is_none();
            if !self.world.contacts.get(from, to).is_some_and(waits) {
                continue;
            }
            let accounts = &self.world.observed.accounts;
            if accounts.is_free(from) && accounts.is_usable(to) {
                self.deliver(from, to);
            } else {
                self.end(from, to, Ended::Undelivered);
            }
        }
    }

    /// Delivers a first message and applies the answer.
    fn deliver(&mut self, from: AccountId, to: AccountId) {
        self.advance_stage(from, to, Stage::Delivered);
        let predator = self.world.people.role[from.row()] == Role::Predator;
        if predator {
            self.recorder.delivered(to, self.world.contacts.get(from, to).and_then(|contact| contact.route));
        }
        let observed = &self.world.observed;
        let message = Message { from, to };
        let request = Request {
            from,
            to,
            known: observed.graph.mutual(from, to),
            linked: observed.graph.linked(from, to),
            lever: self.rules.policy.acceptance(&message, observed, self.world.draws),
            eager: self.report_factor(to),
        };
        match answer(&self.world.people, &self.rules.behavior.contact, &request, self.day, self.world.draws) {
            Ok(()) => {
                self.advance_stage(from, to, Stage::Accepted);
                if request.known && !predator {
                    self.recorder.connected(to);
                }
            }
            Err(how) => self.end(from, to, how),
        }
    }

    /// Decides whether a message is delivered. The recipient's setting decides first, and then the
    /// rules.
    fn delivery(&self, from: AccountId, to: AccountId, earlier: u32) -> Sent {
        let (observed, policy) = (&self.world.observed, &self.rules.policy);
        let taken = match observed.accounts.messages[to.row()] {
            MessagesFrom::Everyone => true,
            MessagesFrom::Followers => observed.graph.contains(from, to),
            MessagesFrom::Mutuals => observed.graph.mutual(from, to),
        };
        if !taken {
            return Sent::NotTaken;
        }
        let known = observed.graph.mutual(from, to);
        let limited = !known && !observed.accounts.is_free(from);
        let limit = || policy.messages_a_day(from, observed, self.world.draws);
        let too_many = !known && limit().is_some_and(|most| earlier >= most);
        if limited {
            return Sent::Limited;
        }
        let message = Message { from, to };
        if too_many || policy.stops(&message, observed, self.world.draws) {
            return Sent::Stopped;
        }
        match policy.holds_back(&message, observed, self.world.draws) {
            0 => Sent::Delivered,
            days => Sent::Held(days),
        }
    }

    /// Sends messages between people with a mutual follow. Pairs that are not in the tables are not
    /// simulated, because no other result depends on such pairs.
    pub(super) fn write_to_known(&mut self) {
        let (world, contact, day) = (&*self.world, &self.rules.behavior.contact, self.day);
        let share = self.recorder.contact_share();
        let written = by_account(world.people.len(), |from, written| {
            if !world.acts(from) {
                return;
            }
            let writes = |to: AccountId| {
                writes_to_known(contact, from, to, day, world.draws)
                    && world.observed.accounts.is_usable(to)
                    && !(world.people.is_contacting_predator(from) && world.people.is_minor(to))
                    && world.observed.graph.contains(to, from)
                    && is_recorded(world, share, from, to)
                    && !world.contacts.get(from, to).is_some_and(Contact::is_closed)
            };
            let followees = world.observed.graph.followees(from);
            written.extend(followees.iter().copied().filter(|&to| writes(to)).map(|to| (from, to)));
        });
        for (from, to) in written {
            self.world.contacts.entry(from, to, day).route = Some(Route::Known);
            self.send(from, to, 0);
        }
    }

    /// Sends messages to strangers. Here, a stranger is an account that was suggested to the
    /// sender, or whose profile the sender visited.
    pub(super) fn write_to_strangers(&mut self) {
        let (world, contact, day) = (&*self.world, &self.rules.behavior.contact, self.day);
        let written = by_account(world.people.len(), |from, written| {
            if !world.acts(from) {
                return;
            }
            let messages = messages_to_strangers(&world.people, contact, from, day, world.draws);
            written.extend((0..messages).map(|number| (from, number)));
        });
        let mut last = None;
        let mut earlier = 0;
        for (from, number) in written {
            if last != Some(from) {
                (last, earlier) = (Some(from), 0);
            }
            if let Some((to, route)) = self.stranger(from, number) {
                self.world.contacts.entry(from, to, day).route = Some(route);
                earlier += u32::from(self.send(from, to, earlier).counts());
            }
        }
    }

    /// Returns the stranger to whom the sender sends message `number` of the day. Returns `None` if
    /// the drawn account is not a stranger or was recently contacted. If a minor and an adult are
    /// involved, the sender can decide not to write, and the function then returns `None`, too.
    fn stranger(&self, from: AccountId, number: u32) -> Option<(AccountId, Route)> {
        let (world, rules) = (&*self.world, self.rules);
        let (suggested, liked) = (world.memory.suggested(from).accounts(), world.profile_visits.visited_by(from));
        let mut draw = world.draws.at(DrawPurpose::StrangerContact, from, About::Counted(number), self.day);
        let index = draw.below(suggested.len() + liked.len());
        let (&to, route) = match index.checked_sub(suggested.len()) {
            None => (suggested.get(index)?, Route::Suggestion),
            Some(later) => (liked.get(later)?, Route::Feed),
        };
        let to = AccountId(to);
        let across = world.people.is_minor(from) != world.people.is_minor(to);
        let likely = if across { rules.behavior.following.across_ages } else { 1.0 };
        let tried = world.contacts.get(from, to).is_some_and(Contact::is_closed);
        let open = !tried
            && world.observed.accounts.is_usable(to)
            && !world.observed.graph.mutual(from, to)
            && !world.observed.blocks.between(from, to);
        (open && draw.chance(likely)).then_some((to, route))
    }
}
