//! Age assurance and age inference: which minors they find, which adults they misclassify, and how
//! many checks they require.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use support::Study;

const SEEDS: u32 = 4;
const ACCOUNTS: f64 = 3000.0;
const MINORS: f64 = 0.25;

fn study(arms: &str) -> Study {
    Study::new(&format!(
        "[experiment]\nname = \"test\"\ndays = 3\nwarm_up_days = 1\nseeds = {SEEDS}\n[population]\naccounts = {ACCOUNTS}\nminors = {MINORS}\n[behavior]\nsessions = 0.2\n[[arm]]\nname = \"as-is\"\n{arms}"
    ))
}

#[test]
fn errors_are_those_of_the_tries_that_holders_may_make() {
    let arms = r#"
[[arm]]
name = "once"
interventions = [{ kind = "age-assurance", retries = 0 }]
[[arm]]
name = "twice"
interventions = [{ kind = "age-assurance", retries = 1 }]
[[arm]]
name = "half"
interventions = [{ kind = "age-assurance", retries = 0, checked_share = 0.5 }]
"#;
    let results = study(arms).run("out", &[]);
    let mean = |arm: &str, metric: &str, group: &str| results.mean(arm, u64::from(SEEDS), metric, group);
    // Adults misclassified as minors: each try refuses 10 % of them. The tolerance is four standard
    // errors of a share among the adults of all seeds.
    let adults = ACCOUNTS * (1.0 - MINORS) * f64::from(SEEDS);
    for (arm, expected) in [("once", 0.1_f64), ("twice", 0.01), ("half", 0.05)] {
        let found = mean(arm, "adults-as-minors", "user");
        let error = (expected * (1.0 - expected) / adults).sqrt();
        assert!((found - expected).abs() < 4.0 * error, "{arm}: {found} against {expected}, give or take {error}");
    }
    // 31 % of the minors aged 13 to 15 declare 18 or over. With one try, 10 % of these minors pass.
    // With two tries, 19 % pass.
    let group = "minor:13-15";
    let as_is = mean("as-is", "minors-as-adults", group);
    let minors = ACCOUNTS * MINORS * 0.4 * f64::from(SEEDS);
    for (arm, passes) in [("once", 0.1), ("twice", 0.19), ("half", 0.55)] {
        let (found, expected) = (mean(arm, "minors-as-adults", group), as_is * passes);
        let error = (as_is * passes * (1.0 - passes) / minors).sqrt();
        assert!((found - expected).abs() < 4.0 * error, "{arm}: {found} against {expected}, give or take {error}");
    }
    // Every adult is checked once, on day 0. One in ten tries again if a second try is allowed.
    let checks = |arm: &str| mean(arm, "age-verifications", "user") * 3.0 / 10_000.0;
    assert!(mean("as-is", "age-verifications", "user") == 0.0);
    assert!((checks("once") - 1.0).abs() < 1e-9, "{}", checks("once"));
    assert!((checks("twice") - 1.1).abs() < 0.02 && (checks("half") - 0.5).abs() < 0.03);
}

#[test]
fn inference_finds_minors_and_errs_about_some_adults_who_may_prove_their_age() {
    let arms = r#"
[[arm]]
name = "infer"
interventions = [{ kind = "age-inference" }]
[[arm]]
name = "sharper"
interventions = [{ kind = "age-inference", d_prime = 3.0 }]
[[arm]]
name = "no-way-out"
interventions = [{ kind = "age-inference", proof_rate = 0.0 }]
"#;
    let results = study(arms).run("out", &[]);
    let mean = |arm: &str, metric: &str, group: &str| results.mean(arm, u64::from(SEEDS), metric, group);
    let missed = |arm: &str| mean(arm, "minors-as-adults", "minor");
    assert!((missed("infer") / missed("as-is") - 0.5).abs() < 0.06, "d' at the threshold finds half");
    assert!(missed("sharper") < 0.5 * missed("infer"));
    let wrong = |arm: &str| mean(arm, "adults-as-minors", "user");
    assert!((wrong("no-way-out") - 0.0228).abs() < 0.007 && wrong("infer") < 0.7 * wrong("no-way-out"));
    assert!(mean("infer", "age-verifications", "user") > 0.0 && mean("no-way-out", "age-verifications", "user") == 0.0);
}

#[test]
fn rules_for_minors_reach_those_whom_a_check_finds() {
    let arms = r#"
[[arm]]
name = "hide"
interventions = [{ kind = "hide-minors-from-suggestions" }]
[[arm]]
name = "hide-and-check"
interventions = [{ kind = "age-assurance", passes_under_13 = 0.0, passes_13_15 = 0.0, passes_16_17 = 0.0, refuses_adults = 0.0 }, { kind = "hide-minors-from-suggestions" }]
"#;
    let results = study(arms).run("out", &[]);
    let suggested = |arm: &str| results.mean(arm, u64::from(SEEDS), "minors-suggested", "user");
    assert!(suggested("hide") > 0.0, "minors who state an adult's age are still suggested");
    assert!(suggested("hide-and-check") == 0.0, "{}", suggested("hide-and-check"));
}
