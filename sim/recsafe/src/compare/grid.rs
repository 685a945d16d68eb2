//! Lines of cells below headings that take the whole width; what does not fit is left out, column by column.

use crate::text::wrap;

/// Space between columns.
pub(super) const GAP: usize = 2;

/// Narrowest that the first column is made before it breaks within words.
const NARROWEST: usize = 12;

/// A column.
pub(super) struct Column {
    /// What stands above it, on one line or two.
    pub title: String,
    /// Whether its cells stand at its right end.
    pub right: bool,
    /// Which goes first where there is no room, from 1; 0 for a column that always stays.
    pub leaves: u8,
}

/// A line, or a heading.
pub(super) enum Row {
    /// A heading, and how deep it stands.
    Heading(String, usize),
    /// A cell for each column.
    Cells(Vec<Cell>),
}

/// A cell.
#[derive(Clone, Debug, Default)]
pub(super) struct Cell {
    /// What it says.
    pub text: String,
    /// The terminal's code for its colour, such as `1;32`; empty for none.
    pub colour: &'static str,
}

/// Columns with their rows.
pub(super) struct Grid {
    columns: Vec<Column>,
    rows: Vec<Row>,
    width: usize,
    left_out: Vec<String>,
}

impl Grid {
    /// The grid within a width: columns that find no room are left out, and the first is made narrower if that does not do.
    pub(super) fn within(width: usize, columns: Vec<Column>, rows: Vec<Row>) -> Grid {
        let mut grid = Grid { columns, rows, width, left_out: Vec::new() };
        while grid.needed() > width {
            let leaving = grid.columns.iter().filter(|column| column.leaves > 0).map(|column| column.leaves).min();
            let Some(at) = leaving.and_then(|leaves| grid.columns.iter().position(|it| it.leaves == leaves)) else {
                break;
            };
            grid.remove(at);
        }
        grid
    }

    /// Titles of the columns that found no room.
    pub(super) fn left_out(&self) -> &[String] {
        &self.left_out
    }

    /// Characters that are left beside the columns.
    pub(super) fn spare(&self) -> usize {
        self.width.saturating_sub(self.needed())
    }

    /// Adds a column at the right with a cell for each line of cells.
    pub(super) fn push(&mut self, column: Column, cells: impl IntoIterator<Item = String>) {
        self.columns.push(column);
        let mut cells = cells.into_iter();
        for row in &mut self.rows {
            if let Row::Cells(row) = row {
                row.push(Cell { text: cells.next().unwrap_or_default(), colour: "" });
            }
        }
    }

    /// The lines, the columns' titles first.
    pub(super) fn lines(&self) -> Vec<String> {
        let mut widths = self.widths();
        let others: usize = widths.iter().skip(1).map(|width| width + GAP).sum();
        widths[0] = widths[0].min(self.width.saturating_sub(others).max(NARROWEST));
        let titles =
            self.columns.iter().map(|column| Cell { text: column.title.clone(), colour: "" }).collect::<Vec<_>>();
        let mut lines = self.set(&titles, &widths);
        for row in &self.rows {
            match row {
                Row::Heading(text, depth) => {
                    let [first, further] = [*depth, depth + 2].map(|depth| " ".repeat(depth));
                    lines.extend(wrap(&format!("{first}{text}"), self.width, &further));
                }
                Row::Cells(cells) if !is_bare(cells) => lines.extend(self.set(cells, &widths)),
                Row::Cells(_) => {}
            }
        }
        lines
    }

    fn remove(&mut self, at: usize) {
        self.left_out.push(self.columns.remove(at).title.replace('\n', " "));
        for row in &mut self.rows {
            if let Row::Cells(cells) = row {
                cells.remove(at);
            }
        }
    }

    fn needed(&self) -> usize {
        self.widths().iter().sum::<usize>() + GAP * (self.columns.len() - 1)
    }

