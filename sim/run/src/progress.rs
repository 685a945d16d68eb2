//! Progress of an experiment: one bar for the whole, one line for each live run; quiet when standard error is no terminal.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{HumanCount, MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Counts what is done and shows it.
#[derive(Debug)]
pub struct Progress {
    lines: MultiProgress,
    whole: ProgressBar,
    impressions: AtomicU64,
    finished: AtomicU64,
    runs: u64,
    status: String,
    began: Instant,
}

impl Progress {
    /// Progress of `runs` runs that take `days` simulated days in all, warm-ups included. `status`: what else its line says.
    #[must_use]
    pub fn new(runs: u64, days: u64, status: &str, quiet: bool) -> Self {
        let hidden = quiet || !std::io::stderr().is_terminal();
        let target = if hidden { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let lines = MultiProgress::with_draw_target(target);
        let whole = lines.add(ProgressBar::new(days));
        whole.set_style(style("{bar:30} {percent:>3} %  {msg}  {elapsed} gone, {eta} to go"));
        whole.enable_steady_tick(Duration::from_millis(250));
        let progress = Progress {
            lines,
            whole,
            impressions: AtomicU64::new(0),
            finished: AtomicU64::new(0),
            runs,
            status: status.to_owned(),
            began: Instant::now(),
        };
        progress.tell();
        progress
    }

    /// A line for one live run or warm-up of so many days.
    #[must_use]
    pub fn line(&self, name: &str, days: u64) -> Line<'_> {
        let bar = self.lines.add(ProgressBar::new(days));
        bar.set_style(style("  {bar:12} day {pos}/{len}  {msg}"));
        bar.set_message(name.to_owned());
        Line { bar, progress: self }
    }

    fn tell(&self) {
        let rate = self.impressions.load(Ordering::Relaxed) as f64 / self.began.elapsed().as_secs_f64().max(0.1);
        let finished = self.finished.load(Ordering::Relaxed);
        let status = if self.status.is_empty() { String::new() } else { format!("  {}", self.status) };
        self.whole.set_message(format!(
            "{finished}/{} runs, {} impressions/s{status}",
            self.runs,
            HumanCount(rate as u64)
        ));
    }

    /// So many days are done of a run that is too short for a line of its own.
    pub fn days(&self, days: u64) {
        self.whole.inc(days);
    }

    /// Takes note that a run is finished and kept.
    pub fn run_finished(&self) {
        self.finished.fetch_add(1, Ordering::Relaxed);
        self.tell();
    }

    /// Takes the bars away.
    pub fn clear(&self) {
        self.whole.finish_and_clear();
        drop(self.lines.clear()); // a terminal that cannot be cleared is no reason to stop
    }
}

/// The line of one live run; it goes when it is dropped.
#[derive(Debug)]
pub struct Line<'a> {
    bar: ProgressBar,
    progress: &'a Progress,
}

impl Line<'_> {
    /// So many days were done before an interruption.
    pub fn went_on_from(&self, days: u64) {
        self.bar.set_position(days);
        self.bar.reset_eta();
        self.progress.days(days);
    }

    /// One day is done.
    pub fn day(&self, impressions: u64) {
        self.bar.inc(1);
        self.progress.whole.inc(1);
        self.progress.impressions.fetch_add(impressions, Ordering::Relaxed);
        self.progress.tell();
    }
}

impl Drop for Line<'_> {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// A bar for `length` steps of one kind; hidden when standard error is no terminal, or if that is wanted.
#[must_use]
pub fn plain_bar(length: u64, name: &str, quiet: bool) -> ProgressBar {
    let hidden = quiet || !std::io::stderr().is_terminal();
    let target = if hidden { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
    let bar = ProgressBar::with_draw_target(Some(length), target);
    bar.set_style(style("{bar:30} {percent:>3} %  {msg}  {pos}/{len}, {elapsed} gone, {eta} to go"));
    bar.set_message(name.to_owned());
    bar
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
