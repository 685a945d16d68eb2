//! The recorder: takes in what the phases put out, in account order, and keeps what is to be measured.

use recsafe_common::ids::{AccountId, Day};
use recsafe_people::behavior::Reaction;
use recsafe_people::behavior::probes::Script;
use recsafe_people::contacts::{Contact, Route, Stage};
use recsafe_people::people::People;
use recsafe_people::settings::Harm;
use recsafe_platform::candidates::Source;

use super::cell::Cell;
use super::contact::ContactRecord;
use super::tally::{Counts, Tally};

/// One account's counts of one day, and in [`Recorder::accounts`] of all measured days.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct AccountCounts {
    /// Sessions.
    pub sessions: u32,
    /// Views.
    pub views: u32,
    /// Views of posts whose severity reaches the threshold.
    pub harmful_views: u32,
    /// Views of severe posts.
    pub severe_views: u32,
    /// Sum of severity over views.
    pub dose: f64,
    /// Likes.
    pub likes: u32,
    /// Shares.
    pub shares: u32,
    /// Hides.
    pub hides: u32,
    /// Reports.
    pub reports: u32,
}

impl AccountCounts {
    /// Counts one view of a post of this severity.
    pub fn count(&mut self, severity: f32, harm: &Harm, reaction: &Reaction) {
        let severity = f64::from(severity);
        self.views += 1;
        self.harmful_views += u32::from(severity >= harm.threshold);
        self.severe_views += u32::from(severity >= harm.severe);
        self.dose += severity;
        self.likes += u32::from(reaction.liked);
        self.shares += u32::from(reaction.shared);
        self.hides += u32::from(reaction.hidden);
        self.reports += u32::from(reaction.reported);
    }

    fn add(&mut self, other: &AccountCounts) {
        self.sessions += other.sessions;
        self.views += other.views;
        self.harmful_views += other.harmful_views;
        self.severe_views += other.severe_views;
        self.dose += other.dose;
        self.likes += other.likes;
        self.shares += other.shares;
        self.hides += other.hides;
        self.reports += other.reports;
    }
}

/// An account with its counts of a day.
pub type AccountDay = (AccountId, AccountCounts);

/// One post put before a sampled account.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Impression {
    /// Who asked.
    pub account: AccountId,
    /// When.
    pub day: Day,
    /// Which session of the day, from 0.
    pub session: u32,
    /// Which request of the day, from 0.
    pub request: u32,
    /// Which slot of the slate, from 0.
    pub slot: u32,
    /// Where the post came from.
    pub source: Source,
    /// Which of its creator's posts it is, from 0.
    pub post: u32,
    /// Who posted it.
    pub creator: AccountId,
    /// Its severity.
    pub severity: f32,
    /// Whether it was viewed.
    pub viewed: bool,
    /// Whether it was liked or shared.
    pub engaged: bool,
}

/// One slate of the feed that a probe looked through, with at least one view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProbeSlate {
    /// The probe.
    pub probe: AccountId,
    /// Its script.
    pub script: Script,
    /// Which of its slates, from 1.
    pub slate: u32,
    /// The day.
    pub day: Day,
    /// Harmful posts that it had acted on before.
    pub clicks: u32,
    /// Posts viewed.
    pub views: u32,
    /// Of these, harmful ones.
    pub harmful: u32,
    /// Of these, severe ones.
    pub severe: u32,
}

/// How much is kept beside what is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Kept {
    /// Share of accounts whose every impression is kept.
    pub exposures: f64,
    /// Share of ordinary pairs of adults whose contacts are kept; those of all others are.
    pub contacts: f64,
}

/// What is kept of the measured days.
#[derive(Clone, Debug, Default)]
pub struct Recorder {
    measuring: bool,
    kept: Kept,
    /// Every account's cell.
    pub cells: Vec<Cell>,
    /// Whether an account's own interest in niches is below the population's median, and its holder never searched for one.
    pub uninterested: Vec<bool>,
    /// Every account's counts over the measured days.
    pub accounts: Vec<AccountCounts>,
    /// Day of each account's first harmful view.
    pub first_harmful: Vec<Option<Day>>,
    severe_week: Vec<i32>,
    /// Counts by day and cell.
    pub days: Vec<Tally>,
    /// Every impression of the sampled accounts.
    pub exposures: Vec<Impression>,
    /// Every slate that a probe looked through.
    pub probes: Vec<ProbeSlate>,
    /// Contact.
    pub contact: ContactRecord,
}

impl Recorder {
    /// A recorder that keeps nothing, for days that are not measured.
    #[must_use]
    pub fn idle(kept: Kept) -> Self {
        Recorder { kept, ..Recorder::default() }
    }

