//! Outcomes as files name them: the metrics that exist, and whether `metric@group` is one of them.

use crate::names::suggestion;
use crate::needs::Need;

/// A metric, as far as a file can name it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownMetric {
    /// Its id.
    pub id: String,
    /// Names of its groups.
    pub groups: Vec<String>,
    /// The group that its id alone means.
    pub default_group: String,
    /// What it needs to have a value.
    pub needs: Vec<Need>,
    /// What single groups need beside that.
    pub of_groups: Vec<(String, Need)>,
    /// What it needs to differ between arms; it is 0 in all of them otherwise.
    pub moved_by: Vec<Need>,
}

/// A metric or group that does not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
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
pub fn known_outcome(outcome: &str, metrics: &[KnownMetric]) -> Result<(), UnknownOutcome> {
    let (metric, group) = outcome.split_once('@').map_or((outcome, None), |(metric, group)| (metric, Some(group)));
    let Some(known) = metrics.iter().find(|known| known.id == metric) else {
        let help = suggestion(metric, metrics.iter().map(|known| known.id.as_str()));
        return Err(UnknownOutcome { message: format!("there is no metric \"{metric}\""), help });
    };
    match group.filter(|group| !known.groups.iter().any(|known| known == group)) {
        Some(group) => {
            let help = suggestion(group, known.groups.iter().map(String::as_str));
            Err(UnknownOutcome { message: format!("`{metric}` has no group \"{group}\""), help })
        }
        None => Ok(()),
    }
}
