//! Measures: what is counted day by day, and the catalogue of metrics made from it.

mod cell;
mod cut;
pub mod metrics;
mod recorder;
mod tally;

pub use cell::{CELLS, Cell, Group};
pub use cut::{Cut, Ratio};
pub use recorder::{AccountCounts, AccountDay, Impression, Recorder};
pub use tally::{Counts, Tally, ViewFacts};

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
    let days = recorder.days.len();
    measure(recorder, |metric, cut| vec![(None, metric.measure(&cut.on(0..days)))])
}

/// The same by day, for metrics that a single day has.
#[must_use]
pub fn by_day(recorder: &Recorder) -> Vec<Measured> {
    let days = recorder.days.len();
    measure(recorder, |metric, cut| {
        let each = (0..days).filter(|_| metric.info().daily);
        each.map(|day| (Some(day as u32), metric.measure(&cut.on(day..day + 1)))).collect()
    })
}

type Values = Vec<(Option<u32>, Ratio)>;

fn measure(recorder: &Recorder, values: impl Fn(&dyn metrics::Metric, Cut) -> Values) -> Vec<Measured> {
    let groups = Group::all();
    let cuts: Vec<Cut> = groups
        .iter()
        .map(|group| Cut::new(recorder, group, 0..recorder.days.len()))
        .filter(|cut| cut.members() > 0.0)
        .collect();
    let mut rows = Vec::new();
    for metric in metrics::all().iter().filter(|metric| metric.info().measured) {
        for cut in cuts.iter().filter(|cut| metric.applies(cut.group())) {
            let of_group =
                |(day, ratio)| Measured { day, metric: metric.info().id, group: cut.group().name.clone(), ratio };
            rows.extend(values(metric.as_ref(), *cut).into_iter().map(of_group));
        }
    }
    rows
}
