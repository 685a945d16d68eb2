//! The recorder: takes in what the phases put out, in account order, and keeps what is to be measured.

use recsafe_common::ids::{AccountId, Day};
use recsafe_people::behavior::Reaction;
use recsafe_people::behavior::probes::Script;
use recsafe_people::contacts::{Contact, Route, Stage};
use recsafe_people::people::People;
use recsafe_people::settings::Harm;
use recsafe_platform::candidates::Source;
use recsafe_platform::interventions::Policy;
use recsafe_scenario::Kept;
use serde::{Deserialize, Serialize};

use super::cell::{Cell, Probes};
use super::contact::ContactRecord;
use super::enforcement::{Action, EnforcementCounts, EnforcementRecord, NetworkDay, QueueDay};
use super::tally::{Counts, Tally};
use crate::append::append;

/// One account's counts of one day, and in [`Recorder::accounts`] of all measured days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
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
        self.views += 1;
        self.harmful_views += u32::from(harm.is_harmful(severity));
        self.severe_views += u32::from(harm.is_severe(severity));
        self.dose += f64::from(severity);
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
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
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
    /// Topic or niche that it was made for.
    pub region: u8,
    /// Whether it was viewed.
    pub viewed: bool,
    /// Whether it was liked or shared.
    pub engaged: bool,
}

/// One slate of the feed that a probe looked through, with at least one view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

/// What the inboxes of all accounts held at the end of a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FeedDay {
    /// Different posts.
    pub posts: u64,
    /// Of these, harmful ones.
    pub harmful: u64,
    /// Posts in people's inboxes, each as often as it is there; bots' and probes' left out.
    pub entries: u64,
    /// Sum of their quality.
    pub quality: f64,
}

/// What is kept of the measured days.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Recorder {
    measuring: bool,
    kept: Kept,
    /// Every account's cell.
    pub cells: Vec<Cell>,
    /// Whether an account's own interest in niches is below the population's median, and its holder never searched for one.
    pub uninterested: Vec<bool>,
    uninterested_below: f32,
    /// Every account's counts over the measured days.
    pub accounts: Vec<AccountCounts>,
    /// Day of each account's first harmful view.
    pub first_harmful: Vec<Option<Day>>,
    /// Whether an account is one of those whose exposure is measured: there when day 0 begins, the same in every arm.
    pub present_at_start: Vec<bool>,
    /// First day, day of removal (if removed at the end) and former account of every account; and whether it violates.
    pub lives: Vec<Life>,
    severe_week: Vec<i32>,
    /// Counts by day and cell.
    pub days: Vec<Tally>,
    /// Every impression of the sampled accounts.
    pub exposures: Vec<Impression>,
    /// Every slate that a probe looked through.
    pub probes: Vec<ProbeSlate>,
    /// What inboxes held at the end of each day; empty in worlds without any.
    pub feeds: Vec<FeedDay>,
    /// Contact.
    pub contact: ContactRecord,
    /// Enforcement and the exchange network.
    pub enforcement: EnforcementRecord,
    /// The policy's rules by name, in order, each with the number of days on which it applied.
    pub rules_applied: Vec<(String, u64)>,
}

/// An account's life, as it is known when the run ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Life {
    /// First day; 0 for those there when day 0 begins.
    pub arrived: Day,
    /// Day of removal; none while it is there.
    pub removed: Option<Day>,
    /// The removed account whose holder came back with this one.
    pub returned_from: Option<AccountId>,
    /// Whether it violates the platform's rules.
    pub violates: bool,
}

impl Recorder {
    /// A recorder that keeps nothing, for days that are not measured.
    #[must_use]
    pub fn idle(kept: Kept) -> Self {
        Recorder { kept, ..Recorder::default() }
    }

