//! An account's trace as text: one arm, or two side by side.

use std::collections::BTreeMap;

use recsafe_text::{listed, side_by_side, wrap};

use super::life::Life;
use super::parting::{Parting, parting};
use super::week::weeks;

/// Layout of a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Maximum line width, in characters.
    pub width: usize,
    /// Whether characters beyond ASCII are allowed.
    pub unicode: bool,
}

/// Minimum width for two arms side by side; in narrower output, the arms are below each other.
const TWO_COLUMNS: usize = 90;

/// A part of a trace: the account's description, or one week.
struct Chapter {
    heading: String,
    /// The week; `None` for the account's description.
    week: Option<u32>,
    /// The sentences of each arm.
    sides: Vec<Vec<String>>,
}

/// Returns the trace of an account in one or two arms. Identical parts are shown once, and a line
/// shows where the arms diverge.
#[must_use]
pub fn page(lives: &[&Life], look: Look) -> String {
    let parting = parting_of(lives);
    let mut lines = title(lives, look);
    for chapter in folded(chapters(lives), parting.as_ref()) {
        lines.push(String::new());
        lines.extend(mark(&chapter, parting.as_ref(), look));
        lines.extend(set(&chapter, lives, look));
    }
    lines.push(String::new());
    for remark in no_parting(lives, parting.as_ref()).into_iter().chain(remarks(lives)) {
        lines.extend(wrap(&remark, look.width, "  "));
    }
    lines.join("\n") + "\n"
}

/// Returns the divergence of two arms. Returns `None` if there is only one arm or no divergence.
fn parting_of(lives: &[&Life]) -> Option<Parting> {
    let [one, other] = lives else { return None };
    parting(one, other)
}

fn title(lives: &[&Life], look: Look) -> Vec<String> {
    let account = lives.first().map_or(0, |life| life.who.account);
    let place = |life: &&Life| {
        let point = if life.run.point > 0 { format!(", point {}", life.run.point) } else { String::new() };
        format!("arm `{}`, seed {}{point}", life.run.arm, life.run.seed)
    };
    let places: Vec<String> = lives.iter().map(place).collect();
    wrap(&format!("Account {account} in {}", places.join(" and in ")), look.width, "  ")
}

/// Returns the chapters of all arms by week, after the account's description.
fn chapters(lives: &[&Life]) -> Vec<Chapter> {
    let mut chapters: BTreeMap<Option<u32>, Chapter> = BTreeMap::new();
    for (side, life) in lives.iter().enumerate() {
        let who = (None, "Account".to_owned(), life.who.sentences());
        let of_weeks = weeks(life).into_iter().map(|week| (Some(week.week), week.heading(), week.sentences()));
        for (week, heading, sentences) in std::iter::once(who).chain(of_weeks) {
            let empty = || Chapter { heading, week, sides: vec![Vec::new(); lives.len()] };
            chapters.entry(week).or_insert_with(empty).sides[side] = sentences;
        }
    }
    chapters.into_values().collect()
}

/// Merges consecutive identical chapters. The week of the divergence stays separate.
fn folded(chapters: Vec<Chapter>, parting: Option<&Parting>) -> Vec<Chapter> {
    let parts_in = |chapter: &Chapter| parting.is_some_and(|parting| chapter.week == Some(parting.week));
    let mut retained: Vec<Chapter> = Vec::new();
    for chapter in chapters {
        match retained.last_mut().filter(|last| last.sides == chapter.sides && !parts_in(&chapter) && !parts_in(last)) {
            Some(last) => {
                let first = last.heading.split(" until ").next().unwrap_or_default();
                last.heading = format!("{first} until {}", chapter.heading);
            }
            None => retained.push(chapter),
        }
    }
    retained
}

/// Returns the line above the week of the divergence.
fn mark(chapter: &Chapter, parting: Option<&Parting>, look: Look) -> Vec<String> {
    let Some(parting) = parting.filter(|parting| chapter.week == Some(parting.week)) else { return Vec::new() };
    let sign = if look.unicode { "►" } else { ">>" };
    wrap(&format!("{sign} {}", parting.sentence()), look.width, "  ")
}

