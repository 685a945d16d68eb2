//! Relative changes with their intervals as small pictures of text.

use super::comparison::Comparison;

/// Characters that pictures are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marks {
    /// For terminals that show Unicode.
    Unicode,
    /// For all others.
    Ascii,
}

/// Narrowest and widest picture.
pub(super) const NARROWEST: usize = 11;
const WIDEST: usize = 41;

/// Ends of scales, as shares: the smallest that does for most rows is taken.
const ENDS: [f64; 9] = [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0];

/// Share of the intervals that must fit on a scale.
const FIT: f64 = 0.75;

/// A scale that all rows of a table share.
pub(super) struct Scale {
    end: f64,
    /// Characters; odd, so that zero has one.
    width: usize,
    marks: Marks,
}

impl Scale {
    /// The scale of some rows within `room` characters; none if no row has an interval of a relative change.
    pub(super) fn of(rows: &[Comparison], room: usize, marks: Marks) -> Option<Scale> {
        let mut ends: Vec<f64> =
            rows.iter().filter_map(|row| Some(row.relative_low?.abs().max(row.relative_high?.abs()))).collect();
        ends.sort_by(f64::total_cmp);
        let most = *ends.get(((ends.len() as f64 * FIT).ceil() as usize).saturating_sub(1))?;
        let end = ENDS.into_iter().find(|end| *end >= most).unwrap_or(2.0);
        let width = room.min(WIDEST);
        Some(Scale { end, width: width - usize::from(width.is_multiple_of(2)), marks })
    }

    /// What the characters stand for.
    pub(super) fn note(&self) -> String {
        let [line, point, zero, left, right] = self.characters();
        format!(
            "{point} the change, {line} its interval, {zero} no change, {left} {right} beyond the scale, which all rows share."
        )
    }

    fn characters(&self) -> [char; 5] {
        match self.marks {
            Marks::Unicode => ['─', '●', '│', '◄', '►'],
            Marks::Ascii => ['-', 'o', '|', '<', '>'],
        }
    }

    /// The scale's ends.
    pub(super) fn title(&self) -> String {
        let [low, high] = [-1.0, 1.0].map(|sign| format!("{:+.0} %", 100.0 * sign * self.end));
        let gap = self.width.saturating_sub(low.chars().count() + high.chars().count());
        format!("{low}{}{high}", " ".repeat(gap))
    }

    /// A change in its interval; nothing where there is no relative change.
    pub(super) fn draw(&self, row: &Comparison) -> String {
        let Some(change) = row.relative else { return String::new() };
        let [line, point, zero, left, right] = self.characters();
        let mut cells = vec![' '; self.width];
        cells[self.width / 2] = zero;
        if let (Some(low), Some(high)) = (row.relative_low, row.relative_high) {
            for cell in &mut cells[self.place(low)..=self.place(high)] {
                *cell = if *cell == zero { zero } else { line };
            }
            if low < -self.end {
                cells[0] = left;
            }
            if high > self.end {
                cells[self.width - 1] = right;
            }
        }
        if change.abs() <= self.end {
            cells[self.place(change)] = point;
        }
        cells.into_iter().collect::<String>().trim_end().to_owned()
    }

    fn place(&self, change: f64) -> usize {
        let share = (change / self.end).clamp(-1.0, 1.0);
        (f64::midpoint(share, 1.0) * (self.width - 1) as f64).round() as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(low: f64, change: f64, high: f64) -> Comparison {
        Comparison {
            relative: Some(change),
            relative_low: Some(low),
            relative_high: Some(high),
            ..Comparison::default()
        }
    }

    #[test]
    fn intervals_are_drawn_around_zero() {
        let rows = [row(-0.4, -0.25, -0.1), row(-0.1, 0.1, 0.3), row(-9.0, 0.0, 0.2), row(0.1, 0.8, 9.0)];
        let scale = Scale::of(&rows[..2], 21, Marks::Ascii).unwrap();
        let drawn: Vec<String> = rows.iter().map(|row| scale.draw(row)).collect();
        assert_eq!(scale.title(), "-50 %           +50 %");
        assert_eq!(drawn, ["  ---o--- |", "        --|-o----", "<---------o----", "          | -------->"]);
        let unicode = Scale { marks: Marks::Unicode, ..scale };
        assert_eq!(unicode.draw(&rows[0]).replace('─', "-").replace('●', "o").replace('│', "|"), drawn[0]);
    }

    #[test]
    fn one_row_far_off_does_not_flatten_all_others() {
        let rows = [row(-0.1, 0.0, 0.1), row(-0.08, 0.0, 0.1), row(-0.1, 0.0, 0.09), row(-3.0, 0.0, 40.0)];
        assert_eq!(Scale::of(&rows, 21, Marks::Ascii).unwrap().end, 0.1);
    }

    #[test]
    fn nothing_is_drawn_without_numbers() {
        assert!(Scale::of(&[Comparison::default()], 21, Marks::Ascii).is_none());
        let scale = Scale { end: 0.1, width: 11, marks: Marks::Ascii };
        assert_eq!(scale.draw(&Comparison::default()), "");
        assert_eq!(scale.draw(&Comparison { relative: Some(0.0), ..Comparison::default() }), "     o");
    }
}
