//! Assumptions about the interventions of an experiment: their reach and efficacy.

use recsafe_text::listed;
use serde_json::Value as Json;

use super::number::per_cent;

/// An intervention with the arms that use it.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Kind of the intervention.
    pub kind: String,
    /// The arms that use the intervention with these knobs, in the order of the file.
    pub arms: Vec<String>,
    /// The intervention's assumptions, without the name of its kind: `is assumed to reach ...`.
    pub assumed: String,
}

impl Rule {
    /// Returns the assumptions as one sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let arms =
            if self.arms == [self.kind.clone()] { String::new() } else { format!(" (in {})", quoted(&self.arms)) };
        format!("`{}`{arms} {}.", self.kind, self.assumed)
    }
}

/// Returns the interventions of all arms, in the order of the arms. Interventions with the same
/// kind, reach and efficacy are listed once.
#[must_use]
pub fn rules<'a>(arms: impl Iterator<Item = (&'a str, &'a [Json])>) -> Vec<Rule> {
    let mut found: Vec<Rule> = Vec::new();
    for (arm, rules) in arms {
        for rule in rules {
            let (kind, assumed) = (rule["kind"].as_str().unwrap_or_default(), assumed(rule));
            match found.iter_mut().find(|it| it.kind == kind && it.assumed == assumed) {
                Some(known) if known.arms.iter().any(|it| it == arm) => {}
                Some(known) => known.arms.push(arm.to_owned()),
                None => found.push(Rule { kind: kind.to_owned(), arms: vec![arm.to_owned()], assumed }),
            }
        }
    }
    found
}

fn assumed(rule: &Json) -> String {
    let share = |knob: &str| per_cent(rule[knob].as_f64().unwrap_or(1.0));
    let regions = rule["regions"].as_f64().filter(|regions| *regions < 1.0);
    let within = regions.map_or(String::new(), |regions| format!(" in {} of the regions", per_cent(regions)));
    format!(
        "is assumed to reach {} of {}{within} and to work in {} of cases{}",
        share("coverage"),
        meant_for(rule["audience"].as_str().unwrap_or_default()),
        share("efficacy"),
        when(rule)
    )
}

/// Describes the target group of an intervention, from its knob `audience`.
fn meant_for(population: &str) -> &'static str {
    match population {
        "minors" => "the accounts that the platform treats as minors",
        "under-16" => "the accounts that the platform treats as under 16",
        "adults" => "the accounts that the platform treats as adults",
        "flagged" => "the accounts that a classifier flags",
        "new" => "new accounts",
        _ => "the accounts that it targets",
    }
}

/// Describes the days on which an intervention is active, unless it is always active.
fn when(rule: &Json) -> String {
    let day = |knob: &str| rule[knob].as_i64();
    let start = day("start_day").filter(|day| *day > 0).map(|day| format!(", from day {day}"));
    let ramp = day("ramp_days").filter(|days| *days > 1).map(|days| format!(", phased in over {days} days"));
    let end = day("end_day").map(|day| format!(", until day {day}"));
    [start, ramp, end].into_iter().flatten().collect()
}

/// Lists names in backquotes: `a`, `b` and `c`.
pub(super) fn quoted(names: &[String]) -> String {
    listed(&names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sentences(arms: &[(&str, Json)]) -> Vec<String> {
        rules(arms.iter().map(|(arm, rules)| (*arm, rules.as_array().unwrap().as_slice())))
            .iter()
            .map(Rule::sentence)
            .collect()
    }

    #[test]
    fn a_rule_is_said_with_its_reach_and_its_efficacy() {
        let rule = json!([{ "kind": "restrict-messages", "coverage": 1.0, "efficacy": 0.9, "audience": "minors" }]);
        assert_eq!(
            sentences(&[("restrict-messages", rule)]),
            [
                "`restrict-messages` is assumed to reach 100 % of the accounts that the platform treats as minors and to work in 90 % of cases."
            ]
        );
    }

    #[test]
    fn equal_rules_of_several_arms_stand_once() {
        let (own, weaker) =
            (json!([{ "kind": "message-warning" }]), json!([{ "kind": "message-warning", "efficacy": 0.125 }]));
        let said = sentences(&[("warning", own.clone()), ("all", own.clone()), ("more", own), ("weak", weaker)]);
        assert_eq!(said.len(), 2);
        assert!(said[0].starts_with("`message-warning` (in `warning`, `all` and `more`) is assumed to reach 100 % of"));
        assert!(
            said[1].starts_with("`message-warning` (in `weak`)") && said[1].contains("12.5 % of cases"),
            "{said:?}"
        );
    }

    #[test]
    fn days_and_regions_are_said_where_they_are_not_all() {
        let rule =
            json!([{ "kind": "a", "regions": 0.5, "start_day": 7, "ramp_days": 5, "end_day": 20, "audience": "new" }]);
        let said = sentences(&[("b", rule)]).concat();
        assert!(said.contains("new accounts in 50 % of the regions and to work"), "{said}");
        assert!(said.ends_with("cases, from day 7, phased in over 5 days, until day 20."), "{said}");
        assert_eq!(sentences(&[("none", json!([]))]), Vec::<String>::new());
    }
}
