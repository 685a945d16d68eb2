//! A metric as it is taught: formula, unit, how to read it, for whom there is one, where it stands, what it does not say.

use super::metrics::{Direction, Info, Metric};

/// A part of a lesson: a heading and its paragraphs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// The heading.
    pub heading: &'static str,
    /// Its paragraphs.
    pub paragraphs: Vec<String>,
}

/// What there is to know of a metric; the example is of `group`.
#[must_use]
pub fn lesson(metric: &dyn Metric, group: &str) -> Vec<Section> {
    let info = metric.info();
    let section = |heading, paragraphs| Section { heading, paragraphs };
    vec![
        section("Formula", formula(info)),
        section("Unit and direction", vec![format!("{}; {}.", info.unit, direction(info.direction))]),
        section("How to read it", example(info, group)),
        section("Groups", groups(info, &metric.groups())),
        section("Where it is", places(info, group)),
        section("What it does not say", limits(info)),
    ]
}

fn formula(info: &Info) -> Vec<String> {
    let words = [
        ("harmful", "Harmful: of a severity at or above `harm.threshold`."),
        ("severe ", "Severe: of a severity at or above `harm.severe`."),
        ("active", "Active: with at least one session on the day."),
        (
            "Kaplan-Meier",
            "Kaplan-Meier: a curve of survival in which those that are not met within the days count for as long as they were watched.",
        ),
        ("account-days", "Account-days: accounts times the days on which they are there."),
    ];
    let told = words.iter().filter(|(word, _)| info.formula.contains(word)).map(|(_, what)| (*what).to_owned());
    let needed: Vec<String> = info.needs.iter().filter_map(|need| need.needed()).collect();
    let needs = (!needed.is_empty()).then(|| format!("It has a value only with {}.", needed.join(" and ")));
    std::iter::once(info.formula.to_owned()).chain(told).chain(needs).collect()
}

fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::LowerIsBetter => "lower is better",
        Direction::HigherIsBetter => "higher is better",
        Direction::Neither => "neither way is better as such",
    }
}

/// Made-up values of a unit, under a baseline and under an arm: a fall by a quarter.
fn made_up(unit: &str) -> (f64, f64) {
    match unit {
        unit if unit.starts_with("share of ") => (0.04, 0.03),
        "cosine" | "1 - cosine" | "index in [0, 1]" | "quality" => (0.8, 0.6),
        "ratio" | "links per link lost" => (1.6, 1.2),
        "bits" | "days" => (8.0, 6.0),
        _ => (12.0, 9.0),
    }
}

/// A value in words.
fn in_words(value: f64, unit: &str) -> String {
    let Some(whole) = unit.strip_prefix("share of ") else {
        return match unit {
            "ratio" => format!("{value} times what it is held against"),
            unit if unit.starts_with("per ") => format!("{value} {unit}"),
            "cosine" | "1 - cosine" | "index in [0, 1]" | "quality" => format!("{value} ({unit})"),
            unit => format!("{value} {unit}"),
        };
    };
    let of = if whole.starts_with("those") || whole.starts_with("what") { "of " } else { "" };
    format!("{:.0} in 100 {of}{whole}", 100.0 * value)
}

fn example(info: &Info, group: &str) -> Vec<String> {
    let ((baseline, arm), id) = (made_up(info.unit), info.id);
    let judged = match info.direction {
        Direction::LowerIsBetter => "a change for the better, as lower is better",
        Direction::HigherIsBetter => "a change for the worse, as higher is better",
        Direction::Neither => "a change that is neither good nor bad as such",
    };
    let one = in_words(baseline, info.unit);
    let other = in_words(arm, info.unit);
    vec![
        info.reading.to_owned(),
        format!(
            "With made-up numbers: `{id}@{group}` is {baseline} under the baseline, that is {one}, and {arm} under an arm, {other}. The arm changes it by -25 %: {judged}."
        ),
        "The interval beside it, such as -31 to -19 %, is how far the luck of the seeds reaches. One that holds 0 tells nothing clear.".to_owned(),
    ]
}

/// What a group is, where the name does not say it.
const GROUPS: [(&str, &str); 12] = [
    ("all", "everybody but bots and probes"),
    ("user", "ordinary adults"),
    ("minor", "those under 18 in truth"),
    ("minor:declared-minor", "minors who state an age below 18"),
    ("minor:declared-adult", "minors who state 18 or over"),
    ("contacting", "predators who look for minors"),
    ("exchange", "predators in the exchange network"),
    ("passive", "probes that do nothing"),
    ("control", "probes that like benign posts only"),
    ("clicker", "probes that like the first harmful posts shown"),
    ("lingerer", "probes that linger on niches"),
    ("minor-decoy", "public probes that post"),
];