    /// A recorder for the measured days.
    #[must_use]
    pub fn new(people: &People, probes: &Probes, kept: Kept) -> Self {
        let accounts = people.len();
        let interest = &people.niche_interest;
        let mut population: Vec<f32> = interest[..probes.first].to_vec();
        population.sort_unstable_by(f32::total_cmp);
        let median = population.get(population.len() / 2).copied().unwrap_or(0.0);
        let searched = &people.searched_niche;
        Recorder {
            measuring: true,
            kept,
            cells: Cell::column(people, probes),
            uninterested: interest.iter().zip(searched).map(|(&own, &searched)| own < median && !searched).collect(),
            uninterested_below: median,
            accounts: vec![AccountCounts::default(); accounts],
            first_harmful: vec![None; accounts],
            present_at_start: people.removed.iter().map(Option::is_none).collect(),
            severe_week: vec![-1; accounts],
            enforcement: EnforcementRecord {
                sanctioned: vec![false; accounts],
                wronged: vec![false; accounts],
                ..EnforcementRecord::default()
            },
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
            self.enforcement.start_day();
        }
    }

    /// A day under a policy is over: counts it for the rules that applied on it.
    pub fn rules_applied_today(&mut self, policy: &Policy) {
        let today = policy.take_applied();
        if !self.measuring {
            return;
        }
        if self.rules_applied.is_empty() {
            self.rules_applied = policy.rules().iter().map(|rule| (rule.name().to_owned(), 0)).collect();
        }
        for ((_, days), applied) in self.rules_applied.iter_mut().zip(today) {
            *days += u64::from(applied);
        }
    }

    /// Whether days are measured.
    #[must_use]
    pub fn is_measuring(&self) -> bool {
        self.measuring
    }

    /// An account joined.
    pub fn joined(&mut self, people: &People, account: AccountId) {
        if !self.measuring {
            return;
        }
        let median = self.uninterested_below;
        self.cells.push(Cell::of(people, account, Script::Passive));
        self.uninterested.push(people.niche_interest[account.row()] < median);
        self.accounts.push(AccountCounts::default());
        self.first_harmful.push(None);
        self.present_at_start.push(false);
        self.severe_week.push(-1);
        self.contact.add_account();
        self.enforcement.sanctioned.push(false);
        self.enforcement.wronged.push(false);
    }

    /// These accounts are there today.
    pub fn present(&mut self, accounts: impl Iterator<Item = AccountId>) {
        if self.measuring {
            for account in accounts {
                self.count(account, |counts| counts.present += 1);
            }
        }
    }

    /// The holder of an account went through so many checks of age.
    pub fn age_checked(&mut self, account: AccountId, checks: u32) {
        if checks > 0 {
            self.count(account, |counts| counts.age_checks += u64::from(checks));
        }
    }

    /// The platform takes these accounts for a minor's though they are an adult's, or the other way round.
    pub fn age_mistaken(&mut self, accounts: impl Iterator<Item = AccountId>) {
        if self.measuring {
            for account in accounts {
                self.count(account, |counts| counts.age_mistaken += 1);
            }
        }
    }

    /// The last day is over.
    pub fn close(&mut self, people: &People) {
        let life = |id: AccountId| Life {
            arrived: people.arrived[id.row()],
            removed: people.removed[id.row()],
            returned_from: people.returned_from[id.row()],
            violates: people.violates(id),
        };
        self.lives = people.ids().map(life).collect();
    }

    /// Changes today's counts of an account's cell.
    fn count(&mut self, account: AccountId, change: impl FnOnce(&mut EnforcementCounts)) {
        if let Some(counts) = self.cell(account).and_then(|cell| self.enforcement.today(cell)) {
            change(counts);
        }
    }

    /// An account made a post.
    pub fn posted(&mut self, creator: AccountId, violates: bool) {
        self.count(creator, |counts| {
            counts.posts += 1;
            counts.violating_posts += u64::from(violates);
        });
    }

    /// A report was filed, about an account or about one of its posts.
    pub fn reported(&mut self, by: AccountId, holder: AccountId, violates: bool) {
        let adult = self.cell(holder).is_some_and(|cell| !cell.is_minor() && !cell.is_probe());
        self.count(by, |counts| {
            counts.reports += 1;
            counts.true_reports += u64::from(violates);
            counts.against_adults += u64::from(adult);
        });
    }

    /// A minor reported a predator's contact.
    pub fn reported_contact(&mut self, by: AccountId) {
        self.count(by, |counts| counts.contact_reports += 1);
    }

