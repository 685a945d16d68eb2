//! Exposure of test accounts, compared with the posts of the world.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use support::Study;

const PROBES: &str = r#"
[[probe]]
script = "control"
count = 20
[[probe]]
script = "clicker"
count = 20
[[probe]]
script = "lingerer"
count = 20
[[probe]]
script = "minor-decoy"
count = 20
"#;

#[test]
fn an_audit_sees_the_flood_the_control_and_who_contacts_a_decoy() {
    let arms = "[[arm]]\nname = \"as-is\"\n[[arm]]\nname = \"off\"\nset = { \"feed.personalisation\" = 0.0 }\n";
    let study = Study::new(&format!(
        "[experiment]\nname = \"test\"\ndays = 21\nseeds = 4\n[population]\naccounts = 3000\npredators = 0.005\n[behavior.contact]\nbudget = 2.0\n{arms}{PROBES}"
    ));
    let results = study.run("out", &[]);
    let mean = |arm: &str, metric: &str, group: &str| results.mean(arm, 4, metric, group);
    assert!(mean("off", "late-harmful-share", "lingerer") < 0.5 * mean("as-is", "late-harmful-share", "lingerer"));
    let (control, interested) = (mean("as-is", "prevalence", "control"), mean("as-is", "prevalence", "lingerer"));
    assert!(0.0 < control && control < interested / 2.0, "control {control}, interested {interested}");
    let (before, after) = (
        mean("as-is", "late-harmful-share", "clicker:clicks-0"),
        mean("as-is", "late-harmful-share", "clicker:clicks-5"),
    );
    assert!(
        after > 3.0 * before,
        "{before} of what a clicker probe sees is harmful before it clicks, {after} after five clicks"
    );
    assert!(mean("off", "late-harmful-share", "clicker:clicks-5") < 0.5 * after);
    assert!(mean("as-is", "contact-reach", "minor-decoy") > 0.0);
    assert_eq!(mean("as-is", "funnel-accepted", "minor-decoy"), 0.0, "a decoy never answers");
}

#[test]
fn a_probe_writes_to_nobody_and_its_slates_are_counted_once() {
    let study = Study::small(6, 1, PROBES);
    let results = study.run("out", &["--set", "output.exposures=1"]);
    let contacts = results.table("as-is", 1, "contacts");
    let text = |name: &str| contacts.column(name).unwrap().str().unwrap().clone();
    assert!(text("from_role").iter().all(|role| role != Some("probe")));
    assert!(text("to_role").iter().any(|role| role == Some("probe")), "decoys are found");

    let (accounts, probes) = (results.table("as-is", 1, "accounts"), results.table("as-is", 1, "probes"));
    let column = |frame: &polars::prelude::DataFrame, name: &str| -> Vec<u32> {
        frame.column(name).unwrap().u32().unwrap().iter().map(Option::unwrap).collect()
    };
    let (ids, slates) = (column(&probes, "probe"), column(&probes, "slate"));
    let (views, harmful, severe) = (column(&probes, "views"), column(&probes, "harmful"), column(&probes, "severe"));
    assert!(views.iter().all(|&views| views >= 1));
    assert!(harmful.iter().zip(&views).all(|(harmful, views)| harmful <= views));
    assert!(severe.iter().zip(&harmful).all(|(severe, harmful)| severe <= harmful));
    let mut last = vec![0; accounts.height()];
    for (&id, &slate) in ids.iter().zip(&slates) {
        assert_eq!(slate, last[id as usize] + 1, "slates count from 1 and are never reset");
        last[id as usize] = slate;
    }
    let in_accounts = column(&accounts, "views");
    for id in (0..accounts.height()).filter(|&id| last[id] > 0) {
        let of_probe: u32 = ids.iter().zip(&views).filter(|&(&it, _)| it as usize == id).map(|(_, views)| views).sum();
        assert_eq!(of_probe, in_accounts[id], "a probe's views are the views of its slates");
    }
}
