//! Components of arms, and containment between arms.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

/// Changes of an arm relative to the file's baseline: settings with their values, and interventions
/// with their knobs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArmParts {
    /// The arm's name.
    pub arm: String,
    /// Number of occurrences of every change.
    changes: BTreeMap<String, usize>,
}

impl ArmParts {
    /// Creates the components of an arm. `difference` has the values of the file's baseline and of
    /// the arm, for each path at which they differ.
    #[must_use]
    pub fn new(arm: &str, difference: &Map<String, Json>) -> Self {
        let mut parts = ArmParts { arm: arm.to_owned(), changes: BTreeMap::new() };
        for (path, values) in difference {
            if path == "interventions" {
                parts.add_rules(values);
            } else {
                parts.add(format!("{path} = {}", values["arm"]), 1);
            }
        }
        parts
    }

    /// Adds a change for each intervention that only the arm has, and for each that only the
    /// baseline has.
    fn add_rules(&mut self, values: &Json) {
        let (before, after) = (counted(&values["baseline"]), counted(&values["arm"]));
        let more = |of: &BTreeMap<String, usize>, than: &BTreeMap<String, usize>| -> Vec<(String, usize)> {
            let extra = |(rule, number): (&String, &usize)| {
                (rule.clone(), number.saturating_sub(than.get(rule).copied().unwrap_or(0)))
            };
            of.iter().map(extra).filter(|(_, number)| *number > 0).collect()
        };
        for (rule, number) in more(&after, &before) {
            self.add(rule, number);
        }
        for (rule, number) in more(&before, &after) {
            self.add(format!("without {rule}"), number);
        }
    }

    fn add(&mut self, change: String, number: usize) {
        *self.changes.entry(change).or_default() += number;
    }

    /// Returns whether this arm makes all changes of `other`, and more.
    #[must_use]
    pub fn contains(&self, other: &ArmParts) -> bool {
        let has = |(change, number): (&String, &usize)| self.changes.get(change).is_some_and(|own| own >= number);
        self.number() > other.number() && other.changes.iter().all(has)
    }

    /// Returns the number of changes.
    #[must_use]
    pub fn number(&self) -> usize {
        self.changes.values().sum()
    }
}

/// Counts the interventions of a list by their knobs, ignoring their names.
fn counted(rules: &Json) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for rule in rules.as_array().into_iter().flatten() {
        let mut rule = rule.clone();
        if let Some(knobs) = rule.as_object_mut() {
            knobs.remove("name");
        }
        *found.entry(rule.to_string()).or_default() += 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn parts(arm: &str, difference: &Json) -> ArmParts {
        ArmParts::new(arm, difference.as_object().unwrap())
    }

    fn rules(arm: &str, rules: &Json) -> ArmParts {
        parts(arm, &json!({ "interventions": { "baseline": [], "arm": rules } }))
    }

    #[test]
    fn a_package_contains_its_rules_with_equal_knobs() {
        let (a, b) = (json!({ "kind": "a", "efficacy": 0.8, "name": null }), json!({ "kind": "b" }));
        let both = rules("both", &json!([b, a]));
        assert!(both.contains(&rules("a", &json!([a]))) && both.contains(&rules("b", &json!([b]))));
        assert!(!rules("a", &json!([a])).contains(&both));
        let other_knob = json!({ "kind": "a", "efficacy": 1.0, "name": null });
        assert!(!both.contains(&rules("a", &json!([other_knob]))));
        let named = json!({ "kind": "a", "efficacy": 0.8, "name": "mine" });
        assert!(both.contains(&rules("a", &json!([named]))), "a name makes no difference");
        assert!(rules("twice", &json!([a, a])).contains(&rules("a", &json!([a]))));
    }

    #[test]
    fn settings_are_parts_with_their_values() {
        let slate = |value: i32| json!({ "feed.slate": { "baseline": 10, "arm": value } });
        let both =
            json!({ "feed.slate": { "baseline": 10, "arm": 5 }, "feed.exploration": { "baseline": 0.1, "arm": 0.2 } });
        assert!(parts("both", &both).contains(&parts("slate", &slate(5))));
        assert!(!parts("both", &both).contains(&parts("slate", &slate(6))));
        assert!(parts("slate", &slate(5)).contains(&parts("nothing", &json!({}))));
    }

    #[test]
    fn a_rule_that_is_taken_away_is_a_change_too() {
        let of = |arm: Json| parts("arm", &json!({ "interventions": { "baseline": [{ "kind": "a" }], "arm": arm } }));
        let (without, replaced) = (of(json!([])), of(json!([{ "kind": "b" }])));
        assert_eq!((without.number(), replaced.number()), (1, 2));
        assert!(replaced.contains(&without) && !without.contains(&replaced));
        let added = of(json!([{ "kind": "a" }, { "kind": "b" }]));
        assert!(!added.contains(&without) && replaced.contains(&of(json!([]))));
    }

    proptest! {
        #[test]
        fn containing_is_an_order(one in prop::collection::vec(0..4_u8, 0..5), other in prop::collection::vec(0..4_u8, 0..5)) {
            let of = |kinds: &[u8]| rules("arm", &kinds.iter().map(|kind| json!({ "kind": kind })).collect());
            let (a, b, both) = (of(&one), of(&other), of(&[&one[..], &other[..]].concat()));
            prop_assert!(!a.contains(&a));
            prop_assert!(!(a.contains(&b) && b.contains(&a)));
            prop_assert_eq!(both.contains(&a), !other.is_empty());
        }
    }
}
