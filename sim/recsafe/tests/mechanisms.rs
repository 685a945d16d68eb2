//! The claimed effects result from the mechanisms: differences between arms, not absolute figures.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use support::Study;

const PROBES: &str = "[[probe]]\nscript = \"lingerer\"\ncount = 30\n[[probe]]\nscript = \"control\"\ncount = 30\n";

fn world(accounts: u32, days: u32, seeds: u32, rest: &str) -> Study {
    Study::new(&format!(
        "[experiment]\nname = \"test\"\ndays = {days}\nseeds = {seeds}\n[population]\naccounts = {accounts}\npredators = 0.01\n[output]\nexposures = 1.0\n{rest}"
    ))
}

/// Returns the shares of harmful posts among the posts shown to `lingerer` probes: first before a
/// probe's first engagement, then after ten or more engagements. Long looks at
/// harmful posts count as engagements.
fn before_and_after(results: &support::Results, arm: &str, seeds: u64) -> (f64, f64) {
    let (mut first, mut later) = ((0.0, 0.0), (0.0, 0.0));
    for seed in 1..=seeds {
        let (accounts, exposures) = (results.table(arm, seed, "accounts"), results.table(arm, seed, "exposures"));
        let scripts = accounts.column("script").unwrap().str().unwrap().clone();
        let interested: Vec<bool> = scripts.iter().map(|script| script == Some("lingerer")).collect();
        let mut clicks = vec![0; interested.len()];
        let column = |name: &str| exposures.column(name).unwrap().clone();
        let (who, severity, viewed) = (column("account"), column("severity"), column("viewed"));
        for ((account, severity), viewed) in
            who.u32().unwrap().iter().zip(severity.f32().unwrap().iter()).zip(viewed.bool().unwrap().iter())
        {
            let account = account.unwrap() as usize;
            let harmful = severity.unwrap() >= 0.5;
            if !interested[account] {
                continue;
            }
            let part = if clicks[account] == 0 {
                Some(&mut first)
            } else if clicks[account] >= 10 {
                Some(&mut later)
            } else {
                None
            };
            if let Some((harm, all)) = part {
                *harm += f64::from(u8::from(harmful));
                *all += 1.0;
            }
            clicks[account] += i32::from(harmful && viewed.unwrap());
        }
    }
    (first.0 / first.1, later.0 / later.1)
}

#[test]
fn a_few_clicks_flood_a_feed_that_learns_and_no_other() {
    let arms = r#"
[[arm]]
name = "as-is"
[[arm]]
name = "no-personalisation"
set = { "feed.personalisation" = 0.0 }
[[arm]]
name = "chronological"
set = { "feed.ranker" = { kind = "chronological" } }
"#;
    let results = world(2_000, 28, 3, &format!("{arms}{PROBES}")).run("out", &[]);
    let (start, flooded) = before_and_after(&results, "as-is", 3);
    assert!(flooded > 3.0 * start, "from {start} to {flooded} after ten looks, in a feed that learns");
    let prevalence = |arm: &str, script: &str| results.mean(arm, 3, "prevalence", script);
    assert!(
        prevalence("as-is", "lingerer") > 2.0 * prevalence("as-is", "control"),
        "only the lingerer probes are flooded"
    );
    for arm in ["no-personalisation", "chronological"] {
        // Without learning, engagements have no effect: the lingerer probe sees about as much harm
        // as the control probe.
        let (_, after) = before_and_after(&results, arm, 3);
        assert!(after < flooded / 2.0, "{after} after ten looks in {arm}");
        assert!(prevalence(arm, "lingerer") < 1.5 * prevalence(arm, "control"), "{arm}");
    }
}

#[test]
fn each_intervention_does_what_its_name_says() {
    let arms = r#"
[[arm]]
name = "as-is"
[[arm]]
name = "demote"
interventions = [{ kind = "demote-predicted-harm" }]
[[arm]]
name = "remove"
interventions = [{ kind = "remove-from-recommendation" }]
[[arm]]
name = "off"
interventions = [{ kind = "no-personalisation" }]
[[arm]]
name = "chronological"
interventions = [{ kind = "chronological-feed" }]
[[arm]]
name = "cap"
interventions = [{ kind = "frequency-cap", max_per_slate = 1 }]
[[arm]]
name = "sources"
interventions = [{ kind = "age-appropriate-sources", from = "followed" }]
"#;
    let study = Study::new(&format!(
        "[experiment]\nname = \"test\"\ndays = 14\nseeds = 4\n[population]\naccounts = 2000\npredators = 0.01\nminors = 0.2\n{arms}"
    ));
    let results = study.run("out", &[]);
    let mean = |arm: &str, metric: &str, group: &str| results.mean(arm, 4, metric, group);
    let as_is = |metric: &str, group: &str| mean("as-is", metric, group);
    assert!(mean("demote", "prevalence", "all") < 0.8 * as_is("prevalence", "all"));
    assert!(mean("remove", "prevalence", "all") < 0.8 * as_is("prevalence", "all"));
    assert!(mean("off", "relevance", "all") < 0.5 * as_is("relevance", "all"));
    assert!(mean("chronological", "engagement", "all") < as_is("engagement", "all"));
    assert!(mean("cap", "diversity", "all") > as_is("diversity", "all"));
    // The intervention uses the declared age. So the intervention reaches minors who declare that
    // they are minors, and misses minors who declare an adult age.
    let fall = |group: &str| mean("sources", "weekly-severe-exposure", group) / as_is("weekly-severe-exposure", group);
    assert!(fall("minor:declared-minor") < 0.7, "{}", fall("minor:declared-minor"));
    assert!((fall("minor:declared-adult") - 1.0).abs() < 0.3, "{}", fall("minor:declared-adult"));
}

#[test]
fn paired_seeds_narrow_a_light_policy() {
    let arms = "[[arm]]\nname = \"as-is\"\n[[arm]]\nname = \"light\"\ninterventions = [{ kind = \"demote-predicted-harm\", coverage = 0.1 }]\n";
    let study = Study::small(10, 16, arms);
    study.run("out", &[]);
    let out = support::recsafe(&[
        "compare",
        study.out("out").to_str().unwrap(),
        "--metric",
        "engagement@all",
        "--format",
        "json",
    ])
    .output()
    .unwrap();
    let rows: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!(rows[0]["n"], 16);
    assert!(rows[0]["variance_ratio"].as_f64().unwrap() > 2.0, "{}", rows[0]);
}

#[test]
fn both_arms_meet_the_same_accounts_and_posts() {
    let arms = "[[arm]]\nname = \"as-is\"\n[[arm]]\nname = \"chronological\"\nset = { \"feed.ranker\" = { kind = \"chronological\" } }\n";
    let results = Study::small(6, 1, arms).run("out", &[]);
    let columns = ["account", "role", "band", "declared_band", "niche_interest", "posts"];
    let accounts = |arm: &str| results.table(arm, 1, "accounts").select(columns).unwrap();
    assert!(accounts("as-is").equals_missing(&accounts("chronological")));
}
