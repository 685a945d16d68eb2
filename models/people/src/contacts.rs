//! Contacts: the stages that one account reached with another account. A stage is only a number and
//! a day; there is no message text.

use recsafe_common::choices;
use recsafe_common::ids::{AccountId, Day};
use serde::{Deserialize, Serialize};

choices! {
    /// How one account discovered another account.
    pub enum Route {
        /// Through people suggestions.
        Suggestion = "suggestion",
        /// Through a search.
        Search = "search",
        /// Through a post in the feed.
        Feed = "feed",
        /// Through a follower list.
        FollowerList = "follower-list",
        /// The holder knew the other account before a removal.
        Return = "return",
        /// The two accounts follow each other, so their holders know each other.
        Known = "known",
    }
}

choices! {
    /// Stages of a contact, in order.
    pub enum Stage {
        /// The platform suggested the other account.
        Suggested = "suggested",
        /// A contacting predator noticed the other account.
        Found = "found",
        /// The account sent a message.
        Requested = "requested",
        /// The message reached the recipient.
        Delivered = "delivered",
        /// The recipient answered.
        Accepted = "accepted",
        /// The two accounts converse.
        Conversing = "conversing",
        /// The conversation escalated.
        Escalated = "escalated",
    }
}

/// Number of stages.
pub const STAGES: usize = Stage::ALL.len();

choices! {
    /// Why a contact ended.
    pub enum Ended {
        /// A setting or an intervention stopped the message.
        Undelivered = "undelivered",
        /// The recipient did not answer.
        Ignored = "ignored",
        /// The recipient refused.
        Refused = "refused",
        /// The recipient blocked the sender.
        Blocked = "blocked",
        /// The recipient reported and blocked the sender.
        Reported = "reported",
        /// One side left an accepted contact.
        Left = "left",
        /// One of the two accounts was removed.
        Removed = "removed",
        /// No message was sent, and the contact was forgotten.
        Expired = "expired",
    }
}

/// The value of a stage that was not reached.
const NEVER: i16 = i16::MIN;

/// The contact of one account with another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// The other account.
    pub to: AccountId,
    /// How the other account was discovered; `None` if the account was only suggested.
    pub route: Option<Route>,
    days: [i16; STAGES],
    last_met: i16,
    ended: Option<Ended>,
    end_day: i16,
}

/// Stores a day in 16 bits. This is enough, because a run has at most 3,650 warm-up days and 3,650
/// measured days.
fn short(day: Day) -> i16 {
    day.clamp(-32_000, 32_000) as i16
}

impl Contact {
    /// Creates a contact with the account `to`. The contact has reached no stage. `day` is the day
    /// of the encounter.
    #[must_use]
    pub fn new(to: AccountId, day: Day) -> Self {
        Contact { to, route: None, days: [NEVER; STAGES], last_met: short(day), ended: None, end_day: NEVER }
    }

    /// Returns the day on which a stage was reached; `None` if the stage was not reached.
    #[must_use]
    pub fn day(&self, stage: Stage) -> Option<Day> {
        Some(self.days[stage as usize]).filter(|&day| day != NEVER).map(Day::from)
    }

    /// Returns the furthest stage; `None` for a new contact.
    #[must_use]
    pub fn stage(&self) -> Option<Stage> {
        Stage::ALL.iter().rev().copied().find(|&stage| self.days[stage as usize] != NEVER)
    }

    /// Records that a stage was reached on a day.
    ///
    /// Returns false if the contact had already reached the stage. Also returns false for the
    /// stages `suggested` and `found` if a message was sent or the contact ended. A repeated
    /// encounter extends the time for which a contact without a message is remembered.
    pub fn advance_to(&mut self, stage: Stage, day: Day) -> bool {
        if stage <= Stage::Found {
            if self.was_tried() || self.ended.is_some() {
                return false;
            }
            self.last_met = short(day);
        }
        let fresh = self.days[stage as usize] == NEVER;
        if fresh {
            self.days[stage as usize] = short(day);
        }
        fresh
    }

    /// Ends the contact.
    pub fn end(&mut self, how: Ended, day: Day) {
        self.ended = Some(how);
        self.end_day = short(day);
    }

    /// Returns why and when the contact ended; `None` while the contact is open.
    #[must_use]
    pub fn ended(&self) -> Option<(Ended, Day)> {
        self.ended.map(|how| (how, Day::from(self.end_day)))
    }

    /// Returns whether the other account is on the target list. An account on the target list was
    /// found, was last met less than `forget` days ago, and was sent no message.
    #[must_use]
    pub fn is_listed(&self, day: Day, forget: Day) -> bool {
        self.ended.is_none()
            && self.day(Stage::Found).is_some()
            && self.day(Stage::Requested).is_none()
            && day - Day::from(self.last_met) < forget
    }

