//! A fit as tables for a terminal.

use comfy_table::Cell;

use super::super::table::keep_whole;
use super::record::Record;
use crate::compare::{Appearance, align_right, plain, plain_table, trimmed, wrapped};

/// Parameters and rows before and after, and how each parameter moves each row.
#[must_use]
pub fn table(record: &Record, appearance: Appearance) -> String {
    let distances: Vec<String> = record.iterations.iter().map(|step| plain(step.distance)).collect();
    let mut notes = vec![format!("Distance by iteration: {}.", distances.join(", "))];
    if !record.left_out.is_empty() {
        notes.push(format!("Left out, since the world has no figure for it: {}.", record.left_out.join(", ")));
    }
    notes.push("Sensitivities are in half-widths of a row's band for a tenth of a parameter's range.".to_owned());
    let notes: Vec<String> = notes.iter().map(|note| wrapped(note, appearance.width)).collect();
    let parts = [parameters(record, appearance), rows(record, appearance), sensitivities(record, appearance)];
    format!("{}\n\n{}\n", parts.join("\n\n"), notes.join("\n"))
}

fn number(value: Option<f64>) -> String {
    value.map_or("-".to_owned(), plain)
}

fn parameters(record: &Record, appearance: Appearance) -> String {
    let mut table = plain_table(appearance);
    table.set_header(["parameter", "low", "high", "start", "end"]);
    let ends = record.iterations.last().map(|last| last.parameters.as_slice()).unwrap_or_default();
    for (place, parameter) in record.parameters.iter().enumerate() {
        let numbers = [Some(parameter.low), Some(parameter.high), Some(parameter.start), ends.get(place).copied()];
        table.add_row([parameter.path.clone()].into_iter().chain(numbers.map(number)));
    }
    align_right(&mut table, &[1, 2, 3, 4]);
    trimmed(&table)
}

fn rows(record: &Record, appearance: Appearance) -> String {
    let mut table = plain_table(appearance);
    table.set_header(["row", "low", "high", "before", "after"]);
    for row in &record.rows {
        let numbers = [row.low, row.high, row.before, row.after];
        table.add_row([row.id.clone()].into_iter().chain(numbers.map(number)));
    }
    align_right(&mut table, &[1, 2, 3, 4]);
    trimmed(&table)
}

fn sensitivities(record: &Record, appearance: Appearance) -> String {
    let mut table = plain_table(appearance);
    // Broken at its hyphens, so that many rows fit beside one another.
    let heading = record.rows.iter().map(|row| row.id.replace('-', "-\n"));
    table.set_header(["parameter".to_owned()].into_iter().chain(heading));
    for line in &record.elasticity {
        let moved = record.rows.iter().map(|row| line.rows.get(&row.id));
        let cells = moved.map(|moved| moved.map_or("-".to_owned(), |moved| format!("{:+.2}", moved.half_widths)));
        table.add_row([line.path.clone()].into_iter().chain(cells).map(Cell::new));
    }
    keep_whole(&mut table, &[0]);
    align_right(&mut table, &(1..=record.rows.len()).collect::<Vec<_>>());
    trimmed(&table)
}
