//! `recsafe explain`: one ranker, intervention, metric, setting, probe script or policy package.

use std::io::Write;

use recsafe_config::explain;

use super::Failure;
use crate::measure::metrics::{self, Direction};

/// Explain one thing by name: what it is, its knobs, units, ranges, defaults, sources.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  recsafe explain value-model\n  recsafe explain prevalence\n  recsafe explain feed.personalisation"
)]
pub(super) struct Args {
    /// A ranker, intervention, metric, setting, section, probe script or policy package.
    name: String,
}

pub(super) fn execute(args: &Args, out: &mut dyn Write) -> Result<(), Failure> {
    let name = args.name.split('@').next().unwrap_or_default();
    let all = metrics::all();
    if let Some(found) = all.iter().find(|metric| metric.info().id == name) {
        return Ok(writeln!(out, "{}", metric(found.info(), &found.groups()))?);
    }
    let metrics: Vec<&str> = all.iter().map(|metric| metric.info().id).collect();
    match explain::explain(&args.name, &metrics) {
        Ok(text) => Ok(write!(out, "{text}")?),
        Err(nearest) => {
            let help =
                nearest.map_or("recsafe list shows what there is".to_owned(), |name| format!("nearest name: `{name}`"));
            Err(Failure::input(format!("there is nothing called `{}`", args.name), help))
        }
    }
}

fn metric(info: &metrics::Info, groups: &[String]) -> String {
    let better = match info.direction {
        Direction::LowerIsBetter => "lower is better",
        Direction::HigherIsBetter => "higher is better",
        Direction::Neither => "neither way is better as such",
    };
    format!(
        "{} (metric, {})\n{}\n\n{}\n\n  formula: {}\n  unit: {}; {better}\n  shown for: {}; other groups as {}@GROUP: {}\n  by day: {}",
        info.id,
        info.family,
        info.title,
        info.reading,
        info.formula,
        info.unit,
        info.default_group,
        info.id,
        groups.iter().filter(|group| *group != info.default_group).cloned().collect::<Vec<_>>().join(", "),
        if info.daily { "yes" } else { "no" },
    )
}
