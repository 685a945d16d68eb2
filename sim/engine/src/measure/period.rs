//! Record of some measured days, by group.

use std::ops::Range;

use super::enforcement::{EnforcementDay, QueueDay};
use super::group_window::GroupWindow;
use super::recorder::{FeedDay, ProbeSlate, Recorder};
use super::stratum::Group;

/// Record of some days for all groups that have at least one account. Metrics with special groups
/// are computed from such a record.
#[derive(Clone, Debug)]
pub struct Period<'a> {
    recorder: &'a Recorder,
    windows: Vec<GroupWindow<'a>>,
    days: Range<usize>,
}

impl<'a> Period<'a> {
    /// Returns the record of all measured days.
    #[must_use]
    pub fn whole(recorder: &'a Recorder, groups: &'a [Group]) -> Self {
        let days = 0..recorder.days.len();
        let windows = groups.iter().map(|group| GroupWindow::new(recorder, group, days.clone()));
        Period { recorder, windows: windows.filter(|window| window.members() > 0.0).collect(), days }
    }

    /// Returns the record of other days of the same run.
    #[must_use]
    pub fn on(&self, days: Range<usize>) -> Self {
        let windows = self.windows.iter().map(|window| window.on(days.clone())).collect();
        Period { recorder: self.recorder, windows, days }
    }

    /// Returns the records of all groups that have at least one account, in the order of the
    /// tables.
    #[must_use]
    pub fn windows(&self) -> &[GroupWindow<'a>] {
        &self.windows
    }

    /// Returns the record of a group, or `None` if the group has no account.
    #[must_use]
    pub fn window(&self, group: &str) -> Option<&GroupWindow<'a>> {
        self.windows.iter().find(|window| window.group().name == group)
    }

    /// Returns the record of enforcement on these days.
    #[must_use]
    pub fn enforcement(&self) -> &'a [EnforcementDay] {
        &self.recorder.enforcement.days[self.days.clone()]
    }

    /// Returns the content of inboxes at the end of each day. The list is empty in worlds without
    /// inboxes.
    #[must_use]
    pub fn feeds(&self) -> &'a [FeedDay] {
        self.recorder.feeds.get(self.days.clone()).unwrap_or_default()
    }

    /// Returns the counts of the review queue over these days.
    #[must_use]
    pub fn queue(&self) -> QueueDay {
        QueueDay::sum(self.enforcement().iter().map(|day| &day.queue))
    }

    /// Returns the slates of probes on these days.
    pub fn probe_slates(&self) -> impl Iterator<Item = &'a ProbeSlate> + '_ {
        self.recorder.probes.iter().filter(|slate| self.days.contains(&(slate.day as usize)))
    }
}
