//! Martingale of prevalence: if nothing distinguishes harmful posts, their share of views equals
//! their share of posts.
//!
//! Assume that every post is harmful with one probability, independent of creator, topic and
//! quality, and that nobody reacts to harm. Then no ranker shows harmful posts more or less often
//! than they are created, even if it learns. Given everything else, the expected prevalence on each
//! day is that probability (optional stopping; Doob 1953).

use recsafe_engine::LifetimeOutput;
use recsafe_engine::measure::totals;

use super::finding::mean_with_error;
use super::{Finding, Law, Observed, Trial};

/// Share of posts that are harmful.
const HARMFUL: f64 = 0.3;
/// Number of independent worlds.
const WORLDS: u32 = 64;

/// The martingale of prevalence.
pub(super) struct Martingale;

impl Law for Martingale {
    fn name(&self) -> &'static str {
        "martingale"
    }

    fn trials(&self) -> Vec<Trial> {
        let settings = [
            "population.accounts=300",
            "population.predators=0.02",
            "content.harm_assignment=independent",
            "content.borderline=0.3",
            "harm.threshold=0.000001", // every borderline post counts as harmful
            "behavior.engage.harm_curiosity=0",
            "behavior.engage.aversion=0",
            "behavior.hide=-50",
            "behavior.hide_aversion=0",
            "behavior.false_reports=0",
            "enforcement.review_capacity=0",
        ];
        let arms = rankers()
            .into_iter()
            .map(|kind| format!("[[arm]]\nname = \"{kind}\"\nset = {{ \"feed.ranker\" = {{ kind = \"{kind}\" }} }}\n"));
        vec![Trial {
            days: 7,
            warm_up_days: 3,
            seeds: WORLDS,
            settings: settings.map(str::to_owned).to_vec(),
            rest: arms.collect(),
            observe: prevalence,
        }]
    }

    fn findings(&self, observed: &Observed) -> Vec<Finding> {
        let runs: Vec<&Vec<f64>> = observed.iter().flatten().collect();
        let finding = |(index, kind): (usize, &'static str)| {
            let values: Vec<f64> = runs.iter().skip(index).step_by(rankers().len()).map(|run| run[0]).collect();
            let setup = format!("{WORLDS} worlds, random severity: prevalence");
            Finding::new(format!("martingale-{kind}"), setup, HARMFUL, mean_with_error(&values))
        };
        rankers().into_iter().enumerate().map(finding).collect()
    }

    fn flaw(&self) -> Option<&'static str> {
        Some("behavior.engage.harm_curiosity=8")
    }
}

/// Returns every ranker of the catalogue.
fn rankers() -> Vec<&'static str> {
    recsafe_platform::ranking::entries().into_iter().map(|entry| entry.id).collect()
}

/// Returns the prevalence among all accounts.
fn prevalence(lifetime_output: &LifetimeOutput) -> Vec<f64> {
    let rows = totals(&lifetime_output.recorder);
    let row = rows.iter().find(|row| row.metric == "prevalence" && row.group == "all");
    vec![row.and_then(|row| row.ratio.value()).unwrap_or(f64::NAN)]
}
