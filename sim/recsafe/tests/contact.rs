//! Suggestions, contact, and interventions against contact: differences that result from the
//! mechanisms.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use support::{Results, Study};

/// Returns a world for contact: many minors and predators, fewer attempts per predator than usual,
/// and few feed requests.
fn world(accounts: u32, days: u32, seeds: u32, arms: &str) -> Study {
    Study::new(&format!(
        "[experiment]\nname = \"test\"\ndays = {days}\nseeds = {seeds}\n[population]\naccounts = {accounts}\nminors = 0.2\npredators = 0.02\n\
         [feed]\ncandidates = 60\n[behavior]\nmax_requests = 2\n[behavior.contact]\nbudget = 1.0\n{arms}"
    ))
}

fn arm(name: &str, rest: &str) -> String {
    format!("[[arm]]\nname = \"{name}\"\n{rest}\n")
}

fn rule(name: &str, rule: &str) -> String {
    arm(name, &format!("interventions = [{{ {rule} }}]"))
}

/// Returns the mean and the standard error over seeds.
fn estimate(results: &Results, arm: &str, seeds: u64, metric: &str, group: &str) -> (f64, f64) {
    let values: Vec<f64> = (1..=seeds).map(|seed| results.metric(arm, seed, metric, group).unwrap()).collect();
    mean_and_error(&values)
}

fn mean_and_error(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0);
    (mean, (variance / n).sqrt())
}

#[test]
fn the_skew_of_suggestions_comes_from_behaviour_alone() {
    let ranker = |kind: &str| arm(kind, &format!("set = {{ \"people.ranker\" = {{ kind = \"{kind}\" }} }}"));
    let arms: String = ["blend", "mutuals", "similar-audience", "random"].map(ranker).concat();
    let seeds = 4;
    let results = world(2_500, 21, 4, &arms).run("out", &[]);
    for kind in ["blend", "mutuals", "similar-audience"] {
        let (skew, error) = estimate(&results, kind, seeds, "minor-suggestion-ratio", "contacting");
        assert!(skew - error > 1.5, "{skew} +- {error} with {kind}");
    }
    let (skew, error) = estimate(&results, "random", seeds, "minor-suggestion-ratio", "contacting");
    assert!((skew - 1.0).abs() < 4.0 * error + 0.05, "{skew} +- {error} with random");
}

#[test]
fn without_predators_nobody_seeks_minors_and_people_still_write() {
    let study = world(600, 8, 1, "");
    let results = study.run("out", &["--set", "population.predators=0"]);
    let contacts = results.table("as-is", 1, "contacts");
    let roles = contacts.column("from_role").unwrap().str().unwrap().clone();
    assert!(roles.len() > 100 && roles.iter().all(|role| role != Some("predator")));
    let found = contacts.column("found_day").unwrap();
    assert_eq!(found.null_count(), found.len(), "only predators who contact minors keep lists");
    let accepted = contacts.column("accepted_day").unwrap();
    assert!(accepted.null_count() < accepted.len(), "people who know each other answer");
    assert_eq!(results.metric("as-is", 1, "contact-reach", "minor"), Some(0.0));
    assert_eq!(results.metric("as-is", 1, "minor-suggestion-ratio", "contacting"), None);
}

#[test]
fn hiding_minors_empties_suggestions_of_those_who_say_so_and_lowers_contact() {
    let arms = [
        arm("as-is", ""),
        rule("hidden", "kind = \"hide-minors-from-suggestions\""),
        rule("half", "kind = \"hide-minors-from-suggestions\", efficacy = 0.5"),
    ];
    let seeds = 6;
    let results = world(2_000, 21, 6, &arms.concat()).run("out", &[]);
    let mean = |arm: &str, metric: &str, group: &str| results.mean(arm, seeds, metric, group);
    for viewer in ["user", "contacting", "predator"] {
        let stated = format!("{viewer}:declared");
        assert_eq!(mean("hidden", "minors-suggested", &stated), 0.0, "{viewer}");
        assert!(mean("hidden", "minors-suggested", viewer) > 0.0, "minors who state an adult's age are missed");
        let left = mean("half", "minors-suggested", &stated) / mean("as-is", "minors-suggested", &stated);
        assert!(
            (0.35..0.65).contains(&left),
            "{left} of the suggested minors remain for {viewer} at an efficacy of 0.5"
        );
    }
    let change: Vec<f64> = (1..=seeds)
        .map(|seed| {
            let reach = |arm: &str| results.metric(arm, seed, "contact-reach", "minor").unwrap();
            reach("hidden") - reach("as-is")
        })
        .collect();
    let (fall, error) = mean_and_error(&change);
    assert!(fall + error < 0.0, "contact reach changes by {fall} +- {error}: supply limits contact");
}

#[test]
fn what_a_rule_prevents_moves_elsewhere_and_never_grows() {
    let restricted = |displacement: &str| {
        format!(
            "set = {{ \"behavior.displacement\" = {displacement} }}\ninterventions = [{{ kind = \"restrict-messages\" }}]"
        )
    };
    let hidden =
        "set = { \"behavior.displacement\" = 1.0 }\ninterventions = [{ kind = \"hide-minors-from-suggestions\" }]";
    let arms = [
        arm("as-is", ""),
        arm("none-moves", &restricted("0.0")),
        arm("all-moves", &restricted("1.0")),
        arm("hidden", hidden),
    ];
    let seeds = 4;
    let results = world(2_000, 21, 4, &arms.concat()).run("out", &[]);
    let reach = |arm: &str| results.mean(arm, seeds, "contact-reach", "minor");
    assert!(reach("none-moves") < reach("all-moves"), "{} and {}", reach("none-moves"), reach("all-moves"));
    assert!(reach("all-moves") < reach("as-is"), "{} and {}", reach("all-moves"), reach("as-is"));
    assert!(reach("none-moves") < 0.7 * reach("as-is"));
    let found = |arm: &str| results.mean(arm, seeds, "new-minors-found", "contacting");
    assert!(found("hidden") <= found("as-is"), "{} and {}", found("hidden"), found("as-is"));
}

