//! Table of the validation for a terminal.

use recsafe_analysis::plain;
use recsafe_text::table::{Appearance, Cell, Column, Table, wrapped};

use super::Validated;
use super::evidence::{Role, Verdict};

/// Returns the rows as a table, and the number of rows within their ranges, with held-out rows
/// counted separately.
#[must_use]
pub fn table(rows: &[Validated], appearance: Appearance) -> String {
    let longest = rows.iter().map(|row| row.id.len().max(row.title.len() + 2)).max().unwrap_or(0);
    let mut table = Table::new([
        Column::words("row").at_least(longest + 1),
        Column::words("range").whole(),
        Column::numbers("model").whole(),
        Column::words("95 % interval").whole(),
        Column::words("role").whole(),
        Column::words("verdict").whole(),
    ])
    .apart(1);
    for row in rows {
        let interval = row.ci_low.zip(row.ci_high).map_or("-".to_owned(), |(low, high)| between(low, high));
        table.row([
            format!("{}\n  {}", row.id, row.title).into(),
            band(row.low, row.high).into(),
            row.value.map_or("-".to_owned(), plain).into(),
            interval.into(),
            row.role.name().into(),
            verdict(row),
        ]);
    }
    let notes: Vec<String> = [summary(rows), NOTE.to_owned()].iter().map(|note| wrapped(note, appearance)).collect();
    format!("{}\n\n{}\n", table.draw(appearance), notes.join("\n"))
}

const NOTE: &str = "Verdicts use the figure over all seeds. Intervals show only the random variation between seeds. Held-out rows were never used to choose defaults. Inputs are set directly and get no verdict. Agreement does not turn results into forecasts for a named platform.";

fn between(low: f64, high: f64) -> String {
    format!("{} to {}", short(low), short(high))
}

/// Formats three significant digits, for ends of intervals.
fn short(number: f64) -> String {
    format!("{number:.2e}").parse().map_or("-".to_owned(), plain)
}

fn band(low: Option<f64>, high: Option<f64>) -> String {
    match (low, high) {
        (Some(low), Some(high)) => between(low, high),
        (Some(low), None) => format!("above {}", plain(low)),
        (None, Some(high)) => format!("below {}", plain(high)),
        (None, None) => "-".to_owned(),
    }
}

fn verdict(row: &Validated) -> Cell {
    match row.verdict {
        Some(verdict) => Cell::judged(verdict.name(), verdict == Verdict::Within),
        None if row.value.is_none() => "no figure".into(),
        None => "".into(),
    }
}

/// Returns the number of rows within their ranges.
fn summary(rows: &[Validated]) -> String {
    let count = |role: Option<Role>| {
        let judged = rows.iter().filter(|row| row.role != Role::Input && role.is_none_or(|role| row.role == role));
        let within = judged.clone().filter(|row| row.verdict == Some(Verdict::Within)).count();
        let none = judged.clone().filter(|row| row.value.is_none()).count();
        let missing = if none > 0 { format!(" ({none} without a figure)") } else { String::new() };
        format!("{within} of {}{missing}", judged.count())
    };
    format!(
        "Rows within their ranges: {}; held out: {}; fitted: {}.",
        count(None),
        count(Some(Role::HeldOut)),
        count(Some(Role::Fitted))
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence;

    #[test]
    fn the_summary_keeps_roles_apart() {
        let mut rows: Vec<Validated> =
            evidence::shipped().unwrap().iter().map(|row| Validated::new(row, &Vec::new())).collect();
        rows.retain(|row| ["people-skew", "people-adults", "false-age-16"].contains(&row.id.as_str()));
        for row in rows.iter_mut().filter(|row| row.id != "people-skew") {
            row.value = Some(0.05);
        }
        rows[1].verdict = Some(Verdict::Within);
        assert_eq!(
            summary(&rows),
            "Rows within their ranges: 1 of 2 (1 without a figure); held out: 1 of 1; fitted: 0 of 1 (1 without a figure)."
        );
    }
}
