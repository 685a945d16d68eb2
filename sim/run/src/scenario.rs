//! The scenario of each run of an experiment.

use recsafe_config::table::Output;
use recsafe_config::{Experiment, Settings};
use recsafe_engine::{RecordShares, Scenario};

use super::settings::Resolved;

/// Returns everything that determines the runs of an arm at a point, except the seed.
#[must_use]
pub fn scenario(experiment: &Experiment, arm: usize, point: usize) -> Scenario {
    let Settings { world, policy, .. } = experiment.arms[arm].points[point].clone();
    Scenario {
        world,
        before: experiment.before[point].policy.clone(),
        policy,
        probes: experiment.probes.clone(),
        days: experiment.about.days,
        record_shares: record_shares(&experiment.output),
    }
}

impl From<Resolved> for Scenario {
    fn from(run: Resolved) -> Self {
        let Resolved { before, arm, probes, days, output, .. } = run;
        Scenario {
            world: arm.world,
            before: before.policy,
            policy: arm.policy,
            probes,
            days,
            record_shares: record_shares(&output),
        }
    }
}

fn record_shares(output: &Output) -> RecordShares {
    RecordShares { exposures: output.exposures, contacts: output.contacts }
}
