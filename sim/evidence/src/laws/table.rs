//! Table of the laws for a terminal.

use recsafe_analysis::plain;
use recsafe_text::table::{Appearance, Cell, Column, Table, wrapped};

use super::{Case, FALSE_ALARMS, Verdict};

/// Returns the cases as a table, and the number of cases that hold.
#[must_use]
pub fn table(cases: &[Case], appearance: Appearance) -> String {
    let numbers = ["theory", "obtained", "se", "z", "tolerance"].map(|title| Column::numbers(title).whole());
    let columns = [Column::words("law")].into_iter().chain(numbers).chain([Column::words("verdict").whole()]);
    let mut table = Table::new(columns).apart(1);
    let or_none = |number: Option<f64>, text: fn(f64) -> String| number.map_or("-".to_owned(), text);
    for case in cases {
        table.row([
            format!("{}\n  {}", case.id, case.setup).into(),
            plain(case.target).into(),
            or_none(case.value, plain).into(),
            or_none(case.se, short).into(),
            or_none(case.z, |z| format!("{z:.2}")).into(),
            short(case.tolerance).into(),
            verdict(case.verdict),
        ]);
    }
    let note = format!("{} {}", summary(cases), note());
    format!("{}\n\n{}\n", table.draw(appearance), wrapped(&note, appearance))
}

/// Formats two significant digits.
fn short(number: f64) -> String {
    format!("{number:.1e}").parse().map_or("-".to_owned(), plain)
}

fn verdict(verdict: Verdict) -> Cell {
    Cell::judged(verdict.name(), verdict == Verdict::Within)
}

fn summary(cases: &[Case]) -> String {
    let within = cases.iter().filter(|case| case.verdict == Verdict::Within).count();
    format!("Within: {within} of {}.", cases.len())
}

fn note() -> String {
    format!(
        "Tolerance: the largest distance from theory that counts as luck, about the smallest error that would be found. Luck alone puts any row outside with a probability of {} in all; a-a and a-a-family have limits of their own, three standard errors, and taste-drift allows for terms of second order.",
        plain(FALSE_ALARMS)
    )
}