fn set(chapter: &Chapter, lives: &[&Life], look: Look) -> Vec<String> {
    let is_same = chapter.sides.windows(2).all(|pair| pair[0] == pair[1]);
    let same = if lives.len() > 1 && is_same { " (the same in both)" } else { "" };
    let mut lines = wrap(&format!("{}{same}", chapter.heading), look.width, "  ");
    let between = if look.unicode { " │ " } else { " | " };
    let half = (look.width - between.chars().count()) / 2;
    match (&chapter.sides[..], lives) {
        ([one, other], [ours, theirs]) if !is_same && look.width >= TWO_COLUMNS => {
            let columns = [side(&ours.run.arm, one, half), side(&theirs.run.arm, other, half)];
            lines.extend(side_by_side(&columns[0], &columns[1], half, between));
        }
        ([one, other], [ours, theirs]) if !is_same => {
            lines.extend(side(&ours.run.arm, one, look.width));
            lines.extend(side(&theirs.run.arm, other, look.width));
        }
        (sides, _) => {
            let sentences = sides.first().map_or(&[][..], Vec::as_slice);
            lines.extend(sentences_set(sentences, look.width));
        }
    }
    lines
}

/// Returns one arm's sentences below its name.
fn side(arm: &str, sentences: &[String], width: usize) -> Vec<String> {
    let nothing = ["The tables have no data.".to_owned()];
    let sentences = if sentences.is_empty() { &nothing } else { sentences };
    let mut lines = wrap(&format!("  in `{arm}`:"), width, "  ");
    lines.extend(sentences_set(sentences, width));
    lines
}

fn sentences_set(sentences: &[String], width: usize) -> Vec<String> {
    sentences.iter().flat_map(|sentence| wrap(&format!("  {sentence}"), width, "    ")).collect()
}

/// Describes two arms without a difference in dated events.
fn no_parting(lives: &[&Life], parting: Option<&Parting>) -> Option<String> {
    let ([one, other], None) = (lives, parting) else { return None };
    Some(if one.who == other.who {
        "The traces do not diverge: both arms have the same data about this account.".to_owned()
    } else {
        "All dated events are the same, but totals differ: the traces diverge in data that was not recorded.".to_owned()
    })
}

/// Returns the notes. A note that applies to all arms is shown once.
fn remarks(lives: &[&Life]) -> Vec<String> {
    let mut notes: Vec<(String, Vec<String>)> = Vec::new();
    for life in lives {
        for remark in life.remarks() {
            match notes.iter_mut().find(|(known, _)| *known == remark) {
                Some((_, arms)) => arms.push(format!("`{}`", life.run.arm)),
                None => notes.push((remark, vec![format!("`{}`", life.run.arm)])),
            }
        }
    }
    // Notes about a single arm come before shared notes.
    notes.sort_by_key(|(_, arms)| arms.len());
    let whole = |(remark, arms): (String, Vec<String>)| {
        if arms.len() == lives.len() { remark } else { format!("In {}: {remark}", listed(&arms)) }
    };
    notes.into_iter().map(whole).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::samples::{impression, life};

    const NARROW: Look = Look { width: 60, unicode: false };
    const WIDE: Look = Look { width: 120, unicode: true };

    fn two() -> [Life; 2] {
        let (mut one, mut other) = (life(), life());
        one.impressions = vec![impression(1, 0.7), impression(8, 0.2)];
        other.impressions = vec![impression(1, 0.7), impression(9, 0.8)];
        other.run.arm = "quiet".to_owned();
        [one, other]
    }

    #[test]
    fn one_arm_reads_well() {
        insta::assert_snapshot!(page(&[&life()], NARROW));
    }

    #[test]
    fn two_arms_stand_beside_each_other_where_there_is_room() {
        let [one, other] = &two();
        insta::assert_snapshot!(page(&[one, other], WIDE));
    }

    #[test]
    fn two_arms_stand_below_each_other_where_there_is_none() {
        let [one, other] = &two();
        insta::assert_snapshot!(page(&[one, other], NARROW));
    }

    #[test]
    fn no_line_is_wider_than_asked() {
        let [one, other] = &two();
        for width in [60, 80, 90, 120, 200] {
            let text = page(&[one, other], Look { width, unicode: true });
            assert!(text.lines().all(|line| line.chars().count() <= width), "{width}\n{text}");
        }
    }

    #[test]
    fn plain_ascii_where_nothing_else_can_be_shown() {
        let [one, other] = &two();
        assert!(page(&[one, other], Look { width: 120, unicode: false }).is_ascii());
    }

    #[test]
    fn arms_that_do_not_part_say_so() {
        let (one, mut other) = (life(), life());
        assert!(page(&[&one, &other], NARROW).contains("do not diverge"));
        other.who.views += 1;
        assert!(page(&[&one, &other], WIDE).contains("not recorded"));
    }
}
