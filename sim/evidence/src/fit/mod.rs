//! Joint fit of defaults: adjusts settings so that the model's figures come close to the middle of
//! the ranges of `fitted` rows.
//!
//! `file` lists the settings, `residual` measures the distance of a figure from its range,
//! `optimiser` searches for the best values, and `record` stores the results. All evaluations use
//! the same seeds (common random numbers), so differences between evaluations are not due to
//! chance.

pub mod file;
pub mod optimiser;
pub mod record;
pub mod residual;
mod table;

pub use table::table;

use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, PoisonError};

use file::{Fit, Parameter};
use optimiser::{Optimum, Residuals, Search, Stand, minimise};
use record::{Evaluation, Figures, FittedRow, Iteration, Move, Record, Sensitivity};
use recsafe_config::plan::VERSION;
use recsafe_config::{Experiment, Plan, Problems};
use recsafe_results::StoreError;
use recsafe_results::output_file::OutputFile;
use recsafe_run::RunError;
use residual::residual;

use super::arms_of;
use super::evidence::{Role, Row};
use super::setup::DEFAULT;
use super::worlds::{Options, Samples, run_all};

/// Reason why a fit did not finish.
#[derive(Debug, thiserror::Error)]
pub enum FitError {
    /// A run failed.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The record could not be saved or read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Incompatible parameters.
    #[error("these parameter values are invalid together")]
    Settings(Problems),
    /// No fitted row has a figure at the start.
    #[error("the world at the start has no figure for any fitted row")]
    NoFigure,
}

/// Fits the parameters, continuing from the record in `file`. Returns `None` if the fit was
/// stopped.
///
/// # Errors
/// If a run fails or the record cannot be saved. The record keeps finished evaluations.
pub fn fit(
    rows: &[Row],
    (fit, parameters): (&Fit, &[Parameter]),
    file: &OutputFile,
    options: &Options,
    stop: &AtomicBool,
) -> Result<Option<Record>, FitError> {
    let of_role = |role: Role| rows.iter().filter(move |row| row.role == role);
    let held_out = of_role(Role::HeldOut).filter(|row| row.figure.arms() == [DEFAULT]).collect();
    let rows: Vec<&Row> = of_role(Role::Fitted).collect();
    let record = Record {
        version: VERSION.to_owned(),
        fit: Some(fit.clone()),
        parameters: parameters.to_vec(),
        evaluations: Record::load(file.path())?.evaluations,
        ..Record::default()
    };
    let start: Vec<f64> = parameters.iter().map(|parameter| parameter.position(parameter.start)).collect();
    let search = Search { iterations: fit.iterations, damping: fit.damping, step: fit.step, ridge: fit.ridge };
    let record = Mutex::new(record);
    let mut worlds = Worlds { fit, parameters, rows, held_out, used: Vec::new(), file, record: &record, options, stop };
    let Some(optimum) = minimise(&start, &search, &mut worlds)? else { return Ok(None) };
    worlds.finish(&optimum)?;
    Ok(Some(record.into_inner().unwrap_or_else(PoisonError::into_inner)))
}

/// The data of a fit from which worlds are run and compared with the rows.
struct Worlds<'a> {
    fit: &'a Fit,
    parameters: &'a [Parameter],
    /// Every fitted row.
    rows: Vec<&'a Row>,
    /// Held-out rows that need only the default arm. The record lists their figures, but the fit
    /// does not use these rows.
    held_out: Vec<&'a Row>,
    /// Fitted rows that had a figure at the start.
    used: Vec<&'a Row>,
    file: &'a OutputFile,
    record: &'a Mutex<Record>,
    options: &'a Options,
    stop: &'a AtomicBool,
}

