//! The comparison as a table for a terminal.

use comfy_table::{Attribute, Cell, CellAlignment, Color, ContentArrangement, Row, Table, presets};

use super::cells::{Block, Line, NONE, blocks, is_swept, notes};
use super::comparison::{Comparison, Status};
use super::frontier::FrontierArm;
use super::number::plain;
use super::question::{Outcome, Question};
use super::robustness::Robustness;
use super::verdict::Verdict;

/// How a table is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appearance {
    /// Widest line, in characters.
    pub width: u16,
    /// Whether verdicts are coloured too; the words stay the same.
    pub colour: bool,
}

/// The rows as a table: declared outcomes first, then the others, and notes on how to read it.
#[must_use]
pub fn table(rows: &[Comparison], question: &Question, appearance: Appearance) -> String {
    if rows.is_empty() {
        return "No rows.\n".to_owned();
    }
    let swept = is_swept(rows);
    let mut table = plain_table(appearance);
    table.set_header(header(swept));
    let mut section = None;
    for block in blocks(rows, question) {
        if section.replace(block.status) != Some(block.status) {
            table.add_row(section_row(block.status));
        }
        add_block(&mut table, &block, swept, appearance.colour);
    }
    align_right(&mut table, if swept { &[1, 2, 3, 5, 7] } else { &[1, 2, 4, 6] });
    let notes: Vec<String> = notes(rows).iter().map(|note| wrapped(note, appearance.width)).collect();
    format!("{}\n\n{}\n", trimmed(&table), notes.join("\n"))
}

/// The arms of a frontier as a table.
#[must_use]
pub fn frontier_table(arms: &[FrontierArm], harm: &Outcome, cost: &Outcome, appearance: Appearance) -> String {
    let mut table = plain_table(appearance);
    let swept = arms.iter().any(|arm| arm.point != arms[0].point);
    let point = |cell: String| swept.then_some(cell);
    let heading = [Some("arm".to_owned()), point("point".to_owned()), Some(harm.to_string()), Some(cost.to_string())];
    table.set_header(heading.into_iter().flatten().chain(["frontier".to_owned()]));
    for arm in arms {
        let number = |value: Option<f64>| Some(value.map_or(NONE.to_owned(), plain));
        let cells = [Some(arm.arm.clone()), point(arm.point.to_string()), number(arm.harm), number(arm.cost)];
        let verdict = match (arm.on_frontier, arm.harm.and(arm.cost)) {
            (true, _) => "on it",
            (false, Some(_)) => "beaten",
            (false, None) => NONE,
        };
        table.add_row(cells.into_iter().flatten().chain([verdict.to_owned()]));
    }
    align_right(&mut table, if swept { &[1, 2, 3] } else { &[1, 2] });
    let note = "on it: no other arm is as good on both and better on one. Means over seeds are compared as they are, without their intervals.";
    format!("{}\n\n{}\n", trimmed(&table), wrapped(note, appearance.width))
}

/// How every arm's change fares over the sweep points, as a table.
#[must_use]
pub fn robustness_table(rows: &[Robustness], appearance: Appearance) -> String {
    let mut table = plain_table(appearance);
    table.set_header(["outcome, arm", "points", "sign", "same\nsign", "clear", "contra-\ndicted", "best", "over all"]);
    let share = |share: Option<f64>| share.map_or(NONE.to_owned(), |share| format!("{:.0} %", 100.0 * share));
    let mut outcome = String::new();
    for row in rows {
        let own = format!("{}@{}", row.metric, row.group);
        if own != outcome {
            table.add_row([own.as_str()]);
            outcome = own;
        }
        let shares = [row.same_sign, row.clear, row.contradicted, row.best].map(share);
        let start = [format!("  {}", row.arm), row.points.to_string(), row.sign.unwrap_or(NONE).to_owned()];
        table.add_row(start.into_iter().chain(shares).chain([row.verdict.word().to_owned()]));
    }
    align_right(&mut table, &[1, 3, 4, 5, 6]);
    let notes = [
        "Shares of sweep points. same sign: with the sign of most points; clear: with it, and with the 95 % interval off zero; contradicted: clearly the other way; best: no arm, the baseline counted, has a better mean.",
        "holds: clear at every point. same sign: everywhere, but not clear everywhere. undecided: both signs, without two points that clearly contradict each other. depends: clearly one way at some points and the other way at others, so that the conclusion hangs on what was swept.",
    ];
    format!("{}\n\n{}\n", trimmed(&table), notes.map(|note| wrapped(note, appearance.width)).join("\n"))
}

/// No frames: columns are told apart by space, so that the width goes to the content.
pub(crate) fn plain_table(appearance: Appearance) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(appearance.width);
    if appearance.colour {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    table
}

fn header(swept: bool) -> Vec<&'static str> {
    let point = swept.then_some("point");
    let rest = ["mean", "change", "95 % interval", "p", "verdict", "seeds\nneeded"];
    ["outcome, arm"].into_iter().chain(point).chain(rest).collect()
}

