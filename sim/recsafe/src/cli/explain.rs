//! `recsafe explain`: the description of one ranker, intervention, metric, setting, probe script,
//! policy package or world.

use std::io::Write;

use recsafe_config::explain;
use recsafe_config::outcomes::known_outcome;
use recsafe_config::packages::SHIPPED;
use recsafe_engine::measure::lesson;
use recsafe_engine::measure::metrics::{self, Metric};
use recsafe_stats::OutcomeName;
use recsafe_text::wrap;

use super::{Failure, older};
use crate::experiments;

/// Explain a ranker, intervention, metric, setting, section, probe script, policy, experiment or
/// world
///
/// Prints the effect, the knobs, units, ranges, defaults and sources. For a metric, prints the
/// formula, how to read the values, and what the metric does not measure.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  recsafe explain value-model\n  recsafe explain prevalence\n  recsafe explain dose@minor:declared-adult\n  recsafe explain feed.personalisation\n  recsafe explain 2026.1"
)]
pub(super) struct Args {
    /// A name from `recsafe list`, a section of experiment files such as `feed`, or a world such as
    /// `2026.1`
    name: String,
}

pub(super) fn execute(args: &Args, out: &mut dyn Write) -> Result<(), Failure> {
    explained(&args.name, out).or_else(|unknown| match older::explained(&args.name) {
        Some(present) => explained(&present, out),
        None => Err(unknown),
    })
}

fn explained(named: &str, out: &mut dyn Write) -> Result<(), Failure> {
    let OutcomeName { metric: name, group } = named.into();
    let all = metrics::all();
    if let Some(found) = all.iter().find(|metric| metric.info().id == name) {
        known_outcome(named, &metrics::facts()).map_err(|unknown| Failure::input(unknown.message, unknown.help))?;
        let group = group.as_deref().unwrap_or(found.info().default_group);
        return Ok(write!(out, "{}", taught(*found, group, super::width()))?);
    }
    if let Some((experiment, text)) = experiments::SHIPPED.iter().find(|(shipped, _)| *shipped == named) {
        let question = experiments::question(text);
        writeln!(
            out,
            "{experiment} (experiment)\n{question}\n\nTo copy it:  recsafe init --from {experiment} {experiment}\n\n{text}"
        )?;
        return Ok(());
    }
    let experiments = experiments::SHIPPED.iter().map(|(name, _)| *name);
    let others: Vec<&str> = all.iter().map(|metric| metric.info().id).chain(experiments).collect();
    match explain::explain(named, &others) {
        Ok(text) => Ok(write!(out, "{}", fitted(&text, named, super::width()))?),
        Err(unknown) => {
            let near = unknown.nearest.as_ref().map(|name| format!("nearest name: `{name}`"));
            Err(Failure::input(
                unknown.to_string(),
                near.unwrap_or(
                    "`recsafe list settings` and `recsafe list --help` show what can be explained".to_owned(),
                ),
            ))
        }
    }
}

/// Returns the description of a metric.
fn taught(metric: &dyn Metric, group: &str, width: usize) -> String {
    let info = metric.info();
    let version = metrics::registry().version(info.id);
    let origin = version.map(|version| format!("; {}", explain::origin(version))).unwrap_or_default();
    let mut lines = vec![format!("{} (metric, {}{origin})", info.id, info.family), info.title.to_owned()];
    for section in lesson::lesson(metric, group) {
        lines.push(String::new());
        lines.push(section.heading.to_owned());
        lines.extend(section.paragraphs.iter().flat_map(|text| wrap(&format!("  {text}"), width, "    ")));
    }
    lines.join("\n") + "\n"
}

/// Wraps an explanation to the terminal's width. The text of a policy package keeps its lines, so
/// it can be copied.
fn fitted(text: &str, name: &str, width: usize) -> String {
    let file = SHIPPED.iter().find(|(shipped, _)| *shipped == name).map_or("", |(_, file)| *file);
    let (prose, file) = text.strip_suffix(file).map_or((text, ""), |prose| (prose, file));
    let lines: Vec<String> = prose.lines().flat_map(|line| within(line, width)).collect();
    format!("{}\n{file}", lines.join("\n"))
}

/// Wraps a line between words and keeps its indentation.
fn within(line: &str, width: usize) -> Vec<String> {
    let indent = &line[..line.len() - line.trim_start().len()];
    wrap(line, width, indent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lesson_fits_every_width() {
        for metric in metrics::all() {
            for width in [60, 100, 200] {
                let text = taught(metric, metric.info().default_group, width);
                assert!(text.lines().all(|line| line.chars().count() <= width), "{width}\n{text}");
            }
        }
    }

    #[test]
    fn a_packages_file_is_left_as_it_is() {
        let (name, file) = SHIPPED[0];
        let text = explain::explain(name, &[]).unwrap();
        assert!(fitted(&text, name, 60).ends_with(file));
        assert_eq!(within("    one two three", 12), ["    one two", "    three"]);
    }
}
