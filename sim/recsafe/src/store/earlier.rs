//! The layout of version 0.1.0: its runs and tables written anew as the present one has them.

use std::fs;
use std::path::Path;

use polars::error::PolarsResult;
use polars::prelude::{DataFrame, IntoColumn, NamedFrom, Series};

use super::aside::entries;
use super::layout::{RUNS, SETTINGS};
use super::manifest::{Manifest, RunEntry};
use super::own::{remove_if_empty, remove_own_run};
use super::run_files::RunFiles;
use super::tables::{RUN_TABLES, find};
use super::{Folder, FolderLock, StoreError, parquet};

/// Where runs were written before they were whole.
const EARLIER_ASIDE: &str = ".partial";

impl Folder {
    /// Writes a run of the earlier layout where it belongs now, with tables of the present form; `factor` is that of a metric. The old files
    /// stay. Returns its entry.
    ///
    /// # Errors
    /// If a file cannot be read or written.
    pub fn convert_run(
        &self,
        _held: &FolderLock,
        run: &RunEntry,
        factor: impl Fn(&str) -> f64,
    ) -> Result<RunEntry, StoreError> {
        let from = self.run_path(run);
        let entry = RunEntry { files: std::collections::BTreeMap::new(), ..run.at_present_place() };
        let mut files = RunFiles::begin(self.path(), entry)?;
        for name in RUN_TABLES {
            let (file, table) = (format!("{name}.parquet"), find(name));
            let adapt = |frame: &mut DataFrame| with_factors(frame, &factor);
            files.write_file(&file, |path| parquet::rewrite(&from.join(&file), path, table, adapt))?;
        }
        files.write_file(SETTINGS, |path| copy(&from.join(SETTINGS), path))?;
        files.keep()
    }

    /// Writes the manifest of the present layout, and the tables that it lists in their present form. The comparison is not among them: it is
    /// made again, and so is the report.
    ///
    /// # Errors
    /// If a file cannot be read or written.
    pub fn convert_tables(&self, held: &FolderLock, manifest: &Manifest) -> Result<(), StoreError> {
        manifest.save(self.path())?;
        for name in manifest.files.keys().filter(|name| name.ends_with(".parquet") && *name != "comparison.parquet") {
            let path = self.path().join(name);
            if path.exists() {
                self.write_whole(held, name, |aside| parquet::rewrite(&path, aside, None, |_| Ok(())))?;
            }
        }
        Ok(())
    }

    /// Takes away the files of runs at their earlier places, and folders that become empty.
    ///
    /// # Errors
    /// If something cannot be removed.
    pub fn remove_earlier_runs(&self, _held: &FolderLock, runs: &[RunEntry]) -> Result<(), StoreError> {
        let root = self.path().join(RUNS);
        for run in runs {
            let place = self.run_path(run);
            remove_own_run(&place)?;
            for above in place.ancestors().skip(1).take_while(|above| *above != root) {
                remove_if_empty(above)?;
            }
        }
        let aside = self.path().join(EARLIER_ASIDE);
        for left in entries(&aside)?.iter().filter(|path| path.is_dir() && !path.is_symlink()) {
            remove_own_run(left)?;
        }
        remove_if_empty(&aside)
    }
}

/// Takes the factor of each metric out of its numerator, into a column of its own.
fn with_factors(frame: &mut DataFrame, factor: impl Fn(&str) -> f64) -> PolarsResult<()> {
    let Ok(scaled) = frame.column("numerator").and_then(|column| column.f64().cloned()) else { return Ok(()) };
    let factors: Vec<f64> = frame.column("metric")?.str()?.iter().map(|metric| metric.map_or(1.0, &factor)).collect();
    let counts: Vec<Option<f64>> =
        scaled.iter().zip(&factors).map(|(scaled, factor)| scaled.map(|scaled| count(scaled, *factor))).collect();
    frame.with_column(Series::new("numerator".into(), counts).into_column())?;
    frame.with_column(Series::new("factor".into(), factors).into_column())?;
    Ok(())
}

/// The count that gives `scaled` when it is multiplied by `factor`, to the last bit where there is one.
fn count(scaled: f64, factor: f64) -> f64 {
    let near = scaled / factor;
    [near, near.next_up(), near.next_down()].into_iter().find(|count| factor * count == scaled).unwrap_or(near)
}

fn copy(from: &Path, to: &Path) -> Result<(), StoreError> {
    super::aside::write_synced(to, &fs::read(from).map_err(StoreError::file("read", from))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factors_leave_the_numerators_and_values_stay() {
        let text = |values: [&str; 3]| Series::new("metric".into(), values).into_column();
        let number = |name: &str, values: [f64; 3]| Series::new(name.into(), values).into_column();
        let columns = vec![
            text(["accounts-removed", "prevalence", "review-hours"]),
            number("numerator", [1_200_000.0, 5.0, 7.0 / 60.0 * 10_000.0]),
        ];
        let mut frame = DataFrame::new_infer_height(columns).unwrap();
        let factor = |metric: &str| match metric {
            "accounts-removed" => 300_000.0,
            "review-hours" => 10_000.0,
            _ => 1.0,
        };
        with_factors(&mut frame, factor).unwrap();
        let read =
            |name: &str| frame.column(name).unwrap().f64().unwrap().iter().map(Option::unwrap).collect::<Vec<_>>();
        assert_eq!(read("numerator"), [4.0, 5.0, 7.0 / 60.0]);
        assert_eq!(read("factor"), [300_000.0, 1.0, 10_000.0]);
    }

    #[test]
    fn a_count_gives_back_what_it_was_made_from() {
        for minutes in 1..5000 {
            let scaled = f64::from(minutes) / 60.0 * 10_000.0;
            assert_eq!(count(scaled, 10_000.0) * 10_000.0, scaled, "{minutes} minutes");
            assert_eq!(count(300_000.0 * f64::from(minutes), 300_000.0), f64::from(minutes));
        }
    }

    #[test]
    fn a_table_without_metrics_stays_as_it_is() {
        let column = Series::new("account".into(), [1_u32, 2]).into_column();
        let mut frame = DataFrame::new_infer_height(vec![column]).unwrap();
        with_factors(&mut frame, |_| 2.0).unwrap();
        assert_eq!(frame.width(), 1);
    }
}
