//! `docs/renamed.md`: every older name with its current name, from the table of names.

use std::fmt::Write;

use recsafe_names::{Names, Row, kind};

const HEAD: &str = "# Names that changed

This page lists older names of settings, metrics, interventions, tables and commands. Older names
still work in experiment files, policy packages, worlds, results folders and commands. recsafe
reads an older name as the current name and prints a note, once per name and file. A file with
both names of the same thing is refused. `recsafe validate --laws` is now `recsafe dev
check-theory`. The page is generated from `sim/names/names.csv`.
";

/// A part of the page: its title, and a function that selects its kinds of names.
type Part = (&'static str, fn(&str) -> bool);

/// The parts of the page, in order. A row is in the first part that accepts its kind.
const PARTS: [Part; 7] = [
    ("Commands", |kind| kind == kind::COMMAND),
    ("Settings", |kind| kind == kind::SETTING),
    ("Interventions, rankers and packages", |kind| kind.starts_with("entry:") || kind == kind::PACKAGE),
    ("Knobs", |kind| kind.starts_with("knob:")),
    ("Values", |kind| kind.starts_with("value:")),
    ("Metrics and groups", |kind| kind == kind::METRIC || kind == kind::GROUP),
    ("Tables, columns and their values", |_| true),
];

/// The page.
pub fn page(names: &Names) -> String {
    let mut text = HEAD.to_owned();
    let mut left: Vec<&Row> = names.rows().iter().filter(|row| older(row).next().is_some()).collect();
    for (title, is_part) in PARTS {
        let (of_part, others): (Vec<&Row>, Vec<&Row>) = left.into_iter().partition(|row| is_part(&row.kind));
        left = others;
        if of_part.is_empty() {
            continue;
        }
        write!(text, "\n## {title}\n\n| older name | current name | kind |\n| --- | --- | --- |\n").unwrap();
        for row in of_part {
            let now = row.name.as_ref().map_or("removed".to_owned(), |name| format!("`{name}`"));
            for older in older(row) {
                writeln!(text, "| `{older}` | {now} | {} |", owner(names, &row.kind)).unwrap();
            }
        }
    }
    text
}

/// Returns the spellings of a row other than its current name.
fn older(row: &Row) -> impl Iterator<Item = &str> {
    row.spellings().filter(|spelling| row.name.as_deref() != Some(*spelling))
}

/// Describes a kind of names by the current name of its owner.
fn owner(names: &Names, kind: &str) -> String {
    let Some((what, of)) = kind.split_once(':') else { return kind.to_owned() };
    if let Some(rule) = of.strip_prefix("interventions.") {
        let (id, knob) = rule.split_once('.').map_or((rule, None), |(id, knob)| (id, Some(knob)));
        let rule = if id == "*" { "every intervention" } else { names.name(kind::INTERVENTION, id) };
        let knob = knob.map(|knob| {
            let of_rule = names.name(&kind::knob("interventions", id), knob).to_owned();
            if id == "*" { names.name(&kind::knob("interventions", "*"), knob).to_owned() } else { of_rule }
        });
        return knob.map_or_else(|| rule.to_owned(), |knob| format!("`{knob}` of {rule}"));
    }
    match what {
        "entry" if of == "interventions" => "intervention".to_owned(),
        "entry" | "value" => format!("`{}`", names.name(kind::SETTING, of)),
        "column" => format!("table `{}`", names.name(kind::TABLE, of)),
        _ => of.to_owned(),
    }
}
