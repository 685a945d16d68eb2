//! `sim/names/names.csv` lists all names in files and commands. Existing ids never change. `RENEW=1
//! cargo test --release --workspace --test names` adds new names. To rename something, edit the row
//! of its name.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

#[path = "support/named.rs"]
mod named;
mod support;

use std::collections::{BTreeMap, BTreeSet};

use named::all;
use recsafe_names::{Names, Row, cells};
use recsafe_stats::rows::{Kind, OF_A_RUN};

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../names/names.csv");

/// Returns the table with a row added for each missing name, after the other rows of its kind. The
/// order within a kind affects hashes.
fn with_new(names: &Names, wanted: &[(String, String)]) -> Names {
    let mut kinds: Vec<(&str, Vec<Row>)> = Vec::new();
    let place = |kinds: &[(&str, Vec<Row>)], kind: &str| kinds.iter().position(|(known, _)| *known == kind);
    let new = wanted.iter().filter(|(kind, name)| names.rows().iter().all(|row| !is_named(row, kind, name)));
    let new = new.map(|(kind, name)| Row {
        kind: kind.clone(),
        id: name.clone(),
        name: Some(name.clone()),
        older: Vec::new(),
    });
    let rows: Vec<Row> = names.rows().iter().cloned().chain(new).collect();
    for row in &rows {
        let at = place(&kinds, &row.kind).unwrap_or_else(|| {
            kinds.push((&row.kind, Vec::new()));
            kinds.len() - 1
        });
        kinds[at].1.push(row.clone());
    }
    Names::of(kinds.into_iter().flat_map(|(_, rows)| rows).collect()).unwrap()
}

fn is_named(row: &Row, kind: &str, name: &str) -> bool {
    row.kind == kind && row.name.as_deref() == Some(name)
}

/// Returns the faults of a table, given all existing names.
fn faults(names: &Names, wanted: &[(String, String)]) -> Vec<String> {
    let wanted: BTreeSet<(&str, &str)> = wanted.iter().map(|(kind, name)| (kind.as_str(), name.as_str())).collect();
    let rows = names.rows().iter();
    let present: BTreeSet<(&str, &str)> =
        rows.filter_map(|row| Some((row.kind.as_str(), row.name.as_deref()?))).collect();
    let gone = present.difference(&wanted).map(|(kind, name)| {
        format!(
            "{kind} `{name}` is gone: write the new name into its row, or an empty name if the thing no longer exists"
        )
    });
    let new = wanted.difference(&present).map(|(kind, name)| {
        format!("{kind} `{name}` has no row: RENEW=1 cargo test --release --workspace --test names adds it")
    });
    gone.chain(new).collect()
}

#[test]
fn the_table_has_every_name_and_no_other() {
    let text = std::fs::read_to_string(TABLE).unwrap();
    let (mut names, wanted) = (Names::parse(&text).unwrap(), all());
    if std::env::var_os("RENEW").is_some() {
        names = with_new(&names, &wanted);
        std::fs::write(TABLE, names.to_csv().unwrap()).unwrap();
    }
    let faults = faults(&names, &wanted);
    assert!(faults.is_empty(), "sim/names/names.csv is not up to date:\n  {}", faults.join("\n  "));
}

#[test]
fn no_name_stands_twice_within_its_kind() {
    let all = all();
    let mut counts: BTreeMap<&(String, String), u32> = BTreeMap::new();
    for name in &all {
        *counts.entry(name).or_default() += 1;
    }
    assert!(counts.values().all(|count| *count == 1), "{:?}", counts.iter().filter(|(_, count)| **count > 1));
    assert!(all.len() > 800, "{}", all.len());
}

#[test]
fn what_is_new_is_added_behind_its_kind_and_what_was_there_stays() {
    let names = Names::parse("kind,id,name,older\nmetric,a,b,c\ngroup,d,d,\nmetric,e,,\n").unwrap();
    let wanted = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs.iter().map(|(kind, name)| ((*kind).to_owned(), (*name).to_owned())).collect()
    };
    let now = wanted(&[("metric", "b"), ("metric", "f"), ("group", "d"), ("table", "g")]);
    let renewed = with_new(&names, &now);
    assert_eq!(
        renewed.to_csv().unwrap(),
        "kind,id,name,older\nmetric,a,b,c\nmetric,e,,\nmetric,f,f,\ngroup,d,d,\ntable,g,g,\n"
    );
    assert!(faults(&renewed, &now).is_empty());
    let renamed = faults(&names, &wanted(&[("metric", "b"), ("group", "x")]));
    assert_eq!(renamed.len(), 2, "{renamed:?}");
    assert!(renamed[0].contains("group `d` is gone") && renamed[1].contains("group `x` has no row"), "{renamed:?}");
}

#[test]
fn every_text_in_the_tables_of_a_run_is_of_a_kind() {
    for table in OF_A_RUN {
        for column in table.columns.iter().filter(|column| column.kind == Kind::Text) {
            let kind = cells::kind_of(Names::present(), table.name, column.name);
            let kind =
                kind.unwrap_or_else(|| panic!("sim/names/src/cells.rs has no kind for {}.{}", table.name, column.name));
            assert!(Names::present().rows().iter().any(|row| row.kind == kind), "{kind}");
        }
    }
}

#[test]
fn words_in_the_tables_of_runs_have_rows() {
    let study = support::Study::new(include_str!("golden/contact.toml"));
    let results = study.run("out", &[]);
    for run in results.manifest()["runs"].as_array().unwrap() {
        for table in OF_A_RUN.map(|table| table.name) {
            let frame = results.table(run["arm"].as_str().unwrap(), run["seed"].as_u64().unwrap(), table);
            for column in frame.columns() {
                let Some(kind) = cells::kind_of(Names::present(), table, column.name()) else { continue };
                for word in column.str().unwrap().iter().flatten() {
                    let is_known = Names::present().rows().iter().any(|row| is_named(row, kind, word));
                    assert!(is_known, "{table}.{}: `{word}` has no row of kind {kind}", column.name());
                }
            }
        }
    }
}