impl Worlds<'_> {
    fn values(&self, point: &[f64]) -> Vec<f64> {
        self.parameters.iter().zip(point).map(|(parameter, &position)| parameter.value(position)).collect()
    }

    /// Returns the experiment at a point of the search, and the hash of its plan.
    fn experiment(&self, point: &[f64]) -> Result<(Experiment, String), FitError> {
        let paths = self.parameters.iter().map(|parameter| &parameter.path);
        // Formatted with a decimal point, so an integral value stays a float.
        let set: Vec<String> = paths.zip(self.values(point)).map(|(path, value)| format!("{path}={value:?}")).collect();
        let rows: Vec<Row> = self.rows.iter().map(|&row| row.clone()).collect();
        let experiment = self.fit.setup().experiment(&arms_of(&rows), &set).map_err(FitError::Settings)?;
        let hash = Plan::new(&experiment).hash();
        Ok((experiment, hash))
    }

    /// Changes and saves the record.
    fn keep<T>(&self, change: impl FnOnce(&mut Record) -> T) -> Result<T, StoreError> {
        let mut record = self.record.lock().unwrap_or_else(PoisonError::into_inner);
        let made = change(&mut record);
        record.save(self.file)?;
        Ok(made)
    }

    /// Evaluates the points that are missing from the record. Returns `false` if the fit was
    /// stopped.
    fn run_missing(&self, points: &[Vec<f64>]) -> Result<bool, FitError> {
        let mut missing: Vec<(Vec<f64>, String)> = Vec::new();
        let mut experiments = Vec::new();
        for point in points {
            let (experiment, hash) = self.experiment(point)?;
            let known = {
                let record = self.record.lock().unwrap_or_else(PoisonError::into_inner);
                record.evaluation(&hash).is_some_and(|known| known.covers(&self.rows, &self.held_out))
            };
            if !known && missing.iter().all(|(_, other)| *other != hash) {
                missing.push((self.values(point), hash));
                experiments.push(experiment);
            }
        }
        if experiments.is_empty() {
            return Ok(true);
        }
        let finished = |position: usize, samples: &Samples| {
            let (parameters, hash) = missing[position].clone();
            let [rows, held_out] = [&self.rows, &self.held_out].map(|rows| figures_of(rows, samples));
            let evaluation = Evaluation { hash, parameters, rows, held_out };
            Ok(self.keep(|record| {
                record.evaluations.retain(|known| known.hash != evaluation.hash);
                record.evaluations.push(evaluation);
            })?)
        };
        Ok(run_all(&experiments, self.options, self.stop, &finished)?)
    }

    /// Returns the figure of a row at an evaluated point.
    fn figure(&self, point: &[f64], row: &Row) -> Result<Option<f64>, FitError> {
        let (_, hash) = self.experiment(point)?;
        let record = self.record.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(record.evaluation(&hash).and_then(|evaluation| evaluation.rows.get(&row.id).copied().flatten()))
    }

    fn figures(&self, point: &[f64], rows: &[&Row]) -> Result<Vec<Option<f64>>, FitError> {
        rows.iter().map(|row| self.figure(point, row)).collect()
    }

    /// Chooses the rows of the fit: the fitted rows that have a figure in the first evaluation.
    fn choose_rows(&mut self, start: &[f64]) -> Result<(), FitError> {
        let figures = self.figures(start, &self.rows)?;
        let (with, without): (Vec<_>, Vec<_>) =
            self.rows.iter().zip(&figures).partition(|(_, figure)| figure.is_some());
        self.used = with.iter().map(|(row, _)| **row).collect();
        if self.used.is_empty() {
            return Err(FitError::NoFigure);
        }
        let rows = with.into_iter().map(|(row, &before)| FittedRow {
            id: row.id.clone(),
            low: row.low,
            high: row.high,
            before,
            after: before,
        });
        let (rows, left_out) = (rows.collect(), without.into_iter().map(|(row, _)| row.id.clone()).collect());
        Ok(self.keep(|record| (record.rows, record.left_out) = (rows, left_out))?)
    }

    /// Records how each parameter affects each row, at the last point from which steps were tried.
    fn finish(&self, optimum: &Optimum) -> Result<(), FitError> {
        let here = &optimum.from;
        let (values, before) = (self.values(here), self.figures(here, &self.used)?);
        let mut elasticity = Vec::new();
        for (position, parameter) in self.parameters.iter().enumerate() {
            let beside = &optimum.beside[position];
            let (from, to) = (values[position], self.values(beside)[position]);
            let after = self.figures(beside, &self.used)?;
            let moves = self.used.iter().enumerate().map(|(row, used)| {
                let half_widths = 0.1 * optimum.jacobian[[position, row]];
                (used.id.clone(), Move { half_widths, elasticity: relative((from, to), (before[row], after[row])) })
            });
            elasticity.push(Sensitivity { path: parameter.path.clone(), from, to, rows: moves.collect() });
        }
        Ok(self.keep(|record| record.elasticity = elasticity)?)
    }
}

/// Returns the figures of rows.
fn figures_of(rows: &[&Row], samples: &Samples) -> Figures {
    rows.iter().map(|row| (row.id.clone(), row.figure.pooled(samples).value)).collect()
}

/// Returns d ln figure / d ln parameter if all four numbers are above 0.
fn relative((from, to): (f64, f64), (before, after): (Option<f64>, Option<f64>)) -> Option<f64> {
    let positive = |value: f64| (value > 0.0).then(|| value.ln());
    let parameter = positive(to)? - positive(from)?;
    let figure = positive(after?)? - positive(before?)?;
    Some(figure / parameter).filter(|ratio| ratio.is_finite())
}

impl Residuals for Worlds<'_> {
    type Error = FitError;

    fn at(&mut self, points: &[Vec<f64>]) -> Result<Option<Vec<Vec<f64>>>, FitError> {
        if !self.run_missing(points)? {
            return Ok(None);
        }
        if let (true, Some(start)) = (self.used.is_empty(), points.first()) {
            self.choose_rows(start)?;
        }
        let of = |point: &Vec<f64>| -> Result<Vec<f64>, FitError> {
            let figures = self.figures(point, &self.used)?;
            Ok(self.used.iter().zip(figures).map(|(row, figure)| residual(row, figure)).collect())
        };
        points.iter().map(of).collect::<Result<_, _>>().map(Some)
    }

    fn note(&mut self, stand: &Stand) -> Result<(), FitError> {
        let figures = self.figures(&stand.point, &self.used)?;
        let iteration =
            Iteration { distance: stand.distance, damping: stand.damping, parameters: self.values(&stand.point) };
        Ok(self.keep(|record| {
            record.iterations.push(iteration);
            for (row, figure) in record.rows.iter_mut().zip(figures) {
                row.after = figure;
            }
        })?)
    }
}
