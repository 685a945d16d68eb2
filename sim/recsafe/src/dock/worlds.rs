//! Cases that are experiments: run in memory, of which one metric is kept.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use recsafe_config::{Experiment, Input};

use super::{DockError, How};
use crate::measure::metrics;
use crate::validate::worlds::{Options, Samples, run_all};

/// An experiment of this folder, and how large it is.
pub(super) struct World {
    /// Its file, for messages.
    pub file: &'static str,
    /// Its text.
    pub text: &'static str,
    /// Seeds and measured days of the reduced size.
    pub reduced: (u64, u32),
    /// Seeds of the full size; its days are those of the file.
    pub full_seeds: u64,
    /// The swept setting.
    pub axis: &'static str,
    /// `ID@GROUP` of what is kept.
    pub metric: &'static str,
}

/// What is kept of the points of the sweep, in their order: the axis' value, and the metric by seed.
pub(super) type Points = Vec<(f64, Vec<f64>)>;

/// Runs an experiment; none if it was stopped.
pub(super) fn run(world: &World, how: &How) -> Result<Option<Points>, DockError> {
    let experiment = experiment(world, how)?;
    let options = Options { threads: how.threads, quiet: how.quiet, by_day: Vec::new() };
    let samples = Mutex::new(Samples::new());
    let whole = run_all(std::slice::from_ref(&experiment), &options, how.stop, &|_, all| {
        samples.lock().unwrap_or_else(PoisonError::into_inner).clone_from(all);
        Ok(())
    })?;
    if !whole {
        return Ok(None);
    }
    let samples = samples.into_inner().unwrap_or_else(PoisonError::into_inner);
    let values = |point: usize| {
        let of_point = samples.iter().filter_map(move |runs| runs.get(point));
        of_point.filter_map(|(_, sample)| sample.whole(world.metric)?.value()).collect()
    };
    let axis = experiment.swept.iter().position(|path| path == world.axis);
    let place = |point: &Vec<serde_json::Value>| point.get(axis?)?.as_f64();
    let places = experiment.points.iter().map(|point| place(point).unwrap_or(f64::NAN));
    Ok(Some(places.enumerate().map(|(point, place)| (place, values(point))).collect()))
}

/// The experiment in the wanted size; what the caller sets counts last.
fn experiment(world: &World, how: &How) -> Result<Experiment, DockError> {
    let (seeds, days) = if how.full { (world.full_seeds, None) } else { (world.reduced.0, Some(world.reduced.1)) };
    let seeds: Vec<u64> = (how.seed..).take(seeds as usize).collect();
    let mut set = vec![format!("experiment.seeds={seeds:?}")];
    set.extend(days.map(|days| format!("experiment.days={days}")));
    let named = |setting: &String| how.set.iter().any(|own| own.split('=').next() == setting.split('=').next());
    set.retain(|setting| !named(setting));
    set.extend_from_slice(how.set);
    Ok(Experiment::read(&Input {
        file: PathBuf::from(world.file),
        text: world.text.to_owned(),
        set,
        metrics: metrics::known(),
        ..Input::default()
    })?)
}
