//! The brief report, which fits on one printed sheet and has no script.

use maud::{DOCTYPE, Markup, html};
use recsafe_analysis::{Comparison, Outcome, Verdict};

use super::head::head;
use super::page::in_code;
use super::strip::{Line, strip};
use super::study::Study;

/// Maximum number of arms in the table and in the figure.
const MOST_ARMS: usize = 8;

/// Maximum number of interventions whose assumptions are listed.
const MOST_RULES: usize = 4;

/// Maximum length of a name in the table and in the figure.
const LONGEST_NAME: usize = 26;

/// Maximum length of a title, question or command.
const LONGEST_TEXT: usize = 240;

/// Maximum length of a paragraph of the answer.
const LONGEST_PARAGRAPH: usize = 620;

/// Returns the whole page. The template escapes everything that comes from a file, and long texts
/// are shortened so that the page fits on one sheet.
pub(super) fn page(study: &Study) -> String {
    let title = &shortened(study.title(), LONGEST_TEXT);
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            (head(study, &format!("{title} – recsafe, in brief"), include_str!("assets/brief.css")))
            body { main {
                p.kind { "recsafe, in brief" }
                h1 { (title) }
                @if study.experiment().question != study.title() && !study.experiment().question.is_empty() { p.question { (shortened(&study.experiment().question, LONGEST_TEXT)) } }
                (answer(study))
                (table(study))
                (picture(study))
                (assumed(study))
                (limits(study))
                (repeat(study))
            } }
        }
    };
    page.into_string()
}

fn answer(study: &Study) -> Markup {
    let said = &study.answer;
    let own = [&said.cost, &said.simpler, &said.still_reached, &said.other_costs];
    html! {
        section {
            h2 { "Answer" }
            p.lead { (paragraph(&said.lead)) }
            @for text in own.into_iter().flatten() { p { (paragraph(text)) } }
        }
    }
}

/// Returns the declared outcomes of the first arms, at the first sweep point.
fn table(study: &Study) -> Markup {
    let question = &study.compared.question;
    let arms: Vec<&str> = question.compared().collect();
    let at = if study.is_swept() { ", at the first sweep point" } else { "" };
    html! {
        section {
            h2 { "Declared outcomes compared with " (shortened(&question.baseline, LONGEST_NAME)) (at) }
            table {
                thead { tr { th scope="col" { "arm" } (heading(study, "harm", &question.harm)) (heading(study, "cost", &question.cost)) } }
                tbody { @for arm in arms.iter().take(MOST_ARMS) { tr {
                    th scope="row" { (shortened(arm, LONGEST_NAME)) }
                    (cell(study.row(&question.harm, arm, 0))) (cell(study.row(&question.cost, arm, 0)))
                } } }
            }
            @if arms.len() > MOST_ARMS { p.note { (arms.len() - MOST_ARMS) " more arms in the full report." } }
        }
    }
}

fn heading(study: &Study, role: &str, outcome: &Outcome) -> Markup {
    html! { th scope="col" { (role) ": " (study.words(outcome).0) " " code { (outcome) } } }
}

fn cell(row: Option<&Comparison>) -> Markup {
    let Some(row) = row else { return html! { td { "–" } } };
    let (change, interval) = recsafe_analysis::change_in_words(row);
    in_cell(&format!("{change} ({interval}), {}", Verdict::of(row).word()))
}

/// Returns a table cell in which a number and its percent sign stay together.
fn in_cell(words: &str) -> Markup {
    html! { td { (words.replace(" %", "\u{a0}%")) } }
}

/// Returns the figure of the declared harm, with one line per arm. Returns nothing if no arm has a
/// relative change.
fn picture(study: &Study) -> Markup {
    let question = &study.compared.question;
    let lines: Vec<Line> =
        question.compared().filter_map(|arm| line(study.row(&question.harm, arm, 0)?)).take(MOST_ARMS).collect();
    let title = format!("Change of {} ({}) by arm", study.words(&question.harm).0, question.harm);
    html! { @if !lines.is_empty() { figure { figcaption { (title) } div.wide tabindex="0" role="region" aria-label=(title) { (strip(&lines, &title)) } } } }
}

fn line(row: &Comparison) -> Option<Line> {
    let (change, interval) = recsafe_analysis::change_in_words(row);
    Some(Line {
        name: shortened(&row.arm, LONGEST_NAME),
        change: 100.0 * row.relative?,
        interval: row.relative_low.zip(row.relative_high).map(|(low, high)| (100.0 * low, 100.0 * high)),
        words: format!("{change} ({interval})"),
    })
}

fn assumed(study: &Study) -> Markup {
    let rules = &study.compared.rules;
    let own = |rule: &&recsafe_analysis::Rule| study.answer.arm.as_ref().is_none_or(|arm| rule.arms.contains(arm));
    let named: Vec<String> = rules.iter().filter(own).take(MOST_RULES).map(recsafe_analysis::Rule::sentence).collect();
    html! {
        @if !named.is_empty() {
            section {
                h2 { "Assumptions, not results" }
                ul { @for sentence in &named { li { (paragraph(sentence)) } }
                    @if rules.len() > named.len() { li { "The full report lists all " (rules.len()) " interventions of the arms." } } }
            }
        }
    }
}

fn limits(study: &Study) -> Markup {
    html! {
        section {
            h2 { "Limits" }
            p { @for text in &study.answer.limits { (paragraph(text)) " " }
                "Quote differences between arms, not levels. Intervals show the random variation between seeds, not the effect of the assumptions." }
        }
    }
}

/// Returns how to repeat the experiment, in one line.
fn repeat(study: &Study) -> Markup {
    let command = if study.manifest.command.is_empty() { "recsafe run FILE" } else { &study.manifest.command };
    let registered = recsafe_config::registered::of_folder(&study.manifest).join(", ");
    html! {
        p.repeat { "Reproduce: " code { (shortened(command, LONGEST_TEXT)) } ", recsafe " (study.manifest.version) ", " (study.seeds()) " seeds, " (study.experiment().days) " days, plan " code { (study.manifest.hash.chars().take(12).collect::<String>()) } @if !registered.is_empty() { ", with " (shortened(&registered, LONGEST_TEXT)) } "." }
    }
}

fn paragraph(text: &str) -> Markup {
    in_code(&shortened(text, LONGEST_PARAGRAPH))
}

/// Shortens a text to at most `most` characters; a shortened text ends in an ellipsis.
fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let retained: String = text.chars().take(most.saturating_sub(1)).collect();
    let ticks = retained.matches('`').count() % 2; // closes the backquotes of a truncated name
    format!("{retained}…{}", "`".repeat(ticks))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_and_its_code_is_closed() {
        assert_eq!(shortened("short", 5), "short");
        assert_eq!(shortened("longer", 5), "long…");
        assert_eq!(shortened("a `name` b", 6), "a `na…`");
        assert_eq!(shortened("ääääää", 3), "ää…");
    }
}
