//! The comparison as a table for a terminal.

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};

use super::cells::{Block, Line, NONE, blocks, brief_notes, is_swept, notes};
use super::comparison::{Comparison, Status};
use super::frontier::FrontierArm;
use super::grid::{Cell, Column, GAP, Grid, Row};
use super::number::plain;
use super::plot::{self, Marks, Scale};
use super::question::{Outcome, Question};
use super::robustness::Robustness;
use super::verdict::Verdict;
use crate::text::wrap;

/// How a table is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appearance {
    /// Widest line, in characters.
    pub width: u16,
    /// Whether verdicts are coloured too; the words stay the same.
    pub colour: bool,
}

/// The rows as a table: declared outcomes first, then the others, and notes on how to read it. Where there is room each change is
/// drawn in its interval; where there is none, columns are left out.
#[must_use]
pub fn table(rows: &[Comparison], question: &Question, appearance: Appearance, marks: Marks) -> String {
    with_notes(rows, question, appearance, marks, &notes(rows))
}

/// The same with a short note.
#[must_use]
pub fn brief_table(rows: &[Comparison], question: &Question, appearance: Appearance, marks: Marks) -> String {
    with_notes(rows, question, appearance, marks, &brief_notes(rows))
}

fn with_notes(
    rows: &[Comparison],
    question: &Question,
    appearance: Appearance,
    marks: Marks,
    notes: &[String],
) -> String {
    if rows.is_empty() {
        return "No rows.\n".to_owned();
    }
    let (swept, blocks, width) = (is_swept(rows), blocks(rows, question), usize::from(appearance.width));
    let mut grid = Grid::within(width, columns(swept), grid_rows(&blocks, swept, appearance.colour));
    let room = grid.spare().saturating_sub(GAP);
    let scale = Scale::of(rows, room, marks).filter(|_| room >= plot::NARROWEST);
    let drawn_note = scale.as_ref().map(Scale::note);
    if let Some(scale) = scale {
        let drawn = blocks.iter().flat_map(|block| &block.lines);
        let drawn: Vec<String> =
            drawn.map(|line| line.row.as_ref().map_or(String::new(), |row| scale.draw(row))).collect();
        grid.push(Column { title: scale.title(), right: false, leaves: 0 }, drawn);
    }
    let left_out =
        (!grid.left_out().is_empty()).then(|| format!("Left out, for want of room: {}.", grid.left_out().join(", ")));
    let notes: Vec<String> =
        left_out.iter().chain(&drawn_note).chain(notes).map(|note| wrapped(note, appearance.width)).collect();
    format!("{}\n\n{}\n", grid.lines().join("\n"), notes.join("\n"))
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
        let own = Outcome::new(&row.metric, &row.group).to_string();
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
        "Shares of sweep points. same sign: with the sign of most points; clear: with it, and the 95 % interval leaves out 0; contradicted: clearly the other way; best: no arm, the baseline counted, has a better mean.",
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

/// The columns; those that say least go first where there is no room.
fn columns(swept: bool) -> Vec<Column> {
    let column = |title: &str, right, leaves| Column { title: title.to_owned(), right, leaves };
    let point = swept.then(|| column("point", true, 0));
    let rest = [
        column("mean", true, 3),
        column("change", true, 0),
        column("95 % interval", false, 0),
        column("p", true, 2),
        column("verdict", false, 0),
        column("seeds\nneeded", true, 1),
    ];
    std::iter::once(column("outcome, arm", false, 0)).chain(point).chain(rest).collect()
}

fn grid_rows(blocks: &[Block], swept: bool, colour: bool) -> Vec<Row> {
    let (mut rows, mut section) = (Vec::new(), None);
    for block in blocks {
        if section.replace(block.status) != Some(block.status) {
            rows.push(Row::Heading(section_title(block.status).to_owned(), 0));
        }
        let direction = if block.direction.is_empty() { String::new() } else { format!(", {}", block.direction) };
        rows.push(Row::Heading(format!("{} ({}){direction}", block.outcome, block.unit), 0));
        rows.extend(block.lines.iter().map(|line| Row::Cells(line_cells(line, swept, colour))));
    }
    rows
}

fn section_title(status: Status) -> &'static str {
    match status {
        Status::Confirmatory => "DECLARED (confirmatory)",
        Status::Exploratory => "OTHERS (exploratory)",
    }
}

fn line_cells(line: &Line, swept: bool, colour: bool) -> Vec<Cell> {
    let plain = |text: &str| Cell { text: text.to_owned(), colour: "" };
    let point = swept.then(|| plain(&line.point.to_string()));
    let numbers = [&line.mean, &line.change, &line.interval, &line.p].map(|text| plain(text));
    let word =
        Cell { text: line.verdict.map_or("", Verdict::word).to_owned(), colour: verdict_colour(line.verdict, colour) };
    let name = plain(&format!("  {}", line.arm));
    std::iter::once(name).chain(point).chain(numbers).chain([word, plain(&line.seeds_needed)]).collect()
}

/// Bold green for what is better, bold red for what is worse.
fn verdict_colour(verdict: Option<Verdict>, colour: bool) -> &'static str {
    match verdict {
        Some(Verdict::Better) if colour => "1;32",
        Some(Verdict::Worse) if colour => "1;31",
        _ => "",
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
    wrap(text, width.into(), "  ").join("\n")
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
        table(&rows, &question, appearance, Marks::Unicode)
    }

    #[test]
    fn declared_outcomes_come_first() {
        insta::assert_snapshot!(contact_rules_table(PLAIN));
    }

    #[test]
    fn sweep_points_have_a_column() {
        let (rows, question) = swept_rows();
        insta::assert_snapshot!(table(&rows, &question, PLAIN, Marks::Unicode));
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
        insta::assert_snapshot!(table(&compare(&values, &facts(), &question, None), &question, PLAIN, Marks::Unicode));
    }

    #[test]
    fn the_baseline_alone_shows_its_means() {
        let question = question(&["as-is"]);
        let rows = compare(&by_seed("as-is", "dose@minor", &[0.010, 0.012]), &facts(), &question, None);
        insta::assert_snapshot!(table(&rows, &question, PLAIN, Marks::Unicode));
    }

    #[test]
    fn no_line_is_wider_than_asked() {
        for width in [60, 72, 80, 100, 120, 140, 200] {
            let drawn = contact_rules_table(Appearance { width, colour: false });
            let widest = drawn.lines().map(|line| line.chars().count()).max().unwrap();
            assert!(widest <= usize::from(width), "{widest} > {width}\n{drawn}");
        }
    }

    #[test]
    fn narrow_terminals_keep_what_matters_most() {
        insta::assert_snapshot!(contact_rules_table(Appearance { width: 60, colour: false }));
    }

    #[test]
    fn wide_terminals_draw_the_intervals() {
        insta::assert_snapshot!(contact_rules_table(Appearance { width: 120, colour: false }));
    }

    #[test]
    fn a_brief_table_has_a_short_note_and_may_be_ascii() {
        let (rows, question) = contact_rules_rows();
        let drawn = brief_table(&rows, &question, PLAIN, Marks::Ascii);
        assert!(drawn.is_ascii(), "{drawn}");
        insta::assert_snapshot!(drawn);
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
