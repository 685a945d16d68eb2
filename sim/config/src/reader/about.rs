//! `[experiment]`: what is asked.

use super::arms::Draft;
use super::{MOST_RUNS, Reader, from_json};
use crate::layers::Layers;
use crate::names::{is_good, suggestion};
use crate::problem::Problem;
use crate::table::About;
use crate::tree::Node;

impl Reader<'_> {
    pub(super) fn about(&mut self, base: &Layers, root: &Node, drafts: &[Draft]) -> Option<About> {
        let about: About = from_json(base.section("experiment"), self.problems)?;
        let place = |path: &str| base.place(&format!("experiment.{path}")).cloned();
        let mut report = |path: &str, message: String, help: String| {
            let problem = place(path)
                .map_or_else(|| Problem::of(message.clone()), |place| Problem::at(&place, message.clone(), "here"));
            self.problems.add(problem.help(help));
        };
        if !is_good(&about.name) {
            let message = if root.get("experiment").and_then(|table| table.get("name")).is_none() {
                "the experiment has no name: `[experiment] name = \"...\"` is the one thing that a file must say"
                    .to_owned()
            } else {
                format!("\"{}\" cannot name an experiment", about.name)
            };
            report(
                "name",
                message,
                "small letters, digits, `.`, `_`, `-`, beginning with a letter or digit; at most 100".to_owned(),
            );
        }
        if about.title.chars().count() > 200 {
            report("title", "a title has at most 200 characters".to_owned(), "put the rest into `question`".to_owned());
        }
        if about.seeds.count() > MOST_RUNS as u64 {
            report(
                "seeds",
                format!("{} seeds are too many", about.seeds.count()),
                format!("at most {MOST_RUNS} runs are possible"),
            );
            return None;
        }
        let seeds = about.seeds.list();
        let mut distinct = seeds.clone();
        distinct.sort_unstable();
        distinct.dedup();
        if seeds.is_empty() {
            report(
                "seeds",
                "there must be at least one seed".to_owned(),
                "a number such as 8, or a list such as [3, 5, 8]".to_owned(),
            );
        } else if distinct.len() < seeds.len() {
            report(
                "seeds",
                "a seed stands twice: two runs would be the same".to_owned(),
                "name each seed once".to_owned(),
            );
        }
        if let Some(baseline) = &about.baseline
            && !drafts.iter().any(|draft| draft.name == *baseline)
        {
            report(
                "baseline",
                format!("the baseline \"{baseline}\" is not an arm"),
                suggestion(baseline, drafts.iter().map(|draft| draft.name.as_str())),
            );
        }
        for (key, outcome) in [("harm", &about.harm), ("cost", &about.cost)] {
            let (metric, group) = outcome.split_once('@').unwrap_or((outcome, ""));
            if !self.input.metrics.iter().any(|known| known == metric) {
                report(
                    key,
                    format!("there is no metric `{metric}`"),
                    suggestion(metric, self.input.metrics.iter().map(String::as_str)),
                );
            }
            if !group.is_empty() && !self.input.groups.iter().any(|known| known == group) {
                report(
                    key,
                    format!("there is no group `{group}`"),
                    suggestion(group, self.input.groups.iter().map(String::as_str)),
                );
            }
        }
        Some(about)
    }
}
