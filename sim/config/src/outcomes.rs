//! Outcomes as files name them: the metrics that exist, and whether `metric@group` is one of them.

use recsafe_common::registry::is_good_id;
use recsafe_stats::{MetricFacts, OutcomeName};

use recsafe_text::{nearest, suggestion};

use crate::registered;

/// A metric or group that does not exist.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct UnknownOutcome {
    /// What does not exist.
    pub message: String,
    /// What does, or the nearest of it.
    pub help: String,
}

/// Whether `metric` or `metric@group` names something that can be measured.
///
/// # Errors
/// Which of the two does not exist.
pub fn known_outcome<M: AsRef<MetricFacts>>(outcome: &str, metrics: &[M]) -> Result<(), UnknownOutcome> {
    let OutcomeName { metric, group } = outcome.into();
    let Some(known) = MetricFacts::find(metrics, &metric) else {
        let known = || metrics.iter().map(|known| known.as_ref().id.as_str());
        let help = match nearest(&metric, known()) {
            None if is_good_id(&metric) => format!("{}; {}", suggestion(&metric, known()), registered::HELP),
            _ => suggestion(&metric, known()),
        };
        return Err(UnknownOutcome { message: format!("there is no metric \"{metric}\""), help });
    };
    match group.filter(|group| !known.groups.contains(group)) {
        Some(group) => {
            let help = suggestion(&group, known.groups.iter().map(String::as_str));
            Err(UnknownOutcome { message: format!("`{metric}` has no group \"{group}\""), help })
        }
        None => Ok(()),
    }
}