    /// A recorder for the measured days. `scripts`: of the probes, which stand behind the people.
    #[must_use]
    pub fn new(people: &People, scripts: &[Script], kept: Kept) -> Self {
        let accounts = people.len();
        let interest = &people.niche_interest;
        let mut population: Vec<f32> = interest[..accounts - scripts.len()].to_vec();
        population.sort_unstable_by(f32::total_cmp);
        let median = population.get(population.len() / 2).copied().unwrap_or(0.0);
        let searched = &people.searched_niche;
        Recorder {
            measuring: true,
            kept,
            cells: Cell::column(people, scripts),
            uninterested: interest.iter().zip(searched).map(|(&own, &searched)| own < median && !searched).collect(),
            accounts: vec![AccountCounts::default(); accounts],
            first_harmful: vec![None; accounts],
            severe_week: vec![-1; accounts],
            contact: ContactRecord::new(accounts),
            ..Recorder::default()
        }
    }

    /// Share of accounts whose every impression is kept.
    #[must_use]
    pub fn exposure_share(&self) -> f64 {
        self.kept.exposures
    }

    /// Share of ordinary pairs of adults whose contacts are kept.
    #[must_use]
    pub fn contact_share(&self) -> f64 {
        self.kept.contacts
    }

    /// Begins a day.
    pub fn start_day(&mut self) {
        if self.measuring {
            self.days.push(Tally::default());
            self.contact.start_day();
        }
    }

    /// Takes in what one chunk of accounts put out today.
    pub fn take(
        &mut self,
        tally: &Tally,
        accounts: Vec<AccountDay>,
        impressions: Vec<Impression>,
        probes: Vec<ProbeSlate>,
    ) {
        let day = self.days.len() as Day - 1;
        let Some(today) = self.days.last_mut() else { return };
        today.add(tally);
        self.exposures.extend(impressions);
        self.probes.extend(probes);
        for (account, counts) in accounts {
            let row = account.row();
            let cell: &mut Counts = &mut today.cells[self.cells[row].place()];
            cell.active += u64::from(counts.sessions > 0);
            cell.sessions += u64::from(counts.sessions);
            if self.uninterested[row] {
                cell.unsolicited += u64::from(counts.harmful_views);
            }
            if counts.harmful_views > 0 {
                self.first_harmful[row].get_or_insert(day);
            }
            if counts.severe_views > 0 && self.severe_week[row] != day / 7 {
                self.severe_week[row] = day / 7;
                cell.severe_first += 1;
            }
            self.accounts[row].add(&counts);
        }
    }

    /// The holder searched for a niche: from now on nothing harmful comes unsolicited.
    pub fn searched_niche(&mut self, account: AccountId) {
        if let Some(uninterested) = self.uninterested.get_mut(account.row()) {
            *uninterested = false;
        }
    }

    fn cell(&self, account: AccountId) -> Option<Cell> {
        self.cells.get(account.row()).copied()
    }

    /// An account was shown by people suggestions.
    pub fn suggested(&mut self, viewer: AccountId, shown: AccountId, followed: bool) {
        if let (Some(viewer), Some(shown)) = (self.cell(viewer), self.cell(shown)) {
            self.contact.suggested(viewer, shown, followed);
        }
    }

    /// A predator's contact reached a stage for the first time.
    pub fn reached(&mut self, predator: AccountId, recipient: AccountId, stage: Stage) {
        if let (Some(predator), Some(recipient)) = (self.cell(predator), self.cell(recipient)) {
            self.contact.reached(predator, recipient, stage);
        }
    }

    /// A predator's contact request was delivered to an account that it found by `route`.
    pub fn delivered(&mut self, recipient: AccountId, route: Option<Route>) {
        if let Some(cell) = self.cell(recipient) {
            self.contact.delivered(recipient, cell, route);
        }
    }

    /// A minor has a new mutual follow with a minor, or an account accepted a message of somebody whom it knows.
    pub fn connected(&mut self, account: AccountId) {
        if let Some(cell) = self.cell(account) {
            self.contact.connected(cell);
        }
    }

    /// A contacting predator has so many minors on its list today.
    pub fn listed(&mut self, seeker: AccountId, length: usize) {
        if let Some(cell) = self.cell(seeker) {
            self.contact.listed(cell, length);
        }
    }

    /// A contact that the tables keep is over and forgotten.
    pub fn contact_is_over(&mut self, from: AccountId, contact: &Contact) {
        if self.measuring {
            self.contact.keep(from, contact);
        }
    }
}
