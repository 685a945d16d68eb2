//! Recorder: collects the output of the phases in account order, and stores the data that are
//! required for metrics.

use recsafe_common::ids::{AccountId, Day};
use recsafe_people::behavior::Reaction;
use recsafe_people::behavior::probes::Script;
use recsafe_people::contacts::{Contact, Route, Stage};
use recsafe_people::people::People;
use recsafe_people::settings::Harm;
use recsafe_platform::candidates::Source;
use recsafe_platform::interventions::Policy;
use recsafe_scenario::RecordShares;
use serde::{Deserialize, Serialize};

use super::contact::ContactRecord;
use super::day_counts::{Counts, DayCounts};
use super::enforcement::{Action, EnforcementCounts, EnforcementRecord, NetworkDay, QueueDay};
use super::stratum::{Probes, Stratum};
use crate::append::append;

/// Counts of an account on one day, or over all measured days in [`Recorder::accounts`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AccountCounts {
    /// Sessions.
    pub sessions: u32,
    /// Views.
    pub views: u32,
    /// Views of harmful posts.
    pub harmful_views: u32,
    /// Views of severe posts.
    pub severe_views: u32,
    /// Sum over views of the severity of the viewed post.
    pub dose: f64,
    /// Likes.
    pub likes: u32,
    /// Reshares.
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

/// Account, with the account's counts of one day.
pub type AccountDay = (AccountId, AccountCounts);

/// Post in a slate of a sampled account.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Impression {
    /// Viewer.
    pub account: AccountId,
    /// Day.
    pub day: Day,
    /// Session of the day, from 0.
    pub session: u32,
    /// Request of the day, from 0.
    pub request: u32,
    /// Slate position, from 0.
    pub slot: u32,
    /// Candidate source.
    pub source: Source,
    /// Sequence number of the post among the creator's posts, from 0.
    pub post: u32,
    /// Creator of the post.
    pub creator: AccountId,
    /// Severity of the post.
    pub severity: f32,
    /// Topic or niche for which the post was created.
    pub topic_id: u8,
    /// Whether the post was viewed.
    pub viewed: bool,
    /// Whether the post was liked or reshared.
    pub engaged: bool,
}

/// Feed slate in which a probe viewed at least one post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProbeSlate {
    /// Probe.
    pub probe: AccountId,
    /// Script of the probe.
    pub script: Script,
    /// Number of the slate among the probe's slates, from 1.
    pub slate: u32,
    /// Day.
    pub day: Day,
    /// Harmful posts to which the probe had reacted before this slate.
    pub clicks: u32,
    /// Posts viewed.
    pub views: u32,
    /// Harmful posts viewed.
    pub harmful: u32,
    /// Severe posts viewed.
    pub severe: u32,
}

/// Content of all inboxes at the end of a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FeedDay {
    /// Distinct posts.
    pub posts: u64,
    /// Distinct harmful posts.
    pub harmful: u64,
    /// Entries in people's inboxes; inboxes of bots and probes are excluded.
    pub entries: u64,
    /// Sum of the quality of the posts in people's inboxes.
    pub quality: f64,
}

/// Record of the measured days.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Recorder {
    measuring: bool,
    record_shares: RecordShares,
    /// Stratum of each account.
    pub strata: Vec<Stratum>,
    /// Whether an account is uninterested. The interest in niches of an uninterested account is
    /// below the population's median, and the holder has not searched for a niche.
    pub uninterested: Vec<bool>,
    uninterested_below: f32,
    /// Counts of each account over the measured days.
    pub accounts: Vec<AccountCounts>,
    /// Day of each account's first harmful view.
    pub first_harmful: Vec<Option<Day>>,
    /// Whether an account exists when day 0 begins. Such accounts are the same in every arm, so
    /// metrics of exposure per account use no other accounts.
    pub present_at_start: Vec<bool>,
    /// First day, removal, former account and violation of each account.
    pub lives: Vec<Life>,
    severe_week: Vec<i32>,
    /// Counts by day and stratum.
    pub days: Vec<DayCounts>,
    /// Every impression of the sampled accounts.
    pub exposures: Vec<Impression>,
    /// Every feed slate in which a probe viewed at least one post.
    pub probes: Vec<ProbeSlate>,
    /// Content of inboxes at the end of each day; empty in worlds without inboxes.
    pub feeds: Vec<FeedDay>,
    /// Record of contact.
    pub contact: ContactRecord,
    /// Record of enforcement and of the exchange network.
    pub enforcement: EnforcementRecord,
    /// Name of each rule and number of days on which the rule applied, in the order of the policy.
    pub rules_applied: Vec<(String, u64)>,
}

