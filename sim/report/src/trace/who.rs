//! Attributes and totals of an account, from `accounts.parquet`.

use recsafe_analysis::plain;
use recsafe_stats::rows::{AccountId, AccountRow, Tables};
use recsafe_text::{counted, listed};
use serde::Serialize;

use super::event::{Event, Topic};
use super::rows::about;

/// An account's row, and the accounts with which its holder returned.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a column of the table")]
#[expect(missing_docs, reason = "docs/tables.md describes each column")]
pub struct Who {
    pub account: u32,
    pub role: String,
    pub band: String,
    pub declared_band: String,
    pub script: String,
    pub contacting: bool,
    pub exchange: bool,
    pub present_at_start: bool,
    pub violates: bool,
    pub standing: String,
    pub private: bool,
    pub accepts_messages_from: String,
    pub arrived_day: i32,
    pub removed_day: Option<i32>,
    pub returned_from: Option<u32>,
    /// Accounts with which its holder returned.
    pub returns_as: Vec<u32>,
    pub niche_interest: f64,
    pub follows: u32,
    pub followers: u32,
    pub posts: u32,
    pub sessions: u32,
    pub views: u32,
    pub harmful_views: u32,
    pub severe_views: u32,
    pub dose: f64,
    pub likes: u32,
    pub shares: u32,
    pub hides: u32,
    pub reports: u32,
    pub first_harmful_day: Option<i32>,
}

impl Who {
    /// Reads an account of a run. Returns `None` if the run lacks the account or the table of
    /// accounts.
    pub(super) fn read<T: Tables>(tables: &T, account: u32) -> Result<Option<Who>, T::Error> {
        let Some(mut rows) = about::<AccountRow, T>(tables, &["account"], account)? else { return Ok(None) };
        let Some(row) = rows.pop().filter(|_| rows.is_empty()) else { return Ok(None) };
        let returns = about::<AccountId, T>(tables, &["returned_from"], account)?.unwrap_or_default();
        Ok(Some(Who::of(row, returns.iter().map(|row| row.account).collect())))
    }

    fn of(row: AccountRow, returns_as: Vec<u32>) -> Who {
        Who {
            account: row.account,
            role: row.role.into_owned(),
            band: row.band.into_owned(),
            declared_band: row.declared_band.into_owned(),
            script: row.script.unwrap_or_default().into_owned(),
            contacting: row.contacting,
            exchange: row.exchange,
            present_at_start: row.present_at_start,
            violates: row.violates,
            standing: row.standing.into_owned(),
            private: row.private,
            accepts_messages_from: row.accepts_messages_from.into_owned(),
            arrived_day: row.arrived_day,
            removed_day: row.removed_day,
            returned_from: row.returned_from,
            returns_as,
            niche_interest: row.niche_interest.into(),
            follows: row.follows,
            followers: row.followers,
            posts: row.posts,
            sessions: row.sessions,
            views: row.views,
            harmful_views: row.harmful_views,
            severe_views: row.severe_views,
            dose: row.dose,
            likes: row.likes,
            shares: row.shares,
            hides: row.hides,
            reports: row.reports,
            first_harmful_day: row.first_harmful_day,
        }
    }

    /// Describes the account in sentences.
    pub(super) fn sentences(&self) -> Vec<String> {
        vec![self.nature(), self.doings(), self.harm(), self.end()]
    }

    fn nature(&self) -> String {
        let Who { account, role, band, declared_band, .. } = self;
        let script =
            if self.script.is_empty() { String::new() } else { format!(" with the probe script {}", self.script) };
        let age = if band == declared_band {
            format!("true age band {band}, declared correctly")
        } else {
            format!("true age band {band}, declared as {declared_band}")
        };
        let traits: Vec<String> = [
            (self.contacting, "seeks contact with minors"),
            (self.exchange, "takes part in the exchange network"),
            (self.violates, "violates the rules"),
        ]
        .into_iter()
        .filter(|(holds, _)| *holds)
        .map(|(_, what)| what.to_owned())
        .collect();
        let traits = if traits.is_empty() { String::new() } else { format!(" It {}.", listed(&traits)) };
        format!("Account {account} is a {role}{script}, {age}.{traits} {}", self.coming())
    }

    fn coming(&self) -> String {
        let from =
            self.returned_from.map_or(String::new(), |from| format!(" Its holder previously had account {from}."));
        let came = match self.arrived_day {
            ..=0 if self.present_at_start => "It is present when the measured days begin.".to_owned(),
            ..=0 => "It arrived before the measured days.".to_owned(),
            later => format!("It arrives on day {}.", later - 1),
        };
        format!("{came}{from}")
    }

    fn doings(&self) -> String {
        format!(
            "During the measured days, it has {}, views {}, likes {}, shares {}, hides {} and reports {}.",
            counted(self.sessions.into(), "session"),
            counted(self.views.into(), "post"),
            self.likes,
            self.shares,
            self.hides,
            self.reports
        )
    }

    fn harm(&self) -> String {
        if self.harmful_views == 0 {
            return "It views no harmful posts.".to_owned();
        }
        let first =
            self.first_harmful_day.map_or(String::new(), |day| format!("; the first harmful view is on day {day}"));
        format!(
            "Among the viewed posts, {} harmful ({} of them severe). The sum of severity over all views is {}{first}.",
            if self.harmful_views == 1 { "1 is".to_owned() } else { format!("{} are", self.harmful_views) },
            self.severe_views,
            plain(self.dose)
        )
    }

    fn end(&self) -> String {
        let open = if self.private { "private" } else { "public" };
        format!(
            "At the end, it is {} and {open}, accepts messages from {} and follows {}. Followers: {}; posts: {}.",
            self.standing,
            self.accepts_messages_from,
            counted(self.follows.into(), "account"),
            self.followers,
            self.posts
        )
    }

    /// Returns the account's arrival and removal.
    pub(super) fn events(&self) -> Vec<Event> {
        let event = |day, text: String| Event { day, topic: Topic::Presence, is_main: true, text };
        let came = (self.arrived_day > 0).then(|| event(self.arrived_day - 1, "It arrives".to_owned()));
        let went = self.removed_day.map(|day| event(day, format!("It is removed{}", self.going())));
        came.into_iter().chain(went).collect()
    }

    fn going(&self) -> String {
        let ids: Vec<String> = self.returns_as.iter().map(u32::to_string).collect();
        let noun = if ids.len() == 1 { "account" } else { "accounts" };
        if ids.is_empty() { String::new() } else { format!("; its holder returns with {noun} {}", listed(&ids)) }
    }
}
