//! The recorder: takes in what the phases put out, in account order, and keeps what is to be measured.

use recsafe_common::ids::{AccountId, Day};
use recsafe_people::behavior::Reaction;
use recsafe_people::behavior::probes::Script;
use recsafe_people::people::People;
use recsafe_people::settings::Harm;
use recsafe_platform::candidates::Source;

use super::cell::Cell;
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

/// What is kept of the measured days.
#[derive(Clone, Debug)]
pub struct Recorder {
    measuring: bool,
    exposure_share: f64,
    /// Every account's cell.
    pub cells: Vec<Cell>,
    /// Whether an account's own interest in niches is below the population's median.
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
}

impl Recorder {
    /// A recorder that keeps nothing, for days that are not measured.
    #[must_use]
    pub fn idle() -> Self {
        Recorder {
            measuring: false,
            exposure_share: 0.0,
            cells: Vec::new(),
            uninterested: Vec::new(),
            accounts: Vec::new(),
            first_harmful: Vec::new(),
            severe_week: Vec::new(),
            days: Vec::new(),
            exposures: Vec::new(),
        }
    }

    /// A recorder for the measured days. `scripts`: of the probes, which stand behind the people. `exposure_share`: share of
    /// accounts whose every impression is kept.
    #[must_use]
    pub fn new(people: &People, scripts: &[Script], exposure_share: f64) -> Self {
        let accounts = people.len();
        let interest = &people.niche_interest;
        let mut population: Vec<f32> = interest[..accounts - scripts.len()].to_vec();
        population.sort_unstable_by(f32::total_cmp);
        let median = population.get(population.len() / 2).copied().unwrap_or(0.0);
        Recorder {
            measuring: true,
            exposure_share,
            cells: Cell::column(people, scripts),
            uninterested: interest.iter().map(|&own| own < median).collect(),
            accounts: vec![AccountCounts::default(); accounts],
            first_harmful: vec![None; accounts],
            severe_week: vec![-1; accounts],
            days: Vec::new(),
            exposures: Vec::new(),
        }
    }

    /// Share of accounts whose every impression is kept.
    #[must_use]
    pub fn exposure_share(&self) -> f64 {
        self.exposure_share
    }

    /// Begins a day.
    pub fn start_day(&mut self) {
        if self.measuring {
            self.days.push(Tally::default());
        }
    }

    /// Takes in what one chunk of accounts put out today.
    pub fn take(&mut self, tally: &Tally, accounts: Vec<AccountDay>, impressions: Vec<Impression>) {
        let day = self.days.len() as Day - 1;
        let Some(today) = self.days.last_mut() else { return };
        today.add(tally);
        self.exposures.extend(impressions);
        for (account, counts) in accounts {
            let row = account.row();
            let cell: &mut Counts = &mut today.cells[self.cells[row].place()];
            cell.active += 1;
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
}