#[test]
fn every_other_contact_rule_does_what_its_name_says() {
    let arms = [
        arm("as-is", ""),
        rule("warned", "kind = \"message-warning\", acceptance = 0.2"),
        rule("private", "kind = \"private-by-default\""),
        rule("limited", "kind = \"message-rate-limit\""),
    ];
    let seeds = 4;
    let results = world(2_000, 21, 4, &arms.concat()).run("out", &["--set", "behavior.contact.budget=4"]);
    let sum = |arm: &str, metric: &str| results.mean(arm, seeds, metric, "minor:declared-minor");
    let accepted = |arm: &str| sum(arm, "funnel-accepted") / sum(arm, "funnel-delivered");
    assert!(accepted("warned") < 0.5 * accepted("as-is"), "{} and {}", accepted("warned"), accepted("as-is"));
    assert!(sum("limited", "funnel-delivered") < 0.9 * sum("as-is", "funnel-delivered"));
    let route = |arm: &str, route: &str| results.mean(arm, seeds, "route-share", route);
    assert!(route("private", "search") < route("as-is", "search"), "posts of private accounts are not found");
    assert!(sum("private", "funnel-found") < sum("as-is", "funnel-found"));
    // The limit does not apply to mutual follows, so on a few days, predators still send more
    // messages.
    let crowded = |arm: &str| (1..=seeds).map(|seed| crowded_days(&results, arm, seed)).sum::<usize>() as f64;
    assert!(crowded("limited") < 0.3 * crowded("as-is"), "{} and {}", crowded("limited"), crowded("as-is"));
}

/// Counts pairs of a predator and a day. A pair is counted if more than one first message from the
/// predator to a minor was delivered on the day.
fn crowded_days(results: &Results, arm: &str, seed: u64) -> usize {
    let contacts = results.table(arm, seed, "contacts");
    let text = |name: &str| contacts.column(name).unwrap().str().unwrap().clone();
    let from = contacts.column("from").unwrap().u32().unwrap().clone();
    let day = contacts.column("delivered_day").unwrap().i32().unwrap().clone();
    let mut counts = std::collections::BTreeMap::new();
    for ((from, day), role) in from.iter().zip(day.iter()).zip(text("from_role").iter()) {
        if let Some(day) = day.filter(|&day| day >= 0 && role == Some("predator")) {
            *counts.entry((from, day)).or_insert(0) += 1;
        }
    }
    counts.into_values().filter(|&count| count > 1).count()
}

#[test]
fn the_skew_is_stationary() {
    let study = Study::new(
        "[experiment]\nname = \"test\"\ndays = 90\nseeds = 6\n[population]\naccounts = 3000\npredators = 0.01\n\
         [feed]\ncandidates = 40\n[behavior]\nmax_requests = 1\n[behavior.contact]\nbudget = 1.0\n",
    );
    let results = study.run("out", &[]);
    let drift: Vec<f64> = (1..=6).map(|seed| skew(&results, seed, 75..90) - skew(&results, seed, 15..30)).collect();
    let (mean, error) = mean_and_error(&drift);
    // 2.571 is the 95 % quantile of the absolute value of Student's t with 5 degrees of freedom.
    assert!(mean.abs() < 2.571 * error, "from days 15 to 30 to days 75 to 90 the skew changes by {mean} +- {error}");
    let level: Vec<f64> = (1..=6).map(|seed| skew(&results, seed, 15..30)).collect();
    assert!(error < mean_and_error(&level).0 / 4.0, "the error {error} must be small enough to show a drift");
}

/// Returns the minor suggestion ratio over some days of a run.
fn skew(results: &Results, seed: u64, days: std::ops::Range<i32>) -> f64 {
    let daily = results.table("as-is", seed, "daily");
    let text = |name: &str| daily.column(name).unwrap().str().unwrap().clone();
    let number = |name: &str| daily.column(name).unwrap().f64().unwrap().clone();
    let day = daily.column("day").unwrap().i32().unwrap().clone();
    let mut sums = std::collections::BTreeMap::from([("contacting", (0.0, 0.0)), ("user", (0.0, 0.0))]);
    let (metrics, groups, numerators, denominators) =
        (text("metric"), text("group"), number("numerator"), number("denominator"));
    for ((((metric, group), numerator), denominator), day) in
        metrics.iter().zip(groups.iter()).zip(numerators.iter()).zip(denominators.iter()).zip(day.iter())
    {
        let wanted = metric == Some("minors-suggested") && days.contains(&day.unwrap());
        if let Some(sum) = group.filter(|_| wanted).and_then(|group| sums.get_mut(group)) {
            sum.0 += numerator.unwrap();
            sum.1 += denominator.unwrap();
        }
    }
    let share = |group: &str| sums[group].0 / sums[group].1;
    share("contacting") / share("user")
}
