//! The laws as a table for a terminal.

use comfy_table::{Attribute, Cell, Color};

use super::{Case, FALSE_ALARMS, Verdict};
use crate::compare::{Appearance, align_right, plain, plain_table, trimmed, wrapped};
use crate::validate::table::keep_whole;

/// The cases as a table, and how many of them hold.
#[must_use]
pub fn table(cases: &[Case], appearance: Appearance) -> String {
    let mut table = plain_table(appearance);
    table.set_header(["law", "theory", "obtained", "se", "z", "tolerance", "verdict"]);
    let or_none = |number: Option<f64>, text: fn(f64) -> String| number.map_or("-".to_owned(), text);
    for case in cases {
        table.add_row([
            Cell::new(format!("{}\n  {}", case.id, case.setup)),
            Cell::new(plain(case.target)),
            Cell::new(or_none(case.value, plain)),
            Cell::new(or_none(case.se, short)),
            Cell::new(or_none(case.z, |z| format!("{z:.2}"))),
            Cell::new(short(case.tolerance)),
            verdict(case.verdict, appearance.colour),
        ]);
    }
    align_right(&mut table, &[1, 2, 3, 4, 5]);
    keep_whole(&mut table, &[1, 2, 3, 4, 5, 6]);
    table.column_iter_mut().for_each(|column| {
        column.set_padding((0, 1));
    });
    let note = format!("{} {}", summary(cases), note());
    format!("{}\n\n{}\n", trimmed(&table), wrapped(&note, appearance.width))
}

/// Two digits.
fn short(number: f64) -> String {
    format!("{number:.1e}").parse().map_or("-".to_owned(), plain)
}

fn verdict(verdict: Verdict, colour: bool) -> Cell {
    let cell = Cell::new(verdict.name());
    match verdict {
        Verdict::Within if colour => cell.fg(Color::Green).add_attribute(Attribute::Bold),
        Verdict::Outside if colour => cell.fg(Color::Red).add_attribute(Attribute::Bold),
        _ => cell,
    }
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
