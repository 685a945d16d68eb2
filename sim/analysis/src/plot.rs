//! Text plots of relative changes with their intervals.

use super::comparison::{Comparison, Status};
use super::number::plain;

/// Characters of the plots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marks {
    /// For terminals with Unicode.
    Unicode,
    /// For all other terminals.
    Ascii,
}

/// Minimum and maximum width of a plot.
pub(super) const NARROWEST: usize = 13;
const WIDEST: usize = 41;

/// Step sizes of a scale, as shares; the ends of a scale are multiples of its step.
const STEPS: [f64; 9] = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1.0];

/// Maximum number of steps of a scale.
const MOST_STEPS: f64 = 5.0;

/// Maximum extent of a scale to either side.
const FURTHEST: f64 = 2.0;

/// Share of the rows whose intervals must fit on the scale if no declared outcome is shown.
const FIT: f64 = 0.75;

/// Scale for all rows of a table. The scale includes 0 and the intervals of the declared outcomes,
/// with some room on both sides.
pub(super) struct Scale {
    low: f64,
    high: f64,
    /// Width in characters.
    width: usize,
    marks: Marks,
}

impl Scale {
    /// Returns the scale of some rows within `room` characters, or `None` if no row has a relative
    /// change.
    pub(super) fn of(rows: &[Comparison], room: usize, marks: Marks) -> Option<Scale> {
        let (low, high) = declared(rows).or_else(|| most(rows))?;
        let span = high.max(0.0) - low.min(0.0);
        let step = STEPS.into_iter().find(|step| span / step <= MOST_STEPS - 1.0).unwrap_or(1.0);
        let steps = |end: f64| (end / step - 1e-9).ceil().max(1.0) * step;
        Some(Scale { low: -steps(-low).min(FURTHEST), high: steps(high).min(FURTHEST), width: room.min(WIDEST), marks })
    }

    /// Returns the legend.
    pub(super) fn note(&self) -> String {
        let [line, point, zero, left, right] = self.characters();
        format!(
            "{point} change, {line} its interval, {zero} no change, {left} {right} outside the scale. All rows have the same scale, which depends on the declared outcomes."
        )
    }

    fn characters(&self) -> [char; 5] {
        match self.marks {
            Marks::Unicode => ['─', '●', '│', '◄', '►'],
            Marks::Ascii => ['-', 'o', '|', '<', '>'],
        }
    }

    /// Returns the labels of the scale's ends, and the label of 0 if there is room.
    pub(super) fn title(&self) -> String {
        let [low, high] = [self.low, self.high].map(|end| format!("{} %", signed(100.0 * end)));
        let mut cells: Vec<char> = low.chars().collect();
        cells.resize(self.width.saturating_sub(high.chars().count()).max(cells.len() + 1), ' ');
        let zero = self.place(0.0);
        if cells.get(zero.saturating_sub(1)..zero + 2).is_some_and(|near| near.iter().all(|it| *it == ' ')) {
            cells[zero] = '0';
        }
        cells.extend(high.chars());
        cells.into_iter().collect()
    }

    /// Draws a change with its interval. Draws nothing if there is no relative change.
    pub(super) fn draw(&self, row: &Comparison) -> String {
        let Some(change) = row.relative else { return String::new() };
        let [line, point, zero, left, right] = self.characters();
        let mut cells = vec![' '; self.width];
        cells[self.place(0.0)] = zero;
        let (low, high) = (row.relative_low.unwrap_or(change), row.relative_high.unwrap_or(change));
        for cell in &mut cells[self.place(low)..=self.place(high)] {
            *cell = if *cell == zero { zero } else { line };
        }
        if (self.low..=self.high).contains(&change) {
            cells[self.place(change)] = point;
        }
        if low < self.low {
            cells[0] = left;
        }
        if high > self.high {
            cells[self.width - 1] = right;
        }
        cells.into_iter().collect::<String>().trim_end().to_owned()
    }

    fn place(&self, change: f64) -> usize {
        let share = ((change - self.low) / (self.high - self.low)).clamp(0.0, 1.0);
        (share * (self.width - 1) as f64).round() as usize
    }
}

/// Returns the smallest range that contains the intervals of all declared rows, or `None` without a
/// declared row.
fn declared(rows: &[Comparison]) -> Option<(f64, f64)> {
    let declared = rows.iter().filter(|row| row.status == Status::Confirmatory).filter_map(ends);
    declared.reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)))
}

