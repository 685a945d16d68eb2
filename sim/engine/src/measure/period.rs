//! Record of some measured days by group.

use std::ops::Range;

use super::cell::Group;
use super::cut::Cut;
use super::enforcement::{EnforcementDay, QueueDay};
use super::recorder::{FeedDay, ProbeSlate, Recorder};

/// Record of some days for every group that has an account. Metrics with special groups are
/// functions of it.
#[derive(Clone, Debug)]
pub struct Period<'a> {
    recorder: &'a Recorder,
    cuts: Vec<Cut<'a>>,
    days: Range<usize>,
}

impl<'a> Period<'a> {
    /// Returns the record of all measured days.
    #[must_use]
    pub fn whole(recorder: &'a Recorder, groups: &'a [Group]) -> Self {
        let days = 0..recorder.days.len();
        let cuts = groups.iter().map(|group| Cut::new(recorder, group, days.clone()));
        Period { recorder, cuts: cuts.filter(|cut| cut.members() > 0.0).collect(), days }
    }

    /// Returns the record of other days of the same run.
    #[must_use]
    pub fn on(&self, days: Range<usize>) -> Self {
        let cuts = self.cuts.iter().map(|cut| cut.on(days.clone())).collect();
        Period { recorder: self.recorder, cuts, days }
    }

    /// Returns the records of groups that have an account, in the order of tables.
    #[must_use]
    pub fn cuts(&self) -> &[Cut<'a>] {
        &self.cuts
    }

    /// Returns the record of a group, if it has an account.
    #[must_use]
    pub fn cut(&self, group: &str) -> Option<&Cut<'a>> {
        self.cuts.iter().find(|cut| cut.group().name == group)
    }

    /// Returns the record of enforcement on these days.
    #[must_use]
    pub fn enforcement(&self) -> &'a [EnforcementDay] {
        &self.recorder.enforcement.days[self.days.clone()]
    }

    /// Returns the content of inboxes at the end of each day; empty in worlds without inboxes.
    #[must_use]
    pub fn feeds(&self) -> &'a [FeedDay] {
        self.recorder.feeds.get(self.days.clone()).unwrap_or_default()
    }

    /// Returns the review queue over these days.
    #[must_use]
    pub fn queue(&self) -> QueueDay {
        QueueDay::sum(self.enforcement().iter().map(|day| &day.queue))
    }

    /// Returns the slates of probes on these days.
    pub fn probe_slates(&self) -> impl Iterator<Item = &'a ProbeSlate> + '_ {
        self.recorder.probes.iter().filter(|slate| self.days.contains(&(slate.day as usize)))
    }
}
