//! Worlds with the behaviour `reshare-one`, in which acts replace sessions, and with feeds from
//! inboxes.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use std::collections::HashSet;

use support::{Results, Study, differing};

const INBOX: &str =
    "\n[feed]\nranker = { kind = \"chronological\" }\nallow_seen_posts = true\nslate = 15\nquotas = { inbox = 1.0 }\n";

/// Searches have separate sources.
const NO_SEARCH: [&str; 4] =
    ["--set", "behavior.searching.searches=0", "--set", "behavior.searching.searches_minors=0"];

fn acting(seeds: u32, more: &str) -> Study {
    let world = "[behavior]\nmodel = \"reshare-one\"\n[behavior.contact]\nbudget = 5.0\n[graph]\ngrowth = \"uniform\"\n[content]\nharm_assignment = \"account\"\nborderline_severity = [8, 1]\nharmful_creators = 0.5\nharm_share_harmful_creators = [3.0, 10.0]\npost_lifetime_days = 60\n";
    let arm = if more.contains("[[arm]]") { "" } else { "[[arm]]\nname = \"default\"\n" };
    Study::small(20, seeds, &format!("{INBOX}{world}{more}{arm}"))
}

fn column<T>(results: &Results, table: &str, name: &str, of: fn(&polars::prelude::Series) -> Vec<T>) -> Vec<T> {
    of(results.table("default", 1, table).column(name).unwrap().as_materialized_series())
}

fn texts(series: &polars::prelude::Series) -> Vec<String> {
    series.str().unwrap().iter().flatten().map(str::to_owned).collect()
}

#[test]
fn threads_change_no_byte() {
    let study = acting(2, "[population.bots]\nshare = 0.1\n");
    let one = study.run("one", &["--threads", "1"]).files();
    let three = study.run("three", &["--threads", "3"]).files();
    assert_eq!(differing(&one, &three), Vec::<String>::new());
}

#[test]
fn everybody_shows_and_reshares_what_lies_in_inboxes() {
    let results = acting(1, "").run("all", &[&["--set", "output.exposures=1.0"], &NO_SEARCH[..]].concat());
    let sources: HashSet<String> = column(&results, "exposures", "source", texts).into_iter().collect();
    assert_eq!(sources, HashSet::from(["inbox".to_owned()]));
    let engaged =
        column(&results, "exposures", "engaged", |it| it.bool().unwrap().iter().flatten().collect::<Vec<bool>>());
    let reshares = engaged.iter().filter(|&&it| it).count();
    let slots = column(&results, "exposures", "slot", |it| it.u32().unwrap().iter().flatten().collect::<Vec<u32>>());
    let slates = slots.iter().filter(|&&slot| slot == 0).count();
    assert!(reshares == slates && slates > 500, "one reshare per slate: {reshares} of {slates}");
}

#[test]
fn visitors_too_may_be_served_from_inboxes() {
    let study = Study::small(6, 1, &format!("{INBOX}[[arm]]\nname = \"default\"\n"));
    let results = study.run("visits", &[&["--set", "output.exposures=1.0"], &NO_SEARCH[..]].concat());
    let sources: HashSet<String> = column(&results, "exposures", "source", texts).into_iter().collect();
    assert_eq!(sources, HashSet::from(["inbox".to_owned()]));
    assert!(results.metric("default", 1, "feed-quality", "all").unwrap() > 0.3);
    let without = Study::small(2, 1, "[[arm]]\nname = \"default\"\n").run("without", &[]);
    assert_eq!(without.metric("default", 1, "feed-quality", "all"), None, "no inboxes, no rows");
}

#[test]
fn what_is_taken_down_leaves_inboxes() {
    let arms =
        "[[arm]]\nname = \"as-is\"\n[[arm]]\nname = \"fast\"\nset = { \"enforcement.takedown_half_life\" = 0.05 }\n";
    let results = acting(2, arms).run("all", &[]);
    let (slow, fast) =
        (results.mean("as-is", 2, "feed-prevalence", "all"), results.mean("fast", 2, "feed-prevalence", "all"));
    assert!(slow > 0.05 && fast < slow / 1000.0, "nothing stays up for a day: {fast} against {slow}");
}

#[test]
fn bots_lower_quality_and_more_so_if_they_flood_or_deceive() {
    let quality = |set: &[&str]| {
        let set: Vec<&str> = set.iter().flat_map(|it| ["--set", it]).collect();
        let study = acting(3, "[population.bots]\nshare = 0.1\nquality = 0.0\ninfiltration = 0.02\n");
        study.run("all", &set).mean("default", 3, "feed-quality", "all")
    };
    let none = quality(&["population.bots.infiltration=0.0"]);
    let some = quality(&[]);
    let (flooding, deceiving) = (quality(&["population.bots.flooding=8"]), quality(&["population.bots.deception=1.0"]));
    assert!(none > some && some > flooding && some > deceiving, "{none} {some} {flooding} {deceiving}");
}
