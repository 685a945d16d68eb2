//! Record of contact: counts by day and stratum, and a row for every contact in the tables.

use recsafe_common::ids::{AccountId, Day};
use recsafe_people::contacts::{Contact, Route, STAGES, Stage};
use serde::{Deserialize, Serialize};

use super::stratum::{STRATA, Stratum};

/// Counts of contact on one day for the accounts of one stratum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactCounts {
    /// Accounts suggested to accounts of the stratum.
    pub suggestions: u64,
    /// Suggested accounts whose true age is below 18.
    pub minors: u64,
    /// Suggested accounts whose true age and declared age are below 18.
    pub stated_minors: u64,
    /// Suggested minors whom the viewer followed or asked to follow.
    pub minors_followed: u64,
    /// Predators' contacts that reached a stage, by [`Stage`]. The predator is the initiator. If
    /// a minor is suggested to a predator repeatedly, the suggestions count once. They count again
    /// after the world has discarded the contact.
    pub stages: [u64; STAGES],
    /// Predators' contact requests that reached accounts of the stratum, by [`Route`].
    pub routes: [u64; Route::ALL.len()],
    /// Accounts that received a predator's contact request for the first time in the week.
    pub reached: u64,
    /// New mutual follows between minors, plus first messages that a minor accepted from people
    /// with whom the minor has a mutual follow.
    pub connections: u64,
    /// Minors whom predators of the stratum discovered.
    pub found: u64,
    /// Minors on target lists of predators of the stratum.
    pub listed: u64,
    /// Account-days of predators who contact minors.
    pub seekers: u64,
}

impl ContactCounts {
    fn add(&mut self, other: &ContactCounts) {
        macro_rules! add {
            ($($field:ident),*) => { $(self.$field += other.$field;)* };
        }
        add!(suggestions, minors, stated_minors, minors_followed, reached, connections, found, listed, seekers);
        for (mine, others) in self.stages.iter_mut().zip(other.stages) {
            *mine += others;
        }
        for (mine, others) in self.routes.iter_mut().zip(other.routes) {
            *mine += others;
        }
    }

    /// Returns the sum of counts.
    pub fn sum<'a>(counts: impl Iterator<Item = &'a ContactCounts>) -> ContactCounts {
        counts.fold(ContactCounts::default(), |mut sum, counts| {
            sum.add(counts);
            sum
        })
    }
}

/// Counts of all strata on one day.
pub type ContactDay = [ContactCounts; STRATA];

/// Contact that has ended, or that is still open at the end of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactRow {
    /// Initiator.
    pub from: AccountId,
    /// Contact.
    pub contact: Contact,
    /// Number of the contact among the contacts of the same pair, from 1.
    pub attempt: u32,
}

/// Record of contact over the measured days.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ContactRecord {
    /// Counts by day.
    pub days: Vec<ContactDay>,
    rows: Vec<ContactRow>,
    week: Vec<i32>,
}

impl ContactRecord {
    /// Creates an empty record for this number of accounts.
    #[must_use]
    pub fn new(accounts: usize) -> Self {
        ContactRecord { week: vec![-1; accounts], ..ContactRecord::default() }
    }

    pub(super) fn add_account(&mut self) {
        self.week.push(-1);
    }

    pub(super) fn start_day(&mut self) {
        self.days.push([ContactCounts::default(); STRATA]);
    }

    fn today(&mut self, stratum: Stratum) -> Option<&mut ContactCounts> {
        self.days.last_mut().map(|day| &mut day[stratum.index()])
    }

    pub(super) fn suggested(&mut self, viewer: Stratum, shown: Stratum, followed: bool) {
        let Some(counts) = self.today(viewer) else { return };
        counts.suggestions += 1;
        if shown.is_minor() {
            counts.minors += 1;
            counts.stated_minors += u64::from(shown.states_minor());
            counts.minors_followed += u64::from(followed);
        }
    }

    pub(super) fn reached(&mut self, predator: Stratum, recipient: Stratum, stage: Stage) {
        if let Some(counts) = self.today(recipient) {
            counts.stages[stage as usize] += 1;
        }
        if let Some(counts) = self.today(predator).filter(|_| stage == Stage::Found) {
            counts.found += 1;
        }
    }

    pub(super) fn delivered(
        &mut self,
        recipient: AccountId,
        stratum: Stratum,
        route: Option<Route>,
        present_at_start: bool,
    ) {
        let week = (self.days.len() as i32 - 1) / 7;
        let Some(last) = self.week.get_mut(recipient.row()) else { return };
        let first = std::mem::replace(last, week) != week && present_at_start;
        let Some(counts) = self.today(stratum) else { return };
        counts.reached += u64::from(first);
        if let Some(route) = route {
            counts.routes[route as usize] += 1;
        }
    }

    pub(super) fn connected(&mut self, stratum: Stratum) {
        if let Some(counts) = self.today(stratum) {
            counts.connections += 1;
        }
    }

    pub(super) fn listed(&mut self, seeker: Stratum, length: usize) {
        if let Some(counts) = self.today(seeker) {
            counts.listed += length as u64;
            counts.seekers += 1;
        }
    }

    pub(super) fn keep(&mut self, from: AccountId, contact: &Contact) {
        self.rows.push(ContactRow { from, contact: *contact, attempt: 1 });
    }

    /// Returns every recorded contact, ordered by pair and then by time. Contacts of one pair are
    /// numbered from 1. The argument `open` lists the contacts that have not ended.
    #[must_use]
    pub fn rows<'a>(&self, open: impl Iterator<Item = (AccountId, &'a Contact)>) -> Vec<ContactRow> {
        let open = open.map(|(from, contact)| ContactRow { from, contact: *contact, attempt: 1 });
        let mut rows: Vec<ContactRow> = self.rows.iter().copied().chain(open).collect();
        rows.sort_by_key(|row| (row.from, row.contact.to, first_day(&row.contact)));
        for index in 1..rows.len() {
            let before = rows[index - 1];
            if (before.from, before.contact.to) == (rows[index].from, rows[index].contact.to) {
                rows[index].attempt = before.attempt + 1;
            }
        }
        rows
    }
}

fn first_day(contact: &Contact) -> Option<Day> {
    Stage::ALL.iter().filter_map(|&stage| contact.day(stage)).min()
}
