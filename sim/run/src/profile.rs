//! The profile of a run. The profile contains the phases of each simulated day as spans in the
//! trace-event format. Profilers in browsers open this format (`chrome://tracing`,
//! <https://ui.perfetto.dev>).

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};

use recsafe_engine::DayReport;
use recsafe_results::output_file::OutputFile;

/// The beginning of each profile, which identifies it.
pub const PROFILE_START: &str = r#"{"program":"recsafe","traceEvents":["#;

/// Spans of time, collected while runs are made.
#[derive(Debug)]
pub(super) struct Profile {
    began: Instant,
    events: Mutex<Vec<Json>>,
}

impl Profile {
    /// Creates an empty profile. Times in the profile are measured from now.
    pub(super) fn new() -> Self {
        Profile { began: Instant::now(), events: Mutex::new(Vec::new()) }
    }

    /// Adds a day that just ended. The phases of the day follow one another. All surfaces are
    /// served together. So the time for all surfaces is divided in proportion to the work on each
    /// surface.
    pub(super) fn day(&self, worker: usize, run: &str, day: u32, counts: &DayReport) {
        let end = self.began.elapsed();
        let mut start = end.saturating_sub(counts.times.total());
        let facts = json!({ "run": run, "day": day, "impressions": counts.impressions });
        let mut events = vec![span(&format!("{run}, day {day}"), start, end.saturating_sub(start), worker, &facts)];
        for (phase, time) in counts.times.iter() {
            events.push(span(phase.name(), start, time, worker, &json!({ "run": run, "day": day })));
            start += time;
        }
        self.keep(events);
    }

    /// Adds a span of a worker's other work, from `start` until now.
    pub(super) fn other(&self, worker: usize, name: &str, run: &str, start: Instant) {
        let from = start.saturating_duration_since(self.began);
        self.keep(vec![span(name, from, start.elapsed(), worker, &json!({ "run": run }))]);
    }

    fn keep(&self, events: Vec<Json>) {
        self.events.lock().unwrap_or_else(PoisonError::into_inner).extend(events);
    }

    /// Writes the profile.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub(super) fn write(self, file: &OutputFile) -> std::io::Result<()> {
        let events = self.events.into_inner().unwrap_or_else(PoisonError::into_inner);
        let text = json!({ "program": "recsafe", "traceEvents": events, "displayTimeUnit": "ms" }).to_string();
        debug_assert!(text.starts_with(PROFILE_START));
        file.write(text.as_bytes())
    }
}

/// Returns a complete event, with times in microseconds.
fn span(name: &str, start: Duration, time: Duration, worker: usize, args: &Json) -> Json {
    let micros = |time: Duration| (time.as_secs_f64() * 1e6).round();
    json!({ "name": name, "ph": "X", "ts": micros(start), "dur": micros(time), "pid": 1, "tid": worker, "args": args })
}