    /// Returns whether the contact reached the stage `found` or a later stage.
    #[must_use]
    pub fn was_met(&self) -> bool {
        self.stage() >= Some(Stage::Found)
    }

    /// Returns whether a message was sent in this contact. A new contact after a forgotten contact
    /// starts without messages.
    #[must_use]
    pub fn was_tried(&self) -> bool {
        self.days[Stage::Requested as usize] != NEVER
    }

    /// Returns whether a first message is no longer possible, because a message was sent or the
    /// contact ended.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.was_tried() || self.ended.is_some()
    }

    /// Returns whether the recipient answered and the contact is open.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.ended.is_none() && self.days[Stage::Accepted as usize] != NEVER
    }
}

/// All remembered contacts. Each contact is stored with the account that made the contact.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Contacts {
    of: Vec<Vec<Contact>>,
}

impl Contacts {
    /// Creates an empty collection for `accounts` accounts.
    #[must_use]
    pub fn new(accounts: usize) -> Self {
        Contacts { of: vec![Vec::new(); accounts] }
    }

    /// Adds an account.
    pub fn add_account(&mut self) {
        self.of.push(Vec::new());
    }

    /// Returns an account's contacts, ascending by the other account.
    #[must_use]
    pub fn of(&self, from: AccountId) -> &[Contact] {
        &self.of[from.row()]
    }

    /// Returns an account's contacts as a mutable slice.
    pub fn of_mut(&mut self, from: AccountId) -> &mut [Contact] {
        &mut self.of[from.row()]
    }

    /// Returns the remembered contact of `from` with `to`.
    #[must_use]
    pub fn get(&self, from: AccountId, to: AccountId) -> Option<&Contact> {
        let list = self.of(from);
        list.binary_search_by_key(&to, |contact| contact.to).ok().map(|index| &list[index])
    }

    /// Returns the contact of `from` with `to`. Creates the contact on `day` if there is none.
    pub fn entry(&mut self, from: AccountId, to: AccountId, day: Day) -> &mut Contact {
        let list = &mut self.of[from.row()];
        let index = match list.binary_search_by_key(&to, |contact| contact.to) {
            Ok(index) => index,
            Err(index) => {
                list.insert(index, Contact::new(to, day));
                index
            }
        };
        &mut list[index]
    }

    /// Ends all open contacts with an account.
    pub fn end_all_with(&mut self, account: AccountId, how: Ended, day: Day) {
        for list in &mut self.of {
            if let Ok(index) = list.binary_search_by_key(&account, |contact| contact.to)
                && list[index].ended().is_none()
            {
                list[index].end(how, day);
            }
        }
    }

    /// Reopens the contacts that ended because `account` was removed: contacts from `account` and
    /// contacts to `account`.
    pub fn reopen(&mut self, account: AccountId) {
        let reopen = |contact: &mut Contact| {
            if contact.ended == Some(Ended::Removed) {
                (contact.ended, contact.end_day) = (None, NEVER);
            }
        };
        self.of[account.row()].iter_mut().for_each(reopen);
        for list in &mut self.of {
            if let Ok(index) = list.binary_search_by_key(&account, |contact| contact.to) {
                reopen(&mut list[index]);
            }
        }
    }

    /// Forgets old contacts. For each old contact, calls `gone` with the account that made the
    /// contact, and with the contact.
    ///
    /// A contact without a message expires `retry` days after the last encounter. An ended contact
    /// is forgotten `retry` days after its end.
    pub fn forget(&mut self, day: Day, retry: Day, mut gone: impl FnMut(AccountId, Contact)) {
        for (from, list) in self.of.iter_mut().enumerate().filter(|(_, list)| !list.is_empty()) {
            list.retain_mut(|contact| {
                let over = if contact.was_tried() || contact.ended().is_some() {
                    contact.ended().is_some_and(|(_, end)| day - end >= retry)
                } else if day - Day::from(contact.last_met) >= retry {
                    contact.end(Ended::Expired, day);
                    true
                } else {
                    false
                };
                if over {
                    gone(AccountId(from as u32), *contact);
                }
                !over
            });
        }
    }

