//! Measures: what is counted day by day, and the catalogue of metrics made from it.

mod cell;
mod contact;
mod cut;
mod enforcement;
pub mod lesson;
pub mod metrics;
mod period;
mod recorder;
mod tally;

pub use cell::{CELLS, Cell, Group, Probes};
pub use contact::{ContactCounts, ContactDay, ContactRecord, ContactRow};
pub use cut::{Cut, Ratio};
pub use enforcement::{
    Action, Decision, EnforcementCounts, EnforcementDay, EnforcementRecord, Kind, MOST_SUGGESTED, NetworkDay, QueueDay,
};
pub use period::Period;
pub use recorder::{AccountCounts, AccountDay, FeedDay, Impression, Life, ProbeSlate, Recorder};
pub use tally::{Counts, Tally, ViewFacts, distance};

use metrics::Info;

/// One metric's value for one group, over all measured days or on one of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// The day, or none for all measured days.
    pub day: Option<u32>,
    /// The metric's id.
    pub metric: &'static str,
    /// The group's name.
    pub group: String,
    /// Its value as a fraction.
    pub ratio: Ratio,
}

/// Every metric of every group over all measured days, in the order of the catalogue. Groups without an account are left out.
#[must_use]
pub fn totals(recorder: &Recorder) -> Vec<Measured> {
    let groups = Group::all();
    measure(&Period::whole(recorder, &groups), None, |_| true)
}

/// The same by day, for metrics that a single day has: metric by metric, then day by day.
#[must_use]
pub fn by_day(recorder: &Recorder) -> Vec<Measured> {
    let groups = Group::all();
    let whole = Period::whole(recorder, &groups);
    let mut rows: Vec<Measured> = (0..recorder.days.len())
        .flat_map(|day| measure(&whole.on(day..day + 1), Some(day as u32), |metric| metric.info().daily))
        .collect();
    let all = metrics::all();
    let place = |id: &str| all.iter().position(|metric| metric.info().id == id);
    rows.sort_by_cached_key(|row| (place(row.metric), groups.iter().position(|group| group.name == row.group)));
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
