//! Selection of the rows that are shown.

use recsafe_stats::{Outcome, OutcomeName};

use super::comparison::{Comparison, Status};
use super::metric::MetricFacts;

/// Selection as typed. Empty lists select the default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Metrics, as `ID` (for the metric's default group) or `ID@GROUP`. An empty list selects every
    /// metric for its default group, and the declared outcomes.
    pub metrics: Vec<String>,
    /// Arms. An empty list selects all arms.
    pub arms: Vec<String>,
    /// Groups that replace each metric's default group. A metric that is given with a group keeps
    /// that group.
    pub groups: Vec<String>,
    /// Families of metrics. An empty list selects all families.
    pub families: Vec<String>,
}

/// A name that is not in the results.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown {what} `{found}`; available: {}", known.join(", "))]
pub struct UnknownName {
    /// Kind of the name: `metric`, `group of <metric>` or `arm`.
    pub what: String,
    /// The name as typed.
    pub found: String,
    /// The available names, in the order of the results.
    pub known: Vec<String>,
}

/// Returns the selected rows, in the order of `rows`.
///
/// # Errors
/// [`UnknownName`] for the first metric, group or arm without any row.
pub fn select(
    rows: &[Comparison],
    metrics: &[MetricFacts],
    selection: &Selection,
) -> Result<Vec<Comparison>, UnknownName> {
    let mut wanted = Vec::new();
    for typed in &selection.metrics {
        wanted.extend(outcomes(typed, selection, rows, metrics)?);
    }
    for arm in &selection.arms {
        known("arm", arm, rows.iter().flat_map(|row| [row.baseline.as_str(), row.arm.as_str()]))?;
    }
    for group in &selection.groups {
        known("group", group, rows.iter().map(|row| row.group.as_str()))?;
    }
    for family in &selection.families {
        known("family", family, metrics.iter().map(|facts| facts.family.as_str()))?;
    }
    let facts = |row: &Comparison| metrics.iter().find(|facts| facts.id == row.metric);
    let is_shown = |row: &&Comparison| {
        let metric = if !wanted.is_empty() {
            wanted.contains(&row.outcome())
        } else if !selection.groups.is_empty() {
            selection.groups.contains(&row.group)
        } else {
            row.status == Status::Confirmatory || facts(row).is_some_and(|facts| facts.default_group == row.group)
        };
        let family = || facts(row).is_some_and(|facts| selection.families.contains(&facts.family));
        let arm = selection.arms.is_empty() || selection.arms.contains(&row.arm);
        metric && arm && (selection.families.is_empty() || family())
    };
    Ok(rows.iter().filter(is_shown).cloned().collect())
}

/// Returns the outcomes of `ID` or `ID@GROUP` that have rows.
fn outcomes(
    typed: &str,
    selection: &Selection,
    rows: &[Comparison],
    metrics: &[MetricFacts],
) -> Result<Vec<Outcome>, UnknownName> {
    let OutcomeName { metric: id, group } = typed.into();
    known("metric", &id, rows.iter().map(|row| row.metric.as_str()))?;
    let groups = match group {
        Some(group) => vec![group],
        None if selection.groups.is_empty() => vec![OutcomeName::from(id.as_str()).outcome(metrics).group],
        None => selection.groups.clone(),
    };
    for group in &groups {
        let there = rows.iter().filter(|row| row.metric == id).map(|row| row.group.as_str());
        known(&format!("group of {id}"), group, there)?;
    }
    Ok(groups.into_iter().map(|group| Outcome::new(&id, group)).collect())
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
    use crate::samples::{contact_rules_rows, facts};

    fn selected(metrics: &[&str], arms: &[&str]) -> Result<Vec<String>, String> {
        let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        let selection = Selection { metrics: owned(metrics), arms: owned(arms), ..Selection::default() };
        let rows = select(&contact_rules_rows().0, &facts(), &selection).map_err(|error| error.to_string())?;
        Ok(rows.iter().map(|row| format!("{} {}", row.outcome(), row.arm)).collect())
    }

    #[test]
    fn default_groups_are_shown_unless_another_is_asked_for() {
        let all = selected(&[], &[]).unwrap();
        assert!(all.len() == 8 && all.iter().all(|row| !row.starts_with("views@minor")), "{all:?}");
        assert_eq!(selected(&["views@minor"], &[]).unwrap(), ["views@minor restrict-messages"]);
        assert_eq!(selected(&["views"], &["warning"]).unwrap(), ["views@all warning"]);
    }

    #[test]
    fn groups_and_families_narrow_the_rows_down() {
        let (rows, _) = contact_rules_rows();
        let of = |metrics: &[&str], groups: &[&str], families: &[&str]| {
            let [metrics, groups, families] =
                [metrics, groups, families].map(|names| names.iter().map(|&name| name.to_owned()).collect());
            let found = select(&rows, &facts(), &Selection { metrics, groups, families, arms: Vec::new() })?;
            Ok::<_, UnknownName>(found.iter().map(|row| row.outcome().to_string()).collect::<Vec<_>>())
        };
        assert_eq!(of(&[], &["minor"], &[]).unwrap(), ["dose@minor", "dose@minor", "views@minor"]);
        assert_eq!(of(&["views"], &["minor"], &[]).unwrap(), ["views@minor"]);
        assert_eq!(of(&[], &[], &["cost"]).unwrap(), ["engagement@all", "engagement@all", "views@all", "views@all"]);
        assert_eq!(of(&[], &["boss"], &[]).unwrap_err().what, "group");
        assert_eq!(of(&[], &[], &["costs"]).unwrap_err().known, ["content", "cost"]);
    }

    #[test]
    fn unknown_names_are_answered_with_the_known_ones() {
        assert_eq!(
            selected(&["doze"], &[]).unwrap_err(),
            "unknown metric `doze`; available: dose, prevalence, engagement, views"
        );
        assert_eq!(selected(&["views@boss"], &[]).unwrap_err(), "unknown group of views `boss`; available: all, minor");
        assert_eq!(
            selected(&[], &["ghost"]).unwrap_err(),
            "unknown arm `ghost`; available: as-is, restrict-messages, warning"
        );
    }
}