    /// Iterates over pairs of an account and one of its contacts, ascending by account.
    pub fn iter(&self) -> impl Iterator<Item = (AccountId, &Contact)> + '_ {
        self.of
            .iter()
            .enumerate()
            .flat_map(|(from, list)| list.iter().map(move |contact| (AccountId(from as u32), contact)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_contact_goes_through_its_stages_once() {
        let mut contact = Contact::new(AccountId(3), 1);
        assert_eq!(contact.stage(), None);
        assert!(contact.advance_to(Stage::Suggested, 1) && contact.advance_to(Stage::Found, 2));
        assert!(!contact.advance_to(Stage::Found, 5), "the first day is kept");
        assert_eq!((contact.day(Stage::Found), contact.stage()), (Some(2), Some(Stage::Found)));
        assert!(
            contact.is_listed(11, 7) && !contact.is_listed(12, 7),
            "found again on day 5 and forgotten after 7 days"
        );
        contact.advance_to(Stage::Requested, 6);
        assert!(!contact.is_listed(6, 7) && contact.was_tried());
        let mut searched = Contact::new(AccountId(3), 1);
        assert!(searched.advance_to(Stage::Found, 1) && searched.advance_to(Stage::Requested, 2));
        assert!(!searched.advance_to(Stage::Suggested, 3), "a suggestion after the first message is not a stage");
        contact.end(Ended::Ignored, 6);
        assert_eq!(contact.ended(), Some((Ended::Ignored, 6)));
    }

    proptest! {
        #[test]
        fn what_is_remembered_does_not_grow_with_days(met in prop::collection::vec((0_u32..20, 0_u32..20, any::<bool>()), 1..200)) {
            let (mut contacts, retry) = (Contacts::new(20), 5);
            let (mut made, mut gone) = (0, Vec::new());
            for (day, &(from, to, tried)) in (0..).zip(&met) {
                contacts.forget(day, retry, |from, contact| gone.push((from, contact)));
                made += usize::from(contacts.get(AccountId(from), AccountId(to)).is_none());
                let contact = contacts.entry(AccountId(from), AccountId(to), day);
                contact.advance_to(Stage::Suggested, day);
                if tried && !contact.was_tried() {
                    contact.advance_to(Stage::Requested, day);
                    contact.end(Ended::Ignored, day);
                }
                prop_assert!(contacts.iter().count() <= retry as usize, "one new contact per day, forgotten after five days");
            }
            prop_assert_eq!(contacts.iter().count() + gone.len(), made, "each contact is either remembered or passed on, once");
            prop_assert!(gone.iter().all(|(_, contact)| contact.ended().is_some()));
        }
    }

    #[test]
    fn what_a_contact_is_follows_from_its_stages_and_its_end() {
        let reached = |stages: &[Stage]| {
            let mut contact = Contact::new(AccountId(3), 1);
            for &stage in stages {
                assert!(contact.advance_to(stage, 1));
            }
            contact
        };
        let is = |contact: &Contact| [contact.was_met(), contact.was_tried(), contact.is_closed(), contact.is_live()];
        assert_eq!(is(&reached(&[])), [false; 4]);
        assert_eq!(is(&reached(&[Stage::Suggested])), [false; 4]);
        assert_eq!(is(&reached(&[Stage::Suggested, Stage::Found])), [true, false, false, false]);
        assert_eq!(is(&reached(&[Stage::Requested, Stage::Delivered])), [true, true, true, false]);
        let mut answered = reached(&[Stage::Requested, Stage::Delivered, Stage::Accepted]);
        assert_eq!(is(&answered), [true; 4]);
        answered.end(Ended::Left, 2);
        assert_eq!(is(&answered), [true, true, true, false]);
        let mut removed = reached(&[Stage::Found]);
        removed.end(Ended::Removed, 2);
        assert_eq!(is(&removed), [true, false, true, false]);
    }

    #[test]
    fn a_removal_ends_open_contacts_of_all_with_an_account_and_its_return_opens_these_alone() {
        let [one, two, gone] = [0, 1, 2].map(AccountId);
        let mut contacts = Contacts::new(3);
        contacts.entry(one, gone, 1);
        contacts.entry(two, gone, 1).end(Ended::Refused, 1);
        contacts.entry(one, two, 1);
        contacts.entry(gone, one, 1).end(Ended::Removed, 1);
        contacts.end_all_with(gone, Ended::Removed, 4);
        let ends = |contacts: &Contacts| {
            [(one, gone), (two, gone), (one, two), (gone, one)]
                .map(|(from, to)| contacts.get(from, to).unwrap().ended())
        };
        assert_eq!(
            ends(&contacts),
            [Some((Ended::Removed, 4)), Some((Ended::Refused, 1)), None, Some((Ended::Removed, 1))]
        );
        contacts.reopen(gone);
        assert_eq!(ends(&contacts), [None, Some((Ended::Refused, 1)), None, None]);
    }
}
