//! The classifier: equal-variance binormal scores.
//!
//! At distance d' the area under the ROC curve is Phi(d' / √2). At a false positive rate of 1 % the
//! true positive rate is Phi(d' - 2.3263) (Green and Swets 1966). The area's error is that of
//! `DeLong` et al. (1988).

use recsafe_common::draw::normal_cdf;
use recsafe_engine::LifetimeOutput;
use recsafe_stats::{mean, variance};

use super::finding::share_with_error;
use super::{Finding, Law, Observed, Trial};

const D_PRIMES: [f64; 5] = [1.0, 1.5, 2.0, 2.5, 3.0];
/// The 99 % quantile of the standard normal distribution, which is the threshold of every
/// classifier here.
const THRESHOLD: f64 = 2.326_348;

/// The account classifier.
pub(super) struct Roc;

impl Law for Roc {
    fn name(&self) -> &'static str {
        "roc"
    }

    fn trials(&self) -> Vec<Trial> {
        D_PRIMES.iter().map(|&d_prime| classifier(d_prime)).collect()
    }

    fn findings(&self, observed: &Observed) -> Vec<Finding> {
        let mut findings = Vec::new();
        let (mut false_alarms, mut innocent) = (0, 0);
        for (&d_prime, runs) in D_PRIMES.iter().zip(observed) {
            let accounts: Vec<[f64; 3]> = runs.iter().flat_map(|run| run.as_chunks::<3>().0).copied().collect();
            let of = |violating: f64| accounts.iter().filter(move |account| account[0] == violating);
            let scores = |violating| of(violating).map(|account| account[1]).collect::<Vec<f64>>();
            let flagged = |violating| of(violating).filter(|account| account[2] > 0.0).count();
            let (guilty, others) = (scores(1.0), scores(0.0));
            let setup = |what: &str| format!("{} accounts, half violate: {what}", accounts.len());
            let area = normal_cdf(d_prime / std::f64::consts::SQRT_2);
            findings.push(Finding::new(
                format!("roc-{d_prime}"),
                setup("area under ROC"),
                area,
                area_under_curve(&guilty, &others),
            ));
            let hits = normal_cdf(d_prime - THRESHOLD);
            findings.push(Finding::new(
                format!("hit-rate-{d_prime}"),
                setup("hit rate"),
                hits,
                share_with_error(flagged(1.0), guilty.len(), hits),
            ));
            false_alarms += flagged(0.0);
            innocent += others.len();
        }
        findings.push(Finding::new(
            "false-alarms",
            format!("{innocent} accounts without a violation: share flagged"),
            0.01,
            share_with_error(false_alarms, innocent, 0.01),
        ));
        findings
    }

    fn flaw(&self) -> Option<&'static str> {
        Some("enforcement.account_threshold=2.2")
    }
}

/// Returns a world in which every account that the classifier flags is removed at once.
fn classifier(d_prime: f64) -> Trial {
    let (d_prime, threshold) =
        (format!("enforcement.account_d_prime={d_prime}"), format!("enforcement.account_threshold={THRESHOLD}"));
    let settings = [
        &d_prime,
        &threshold,
        "population.accounts=10000",
        "population.predators=0.5",
        "enforcement.review_capacity=10000",
        "enforcement.review_base=20",
        "enforcement.immediate_removal=1",
        "enforcement.authority_reports=0",
    ];
    Trial { seeds: 2, ..Trial::still(&settings, accounts) }
}

/// Returns for each account whether it violates, its score, and whether it was removed.
fn accounts(lifetime_output: &LifetimeOutput) -> Vec<f64> {
    let world = &lifetime_output.world;
    let yes = |is: bool| f64::from(u8::from(is));
    let of = |id: recsafe_common::ids::AccountId| {
        let score = world.observed.accounts.classifier_score[id.row()].map_or(f64::NAN, f64::from);
        [yes(world.people.violates(id)), score, yes(world.people.removed[id.row()].is_some())]
    };
    world.people.ids().flat_map(of).collect()
}

/// Returns the probability that a score of the first kind is above a score of the second kind, and
/// its standard error.
fn area_under_curve(above: &[f64], below: &[f64]) -> (f64, f64) {
    let placed = |scores: &[f64], among: &[f64]| -> Vec<f64> {
        let mut among = among.to_vec();
        among.sort_by(f64::total_cmp);
        // Ties count as one half.
        let index = |&score: &f64| {
            among.partition_point(|&other| other < score) + among.partition_point(|&other| other <= score)
        };
        scores.iter().map(|score| index(score) as f64 / 2.0 / among.len() as f64).collect()
    };
    let (ours, theirs) = (placed(above, below), placed(below, above));
    let part = |places: &[f64]| variance(places).map_or(f64::NAN, |variance| variance / places.len() as f64);
    (mean(&ours).unwrap_or(f64::NAN), (part(&ours) + part(&theirs)).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closed_forms_meet_the_tables() {
        let areas = D_PRIMES.map(|d_prime| normal_cdf(d_prime / std::f64::consts::SQRT_2));
        let hits = D_PRIMES.map(|d_prime| normal_cdf(d_prime - THRESHOLD));
        for (found, expected) in areas.iter().zip([0.7602, 0.8556, 0.9214, 0.9615, 0.9831]) {
            assert!((found - expected).abs() < 6e-5, "{found}");
        }
        for (found, expected) in hits.iter().zip([0.0924, 0.2043, 0.3721, 0.5689, 0.7497]) {
            assert!((found - expected).abs() < 1e-4, "{found}");
        }
    }

    #[test]
    fn the_area_counts_pairs() {
        assert_eq!(area_under_curve(&[2.0, 4.0], &[1.0, 3.0]).0, 0.75);
        assert_eq!(area_under_curve(&[1.0, 1.0], &[1.0, 1.0]).0, 0.5);
    }
}
