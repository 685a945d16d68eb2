//! Everything that a run's tables hold of one account.

use std::path::PathBuf;

use recsafe_config::manifest::{Manifest, RunEntry};
use recsafe_stats::rows::{AccountId, AccountRow, ExposureRow, ProbeRow, Read, Tables};
use serde_json::Value as Json;

use super::contact::{self, Suggested};
use super::event::Event;
use super::platform;
use super::rows::about;
use super::who::Who;

/// The setting that says from which severity a post is harmful.
const THRESHOLD: &str = "harm.threshold";

/// Why a story cannot be told.
#[derive(Debug, thiserror::Error)]
pub enum StoryError<E> {
    /// A table cannot be read.
    #[error(transparent)]
    Tables(#[from] E),
    /// The run's accounts are not there.
    #[error("{} is not there", .0.display())]
    NoAccounts(PathBuf),
    /// There is no such account.
    #[error("there is no account {account} under `{arm}` with seed {seed}: accounts are 0 to {last}")]
    NoSuchAccount {
        /// What was asked for.
        account: u32,
        /// In which arm.
        arm: String,
        /// With which seed.
        seed: u64,
        /// The last account.
        last: u32,
    },
}

/// One run, and what its tables keep.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Its arm.
    pub arm: String,
    /// Its sweep point.
    pub point: u32,
    /// Its seed.
    pub seed: u64,
    /// Measured days.
    pub days: i32,
    /// Severity from which a post is harmful.
    pub threshold: f64,
    /// Share of accounts whose impressions are kept.
    pub exposures: f64,
    /// Share of pairs of ordinary adults whose contacts are kept.
    pub contacts: f64,
}

impl Run {
    /// What the manifest says of a run.
    #[must_use]
    pub fn of(manifest: &Manifest, run: &RunEntry) -> Run {
        let experiment = &manifest.experiment;
        let swept = experiment.points.get(run.point as usize).and_then(|point| point.values.get(THRESHOLD));
        let of_arm = || manifest.arms.iter().find(|arm| arm.name == run.arm)?.setting(THRESHOLD)?.as_f64();
        let threshold = swept.and_then(Json::as_f64).or_else(of_arm);
        Run {
            arm: run.arm.clone(),
            point: run.point,
            seed: run.seed,
            days: experiment.days as i32,
            threshold: threshold.unwrap_or(f64::INFINITY),
            exposures: experiment.output.exposures,
            contacts: experiment.output.contacts,
        }
    }
}

/// The number of the last account of a run.
///
/// # Errors
/// If the table of accounts is not there or cannot be read.
pub fn last_account<T: Tables>(tables: &T) -> Result<u32, StoryError<T::Error>> {
    let ids: Vec<AccountId> = with_accounts(tables)?.rows()?;
    Ok(ids.iter().map(|row| row.account).max().unwrap_or(0))
}

/// The tables of a run, if its accounts are among them.
pub(super) fn with_accounts<T: Tables>(tables: &T) -> Result<&T, StoryError<T::Error>> {
    let there = tables.has(AccountRow::TABLE).then_some(tables);
    there.ok_or_else(|| StoryError::NoAccounts(tables.place(AccountRow::TABLE)))
}

/// An account's life in a run. What a table that is not there would hold is empty.
#[derive(Clone, Debug, PartialEq)]
pub struct Life {
    /// The run.
    pub run: Run,
    /// Who it is.
    pub who: Who,
    /// What it was shown, if its impressions were kept.
    pub impressions: Vec<ExposureRow>,
    /// Suggestions of it and to it, by day.
    pub suggested: Vec<Suggested>,
    /// What happened, by day.
    pub events: Vec<Event>,
    /// A probe's slates.
    pub slates: Vec<ProbeRow>,
    /// Tables that the run does not have.
    pub without: Vec<&'static str>,
}

impl Life {
    /// Reads an account's life.
    ///
    /// # Errors
    /// If there is no such account, or a table cannot be read.
    pub fn read<T: Tables>(run: &Run, tables: &T, account: u32) -> Result<Life, StoryError<T::Error>> {
        let last = last_account(tables)?;
        let Run { arm, seed, .. } = run;
        let no_such = || StoryError::NoSuchAccount { account, arm: arm.clone(), seed: *seed, last };
        let who = Who::read(tables, account)?.ok_or_else(no_such)?;
        let mut life = Life::of(run, who);
        life.read_tables(tables, account)?;
        life.events.sort_by_key(|event| (event.day, event.topic));
        Ok(life)
    }

    /// A life of which no table but that of accounts is read yet.
    fn of(run: &Run, who: Who) -> Life {
        Life {
            run: run.clone(),
            events: who.events(),
            who,
            impressions: Vec::new(),
            suggested: Vec::new(),
            slates: Vec::new(),
            without: Vec::new(),
        }
    }

    fn read_tables<T: Tables>(&mut self, tables: &T, account: u32) -> Result<(), T::Error> {
        match about(tables, &["account"], account)? {
            Some(impressions) => self.impressions = impressions,
            None => self.without.push("exposures"),
        }
        match contact::read(tables, account)? {
            Some(contacts) => {
                self.suggested = contacts.suggested;
                self.events.extend(contacts.steps);
            }
            None => self.without.push("contacts"),
        }
        match platform::read(tables, account)? {
            Some(decisions) => self.events.extend(decisions),
            None => self.without.push("actions"),
        }
        match about(tables, &["probe"], account)? {
            Some(slates) => self.slates = slates,
            None => self.without.push("probes"),
        }
        Ok(())
    }

    /// Whether every impression of it was kept.
    #[must_use]
    pub fn is_sampled(&self) -> bool {
        !self.impressions.is_empty()
    }

    /// What a reader must know of how much the tables tell.
    #[must_use]
    pub fn remarks(&self) -> Vec<String> {
        let missing = self.without.iter().map(|table| {
            format!("{table}.parquet is not there, so what it holds is not told. `recsafe run FILE --resume` makes missing files again.")
        });
        let last = "One account of one run illustrates; it proves nothing. What an arm does is in `recsafe compare`.";
        missing.chain(self.of_impressions()).chain(self.of_contacts()).chain([last.to_owned()]).collect()
    }

    fn of_impressions(&self) -> Option<String> {
        if self.is_sampled() || self.without.contains(&"exposures") {
            return None;
        }
        let share = Json::from(self.run.exposures);
        Some(format!(
            "Its impressions were not kept, so that what it was shown is known as a sum only: `[output] exposures = {share}` keeps those of that share of accounts, 1.0 those of all."
        ))
    }

    fn of_contacts(&self) -> Option<String> {
        if self.who.role != "user" || self.without.contains(&"contacts") {
            return None;
        }
        let share = Json::from(self.run.contacts);
        Some(format!(
            "Of its contacts with other ordinary adults only a sample was kept: `[output] contacts = {share}` keeps that share of pairs."
        ))
    }
}