fn section_row(status: Status) -> Row {
    let mut row = Row::from(vec![match status {
        Status::Confirmatory => "DECLARED (confirmatory)",
        Status::Exploratory => "OTHERS (exploratory)",
    }]);
    row.max_height(1);
    row
}

fn add_block(table: &mut Table, block: &Block, swept: bool, colour: bool) {
    let to_interval = if swept { 3 } else { 2 };
    let heading = format!("{} ({})", block.outcome, block.unit);
    let gap = std::iter::repeat_n(String::new(), to_interval);
    table.add_row([heading].into_iter().chain(gap).chain([block.direction.to_owned()]));
    for line in &block.lines {
        table.add_row(line_cells(line, swept, colour));
    }
}

fn line_cells(line: &Line, swept: bool, colour: bool) -> Vec<Cell> {
    let point = swept.then(|| Cell::new(line.point));
    let rest = [&line.mean, &line.change, &line.interval, &line.p].map(Cell::new);
    let mut cells = vec![Cell::new(format!("  {}", line.arm))];
    cells.extend(point.into_iter().chain(rest));
    cells.push(verdict_cell(line.verdict, colour));
    cells.push(Cell::new(&line.seeds_needed));
    cells
}

fn verdict_cell(verdict: Option<Verdict>, colour: bool) -> Cell {
    let cell = Cell::new(verdict.map_or("", Verdict::word));
    match verdict {
        Some(Verdict::Better) if colour => cell.fg(Color::Green).add_attribute(Attribute::Bold),
        Some(Verdict::Worse) if colour => cell.fg(Color::Red).add_attribute(Attribute::Bold),
        _ => cell,
    }
}

pub(crate) fn align_right(table: &mut Table, columns: &[usize]) {
    for &column in columns {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
}

/// The table's lines without spaces at their ends.
pub(crate) fn trimmed(table: &Table) -> String {
    table.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}

/// Breaks a text between words; lines after the first are indented.
pub(crate) fn wrapped(text: &str, width: u16) -> String {
    let (mut lines, mut line) = (Vec::new(), String::new());
    for word in text.split(' ') {
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > usize::from(width) {
            lines.push(std::mem::replace(&mut line, format!("  {word}")));
        } else {
            line.push_str(if line.is_empty() { "" } else { " " });
            line.push_str(word);
        }
    }
    lines.push(line);
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::samples::{by_seed, contact_rules_rows, facts, question, swept_rows};
    use crate::compare::{Selection, compare, frontier, robustness, select};

    const PLAIN: Appearance = Appearance { width: 100, colour: false };

    fn contact_rules_table(appearance: Appearance) -> String {
        let (rows, question) = contact_rules_rows();
        let rows = select(&rows, &facts(), &Selection::default()).unwrap();
        table(&rows, &question, appearance)
    }

    #[test]
    fn declared_outcomes_come_first() {
        insta::assert_snapshot!(contact_rules_table(PLAIN));
    }

    #[test]
    fn sweep_points_have_a_column() {
        let (rows, question) = swept_rows();
        insta::assert_snapshot!(table(&rows, &question, PLAIN));
    }

    #[test]
    fn robustness_reads_well() {
        let (rows, _) = swept_rows();
        insta::assert_snapshot!(robustness_table(&robustness(&rows, &rows), PLAIN));
    }

    #[test]
    fn one_seed_says_why_there_is_no_interval() {
        let values = [by_seed("as-is", "dose@minor", &[0.010]), by_seed("warning", "dose@minor", &[0.008])].concat();
        let question = question(&["as-is", "warning"]);
        insta::assert_snapshot!(table(&compare(&values, &facts(), &question, None), &question, PLAIN));
    }

    #[test]
    fn the_baseline_alone_shows_its_means() {
        let question = question(&["as-is"]);
        let rows = compare(&by_seed("as-is", "dose@minor", &[0.010, 0.012]), &facts(), &question, None);
        insta::assert_snapshot!(table(&rows, &question, PLAIN));
    }

    #[test]
    fn no_line_is_wider_than_asked() {
        for width in [60, 72, 80, 100, 140] {
            let drawn = contact_rules_table(Appearance { width, colour: false });
            let widest = drawn.lines().map(|line| line.chars().count()).max().unwrap();
            assert!(widest <= usize::from(width), "{widest} > {width}\n{drawn}");
        }
    }

    #[test]
    fn colour_changes_no_word() {
        let coloured = contact_rules_table(Appearance { colour: true, ..PLAIN });
        assert!(coloured.contains("\u{1b}[") && coloured.contains("better"));
        assert!(!contact_rules_table(PLAIN).contains('\u{1b}'));
    }

    #[test]
    fn the_frontier_says_who_is_beaten() {
        let (rows, question) = contact_rules_rows();
        let arms = frontier(&rows, &question, &question.harm, &question.cost);
        insta::assert_snapshot!(frontier_table(&arms, &question.harm, &question.cost, PLAIN));
    }
}
