//! Random people suggestions: no kind of account is suggested more often to one kind of viewer than
//! to another.
//!
//! With the ranker `random` and without follows, the share of minors among suggestions equals their
//! share of the population, for every viewer: `minor-suggestion-ratio` is 1.

use recsafe_engine::LifetimeOutput;
use recsafe_engine::measure::totals;

use super::finding::mean_with_error;
use super::{Finding, Law, Observed, Trial};

/// Number of independent worlds.
const WORLDS: u32 = 100;

/// Random people suggestions.
pub(super) struct RandomPeople;

impl Law for RandomPeople {
    fn name(&self) -> &'static str {
        "random-people"
    }

    fn trials(&self) -> Vec<Trial> {
        let settings = [
            "population.accounts=500",
            "population.minors=0.3",
            "population.predators=0.3",
            "behavior.intents={ contacting = 1.0, seller = 0.0, buyer = 0.0 }",
            "behavior.sessions=1",
            "behavior.contact.budget=0",
            "behavior.following.visits=2",
            "behavior.following.visits_predators=2",
            "behavior.following.follow=0",
            "behavior.following.predator_minor=0",
            "behavior.following.predator_adult=0",
            "people.ranker={ kind = \"random\" }",
        ];
        vec![Trial { days: 7, seeds: WORLDS, ..Trial::still(&settings, skew) }]
    }

    fn findings(&self, observed: &Observed) -> Vec<Finding> {
        let skews: Vec<f64> = observed.iter().flatten().flatten().copied().collect();
        let setup = format!("{WORLDS} worlds without follows: minor suggestion ratio");
        vec![Finding::new("random-people", setup, 1.0, mean_with_error(&skews))]
    }

    fn flaw(&self) -> Option<&'static str> {
        Some("behavior.following.predator_minor=0.2") // followed accounts are not suggested
    }
}

/// Returns the minor suggestion ratio of predators who contact minors.
fn skew(lifetime_output: &LifetimeOutput) -> Vec<f64> {
    let rows = totals(&lifetime_output.recorder);
    let row = rows.iter().find(|row| row.metric == "minor-suggestion-ratio" && row.group == "contacting");
    vec![row.and_then(|row| row.ratio.value()).unwrap_or(f64::NAN)]
}
