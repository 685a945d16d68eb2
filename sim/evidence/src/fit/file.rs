//! File of a fit: worlds, search, and parameters.

use recsafe_common::setting::Shape;
use recsafe_config::problem::{Location, Source};
use recsafe_config::{Experiment, Problem, Problems, table};
use recsafe_text::suggestion;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::setup::{DEFAULT, Setup};

/// `[fit]`: the worlds to run, and the search options.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fit {
    /// Number of accounts per world.
    pub accounts: u32,
    /// Seeds of every evaluation. Other seeds are used to judge the result.
    pub seeds: Vec<u64>,
    /// Number of measured days.
    pub days: u32,
    /// Number of warm-up days.
    pub warm_up_days: u32,
    /// Maximum number of iterations.
    pub iterations: u32,
    /// Initial damping.
    pub damping: f64,
    /// Size of finite differences, as a share of a parameter's range.
    #[serde(default = "step")]
    pub step: f64,
    /// Weight of the pull towards the start: the penalty if a parameter moves over its whole range.
    /// The unit is the half-width of an evidence row's range.
    #[serde(default = "ridge")]
    pub ridge: f64,
}

fn step() -> f64 {
    0.1
}

fn ridge() -> f64 {
    0.2
}

impl Fit {
    /// Returns the worlds to run.
    #[must_use]
    pub fn setup(&self) -> Setup {
        let Fit { accounts, seeds, days, warm_up_days, .. } = self;
        Setup { accounts: *accounts, seeds: seeds.clone(), days: *days, warm_up_days: *warm_up_days }
    }
}

/// Scale of a parameter's range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scale {
    /// Equal steps of the value.
    Linear,
    /// Equal steps of the logarithm of the value.
    Log,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    path: String,
    low: f64,
    high: f64,
    scale: Scale,
    start: Option<f64>,
}

/// A setting that is fitted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Parameter {
    /// Dotted path of the setting.
    pub path: String,
    /// Smallest value.
    pub low: f64,
    /// Largest value.
    pub high: f64,
    /// Scale of the range.
    pub scale: Scale,
    /// Start of the search.
    pub start: f64,
}

impl Parameter {
    /// Returns the parameter's value at a position in [0, 1]. Values are rounded to six digits, so
    /// that all outputs show the same number.
    #[must_use]
    pub fn value(&self, position: f64) -> f64 {
        let exact = match self.scale {
            Scale::Linear => self.low + position * (self.high - self.low),
            Scale::Log => self.low * (self.high / self.low).powf(position),
        };
        format!("{exact:.5e}").parse().unwrap_or(exact)
    }

