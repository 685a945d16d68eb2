//! The reader: walks the tree of a file and makes checked settings of it, with all problems found on the way.

mod about;
mod arguments;
mod arms;
mod resolve;
mod sweep;

use recsafe_people::behavior::probes::{self, Probe};
use serde_json::Value as Json;

use crate::experiment::{Arm, Experiment, Input, Settings};
use crate::layers::Layers;
use crate::leaf;
use crate::names::suggestion;
use crate::packages;
use crate::problem::{Problem, Problems};
use crate::table;
use crate::tree::Node;
use arguments::{Override, plain};

/// Most runs of one experiment.
const MOST_RUNS: usize = 1_000_000;

/// Reads one input.
pub(crate) struct Reader<'a> {
    pub(crate) input: &'a Input,
    pub(crate) problems: &'a mut Problems,
}

impl Reader<'_> {
    /// The experiment of a whole file; `None` if a problem stands in the way of going on.
    pub(crate) fn experiment(&mut self, root: &Node) -> Option<Experiment> {
        self.known_keys(root);
        let set = self.arguments();
        let (own, of_arms): (Vec<Override>, Vec<Override>) =
            set.into_iter().partition(|set| !set.path.starts_with("arm."));
        let mut base = Layers::default();
        for entry in root.table().unwrap_or_default() {
            base.set_section(entry, self.problems);
        }
        for set in &own {
            base.set(&set.path, &set.key, &set.node, self.problems);
        }
        let drafts = self.drafts(root);
        let (swept, points) = self.sweep(root);
        for set in of_arms.iter().chain(points.iter().flatten()) {
            self.known_arm(set, &drafts);
        }
        let about = self.about(&base, root, &drafts)?;
        let probes = self.probes(root);
        let output = from_json(base.section("output"), self.problems)?;
        let baseline =
            about.baseline.clone().or_else(|| drafts.first().map(|draft| draft.name.clone())).unwrap_or_default();
        let runs = drafts.len().saturating_mul(points.len()).saturating_mul(about.seeds.list().len());
        if runs > MOST_RUNS {
            self.problems.add(
                Problem::of(format!("the plan has {runs} runs, at most {MOST_RUNS} are possible"))
                    .help("fewer points, arms or seeds"),
            );
            return None;
        }
        let before: Vec<Option<Settings>> = points.iter().map(|point| self.resolve(&base, None, &[], point)).collect();
        let arms: Vec<Option<Arm>> = drafts.iter().map(|draft| self.arm(&base, draft, &of_arms, &points)).collect();
        Some(Experiment {
            about,
            baseline,
            arms: arms.into_iter().collect::<Option<_>>()?,
            before: before.into_iter().collect::<Option<_>>()?,
            swept,
            points: points.iter().map(|point| point.iter().map(|set| plain(&set.node)).collect()).collect(),
            probes,
            output,
        })
    }

    fn known_keys(&mut self, root: &Node) {
        let sections = table::sections();
        let names: Vec<&str> = sections.iter().map(|section| section.name).chain(["arm", "sweep", "probe"]).collect();
        for entry in root.table().unwrap_or_default() {
            if !names.contains(&entry.key.as_str()) {
                let problem =
                    Problem::at(&entry.key_place, format!("there is no section `{}`", entry.key), "not known");
                self.problems.add(problem.help(suggestion(&entry.key, names.iter().copied())));
            }
        }
    }

    fn probes(&mut self, root: &Node) -> Vec<Probe> {
        let nodes = packages::list(root, "probe", self.problems);
        let mut made = Vec::new();
        for node in &nodes {
            let fields = probes::entries().first().map(|entry| entry.knobs.clone()).unwrap_or_default();
            let mut settings = leaf::defaults(&fields);
            if node.get("script").is_none() {
                self.problems.add(
                    Problem::at(&node.place, "a probe needs a `script`", "this one")
                        .help(suggestion("", probes::entries().iter().map(|entry| entry.id))),
                );
            }
            for entry in node.table().unwrap_or_default() {
                if let Some(field) = leaf::find_field(entry, &fields, "a probe", self.problems)
                    && let Some(value) = leaf::value(
                        &entry.node,
                        field.shape,
                        field.bounds,
                        &format!("probe.{}", field.name),
                        self.problems,
                    )
                {
                    settings.insert(entry.key.clone(), value);
                }
            }
            made.extend(from_json::<Probe>(&Json::Object(settings), self.problems));
        }
        made
    }
}

fn from_json<T: serde::de::DeserializeOwned>(value: &Json, problems: &mut Problems) -> Option<T> {
    // Every value was checked against the field that the type was declared with; a misfit would be a mistake of this program.
    T::deserialize(value)
        .map_err(|error| problems.add(Problem::of(format!("a checked setting does not fit its type: {error}"))))
        .ok()
}
