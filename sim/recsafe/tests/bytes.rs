//! The same file and seed give the same bytes, for any number of threads, any order of arms and any
//! other arms.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod support;

use recsafe_platform::interventions;
use support::{Study, differing};

const ARMS: &str = r#"
[[arm]]
name = "as-is"
[[arm]]
name = "chronological"
set = { "feed.ranker" = { kind = "chronological" } }
[[arm]]
name = "demote"
interventions = [{ kind = "demote-predicted-harm", coverage = 0.5, efficacy = 0.7, ramp_days = 3 }]
"#;

#[test]
fn threads_change_no_byte() {
    let study = Study::small(5, 2, ARMS);
    let whole = |threads: &str| {
        let mut files = study.run(threads, &["--threads", threads]).everything();
        files.remove("manifest.json"); // it contains times
        files
    };
    let one = whole("1");
    for threads in ["2", "7"] {
        assert_eq!(differing(&one, &whole(threads)), Vec::<String>::new());
    }
}

#[test]
fn seeds_and_arms_that_are_added_give_the_bytes_of_one_run() {
    let study = Study::small(3, 3, ARMS);
    let (once, parts) = (study.run("once", &[]), study.out("parts"));
    for more in [&["--seeds", "1", "--arms", "demote"][..], &["--seeds", "3,2", "--resume"], &["--resume"]] {
        study.run("parts", more);
    }
    let tables = |folder: &std::path::Path| {
        let mut files = support::everything(folder);
        files.retain(|name, _| name.ends_with(".parquet") || name.ends_with("run.json"));
        files
    };
    assert_eq!(differing(&tables(&once.0), &tables(&parts)), Vec::<String>::new());
}

#[test]
fn threads_inside_a_world_change_no_byte() {
    // Above 20,000 accounts, one world uses all threads.
    let study = Study::small(1, 1, "");
    let set = ["--set", "population.accounts=20100", "--set", "experiment.warm_up_days=1"];
    let one = study.run("one", &[&["--threads", "1"], &set[..]].concat()).files();
    let seven = study.run("seven", &[&["--threads", "7"], &set[..]].concat()).files();
    assert_eq!(differing(&one, &seven), Vec::<String>::new());
}

#[test]
fn arms_in_another_order_or_alone_are_the_same() {
    let study = Study::small(4, 2, ARMS);
    let all = study.run("all", &[]);
    let alone = study.run("alone", &["--arms", "demote"]);
    for arm in ["as-is", "demote"] {
        assert_eq!(differing(&all.arm(arm), &alone.arm(arm)), Vec::<String>::new(), "{arm}");
    }
    let index = recsafe_results::Folder::new(&alone.0).read_index().unwrap().unwrap();
    let left_out = index.iter().filter(|row| row.status == recsafe_results::RunStatus::LeftOut);
    assert!(left_out.clone().count() == 2 && left_out.into_iter().all(|row| row.arm == "chronological"));
    assert_eq!(std::fs::read_dir(alone.0.join("runs")).unwrap().count(), 4);
    let mut parts: Vec<&str> = ARMS.split("[[arm]]").skip(1).collect();
    parts.reverse();
    let reversed = Study::small(4, 2, &format!("[[arm]]{}", parts.join("[[arm]]"))).run("reversed", &[]);
    for arm in ["as-is", "chronological", "demote"] {
        assert_eq!(differing(&all.arm(arm), &reversed.arm(arm)), Vec::<String>::new(), "{arm}");
    }
}

#[test]
fn every_intervention_with_no_knob_changes_something() {
    let arm = |kind: &str| format!("[[arm]]\nname = \"{kind}\"\ninterventions = [{{ kind = \"{kind}\" }}]\n");
    let kinds: Vec<&str> = interventions::entries().iter().map(|entry| entry.id).collect();
    let arms: String = kinds.iter().map(|kind| arm(kind)).collect();
    // With this seed, a removed account returns and an intervention recognises it. In many worlds
    // of this size, no account returns.
    let results = Study::new(&format!(
        "[experiment]\nname = \"test\"\ndays = 28\nseeds = [9]\n[population]\naccounts = 1500\nminors = 0.25\npredators = 0.02\n[[arm]]\nname = \"as-is\"\n{arms}"
    ))
    .run("out", &[]);
    for kind in kinds {
        assert_ne!(differing(&results.arm("as-is"), &results.arm(kind)), Vec::<String>::new(), "{kind}");
    }
}