    fn widths(&self) -> Vec<usize> {
        let widest = |at: usize, column: &Column| {
            let titles = column.title.split('\n').map(length);
            let cells = self.rows.iter().filter_map(|row| match row {
                Row::Cells(cells) => Some(length(&cells[at].text)),
                Row::Heading(..) => None,
            });
            titles.chain(cells).max().unwrap_or(0)
        };
        self.columns.iter().enumerate().map(|(at, column)| widest(at, column)).collect()
    }

    /// A row of cells, on as many lines as the tallest cell has.
    fn set(&self, cells: &[Cell], widths: &[usize]) -> Vec<String> {
        let pieces: Vec<Vec<String>> =
            cells.iter().zip(widths).map(|(cell, &width)| broken(&cell.text, width)).collect();
        let height = pieces.iter().map(Vec::len).max().unwrap_or(0);
        let line = |number: usize| {
            let parts =
                self.columns.iter().zip(cells).zip(&pieces).zip(widths).map(|(((column, cell), pieces), &width)| {
                    let text = pieces.get(number).map_or("", String::as_str);
                    let gap = " ".repeat(width - length(text));
                    let text = if cell.colour.is_empty() || text.is_empty() {
                        text.to_owned()
                    } else {
                        coloured(text, cell.colour)
                    };
                    if column.right { format!("{gap}{text}") } else { format!("{text}{gap}") }
                });
            parts.collect::<Vec<_>>().join(&" ".repeat(GAP)).trim_end().to_owned()
        };
        (0..height).map(line).collect()
    }
}

/// Whether nothing is left of a row but its name.
fn is_bare(cells: &[Cell]) -> bool {
    cells.len() > 1 && cells[1..].iter().all(|cell| cell.text.is_empty())
}

fn coloured(text: &str, colour: &str) -> String {
    format!("\u{1b}[{colour}m{text}\u{1b}[0m")
}

/// The lines of a cell, those that are longer than the column cut; what is cut off stands two characters in.
fn broken(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for line in text.split('\n') {
        let mut rest: Vec<char> = line.chars().collect();
        while rest.len() > width {
            let further = rest.split_off(width);
            lines.push(rest.into_iter().collect());
            rest = [' ', ' ', ' ', ' '].into_iter().chain(further).collect();
        }
        lines.push(rest.into_iter().collect());
    }
    lines
}

fn length(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(width: usize) -> Grid {
        let column = |title: &str, right, leaves| Column { title: title.to_owned(), right, leaves };
        let cell = |text: &&str| Cell { text: (*text).to_owned(), colour: "" };
        let cells = |texts: [&str; 3]| Row::Cells(texts.iter().map(cell).collect());
        let columns = vec![column("arm", false, 0), column("mean", true, 2), column("seeds\nneeded", true, 1)];
        let rows = vec![Row::Heading("a heading".to_owned(), 1), cells(["  a-name-of-an-arm", "0.1", "22"])];
        Grid::within(width, columns, rows)
    }

    #[test]
    fn all_columns_stand_where_there_is_room() {
        let expected = [
            "arm                 mean   seeds",
            "                          needed",
            " a heading",
            "  a-name-of-an-arm   0.1      22",
        ];
        assert_eq!(grid(40).lines(), expected);
        assert_eq!(grid(40).spare(), 8);
    }

    #[test]
    fn columns_leave_in_their_order() {
        assert_eq!(grid(30).lines(), ["arm                 mean", " a heading", "  a-name-of-an-arm   0.1"]);
        assert_eq!(grid(18).lines(), ["arm", " a heading", "  a-name-of-an-arm"]);
        assert_eq!(grid(18).left_out(), ["seeds needed", "mean"]);
    }

    #[test]
    fn a_long_name_is_cut_in_the_end() {
        assert_eq!(grid(14).lines(), ["arm", " a heading", "  a-name-of-an", "    -arm"]);
    }

    #[test]
    fn a_column_may_follow() {
        let mut grid = grid(40);
        grid.push(Column { title: "x".to_owned(), right: false, leaves: 0 }, ["*".to_owned()]);
        assert!(grid.lines()[3].ends_with("22  *"));
    }
}
