//! Iteration over the rows of a file in any format.

use super::{Bad, Cell, LONGEST_ID, OnRow, Reason, Refusal, Skipped};

/// Problem with a row.
pub(super) enum Wrong {
    /// The row is invalid and is skipped.
    Row(Bad),
    /// The whole file is refused.
    File(Refusal),
}

impl From<Bad> for Wrong {
    fn from(bad: Bad) -> Self {
        Wrong::Row(bad)
    }
}

impl From<Refusal> for Wrong {
    fn from(refusal: Refusal) -> Self {
        Wrong::File(refusal)
    }
}

/// Calls `take` for every row whose two values are ids. Returns the number of all rows, and the
/// invalid rows. `rows` is a function that calls its argument for every row. `columns` are the
/// names of the columns in errors.
pub(super) fn each(
    rows: impl FnOnce(&mut OnRow) -> Result<(), Refusal>,
    columns: &[String; 2],
    mut take: impl FnMut([Cell; 2]) -> Result<(), Wrong>,
) -> Result<(u64, Skipped), Refusal> {
    let (mut count, mut skipped) = (0, Skipped::default());
    rows(&mut |row, cells| {
        count += 1;
        let checked = cells.and_then(|cells| check(&cells, columns).map(|()| cells));
        match checked.map_err(Wrong::Row).and_then(&mut take) {
            Ok(()) => {}
            Err(Wrong::Row(bad)) => skipped.add(row, bad),
            Err(Wrong::File(refusal)) => return Err(refusal),
        }
        Ok(())
    })?;
    Ok((count, skipped))
}

/// Checks that both values of a row are valid ids.
fn check(row: &[Cell; 2], columns: &[String; 2]) -> Result<(), Bad> {
    for (cell, column) in row.iter().zip(columns) {
        match cell {
            Cell::Missing => {
                return Err(Bad::new(Reason::Missing, format!("column `{column}` has no value")));
            }
            Cell::Text(text) if text.len() > LONGEST_ID => {
                let what = format!("column `{column}` has an id of more than {LONGEST_ID} bytes");
                return Err(Bad::new(Reason::LongId, what));
            }
            cell if cell.is_broken_number() => {
                let what = format!("column `{column}` has {cell}, but ids must be integers or text");
                return Err(Bad::new(Reason::NoId, what));
            }
            _ => {}
        }
    }
    Ok(())
}
