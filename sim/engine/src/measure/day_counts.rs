//! Counts of one day by stratum.
#![allow(clippy::inline_always, reason = "only inlined code is compiled for wider registers")]

use recsafe_common::vector::{DIM, Vector, dot};
use recsafe_common::wide::{Work, wide};
use recsafe_people::behavior::Reaction;
use recsafe_people::settings::Harm;
use recsafe_platform::View;
use recsafe_platform::slate::Shown;
use serde::{Deserialize, Serialize};

use super::stratum::{STRATA, Stratum};

/// Activity and exposure of the accounts of a stratum on one day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Counts {
    /// Accounts with a session.
    pub active: u64,
    /// Sessions.
    pub sessions: u64,
    /// Views.
    pub views: u64,
    /// Views of harmful posts.
    pub harmful_views: u64,
    /// Views of severe posts.
    pub severe_views: u64,
    /// Accounts that view a severe post for the first time in the week.
    pub severe_first: u64,
    /// Harmful views by uninterested accounts. The interest in niches of an uninterested account is
    /// below the population's median, and the account has not searched for a niche before.
    pub unsolicited: u64,
    /// Sum over views of the severity of the viewed post.
    pub dose: f64,
    /// Likes and reshares.
    pub engagements: u64,
    /// Hides.
    pub hides: u64,
    /// Reports.
    pub reports: u64,
    /// Reports of severe posts.
    pub severe_reports: u64,
    /// Views of benign posts.
    pub benign_views: u64,
    /// Sum, over views of benign posts, of the cosine between the viewer's interests and the topic
    /// of the post.
    pub relevance: f64,
    /// Sum over views of -log2(s), where s is the viewed post's share of all views.
    pub novelty: f64,
    /// Slates of at least two posts.
    pub slates: u64,
    /// Sum over slates of at least two posts. The summand is the mean distance between two posts of
    /// the slate.
    pub distance: f64,
    /// Views, by any account, of benign posts whose creator is in this stratum.
    pub reach: u64,
}

macro_rules! add_fields {
    ($into:expr, $from:expr, $($field:ident),*) => { $($into.$field += $from.$field;)* };
}

impl Counts {
    /// Adds other counts.
    pub fn add(&mut self, other: &Counts) {
        add_fields!(
            self,
            other,
            active,
            sessions,
            views,
            harmful_views,
            severe_views,
            severe_first,
            unsolicited,
            dose,
            engagements,
            hides,
            reports,
            severe_reports,
            benign_views,
            relevance,
            novelty,
            slates,
            distance,
            reach
        );
    }
}

/// Counts of all strata.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct DayCounts {
    /// Counts by [`Stratum::index`].
    pub strata: [Counts; STRATA],
}

impl Default for DayCounts {
    fn default() -> Self {
        DayCounts { strata: [Counts::default(); STRATA] }
    }
}

impl DayCounts {
    /// Counts one view for the viewer's stratum and for the creator's stratum.
    #[inline]
    pub fn view(&mut self, viewer: Stratum, creator: Stratum, view: &ViewFacts, harm: &Harm, reaction: &Reaction) {
        let (harmful, severe) = (harm.is_harmful(view.severity), harm.is_severe(view.severity));
        let counts = &mut self.strata[viewer.index()];
        counts.views += 1;
        counts.harmful_views += u64::from(harmful);
        counts.severe_views += u64::from(severe);
        counts.dose += f64::from(view.severity);
        counts.engagements += u64::from(reaction.liked) + u64::from(reaction.shared);
        counts.hides += u64::from(reaction.hidden);
        counts.reports += u64::from(reaction.reported);
        counts.severe_reports += u64::from(reaction.reported && severe);
        counts.novelty += f64::from(view.novelty);
        if !harmful {
            counts.benign_views += 1;
            counts.relevance += f64::from(view.affinity);
            self.strata[creator.index()].reach += 1;
        }
    }

    /// Counts a slate of at least two posts, with its [`distance`].
    pub fn slate(&mut self, viewer: Stratum, distance: f32) {
        let counts = &mut self.strata[viewer.index()];
        counts.slates += 1;
        counts.distance += f64::from(distance);
    }

    /// Adds other counts, stratum by stratum.
    pub fn add(&mut self, other: &DayCounts) {
        for (mine, others) in self.strata.iter_mut().zip(&other.strata) {
            mine.add(others);
        }
    }
}

/// Returns the mean of 1 - cosine over all pairs of posts in a slate. The slate must have at least
/// two posts. The cosine is computed from the features that the platform observes.
#[must_use]
pub fn distance(view: &View, slate: &[Shown]) -> f32 {
    let n = slate.len() as f32;
    let sum = wide(Sum { view, slate });
    // The vectors have length 1, so |sum|^2 = n + 2 c, where c is the sum of the cosines of all
    // pairs.
    let mean_cosine = (dot(&sum, &sum) - n) / (n * (n - 1.0));
    1.0 - mean_cosine
}

/// Sum of the feature vectors of a slate's posts.
struct Sum<'a> {
    view: &'a View<'a>,
    slate: &'a [Shown],
}

impl Work for Sum<'_> {
    type Out = Vector;

    #[inline(always)]
    fn run(self) -> Vector {
        let mut sum = [0.0_f32; DIM];
        for shown in self.slate {
            let features = self.view.observed.posts.rows()[shown.post_index as usize].features.unpack();
            for (total, x) in sum.iter_mut().zip(features) {
                *total += x;
            }
        }
        sum
    }
}

/// Facts about a view that are required for metrics.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ViewFacts {
    /// Severity of the post.
    pub severity: f32,
    /// Cosine between the viewer's interests and the post's topic.
    pub affinity: f32,
    /// -log2(s), where s is the post's share of all views before the day.
    pub novelty: f32,
}
