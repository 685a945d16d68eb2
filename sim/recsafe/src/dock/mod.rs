//! Docking: published simulations made again on the shipped rankers, draws and counters, and held against what was published.
//!
//! Each case is a module: its parameters with the published values as defaults, what was published, and `run`. Nothing is fitted.

pub mod amplification;
mod bench;
mod dirichlet;
pub mod homogenisation;

use std::sync::atomic::{AtomicU32, Ordering};

use comfy_table::{Table, presets};
use recsafe_stats::{mean, variance};

/// What was published of one row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Published {
    /// The row's name.
    pub id: &'static str,
    /// The published number, in the unit of the case.
    pub published: f64,
    /// Its standard deviation between replications, if that was published.
    pub published_sd: Option<f64>,
    /// The largest difference that counts as met.
    pub tolerance: f64,
}

/// One number as obtained here.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The row's name.
    pub id: String,
    /// Mean over replications, in the unit of the case.
    pub mean: f64,
    /// Standard deviation between replications; `None` for one replication.
    pub sd: Option<f64>,
    /// Number of replications.
    pub n: usize,
}

impl Row {
    /// The row of one value for each replication; `None` if there is none.
    #[must_use]
    pub fn of(id: String, values: &[f64]) -> Option<Self> {
        Some(Row { id, mean: mean(values)?, sd: variance(values).map(f64::sqrt), n: values.len() })
    }
}

/// Called after each replication with the number done and the number of all.
pub type Progress<'a> = &'a (dyn Fn(u32, u32) + Sync);

/// Makes `count` replications on `threads` threads; the results stand in the order of their numbers, whatever the number of threads.
fn replicate<T: Send>(count: u32, threads: usize, progress: Progress, one: impl Fn(u32) -> T + Sync) -> Vec<T> {
    let (next, done) = (AtomicU32::new(0), AtomicU32::new(0));
    let work = || {
        let mut made = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= count {
                return made;
            }
            made.push((number, one(number)));
            progress(done.fetch_add(1, Ordering::Relaxed) + 1, count);
        }
    };
    let mut all: Vec<(u32, T)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads.max(1)).map(|_| scope.spawn(work)).collect();
        let join = |worker: std::thread::ScopedJoinHandle<'_, _>| worker.join();
        workers.into_iter().flat_map(|it| join(it).unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    });
    all.sort_unstable_by_key(|(number, _)| *number);
    all.into_iter().map(|(_, result)| result).collect()
}

/// Published, obtained, spread and difference of each row, in `decimals` decimals.
#[must_use]
pub fn table(rows: &[Row], published: &[Published], decimals: usize) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header(["row", "published", "obtained", "sd", "n", "difference", "tolerance", "met"]);
    let number = |value: Option<f64>| value.map_or_else(String::new, |value| format!("{value:.decimals$}"));
    for row in rows {
        let target = published.iter().find(|it| it.id == row.id);
        let difference = target.map(|it| row.mean - it.published);
        let met = target.map_or("", |it| if (row.mean - it.published).abs() <= it.tolerance { "yes" } else { "no" });
        table.add_row([
            row.id.clone(),
            number(target.map(|it| it.published)),
            number(Some(row.mean)),
            number(row.sd),
            row.n.to_string(),
            number(difference),
            number(target.map(|it| it.tolerance)),
            met.to_owned(),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replications_stand_in_order_for_any_number_of_threads() {
        let expected: Vec<u32> = (0..50).map(|n| n * n).collect();
        for threads in [0, 1, 2, 7] {
            assert_eq!(replicate(50, threads, &|_, _| (), |n| n * n), expected);
        }
    }

    #[test]
    fn progress_counts_to_the_end() {
        let last = AtomicU32::new(0);
        replicate(9, 2, &|done, of| assert!(last.fetch_max(done, Ordering::Relaxed) <= of && of == 9), |_| ());
        assert_eq!(last.into_inner(), 9);
    }
}
