//! Survival: a constant hazard of removal gives a geometric lifetime.
//!
//! With the hazard h per day, S(t) = (1 - h)^t. The estimate of Kaplan and Meier (1958), with the
//! error of Greenwood (1926), must agree with it, both for accounts that exist from the start and
//! for accounts that arrive later and are censored.

use recsafe_engine::LifetimeOutput;
use recsafe_stats::{Lifetime, Survival as Curve};

use super::{Finding, Law, Observed, Trial};

/// Hazard of removal per day.
const HAZARD: f64 = 0.1;
/// The day at which the curve is evaluated.
const DAY: i32 = 7;

/// Survival under a constant hazard.
pub(super) struct Survival;

impl Law for Survival {
    fn name(&self) -> &'static str {
        "survival"
    }

    fn trials(&self) -> Vec<Trial> {
        let start = ["population.accounts=10000", "enforcement.constant_hazard=0.1"];
        let returns = [
            "population.accounts=5000",
            "population.predators=1", // only predators return after removal
            "enforcement.constant_hazard=0.1",
            "behavior.return.probability=1",
            "behavior.return.permanent_exit=0",
            "behavior.return.delay=3",
        ];
        let of = |settings: &[&str], days| Trial { days, seeds: 2, ..Trial::still(settings, lives) };
        vec![of(&start, 8), of(&returns, 12)]
    }

    fn findings(&self, observed: &Observed) -> Vec<Finding> {
        let setups = [
            ("survival-7", "20000 accounts, hazard 0.1: active after 7 days"),
            ("survival-7-censored", "with recidivism, arrivals censored: Kaplan-Meier"),
        ];
        let finding = |((id, setup), runs): ((&str, &str), &Vec<Vec<f64>>)| {
            let lives: Vec<Lifetime> = runs
                .iter()
                .flat_map(|run| run.as_chunks::<2>().0)
                .map(|&[days, ended]| Lifetime { days, ended: ended > 0.0 })
                .collect();
            let estimate = Curve::of(&lives).map(|curve| curve.at(f64::from(DAY)));
            let found = estimate.map_or((f64::NAN, f64::NAN), |estimate| (estimate.value, estimate.standard_error));
            Finding::new(id, setup, (1.0 - HAZARD).powi(DAY), found)
        };
        setups.into_iter().zip(observed).map(finding).collect()
    }

    fn flaw(&self) -> Option<&'static str> {
        Some("enforcement.constant_hazard=0.105")
    }
}

/// Returns the lifetime of each account in days, and whether a removal ended it.
fn lives(lifetime_output: &LifetimeOutput) -> Vec<f64> {
    let end = lifetime_output.recorder.days.len() as i32;
    let life = |life: &recsafe_engine::measure::Life| {
        // An account is active on its day of arrival, and a removal is at the end of its day.
        let days = life.removed.map_or(end, |day| day + 1) - (life.arrived - 1).max(0);
        [f64::from(days), f64::from(u8::from(life.removed.is_some()))]
    };
    lifetime_output.recorder.lives.iter().flat_map(life).collect()
}
