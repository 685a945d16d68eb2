//! The plan: every run of an experiment, identified by a hash of its inputs.

use std::collections::{BTreeMap, BTreeSet};

use recsafe_names::Names;
use serde_json::{Map, Value as Json, json};

use crate::difference::settings_difference;
use crate::experiment::{Arm, Experiment, Settings};
use crate::hash::sha256;
use crate::table::{OUTPUT, PROBE};

/// Version of the program. Results of different versions are never mixed.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A warm-up: the initial world of several runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WarmUp {
    /// Hash of (version, world settings, top-level policy settings, seed).
    pub hash: String,
    /// The seed.
    pub seed: u64,
    /// Index of the arm whose world is simulated.
    pub arm: usize,
    /// Index of the point whose world is simulated.
    pub point: usize,
    /// Indices in [`Plan::runs`] of the runs that start from this warm-up.
    pub runs: Vec<usize>,
}

/// One arm at one point with one seed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Index of the arm in [`Experiment::arms`].
    pub arm: usize,
    /// Index of the point.
    pub point: usize,
    /// The seed.
    pub seed: u64,
    /// Hash of all inputs that determine the run's files. The arm's name and the point's number do
    /// not change the hash.
    pub hash: String,
    /// Whether an earlier run of the plan has the same hash, and therefore the same files. For
    /// example, if only knobs of other arms are swept, the baseline has the same hash at every
    /// point.
    pub is_copy: bool,
}

/// All runs in the order of simulation. The seeds follow each other, and all arms and points of a
/// seed are together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The runs.
    pub runs: Vec<Run>,
    /// The warm-ups, in the order of their first run.
    pub warm_ups: Vec<WarmUp>,
}

impl Plan {
    /// Creates the plan of an experiment.
    #[must_use]
    pub fn new(experiment: &Experiment) -> Plan {
        let mut plan = Plan { runs: Vec::new(), warm_ups: Vec::new() };
        let texts = Texts::new(Names::present(), experiment);
        for seed in experiment.about.seeds.list() {
            let (mut known, mut met) = (BTreeMap::new(), BTreeSet::new());
            for point in 0..experiment.points.len() {
                for arm in 0..experiment.arms.len() {
                    let (hash, warm_up) = texts.hashes(arm, point, seed);
                    let index = *known.entry(warm_up).or_insert_with_key(|hash| {
                        plan.warm_ups.push(WarmUp { hash: hash.clone(), seed, arm, point, runs: Vec::new() });
                        plan.warm_ups.len() - 1
                    });
                    plan.warm_ups[index].runs.push(plan.runs.len());
                    let is_copy = !met.insert(hash.clone());
                    plan.runs.push(Run { arm, point, seed, hash, is_copy });
                }
            }
        }
        plan
    }

    /// Returns a hash of all runs, in the order of the plan.
    #[must_use]
    pub fn hash(&self) -> String {
        sha256(&self.runs.iter().map(|run| run.hash.as_str()).collect::<Json>().to_string())
    }
}

/// Hash inputs of all arms and points, as text with canonical ids. The text is written once and
/// used for every seed.
struct Texts {
    worlds: Vec<Vec<String>>,
    policies: Vec<Vec<String>>,
    before: Vec<String>,
    rest: String,
}

impl Texts {
    fn new(names: &Names, experiment: &Experiment) -> Self {
        let text = |settings: Json| names.canonical(&settings).to_string();
        let of = |part: fn(&Settings) -> Json| {
            let arm = |arm: &Arm| arm.points.iter().map(|settings| text(part(settings))).collect();
            experiment.arms.iter().map(arm).collect()
        };
        Texts {
            worlds: of(Settings::world_json),
            policies: of(Settings::policy_json),
            before: experiment.before.iter().map(|settings| text(settings.policy_json())).collect(),
            rest: rest(names, experiment.about.days, &json!(experiment.probes), &experiment.output_json()),
        }
    }

    /// Returns the hashes of a run and of its warm-up.
    fn hashes(&self, arm: usize, point: usize, seed: u64) -> (String, String) {
        let (world, before, policy) = (&self.worlds[arm][point], &self.before[point], &self.policies[arm][point]);
        Deciding { version: VERSION, world, before, policy, rest: &self.rest, seed }.hashes()
    }
}

/// Hash inputs of a run, as text.
struct Deciding<'a> {
    version: &'a str,
    world: &'a str,
    before: &'a str,
    policy: &'a str,
    rest: &'a str,
    seed: u64,
}

impl Deciding<'_> {
    /// Returns the hashes of the run and of its warm-up. Each hash is computed from a JSON list of
    /// the inputs.
    fn hashes(&self) -> (String, String) {
        let Deciding { version, world, before, policy, rest, seed } = self;
        let warm_up = sha256(&format!("[\"{version}\",{world},{before},{seed}]"));
        (sha256(&format!("[\"{version}\",\"{warm_up}\",{policy},{rest}]")), warm_up)
    }
}

/// Hash inputs of a run, as JSON.
#[derive(Clone, Copy, Debug)]
pub struct RunParts<'a> {
    /// Version of the program.
    pub version: &'a str,
    /// World settings.
    pub world: &'a Json,
    /// Policy settings during the warm-up.
    pub before: &'a Json,
    /// Policy settings from day 0.
    pub policy: &'a Json,
    /// Measured days.
    pub days: u32,
    /// Probes.
    pub probes: &'a Json,
    /// Records that the run keeps.
    pub output: &'a Json,
    /// The seed.
    pub seed: u64,
}

impl RunParts<'_> {
    /// Returns the hash, as in [`Run::hash`].
    #[must_use]
    pub fn hash(&self) -> String {
        self.hash_under(Names::present())
    }

    /// Returns the hash that settings have under the names of the table `names`.
    #[must_use]
    pub fn hash_under(&self, names: &Names) -> String {
        let RunParts { version, seed, .. } = *self;
        let text = |settings: &Json| names.canonical(settings).to_string();
        let [world, before, policy] = [self.world, self.before, self.policy].map(text);
        let rest = rest(names, self.days, self.probes, self.output);
        Deciding { version, world: &world, before: &before, policy: &policy, rest: &rest, seed }.hashes().0
    }
}

/// Returns the hash inputs other than version, seed and settings, as text.
fn rest(names: &Names, days: u32, probes: &Json, output: &Json) -> String {
    let probes = names.canonical_section(PROBE, probes);
    format!("{days},{probes},{}", names.canonical_section(OUTPUT, output))
}

/// Returns the settings in which an arm differs from the baseline. For each dotted path, the result
/// contains both values.
#[must_use]
pub fn difference(baseline: &Settings, arm: &Settings) -> Map<String, Json> {
    let both = [(baseline.world_json(), arm.world_json()), (baseline.policy_json(), arm.policy_json())];
    both.iter().flat_map(|(before, after)| settings_difference(before, after)).collect()
}
