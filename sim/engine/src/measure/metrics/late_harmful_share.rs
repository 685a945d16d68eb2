//! `late-harmful-share`: proportion of harmful posts in a probe's last slates. Further groups show
//! this proportion by number of clicks and by number of slates.

use std::collections::BTreeMap;

use recsafe_common::ids::AccountId;
use recsafe_people::behavior::probes::Script;

use super::{Direction, Info, Metric};
use crate::measure::{Period, ProbeSlate, Ratio};

/// Share of harmful posts in a test account's feed after the account has reacted to such posts.
pub struct LateHarmfulShare;

/// Proportion of each probe's slates that the group of a script includes. The included slates are
/// the last slates of the probe.
const LAST: f64 = 0.4;
/// Largest number of clicks with a separate group. The group also includes slates after more
/// clicks.
const MANY_CLICKS: u32 = 10;
/// Last slate of each range of slates.
const SLATES: [u32; 7] = [1, 5, 10, 20, 50, 100, 200];

impl Metric for LateHarmfulShare {
    fn info(&self) -> &'static Info {
        &Info {
            id: "late-harmful-share",
            title: "Late harmful share",
            family: "probe",
            unit: "share of views",
            direction: Direction::LowerIsBetter,
            default_group: "lingerer",
            formula: "harmful views / views. Both counts include only feed views by the probes of a script. The group says which slates are counted. SCRIPT: the last 40 % of each probe's slates. SCRIPT:clicks-N: slates shown after the probe reacted to N harmful posts (10: 10 or more). SCRIPT:slate-N: the range of slates that ends with slate N. Ranges end at 1, 5, 10, 20, 50, 100 and 200.",
            reading: "Share of harmful posts in the feed of a test account after the platform has learned from the account's reactions. Further groups show the share by number of reactions (clicks) and by number of slates.",
            daily: false,
            ..Info::BASE
        }
    }

    fn groups(&self) -> Vec<String> {
        Script::ALL
            .iter()
            .filter(|&&script| script != Script::Passive)
            .flat_map(|script| names(script.name()))
            .collect()
    }

    fn values(&self, period: &Period) -> Vec<(String, Ratio)> {
        let mut last: BTreeMap<AccountId, u32> = BTreeMap::new();
        let mut scripts: BTreeMap<Script, Vec<Ratio>> = BTreeMap::new();
        for slate in period.probe_slates() {
            let upto = last.entry(slate.probe).or_default();
            *upto = slate.slate.max(*upto);
        }
        for slate in period.probe_slates() {
            let sums = scripts
                .entry(slate.script)
                .or_insert_with(|| vec![Ratio::UNDEFINED; 2 + (MANY_CLICKS as usize) + SLATES.len()]);
            if f64::from(slate.slate) > (1.0 - LAST) * f64::from(last[&slate.probe]) {
                add(&mut sums[0], slate);
            }
            add(&mut sums[1 + slate.clicks.min(MANY_CLICKS) as usize], slate);
            if let Some(range) = SLATES.iter().position(|&end| slate.slate <= end) {
                add(&mut sums[2 + MANY_CLICKS as usize + range], slate);
            }
        }
        scripts.into_iter().flat_map(|(script, sums)| names(script.name()).into_iter().zip(sums)).collect()
    }
}

fn add(sum: &mut Ratio, slate: &ProbeSlate) {
    sum.numerator += f64::from(slate.harmful);
    sum.denominator += f64::from(slate.views);
}

/// Returns the names of the groups of one script, in the same order as the sums.
fn names(script: &str) -> Vec<String> {
    let clicks = (0..=MANY_CLICKS).map(|clicks| format!("{script}:clicks-{clicks}"));
    let slates = SLATES.iter().map(|end| format!("{script}:slate-{end}"));
    std::iter::once(script.to_owned()).chain(clicks).chain(slates).collect()
}
