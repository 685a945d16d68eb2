//! Results of serving accounts: effects on later phases, and counts.

use recsafe_people::behavior::Reaction;
use recsafe_people::settings::Harm;
use recsafe_platform::View;
use recsafe_platform::slate::Shown;

use crate::day_log::DayLog;
use crate::measure::{AccountDay, DayCounts, Impression, ProbeSlate, Stratum, ViewFacts, distance};
use crate::phase::Times;

/// Output of a chunk of accounts, or of one account.
#[derive(Default)]
pub(super) struct Output {
    pub(super) log: DayLog,
    pub(super) counts: DayCounts,
    pub(super) accounts: Vec<AccountDay>,
    pub(super) impressions: Vec<Impression>,
    pub(super) probes: Vec<ProbeSlate>,
    pub(super) times: Times,
    /// Views and slates of an account that is served in step with others. The views and slates are
    /// counted when the outputs of earlier accounts have been added. `None` if all views and slates
    /// are counted immediately.
    noted: Option<Vec<Noted>>,
}

/// View or slate that is counted later. Counts include sums of floating-point numbers, so accounts
/// must be counted in order.
enum Noted {
    Slate(Stratum, f32),
    View { viewer: Stratum, creator: Stratum, facts: ViewFacts, reaction: Reaction },
}

impl Output {
    /// Creates the output of an account that is served in step with others.
    pub(super) fn of_one() -> Self {
        Output { noted: Some(Vec::new()), ..Output::default() }
    }

    /// Counts a slate.
    pub(super) fn count_slate(&mut self, viewer: Stratum, view: &View, slate: &[Shown]) {
        if slate.len() < 2 {
            return;
        }
        let distance = distance(view, slate);
        match &mut self.noted {
            None => self.counts.slate(viewer, distance),
            Some(noted) => noted.push(Noted::Slate(viewer, distance)),
        }
    }

    /// Counts a view.
    #[inline]
    pub(super) fn count_view(
        &mut self,
        (viewer, creator): (Stratum, Stratum),
        facts: ViewFacts,
        harm: &Harm,
        reaction: &Reaction,
    ) {
        match &mut self.noted {
            None => self.counts.view(viewer, creator, &facts, harm, reaction),
            Some(noted) => noted.push(Noted::View { viewer, creator, facts, reaction: *reaction }),
        }
    }

    /// Counts deferred views and slates.
    #[cold]
    fn count(&mut self, noted: Vec<Noted>, harm: &Harm) {
        for noted in noted {
            match noted {
                Noted::Slate(viewer, distance) => self.counts.slate(viewer, distance),
                Noted::View { viewer, creator, facts, reaction } => {
                    self.counts.view(viewer, creator, &facts, harm, &reaction);
                }
            }
        }
    }

    /// Adds the output of a later account that was served in step with others.
    pub(super) fn add(&mut self, later: Output, harm: &Harm) {
        self.count(later.noted.unwrap_or_default(), harm);
        self.log.add(later.log);
        self.accounts.extend(later.accounts);
        self.impressions.extend(later.impressions);
        self.probes.extend(later.probes);
    }
}