/// Facts about an account at the end of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Life {
    /// First day; 0 for accounts that exist when day 0 begins.
    pub arrived: Day,
    /// Day of removal; `None` if the account is not removed at the end.
    pub removed: Option<Day>,
    /// Removed account whose holder was readmitted with this account; `None` for other accounts.
    pub returned_from: Option<AccountId>,
    /// Whether the account violates the platform's rules.
    pub violates: bool,
}

impl Recorder {
    /// Creates a recorder that records nothing, for days that are not measured.
    #[must_use]
    pub fn idle(record_shares: RecordShares) -> Self {
        Recorder { record_shares, ..Recorder::default() }
    }

    /// Creates a recorder for the measured days.
    #[must_use]
    pub fn new(people: &People, probes: &Probes, record_shares: RecordShares) -> Self {
        let accounts = people.len();
        let interest = &people.niche_interest;
        let mut population: Vec<f32> = interest[..probes.first].to_vec();
        population.sort_unstable_by(f32::total_cmp);
        let median = population.get(population.len() / 2).copied().unwrap_or(0.0);
        let searched = &people.searched_niche;
        Recorder {
            measuring: true,
            record_shares,
            strata: Stratum::column(people, probes),
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

    /// Returns the share of accounts whose impressions are recorded.
    #[must_use]
    pub fn exposure_share(&self) -> f64 {
        self.record_shares.exposures
    }

    /// Returns the share of pairs of ordinary adults whose contacts are recorded.
    #[must_use]
    pub fn contact_share(&self) -> f64 {
        self.record_shares.contacts
    }

    /// Starts a day.
    pub fn start_day(&mut self) {
        if self.measuring {
            self.days.push(DayCounts::default());
            self.contact.start_day();
            self.enforcement.start_day();
        }
    }

    /// Adds 1 to the number of days for every rule that applied today.
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

    /// Returns whether days are measured.
    #[must_use]
    pub fn is_measuring(&self) -> bool {
        self.measuring
    }

    /// Adds an account that joined.
    pub fn joined(&mut self, people: &People, account: AccountId) {
        if !self.measuring {
            return;
        }
        let median = self.uninterested_below;
        self.strata.push(Stratum::of(people, account, Script::Passive));
        self.uninterested.push(people.niche_interest[account.row()] < median);
        self.accounts.push(AccountCounts::default());
        self.first_harmful.push(None);
        self.present_at_start.push(false);
        self.severe_week.push(-1);
        self.contact.add_account();
        self.enforcement.sanctioned.push(false);
        self.enforcement.wronged.push(false);
    }

    /// Counts the accounts that exist today.
    pub fn present(&mut self, accounts: impl Iterator<Item = AccountId>) {
        if self.measuring {
            for account in accounts {
                self.count(account, |counts| counts.present += 1);
            }
        }
    }

    /// Counts age verifications by the holder of an account.
    pub fn age_checked(&mut self, account: AccountId, checks: u32) {
        if checks > 0 {
            self.count(account, |counts| counts.age_checks += u64::from(checks));
        }
    }

    /// Counts adults whom the platform treats as minors, and minors whom the platform treats as
    /// adults.
    pub fn age_mistaken(&mut self, accounts: impl Iterator<Item = AccountId>) {
        if self.measuring {
            for account in accounts {
                self.count(account, |counts| counts.age_mistaken += 1);
            }
        }
    }

    /// Records the lifetimes of accounts after the last day.
    pub fn close(&mut self, people: &People) {
        let life = |id: AccountId| Life {
            arrived: people.arrived[id.row()],
            removed: people.removed[id.row()],
            returned_from: people.returned_from[id.row()],
            violates: people.violates(id),
        };
        self.lives = people.ids().map(life).collect();
    }

    /// Applies a change to today's counts of an account's stratum.
    fn count(&mut self, account: AccountId, change: impl FnOnce(&mut EnforcementCounts)) {
        if let Some(counts) = self.stratum(account).and_then(|stratum| self.enforcement.today(stratum)) {
            change(counts);
        }
    }

    /// Counts a new post.
    pub fn posted(&mut self, creator: AccountId, violates: bool) {
        self.count(creator, |counts| {
            counts.posts += 1;
            counts.violating_posts += u64::from(violates);
        });
    }

    /// Counts a report about an account or one of its posts.
    pub fn reported(&mut self, by: AccountId, holder: AccountId, violates: bool) {
        let adult = self.stratum(holder).is_some_and(|stratum| !stratum.is_minor() && !stratum.is_probe());
        self.count(by, |counts| {
            counts.reports += 1;
            counts.true_reports += u64::from(violates);
            counts.against_adults += u64::from(adult);
        });
    }

    /// Counts a minor's report about a contact by a predator.
    pub fn reported_contact(&mut self, by: AccountId) {
        self.count(by, |counts| counts.contact_reports += 1);
    }

    /// Counts closed reports about one post or account.
    pub fn resolved(&mut self, reports: u32, violates: bool, acted: bool) {
        let (reports, acted) = (u64::from(reports), u64::from(acted));
        if let Some(queue) = self.enforcement.queue() {
            queue.resolved += reports;
            queue.acted += acted * reports;
            queue.true_resolved += u64::from(violates) * reports;
            queue.true_acted += u64::from(violates) * acted * reports;
        }
    }

    /// Counts a new item in the review queue.
    pub fn queued(&mut self) {
        self.in_queue(|queue| queue.arrived += 1);
    }

    /// Counts a decision.
    pub fn decided(&mut self, waited: Day, minutes: f64) {
        self.in_queue(|queue| {
            queue.decided += 1;
            queue.minutes += minutes;
            *queue.waits.entry(waited).or_default() += 1;
        });
    }

    /// Counts an item closed without a decision.
    pub fn expired(&mut self) {
        self.in_queue(|queue| queue.expired += 1);
    }

    /// Counts an item that is closed because another action was taken against its account or post.
    pub fn settled(&mut self) {
        self.in_queue(|queue| queue.settled += 1);
    }

    /// Records the number of items that wait at the end of the day.
    pub fn waiting(&mut self, items: usize) {
        self.in_queue(|queue| queue.waiting = items as u64);
    }

    /// Counts the review time of a decided appeal.
    pub fn appeal_decided(&mut self, minutes: f64) {
        self.in_queue(|queue| queue.minutes += minutes);
    }

    fn in_queue(&mut self, change: impl FnOnce(&mut QueueDay)) {
        if let Some(queue) = self.enforcement.queue() {
            change(queue);
        }
    }

    /// Records an action of the platform. The argument `counts` is true for the first action
    /// against this post or account.
    pub fn acted(&mut self, action: &Action, counts: bool) {
        if let Some(stratum) = self.stratum(action.target) {
            self.enforcement.acted(action, stratum, counts);
        }
    }

    /// Records that an account was limited, suspended or removed, correctly or by mistake.
    pub fn sanctioned(&mut self, account: AccountId, rightly: bool) {
        if let Some(known) = self.enforcement.sanctioned.get_mut(account.row()) {
            *known = true;
            self.enforcement.wronged[account.row()] |= !rightly;
        }
    }

    /// Counts a removal.
    pub fn removed(&mut self, account: AccountId) {
        self.count(account, |counts| counts.removed += 1);
    }

    /// Counts a report to authorities.
    pub fn told_authorities(&mut self, account: AccountId) {
        self.count(account, |counts| counts.authority_reports += 1);
    }

    /// Counts a new link of an exchange account.
    pub fn linked(&mut self, account: AccountId) {
        self.count(account, |counts| counts.links_made += 1);
    }

    /// Counts the links that an account lost because the account was removed.
    pub fn links_lost(&mut self, account: AccountId, links: usize) {
        self.count(account, |counts| counts.links_lost += links as u64);
    }

    /// Records the content of inboxes at the end of the day.
    pub fn feeds(&mut self, day: FeedDay) {
        self.feeds.push(day);
    }

    /// Counts an exchange for its seller.
    pub fn exchanged(&mut self, seller: AccountId) {
        self.count(seller, |counts| counts.exchanges += 1);
    }

    /// Records the network of predators at the end of the day.
    pub fn network(&mut self, network: &NetworkDay) {
        if let Some(day) = self.enforcement.days.last_mut() {
            day.network = *network;
        }
    }

    /// Adds the output of a chunk of accounts to today's record.
    pub fn take(
        &mut self,
        day_counts: &DayCounts,
        accounts: Vec<AccountDay>,
        impressions: &[Impression],
        probes: Vec<ProbeSlate>,
    ) {
        let day = self.days.len() as Day - 1;
        let Some(today) = self.days.last_mut() else { return };
        today.add(day_counts);
        append(&mut self.exposures, impressions);
        self.probes.extend(probes);
        for (account, counts) in accounts {
            let row = account.row();
            let stratum: &mut Counts = &mut today.strata[self.strata[row].index()];
            stratum.active += u64::from(counts.sessions > 0);
            stratum.sessions += u64::from(counts.sessions);
            if self.uninterested[row] {
                stratum.unsolicited += u64::from(counts.harmful_views);
            }
            if counts.harmful_views > 0 {
                self.first_harmful[row].get_or_insert(day);
            }
            if counts.severe_views > 0 && self.present_at_start[row] && self.severe_week[row] != day / 7 {
                self.severe_week[row] = day / 7;
                stratum.severe_first += 1;
            }
            self.accounts[row].add(&counts);
        }
    }

    /// Records that an account searched for a niche. Later harmful views by the account do not
    /// count as unsolicited.
    pub fn searched_niche(&mut self, account: AccountId) {
        if let Some(uninterested) = self.uninterested.get_mut(account.row()) {
            *uninterested = false;
        }
    }

    fn stratum(&self, account: AccountId) -> Option<Stratum> {
        self.strata.get(account.row()).copied()
    }

    /// Counts an account shown by people suggestions.
    pub fn suggested(&mut self, viewer: AccountId, shown: AccountId, followed: bool) {
        if let (Some(viewer), Some(shown)) = (self.stratum(viewer), self.stratum(shown)) {
            self.contact.suggested(viewer, shown, followed);
        }
    }

    /// Counts the first time that a predator's contact reaches a stage.
    pub fn reached(&mut self, predator: AccountId, recipient: AccountId, stage: Stage) {
        if let (Some(predator), Some(recipient)) = (self.stratum(predator), self.stratum(recipient)) {
            self.contact.reached(predator, recipient, stage);
        }
    }

    /// Counts a predator's contact request that reached the recipient. `route` is the route by
    /// which the predator discovered the recipient.
    pub fn delivered(&mut self, recipient: AccountId, route: Option<Route>) {
        if let Some(stratum) = self.stratum(recipient) {
            self.contact.delivered(recipient, stratum, route, self.present_at_start[recipient.row()]);
        }
    }

    /// Counts a new mutual follow between minors, or an accepted message from an account with a
    /// mutual follow.
    pub fn connected(&mut self, account: AccountId) {
        if let Some(stratum) = self.stratum(account) {
            self.contact.connected(stratum);
        }
    }

    /// Counts the minors on a predator's target list today.
    pub fn listed(&mut self, seeker: AccountId, length: usize) {
        if let Some(stratum) = self.stratum(seeker) {
            self.contact.listed(stratum, length);
        }
    }

    /// Records a contact for the tables before the world discards the contact.
    pub fn contact_is_over(&mut self, from: AccountId, contact: &Contact) {
        if self.measuring {
            self.contact.keep(from, contact);
        }
    }
}
