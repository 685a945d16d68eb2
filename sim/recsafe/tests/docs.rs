//! Generated pages are up to date. Renew them with `RENEW=1 cargo test --release -p recsafe --test
//! docs`.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

#[path = "support/fuzz_dictionary.rs"]
mod fuzz_dictionary;
#[path = "support/links.rs"]
mod links;
#[path = "support/renamed_page.rs"]
mod renamed_page;
#[path = "support/settings_page.rs"]
mod settings_page;

use std::fmt::Write;
use std::path::Path;

use recsafe_engine::measure::metrics;
use recsafe_names::Names;
use recsafe_stats::rows::places;

/// Compares a file, by its path from the root of the repository, with the text that the program
/// would write.
fn check(page: &str, expected: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(page);
    if std::env::var_os("RENEW").is_some() {
        std::fs::write(&path, expected).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == expected, "{page} is not up to date: RENEW=1 cargo test --release -p recsafe --test docs");
}

#[test]
fn the_page_of_tables() {
    let mut text = "# Tables\n\nWhat a run leaves behind, made from the program's own catalogue. At the root of a results folder: `runs`, the index; `metrics` and `daily` of all\nruns; `comparison`; and `points`, which has a column for each swept path. In `runs/run=<id>/`, for each run: `metrics`, `daily`, `accounts`, `contacts`,\n`actions`, `probes`, `exposures`. [Other tools](read-the-results.md#other-tools) says how to read them; texts are plain UTF-8 strings. `manifest.json`\nholds the resolved settings of every arm, what differs from the baseline, what each metric is, and the checksum of every file; `experiment/` holds the experiment file and\nits packages.\n".to_owned();
    for (place, table) in places() {
        write!(
            text,
            "\n## {place}\n\n{}\n\n| column | type | unit | meaning |\n| --- | --- | --- | --- |\n",
            table.about
        )
        .unwrap();
        for column in table.columns {
            let null = if column.nullable { ", may be null" } else { "" };
            writeln!(text, "| `{}` | {:?}{null} | {} | {} |", column.name, column.kind, column.unit, column.about)
                .unwrap();
        }
    }
    check("docs/tables.md", &text);
}

#[test]
fn the_page_of_metrics() {
    let mut text = "# Metrics\n\nMade from the program's own catalogue; `recsafe explain NAME` shows one. Harmful: severity at or above `harm.threshold`; severe: at or\nabove `harm.severe`. Groups: `all` (no probes), `user`, `minor`, `minor:under-13`, `minor:13-15`, `minor:16-17`, `minor:declared-minor`,\n`minor:declared-adult`, `predator`, `contacting` (predators who look for minors), and each script of probes. Some metrics have groups of their\nown, such as routes or numbers of clicks. `id@group` names one.\n\n| metric | unit | formula | how to read it |\n| --- | --- | --- | --- |\n".to_owned();
    for metric in metrics::all() {
        let info = metric.info();
        writeln!(
            text,
            "| `{}@{}` | {} | {} | {} |",
            info.id, info.default_group, info.unit, info.formula, info.reading
        )
        .unwrap();
    }
    check("docs/metrics.md", &text);
}

#[test]
fn the_page_of_settings() {
    check("docs/settings.md", &settings_page::page());
}

#[test]
fn the_page_of_names_that_changed() {
    check("docs/renamed.md", &renamed_page::page(Names::present()));
}

#[test]
fn the_dictionary_of_the_fuzz_targets() {
    check("sim/fuzz/names.dict", &fuzz_dictionary::dictionary());
}