/// Returns a symmetric range that contains the intervals of most rows.
fn most(rows: &[Comparison]) -> Option<(f64, f64)> {
    let mut reach: Vec<f64> = rows.iter().filter_map(ends).map(|(low, high)| low.abs().max(high.abs())).collect();
    reach.sort_by(f64::total_cmp);
    let most = *reach.get(((reach.len() as f64 * FIT).ceil() as usize).saturating_sub(1))?;
    Some((-most, most))
}

/// Returns the ends of a row's interval. Without an interval, both ends are the change.
fn ends(row: &Comparison) -> Option<(f64, f64)> {
    let change = row.relative?;
    Some((row.relative_low.unwrap_or(change), row.relative_high.unwrap_or(change)))
}

/// Formats a number with its sign: `-20`, `+0.5`.
fn signed(number: f64) -> String {
    if number > 0.0 { format!("+{}", plain(number)) } else { plain(number) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn row(low: f64, change: f64, high: f64) -> Comparison {
        Comparison {
            relative: Some(change),
            relative_low: Some(low),
            relative_high: Some(high),
            ..Comparison::default()
        }
    }

    fn declared_row(low: f64, change: f64, high: f64) -> Comparison {
        Comparison { status: Status::Confirmatory, ..row(low, change, high) }
    }

    #[test]
    fn declared_outcomes_set_the_scale_and_others_go_beyond_it() {
        let rows = [declared_row(-0.4, -0.25, -0.1), row(-0.1, 0.1, 0.3), row(-9.0, 0.0, 0.2), row(0.3, 0.8, 9.0)];
        let scale = Scale::of(&rows, 31, Marks::Ascii).unwrap();
        let drawn: Vec<String> = rows.iter().map(|row| scale.draw(row)).collect();
        assert_eq!(scale.title(), "-40 %                   0 +10 %");
        assert_eq!(
            drawn,
            [
                "---------o---------     |",
                "                  ------|----->",
                "<-----------------------o----->",
                "                        |     >",
            ]
        );
        let unicode = Scale { marks: Marks::Unicode, ..scale };
        assert_eq!(unicode.draw(&rows[0]).replace('─', "-").replace('●', "o").replace('│', "|"), drawn[0]);
    }

    #[test]
    fn without_declared_rows_one_row_far_off_does_not_flatten_all_others() {
        let rows = [row(-0.1, 0.0, 0.1), row(-0.08, 0.0, 0.1), row(-0.1, 0.0, 0.09), row(-3.0, 0.0, 40.0)];
        let scale = Scale::of(&rows, 21, Marks::Ascii).unwrap();
        assert_eq!((scale.low, scale.high), (-0.1, 0.1));
        assert_eq!(scale.title(), "-10 %     0     +10 %");
    }

    #[test]
    fn a_change_without_an_interval_is_a_point() {
        let alone = Comparison { relative_low: None, relative_high: None, ..declared_row(0.0, -0.2, 0.0) };
        let scale = Scale::of(std::slice::from_ref(&alone), 16, Marks::Ascii).unwrap();
        assert_eq!((scale.title().as_str(), scale.draw(&alone).as_str()), ("-20 %       +5 %", "o           |"));
    }

    #[test]
    fn nothing_is_drawn_without_numbers() {
        assert!(Scale::of(&[Comparison::default()], 21, Marks::Ascii).is_none());
        let scale = Scale { low: -0.1, high: 0.1, width: 13, marks: Marks::Ascii };
        assert_eq!(scale.draw(&Comparison::default()), "");
        assert_eq!(scale.draw(&Comparison { relative: Some(0.0), ..Comparison::default() }), "      o");
        assert_eq!(scale.title(), "-10 % 0 +10 %");
    }

    proptest! {
        #[test]
        fn declared_intervals_are_on_the_scale_and_so_is_zero(
            low in -1.0_f64..2.0, width in 0.0_f64..1.0, other in -1.0_f64..50.0, room in NARROWEST..60
        ) {
            let high = (low + width).min(2.0);
            let rows = [declared_row(low, f64::midpoint(low, high), high), row(other, other, other)];
            let scale = Scale::of(&rows, room, Marks::Ascii).unwrap();
            prop_assert!(scale.low <= low && low.max(high) <= scale.high + 1e-9 && scale.low < 0.0 && scale.high > 0.0);
            prop_assert!(scale.title().chars().count() <= room.min(WIDEST));
            for row in &rows {
                prop_assert!(scale.draw(row).chars().count() <= room);
            }
            prop_assert!(!scale.draw(&rows[0]).contains(['<', '>']));
        }
    }
}
