//! The time that runs spent in each phase of the simulation, as a table.

use std::collections::BTreeMap;

use recsafe_engine::phase::Phase;
use recsafe_results::{DONE, Manifest};
use recsafe_text::table::{Column, Table};

/// Returns a table with the seconds and the share of each phase, including warm-ups. Seconds of
/// parallel workers are added up.
pub(super) fn spent(manifest: &Manifest) -> String {
    let runs = manifest.runs.iter().filter(|run| run.status == DONE).map(|run| &run.phases_s);
    let days: Vec<&BTreeMap<String, f64>> = runs.chain(manifest.warm_ups.iter().map(|it| &it.phases_s)).collect();
    let seconds = |name: &str| days.iter().filter_map(|phases| phases.get(name)).sum::<f64>();
    let generation: f64 = manifest.warm_ups.iter().map(|it| it.generation_s).sum();
    let mut lines = vec![("generation", generation)];
    lines.extend(Phase::ALL.iter().map(|phase| (phase.name(), seconds(phase.name()))));
    let total: f64 = lines.iter().map(|(_, seconds)| seconds).sum();
    if total <= 0.0 {
        return String::new(); // results of an older version, without times
    }
    let mut table = Table::new([Column::words(""), Column::numbers(""), Column::numbers("")]);
    for (name, seconds) in lines {
        let share = 100.0 * seconds / total;
        table.row([format!(" {name}"), format!("{seconds:.1} s"), format!("{share:.0} %")]);
    }
    format!("Time by phase, summed over workers:\n{}\n", table.draw(super::appearance()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use recsafe_results::{RunEntry, WarmUpEntry};

    #[test]
    fn shares_add_up_over_runs_and_warm_ups() {
        let phases = |feed: f64| BTreeMap::from([("feed".to_owned(), feed)]);
        let run = RunEntry { status: DONE.to_owned(), phases_s: phases(2.0), ..RunEntry::default() };
        let warm_up = WarmUpEntry { generation_s: 1.0, phases_s: phases(1.0), ..WarmUpEntry::default() };
        let text = spent(&Manifest { runs: vec![run], warm_ups: vec![warm_up], ..Manifest::default() });
        let squeezed = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(squeezed.contains("generation 1.0 s 25 %") && squeezed.contains("feed 3.0 s 75 %"), "{text}");
        assert_eq!(spent(&Manifest::default()), "");
    }
}
