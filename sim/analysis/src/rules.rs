//! What an experiment assumes of its rules: whom each reaches, and how often it works.

use recsafe_text::listed;
use serde_json::Value as Json;

use super::number::per_cent;

/// One rule with the arms that have it.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Its kind.
    pub kind: String,
    /// The arms that have it with these knobs, in the order of the file.
    pub arms: Vec<String>,
    /// What is assumed of it, without its kind: `is assumed to reach ...`.
    pub assumed: String,
}

impl Rule {
    /// The sentence of one line.
    #[must_use]
    pub fn sentence(&self) -> String {
        let arms =
            if self.arms == [self.kind.clone()] { String::new() } else { format!(" (in {})", quoted(&self.arms)) };
        format!("`{}`{arms} {}.", self.kind, self.assumed)
    }
}

/// The rules of all arms, in the order of the arms; rules of one kind with one reach and efficacy stand once.
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

/// Whom a rule is meant for, by the value of its knob `population`.
fn meant_for(population: &str) -> &'static str {
    match population {
        "minors" => "the accounts that the platform takes for minors",
        "under-16" => "the accounts that the platform takes for under 16",
        "adults" => "the accounts that the platform takes for adults",
        "flagged" => "the accounts that a classifier flags",
        "new" => "new accounts",
        _ => "the accounts that it is meant for",
    }
}

/// The days on which it acts, where these are not all.
fn when(rule: &Json) -> String {
    let day = |knob: &str| rule[knob].as_i64();
    let start = day("start_day").filter(|day| *day > 0).map(|day| format!(", from day {day}"));
    let ramp = day("ramp_days").filter(|days| *days > 1).map(|days| format!(", growing over {days} days"));
    let end = day("end_day").map(|day| format!(", until day {day}"));
    [start, ramp, end].into_iter().flatten().collect()
}

/// `a`, `b` and `c`, each in back quotes.
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
                "`restrict-messages` is assumed to reach 100 % of the accounts that the platform takes for minors and to work in 90 % of cases."
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
        assert!(said.contains("of new accounts in 50 % of the regions and to work"), "{said}");
        assert!(said.ends_with("of cases, from day 7, growing over 5 days, until day 20."), "{said}");
        assert_eq!(sentences(&[("none", json!([]))]), Vec::<String>::new());
    }
}