#[test]
fn an_inert_probe_changes_nobody_else() {
    use polars::prelude::*;
    let read = |results: &support::Results, table: &str| results.table("as-is", 1, table);
    let decoy = "[[probe]]\nscript = \"minor-decoy\"\ncount = 2\n";
    let without = Study::small(4, 1, decoy).run("out", &[]);
    let with = Study::small(4, 1, &format!("[[probe]]\nscript = \"passive\"\ncount = 3\n{decoy}")).run("out", &[]);
    let (before, after) = (read(&without, "accounts"), read(&with, "accounts"));
    assert_eq!(after.height(), before.height() + 3);
    assert!(after.slice(0, before.height()).equals_missing(&before), "the rows of the other accounts are the same");
    for table in ["exposures", "contacts", "probes"] {
        assert!(read(&with, table).equals_missing(&read(&without, table)), "{table}");
    }
    let others = |frame: DataFrame| {
        let groups = frame.column("group").unwrap().str().unwrap().clone();
        let keep: BooleanChunked = groups.iter().map(|group| Some(group != Some("passive"))).collect();
        frame.filter(&keep).unwrap()
    };
    assert!(others(read(&with, "metrics")).equals_missing(&read(&without, "metrics")));
    assert!(others(read(&with, "daily")).equals_missing(&read(&without, "daily")));
}

#[test]
fn arms_are_the_same_up_to_the_day_on_which_they_part() {
    use polars::prelude::*;
    let arms = "[[arm]]\nname = \"as-is\"\n[[arm]]\nname = \"later\"\ninterventions = [{ kind = \"no-personalisation\", start_day = 3 }]\n";
    let results = Study::small(5, 1, arms).run("out", &[]);
    let days = |arm: &str, table: &str, wanted: std::ops::Range<i32>| {
        let frame = results.table(arm, 1, table);
        let keep: BooleanChunked = frame
            .column("day")
            .unwrap()
            .i32()
            .unwrap()
            .iter()
            .map(|day| day.map(|day| wanted.contains(&day)))
            .collect();
        frame.filter(&keep).unwrap()
    };
    for table in ["daily", "exposures"] {
        assert!(days("as-is", table, 0..3).equals_missing(&days("later", table, 0..3)), "{table} up to day 2");
        assert!(!days("as-is", table, 3..5).equals_missing(&days("later", table, 3..5)), "{table} from day 3 on");
    }
}

#[test]
fn recording_more_changes_no_other_table() {
    let study = Study::small(3, 1, "");
    let (few, many) =
        (study.run("few", &["--set", "output.exposures=0"]), study.run("many", &["--set", "output.exposures=0.5"]));
    let path = |table: &str| format!("point=0/seed=1/{table}.parquet");
    let differ = |a: &support::Results, b: &support::Results| {
        let mut files = differing(&a.arm("as-is"), &b.arm("as-is"));
        files.sort();
        files.dedup();
        files
    };
    assert_eq!(differ(&few, &many), [path("exposures")]);
    let pairs = study.run("pairs", &["--set", "output.exposures=0", "--set", "output.contacts=0.5"]);
    assert_eq!(differ(&few, &pairs), [path("contacts")]);
}

#[test]
fn a_fixed_population_meets_different_luck() {
    let study = Study::small(3, 2, "");
    let results = study.run("out", &["--set", "population.seed=9"]);
    let column = |seed: u64, name: &str| results.table("as-is", seed, "accounts").column(name).unwrap().clone();
    assert!(column(1, "niche_interest").equals_missing(&column(2, "niche_interest")), "the population is the same");
    assert!(!column(1, "views").equals_missing(&column(2, "views")), "the views differ");
}
