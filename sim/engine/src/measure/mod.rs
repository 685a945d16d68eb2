//! Measurement: daily counts, and the catalogue of metrics, which are computed from the counts.

mod contact;
mod day_counts;
mod enforcement;
mod group_window;
pub mod lesson;
pub mod metrics;
mod period;
mod recorder;
mod stratum;

pub use contact::{ContactCounts, ContactDay, ContactRecord, ContactRow};
pub use day_counts::{Counts, DayCounts, ViewFacts, distance};
pub use enforcement::{
    Action, Decision, EnforcementCounts, EnforcementDay, EnforcementRecord, Kind, MOST_SUGGESTED, NetworkDay, QueueDay,
};
pub use group_window::{GroupWindow, Ratio};
pub use period::Period;
pub use recorder::{AccountCounts, AccountDay, FeedDay, Impression, Life, ProbeSlate, Recorder};
pub use stratum::{Group, Probes, STRATA, Stratum};

use metrics::Info;

/// Value of a metric for a group, over all measured days or on one day.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// Day, or `None` for all measured days.
    pub day: Option<u32>,
    /// Id of the metric.
    pub metric: &'static str,
    /// Name of the group.
    pub group: String,
    /// Value, as a numerator and a denominator.
    pub ratio: Ratio,
}

/// Returns every metric for every group over all measured days, in the order of the catalogue.
/// Groups without an account are omitted.
#[must_use]
pub fn totals(recorder: &Recorder) -> Vec<Measured> {
    let groups = Group::all();
    measure(&Period::whole(recorder, &groups), None, |_| true)
}

/// Returns the daily values of metrics that are defined for a single day, ordered by metric and
/// group, then by day.
#[must_use]
pub fn by_day(recorder: &Recorder) -> Vec<Measured> {
    let groups = Group::all();
    let whole = Period::whole(recorder, &groups);
    let mut rows: Vec<Measured> = (0..recorder.days.len())
        .flat_map(|day| measure(&whole.on(day..day + 1), Some(day as u32), |metric| metric.info().daily))
        .collect();
    let all = metrics::all();
    let index = |id: &str| all.iter().position(|metric| metric.info().id == id);
    rows.sort_by_cached_key(|row| (index(row.metric), groups.iter().position(|group| group.name == row.group)));
    rows
}

fn measure(period: &Period, day: Option<u32>, wanted: impl Fn(&dyn metrics::Metric) -> bool) -> Vec<Measured> {
    let all = metrics::all();
    let measured = all.iter().filter(|metric| metric.info().measured && wanted(**metric));
    measured
        .flat_map(|metric| {
            let Info { id, factor, .. } = *metric.info();
            let row =
                move |(group, ratio): (String, Ratio)| Measured { day, metric: id, group, ratio: ratio.times(factor) };
            metric.values(period).into_iter().map(row)
        })
        .collect()
}
