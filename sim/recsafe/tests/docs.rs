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
    let mut text = "# Tables\n\nThis page lists the tables of a results folder. It is generated from the program's catalogue.\n\n* The root of the folder has `runs` (the index), `metrics` and `daily` of all runs, `comparison`, and\n  `points` with a column per swept path.\n* `runs/run=<id>/` has the tables of one run: `metrics`, `daily`, `accounts`, `contacts`, `actions`,\n  `probes` and `exposures`.\n* `manifest.json` has the resolved settings of every arm, the differences from the baseline,\n  descriptions of the metrics, and the checksum of every file.\n* `experiment/` has the experiment file and its packages.\n\n[Other tools](read-the-results.md#other-tools) explains how to read the tables. Texts are UTF-8\nstrings.\n".to_owned();
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
    let mut text = "# Metrics\n\nThis page lists all metrics. It is generated from the program's catalogue. `recsafe explain NAME`\nshows one metric.\n\n* A post is harmful if its severity is at least `harm.threshold`, and severe if it is at least\n  `harm.severe`.\n* `id@group` is a metric for a group of accounts: `all` (without probes), `user` (adults), `minor`,\n  `minor:under-13`, `minor:13-15`, `minor:16-17`, `minor:declared-minor`, `minor:declared-adult`,\n  `predator`, `contacting` (predators who seek contact with minors), or a script of probes. Some\n  metrics have other groups, for example routes or numbers of clicks.\n\n| metric | unit | formula | interpretation |\n| --- | --- | --- | --- |\n".to_owned();
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