    /// Returns the position of a value in the parameter's range, in [0, 1].
    #[must_use]
    pub fn position(&self, value: f64) -> f64 {
        let position = match self.scale {
            Scale::Linear => (value - self.low) / (self.high - self.low),
            Scale::Log => (value / self.low).ln() / (self.high / self.low).ln(),
        };
        position.clamp(0.0, 1.0)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    fit: Fit,
    #[serde(default)]
    parameter: Vec<Wanted>,
}

/// Reads and checks a fit.
///
/// # Errors
/// If the file is invalid. The error lists all problems.
pub fn read(name: &str, text: &str) -> Result<(Fit, Vec<Parameter>), Problems> {
    let file: File = toml::from_str(text).map_err(|error| {
        let source = Source::new(name, text.to_owned());
        let span = error.span().unwrap_or(0..text.len());
        Problems(vec![Problem::at(&Location { source, span }, error.message(), "here").help(
            "[fit] has accounts, seeds, days, warm_up_days, iterations, damping, step, ridge; [[parameter]] has path, low, high, scale, start",
        )])
    })?;
    let mut problems = Problems::default();
    let of = |message: String| Problem::of(format!("{name}: {message}"));
    for message in wrong_search(&file.fit) {
        problems.add(of(message));
    }
    if file.parameter.is_empty() {
        problems.add(of("there is no [[parameter]]; a fit needs at least one".to_owned()));
    }
    // Seeds and sizes are checked as in any experiment.
    let base = file.fit.setup().experiment(&[DEFAULT], &[]).map_err(|mut found| {
        found.0.append(&mut problems.0);
        found
    })?;
    let mut parameters: Vec<Parameter> = Vec::new();
    for wanted in file.parameter {
        if parameters.iter().any(|other| other.path == wanted.path) {
            problems.add(of(format!("`{}` is listed twice", wanted.path)));
        }
        match checked(wanted, &base) {
            Ok(parameter) => parameters.push(parameter),
            Err(problem) => problems.add(Problem { message: format!("{name}: {}", problem.message), ..problem }),
        }
    }
    if problems.is_empty() { Ok((file.fit, parameters)) } else { Err(problems) }
}

fn wrong_search(fit: &Fit) -> Vec<String> {
    let checks = [
        (fit.damping > 0.0 && fit.damping.is_finite(), "`damping` must be a number above 0"),
        (fit.step > 0.0 && fit.step <= 0.5, "`step` must be above 0 and at most 0.5"),
        (fit.ridge >= 0.0 && fit.ridge.is_finite(), "`ridge` must be a number of at least 0"),
    ];
    checks.iter().filter(|(holds, _)| !holds).map(|(_, rule)| (*rule).to_owned()).collect()
}

fn checked(wanted: Wanted, base: &Experiment) -> Result<Parameter, Problem> {
    let Wanted { path, low, high, scale, start } = wanted;
    let rows = table::rows();
    let numbers = || rows.iter().filter(|row| matches!(row.field.shape, Shape::Number));
    let Some(row) = numbers().find(|row| row.path == path) else {
        let help = suggestion(&path, numbers().map(|row| row.path.as_str()));
        return Err(Problem::of(format!("there is no numeric setting `{path}`")).help(help));
    };
    let bounds = row.field.bounds;
    if !(low < high && low >= bounds.low && high <= bounds.high) {
        let range = table::expectation(row.field.shape, bounds);
        return Err(
            Problem::of(format!("`{path}` cannot range from {low} to {high}")).help(format!("the setting is {range}"))
        );
    }
    if scale == Scale::Log && low <= 0.0 {
        return Err(Problem::of(format!("`{path}`: a logarithmic range must begin above 0, not at {low}")));
    }
    let Some(start) = start.or_else(|| present(base, &path)) else {
        return Err(Problem::of(format!("`{path}` has no numeric default")).help("add a `start` to this parameter"));
    };
    if !(low..=high).contains(&start) {
        return Err(Problem::of(format!("`{path}` starts at {start}, outside of {low} to {high}")));
    }
    Ok(Parameter { path, low, high, scale, start })
}

/// Returns the value of a setting in the experiment.
fn present(experiment: &Experiment, path: &str) -> Option<f64> {
    let settings = experiment.arms.first()?.points.first()?;
    let pointer = format!("/{}", path.replace('.', "/"));
    let sides = [settings.world_json(), settings.policy_json()];
    sides.iter().find_map(|side| side.pointer(&pointer).and_then(Json::as_f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIT: &str =
        "[fit]\naccounts = 300\nseeds = [101]\ndays = 7\nwarm_up_days = 0\niterations = 1\ndamping = 0.1\n";

    fn with(parameter: &str) -> Result<Vec<Parameter>, Vec<String>> {
        let read = read("fit.toml", &format!("{FIT}[[parameter]]\n{parameter}\n"));
        read.map(|(_, parameters)| parameters)
            .map_err(|problems| problems.0.into_iter().map(|problem| problem.message).collect())
    }

    #[test]
    fn a_parameter_starts_at_its_default() {
        let one = with("path = \"content.feature_noise\"\nlow = 0.01\nhigh = 1.0\nscale = \"log\"").unwrap().remove(0);
        assert_eq!(one.start, 0.1);
        assert!((one.position(0.1) - 0.5).abs() < 1e-12);
        assert_eq!([0.0, 0.5, 1.0].map(|position| one.value(position)), [0.01, 0.1, 1.0]);
    }

    #[test]
    fn wrong_parameters_are_named() {
        let problem = |text: &str| with(text).unwrap_err().join("; ");
        assert!(
            problem("path = \"feed.personalization\"\nlow = 0.1\nhigh = 1.0\nscale = \"log\"")
                .contains("no numeric setting")
        );
        assert!(
            problem("path = \"feed.personalisation\"\nlow = 0.1\nhigh = 2.0\nscale = \"log\"").contains("cannot range")
        );
        assert!(problem("path = \"feed.personalisation\"\nlow = 0.0\nhigh = 1.0\nscale = \"log\"").contains("above 0"));
        assert!(
            problem("path = \"feed.personalisation\"\nlow = 0.5\nhigh = 1.0\nscale = \"log\"").contains("starts at")
        );
        assert!(problem("path = \"feed.personalisation\"\nlow = 0.1\nhigh = 1.0\nscale = \"cubic\"").contains("cubic"));
        assert!(read("fit.toml", FIT).is_err());
    }
}
