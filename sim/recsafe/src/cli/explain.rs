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
    if let Some(info) = metrics::find(name) {
        return Ok(writeln!(out, "{}", metric(info))?);
    }
    let metrics: Vec<&str> = metrics::all().iter().map(|metric| metric.info().id).collect();
    match explain::explain(&args.name, &metrics) {
        Ok(text) => Ok(write!(out, "{text}")?),
        Err(nearest) => {
            let help =
                nearest.map_or("recsafe list shows what there is".to_owned(), |name| format!("nearest name: `{name}`"));
            Err(Failure::input(format!("there is nothing called `{}`", args.name), help))
        }
    }
}

fn metric(info: &metrics::Info) -> String {
    let better = match info.direction {
        Direction::LowerIsBetter => "lower is better",
        Direction::HigherIsBetter => "higher is better",
        Direction::Neither => "neither way is better as such",
    };
    format!(
        "{} (metric, {})\n{}\n\n{}\n\n  formula: {}\n  unit: {}; {better}\n  shown for: {}; other groups as {}@GROUP\n  by day: {}",
        info.id,
        info.family,
        info.title,
        info.reading,
        info.formula,
        info.unit,
        info.default_group,
        info.id,
        if info.daily { "yes" } else { "no" },
    )
}