fn groups(info: &Info, groups: &[String]) -> Vec<String> {
    let named = |group: &str| {
        let about = GROUPS.iter().find(|(name, _)| *name == group);
        about.map_or(group.to_owned(), |(_, what)| format!("{group} ({what})"))
    };
    let others: Vec<String> = groups.iter().filter(|group| *group != info.default_group).map(|it| named(it)).collect();
    let shown = format!("Shown for {}.", named(info.default_group));
    if others.is_empty() {
        return vec![shown, "There is no other group.".to_owned()];
    }
    vec![shown, format!("Others, written {}@GROUP: {}.", info.id, others.join(", "))]
}

/// Tables below the metric: rows that it can be counted from, or that show what is behind it.
fn rows_behind(family: &str) -> &'static str {
    match family {
        "content" => "accounts.parquet has an account's views by kind, exposures.parquet every impression of a sample",
        "contact" => "contacts.parquet has every try with the day of each stage",
        "exchange" => "accounts.parquet says who takes part in the network, and until when",
        "probe" => "probes.parquet has every slate of a test account",
        "enforcement" => "actions.parquet has every decision, accounts.parquet when accounts were removed",
        "cost" => "accounts.parquet has each account's views and engagements, actions.parquet what hit it",
        _ => "exposures.parquet has every impression of a sample of accounts",
    }
}

fn places(info: &Info, group: &str) -> Vec<String> {
    let measured = if info.measured {
        "metrics.parquet: one value a run, with the count (numerator), what it is counted for (denominator) and the constant of the unit (factor)."
    } else {
        "In no run's own tables: it is made from two arms when they are compared."
    };
    let daily = if info.daily && info.measured {
        "daily.parquet: the same by day."
    } else {
        "By day: no, a single day does not have it."
    };
    vec![
        measured.to_owned(),
        daily.to_owned(),
        "comparison.parquet: each arm against the baseline, with intervals.".to_owned(),
        format!("Behind it: {}.", rows_behind(info.family)),
        format!("To see it: recsafe compare DIR --metric {}@{group}", info.id),
    ]
}

/// What a family of metrics leaves out.
fn limit_of_family(family: &str) -> &'static str {
    match family {
        "content" => "What a post shows, or what seeing it does to anybody: severity is a number of the model.",
        "contact" => "What is said: a contact is a stage and a day, nothing more.",
        "exchange" => "What is exchanged: a link that led to something is a count.",
        "probe" => "How people fare: test accounts do as their script says, and are few.",
        "enforcement" => {
            "What a platform could know: here the simulation knows what violates in truth; a platform does not."
        }
        "cost" => "What people lose beyond what is counted: well-being is not modelled.",
        _ => "Whether people are content: taste is a direction in the model, not an answer to a question.",
    }
}

fn limits(info: &Info) -> Vec<String> {
    let mut told = vec![
        limit_of_family(info.family).to_owned(),
        "The level of a real platform: most settings are assumed. Quote the contrast between arms, not the level."
            .to_owned(),
    ];
    if info.unit.starts_with("share of ") || info.unit == "ratio" {
        told.push(
            "Which of two numbers moved: a share falls too when what it is a share of grows. metrics.parquet has both."
                .to_owned(),
        );
    } else if info.family == "content" && info.unit.contains("account") {
        told.push("Who bears it: a mean over accounts may hide a few who meet most. exposure-top-decile and exposure-gini tell.".to_owned());
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::metrics;

    #[test]
    fn every_metric_has_a_whole_lesson() {
        for metric in metrics::all() {
            let info = metric.info();
            let told = lesson(metric, info.default_group);
            assert!(told.iter().all(|section| !section.paragraphs.is_empty()), "{}", info.id);
            let text: Vec<String> = told.into_iter().flat_map(|section| section.paragraphs).collect();
            assert!(text.iter().all(|paragraph| !paragraph.is_empty()), "{}: {text:?}", info.id);
        }
    }

    #[test]
    fn every_family_has_its_own_limit_and_rows() {
        let families = ["content", "contact", "exchange", "probe", "enforcement", "cost", "quality"];
        for metric in metrics::all() {
            assert!(families.contains(&metric.info().family), "{}", metric.info().family);
        }
    }

    #[test]
    fn shares_are_told_as_so_many_in_a_hundred() {
        assert_eq!(in_words(0.04, "share of views"), "4 in 100 views");
        assert_eq!(in_words(0.03, "share of what violates"), "3 in 100 of what violates");
        assert_eq!(in_words(12.0, "per 10,000 posts"), "12 per 10,000 posts");
        assert_eq!(in_words(1.6, "ratio"), "1.6 times what it is held against");
    }
}
