//! Which rows are shown.

use super::comparison::{Comparison, Status};
use super::metric::MetricFacts;

/// What was asked for, as typed. Empty lists ask for what is shown by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Metrics, as `ID` (its default group) or `ID@GROUP`. Empty: every metric at its default group, and the declared
    /// outcomes.
    pub metrics: Vec<String>,
    /// Arms. Empty: all.
    pub arms: Vec<String>,
}

/// A name that is not among the results.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown {what} `{found}`; there is: {}", known.join(", "))]
pub struct UnknownName {
    /// What kind of name: `metric`, `group of <metric>` or `arm`.
    pub what: String,
    /// What was typed.
    pub found: String,
    /// The names that there are, in the order of the results.
    pub known: Vec<String>,
}

/// The rows that were asked for, in their order.
///
/// # Errors
/// [`UnknownName`] for the first metric, group or arm that no row has.
pub fn select(
    rows: &[Comparison],
    metrics: &[MetricFacts],
    selection: &Selection,
) -> Result<Vec<Comparison>, UnknownName> {
    let wanted: Vec<(&str, &str)> =
        selection.metrics.iter().map(|typed| outcome(typed, rows, metrics)).collect::<Result<_, _>>()?;
    for arm in &selection.arms {
        known("arm", arm, rows.iter().flat_map(|row| [row.baseline.as_str(), row.arm.as_str()]))?;
    }
    let default_group =
        |id: &str| metrics.iter().find(|facts| facts.id == id).map(|facts| facts.default_group.as_str());
    let shown = |row: &&Comparison| {
        let metric = if wanted.is_empty() {
            row.status == Status::Confirmatory || default_group(&row.metric) == Some(row.group.as_str())
        } else {
            wanted.contains(&(row.metric.as_str(), row.group.as_str()))
        };
        metric && (selection.arms.is_empty() || selection.arms.contains(&row.arm))
    };
    Ok(rows.iter().filter(shown).cloned().collect())
}

/// The metric and group that `ID` or `ID@GROUP` means, if there are rows of it.
fn outcome<'a>(
    typed: &'a str,
    rows: &[Comparison],
    metrics: &'a [MetricFacts],
) -> Result<(&'a str, &'a str), UnknownName> {
    let (id, group) = typed.split_once('@').map_or((typed, None), |(id, group)| (id, Some(group)));
    known("metric", id, rows.iter().map(|row| row.metric.as_str()))?;
    let default = || metrics.iter().find(|facts| facts.id == id).map(|facts| facts.default_group.as_str());
    let group = group.or_else(default).unwrap_or_default();
    let groups = rows.iter().filter(|row| row.metric == id).map(|row| row.group.as_str());
    known(&format!("group of {id}"), group, groups)?;
    Ok((id, group))
}

fn known<'a>(what: &str, found: &str, names: impl Iterator<Item = &'a str>) -> Result<(), UnknownName> {
    let mut known: Vec<String> = Vec::new();
    for name in names {
        if name == found {
            return Ok(());
        }
        if !known.iter().any(|it| it == name) {
            known.push(name.to_owned());
        }
    }
    Err(UnknownName { what: what.to_owned(), found: found.to_owned(), known })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::samples::{contact_rules_rows, facts};

    fn selected(metrics: &[&str], arms: &[&str]) -> Result<Vec<String>, String> {
        let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        let selection = Selection { metrics: owned(metrics), arms: owned(arms) };
        let rows = select(&contact_rules_rows().0, &facts(), &selection).map_err(|error| error.to_string())?;
        Ok(rows.iter().map(|row| format!("{}@{} {}", row.metric, row.group, row.arm)).collect())
    }

    #[test]
    fn default_groups_are_shown_unless_another_is_asked_for() {
        let all = selected(&[], &[]).unwrap();
        assert!(all.len() == 8 && all.iter().all(|row| !row.starts_with("views@minor")), "{all:?}");
        assert_eq!(selected(&["views@minor"], &[]).unwrap(), ["views@minor restrict-messages"]);
        assert_eq!(selected(&["views"], &["warning"]).unwrap(), ["views@all warning"]);
    }

    #[test]
    fn unknown_names_are_answered_with_the_known_ones() {
        assert_eq!(
            selected(&["doze"], &[]).unwrap_err(),
            "unknown metric `doze`; there is: dose, prevalence, engagement, views"
        );
        assert_eq!(selected(&["views@boss"], &[]).unwrap_err(), "unknown group of views `boss`; there is: all, minor");
        assert_eq!(
            selected(&[], &["ghost"]).unwrap_err(),
            "unknown arm `ghost`; there is: as-is, restrict-messages, warning"
        );
    }
}
