//! Every law holds. No law holds trivially: a small change of a setting violates each law.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::sync::atomic::AtomicBool;

use recsafe_analysis::Appearance;
use recsafe_evidence::laws::{Case, Law, Suite, Verdict, all, table};

fn judged(suite: &Suite) -> Vec<Case> {
    suite.judge(2, &*recsafe_run::silent(), &AtomicBool::new(false)).unwrap().unwrap()
}

#[test]
fn every_law_holds() {
    let laws = all();
    let cases = judged(&Suite::new(&laws).unwrap());
    let text = table(&cases, Appearance { colour: false, width: 120 });
    assert!(cases.iter().all(|case| case.verdict == Verdict::Within), "{text}");
    assert!(laws.iter().all(|law| cases.iter().any(|case| case.case == law.name())), "each law has a finding");
    let mut ids: Vec<&str> = cases.iter().map(|case| case.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), cases.len(), "each finding has a unique name");
}

#[test]
fn every_law_can_fail() {
    for law in all().into_iter().filter(|law| law.flaw().is_some()) {
        let (name, flaw) = (law.name(), law.flaw().unwrap().to_owned());
        let one: Vec<Box<dyn Law>> = vec![law];
        let cases = judged(&Suite::changed(&one, |law| law.flaw()).unwrap());
        let text = table(&cases, Appearance { colour: false, width: 120 });
        assert!(cases.iter().any(|case| case.verdict == Verdict::Outside), "{name} with {flaw}:\n{text}");
    }
}

#[test]
fn nothing_is_given_after_a_stop() {
    let laws = all();
    assert!(Suite::new(&laws).unwrap().judge(1, &*recsafe_run::silent(), &AtomicBool::new(true)).unwrap().is_none());
}

#[test]
#[ignore = "run by hand: prints the time and the rows of each law, without and with its flaw"]
fn one_by_one() {
    for law in all() {
        let one: Vec<Box<dyn Law>> = vec![law];
        for flawed in [false, true] {
            let began = std::time::Instant::now();
            match Suite::changed(&one, |law| law.flaw().filter(|_| flawed)) {
                Ok(suite) => {
                    let text = table(&judged(&suite), Appearance { colour: false, width: 150 });
                    eprintln!("{} {flawed} {:?}\n{text}", one[0].name(), began.elapsed());
                }
                Err(problems) => eprintln!("{} {problems:?}", one[0].name()),
            }
        }
    }
}
