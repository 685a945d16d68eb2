//! Parts of an experiment that have no effect: interventions that cannot apply, and arms that are
//! equal to the baseline.

use recsafe_platform::interventions::Deployed;

use crate::experiment::{Arm, Experiment};
use crate::there::there;

/// Maximum number of notes, because an experiment can have thousands of arms.
const MOST: usize = 20;

/// Returns notes about interventions that cannot apply, and about arms that are equal to the
/// baseline.
#[must_use]
pub fn notes(experiment: &Experiment) -> Vec<String> {
    let mut notes: Vec<String> = experiment.arms.iter().flat_map(|arm| of_arm(arm, experiment)).collect();
    let more = notes.len().saturating_sub(MOST);
    notes.truncate(MOST);
    if more > 0 {
        notes.push(format!("{more} more arms or interventions make no difference"));
    }
    notes
}

fn of_arm(arm: &Arm, experiment: &Experiment) -> Vec<String> {
    let rules = arm.points.first().map_or(0, |settings| settings.policy.interventions.len());
    let why = |rule: usize| Some((name(arm, rule), why_idle(arm, rule, experiment)?));
    let said = |(rule, why): (String, String)| format!("arm `{}`: intervention `{rule}` cannot apply: {why}", arm.name);
    (0..rules).filter_map(why).map(said).chain(equal(arm, experiment)).collect()
}

/// Returns the name of an intervention, or its kind.
fn name(arm: &Arm, rule: usize) -> String {
    let chosen = &arm.points[0].policy.interventions[rule];
    let named = chosen.knobs.get("name").and_then(serde_json::Value::as_str);
    named.unwrap_or(&chosen.kind).to_owned()
}

/// Returns why an intervention cannot apply at any point, or `None` if the intervention can apply.
/// If reasons differ between points, returns the reason at the first point.
fn why_idle(arm: &Arm, rule: usize, experiment: &Experiment) -> Option<String> {
    let mut first = None;
    for settings in &arm.points {
        let deployed = Deployed::new(settings.policy.interventions.get(rule)?).ok()?;
        let why = deployed.idle(&there(settings, experiment.about.days, &experiment.probes))?;
        first.get_or_insert(why);
    }
    first
}

/// Returns a note if an arm has the settings of the baseline at every point.
fn equal(arm: &Arm, experiment: &Experiment) -> Option<String> {
    let baseline = experiment.arms.iter().find(|other| other.name == experiment.baseline)?;
    let mut points = arm.points.iter().zip(&baseline.points);
    let same = arm.name != baseline.name && points.all(|(own, other)| own == other);
    same.then(|| {
        format!(
            "arm `{}` has the same settings as the baseline `{}`, so their results are identical",
            arm.name, baseline.name
        )
    })
}