    /// So many reports of one thing came to an end.
    pub fn resolved(&mut self, reports: u32, violates: bool, acted: bool) {
        let (reports, acted) = (u64::from(reports), u64::from(acted));
        if let Some(queue) = self.enforcement.queue() {
            queue.resolved += reports;
            queue.acted += acted * reports;
            queue.true_resolved += u64::from(violates) * reports;
            queue.true_acted += u64::from(violates) * acted * reports;
        }
    }

    /// An item came into the review queue.
    pub fn queued(&mut self) {
        self.in_queue(|queue| queue.arrived += 1);
    }

    /// An item was decided on.
    pub fn decided(&mut self, waited: Day, minutes: f64) {
        self.in_queue(|queue| {
            queue.decided += 1;
            queue.minutes += minutes;
            *queue.waits.entry(waited).or_default() += 1;
        });
    }

    /// An item was closed without a decision.
    pub fn expired(&mut self) {
        self.in_queue(|queue| queue.expired += 1);
    }

    /// An item was closed because its account or post was acted on otherwise.
    pub fn settled(&mut self) {
        self.in_queue(|queue| queue.settled += 1);
    }

    /// So many items wait at the end of the day.
    pub fn waiting(&mut self, items: usize) {
        self.in_queue(|queue| queue.waiting = items as u64);
    }

    /// An appeal was decided.
    pub fn appeal_decided(&mut self, minutes: f64) {
        self.in_queue(|queue| queue.minutes += minutes);
    }

    fn in_queue(&mut self, change: impl FnOnce(&mut QueueDay)) {
        if let Some(queue) = self.enforcement.queue() {
            change(queue);
        }
    }

    /// The platform acted; `counts`: whether for the first time against the same thing.
    pub fn acted(&mut self, action: &Action, counts: bool) {
        if let Some(cell) = self.cell(action.target) {
            self.enforcement.acted(action, cell, counts);
        }
    }

    /// An account was limited, suspended or removed, rightly or wrongly.
    pub fn sanctioned(&mut self, account: AccountId, rightly: bool) {
        if let Some(known) = self.enforcement.sanctioned.get_mut(account.row()) {
            *known = true;
            self.enforcement.wronged[account.row()] |= !rightly;
        }
    }

    /// An account was removed.
    pub fn removed(&mut self, account: AccountId) {
        self.count(account, |counts| counts.removed += 1);
    }

    /// Authorities were told of an account.
    pub fn told_authorities(&mut self, account: AccountId) {
        self.count(account, |counts| counts.authority_reports += 1);
    }

    /// An exchange account has a new link.
    pub fn linked(&mut self, account: AccountId) {
        self.count(account, |counts| counts.links_made += 1);
    }

    /// A removal cost an account so many links.
    pub fn links_lost(&mut self, account: AccountId, links: usize) {
        self.count(account, |counts| counts.links_lost += links as u64);
    }

    /// What inboxes hold at the end of the day.
    pub fn feeds(&mut self, day: FeedDay) {
        self.feeds.push(day);
    }

    /// A link led to an exchange; `seller` is the account that it is counted with.
    pub fn exchanged(&mut self, seller: AccountId) {
        self.count(seller, |counts| counts.exchanges += 1);
    }

    /// The network of predators at the end of the day.
    pub fn network(&mut self, network: &NetworkDay) {
        if let Some(day) = self.enforcement.days.last_mut() {
            day.network = *network;
        }
    }

    /// Takes in what one chunk of accounts put out today.
    pub fn take(
        &mut self,
        tally: &Tally,
        accounts: Vec<AccountDay>,
        impressions: &[Impression],
        probes: Vec<ProbeSlate>,
    ) {
        let day = self.days.len() as Day - 1;
        let Some(today) = self.days.last_mut() else { return };
        today.add(tally);
        append(&mut self.exposures, impressions);
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
            if counts.severe_views > 0 && self.present_at_start[row] && self.severe_week[row] != day / 7 {
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
            self.contact.delivered(recipient, cell, route, self.present_at_start[recipient.row()]);
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
