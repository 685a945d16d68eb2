//! A custom program with a ranker, an intervention and a metric that recsafe does not have.
//!
//! ```sh
//! # Run and compare a small experiment with all three:
//! cargo run --release --example own_ranker
//! # Use the commands of recsafe, which include all three:
//! cargo run --release --example own_ranker -- list rankers
//! cargo run --release --example own_ranker -- run my-experiment.toml
//! ```
//!
//! The program depends only on the crates `recsafe`, `serde` (with `derive`) and `libm`.

use std::process::ExitCode;

use recsafe::catalogue::Described;
use recsafe::common::key::Use;
use recsafe::measure::metrics::{Direction, Info, Metric};
use recsafe::measure::{GroupWindow, Ratio};
use recsafe::platform::candidates::Candidates;
use recsafe::platform::interventions::{Efficacy, Intervention};
use recsafe::platform::learning::age_in_weeks;
use recsafe::platform::ranking::Ranker;
use recsafe::platform::{Request, View};
use recsafe::prelude::*;
use recsafe::registry::{RegisterError, register_intervention, register_metric, register_ranker};
use recsafe::settings;

settings! {
    /// Ranks posts by popularity, discounted by age: score = ln(1 + engagements) - `cooling` x age
    /// in weeks. Link aggregators order their front pages in a similar way (Salihefendic 2010).
    pub struct Hot {
        /// Score that a post loses per week since it appeared.
        pub cooling: f64 = 2.0, 0.0..=100.0, "log engagements per week", "assumed";
    }
}

impl Described for Hot {
    const TITLE: &'static str = "Hot";
    const FAMILY: &'static str = "feed";
    const HOOKS: &'static [&'static str] = &["score"];
}

impl Ranker for Hot {
    fn score(&self, request: &Request, view: &View, candidates: &Candidates, scores: &mut Vec<f32>) {
        let rows = view.observed.posts.rows();
        scores.clear();
        scores.extend(candidates.post_indices.iter().map(|&post_index| {
            let row = &rows[post_index as usize];
            libm::log1pf(row.popularity) - self.cooling as f32 * age_in_weeks(row.day, request.day)
        }));
    }
}

settings! {
    /// Stops recommending a post after it reaches a number of engagements, regardless of its
    /// content. Coverage is the share of viewers with the circuit breaker. Efficacy is the
    /// probability that a post is affected, drawn once per post.
    pub struct CircuitBreaker {
        /// Number of engagements above which a post is no longer recommended.
        pub most: f64 = 20.0, 0.0..=1.0e6, "engagements", "assumed";
    }
}

impl Described for CircuitBreaker {
    const TITLE: &'static str = "Circuit breaker";
    const FAMILY: &'static str = "feed";
    const HOOKS: &'static [&'static str] = &["eligible"];
}

impl Intervention for CircuitBreaker {
    fn eligible(&self, efficacy: Efficacy, _: &Request, view: &View, candidates: &mut Candidates) {
        let rows = view.observed.posts.rows();
        let spared = |post_index: u32| f64::from(rows[post_index as usize].popularity) <= self.most;
        candidates.retain(|post_index, _, _| spared(post_index) || !efficacy.works_on(Use::PostIndex(post_index)));
    }
}

/// The share of views after which people hide the post.
struct HideRate;

impl Metric for HideRate {
    fn info(&self) -> &'static Info {
        &Info {
            id: "hide-rate",
            title: "Hide rate",
            family: "quality",
            unit: "share of views",
            direction: Direction::LowerIsBetter,
            default_group: "all",
            formula: "hides / views",
            reading: "Share of views after which the viewer hides the post: how much of the feed people do not want.",
            ..Info::BASE
        }
    }

    fn measure(&self, window: &GroupWindow) -> Ratio {
        window.ratio(|counts| counts.hides as f64, |counts| counts.views as f64)
    }
}

/// Registers the additions of this crate.
///
/// The version is part of the hash of every run that uses the additions, so a new version does not
/// reuse the runs of an older version.
fn register() -> Result<(), RegisterError> {
    // A real crate would use env!("CARGO_PKG_VERSION").
    let version = std::env::var("OWN_RANKER_VERSION").unwrap_or_else(|_| "1.0.0".to_owned());
    register_ranker::<Hot>("hot", &version)?;
    register_intervention::<CircuitBreaker>("circuit-breaker", &version)?;
    register_metric(HideRate, &version)
}

const EXPERIMENT: &str = r#"
[experiment]
name = "own-ranker"
question = "Does a feed of hot posts, with or without a circuit breaker, show more posts that people hide?"
warm_up_days = 3
days = 5
seeds = 8
harm = "hide-rate"
[population]
accounts = 500
[[arm]]
name = "as-is"
[[arm]]
name = "hot"
set = { "feed.ranker" = { kind = "hot", cooling = 3.0 } }
[[arm]]
name = "hot-braked"
set = { "feed.ranker" = { kind = "hot", cooling = 3.0 } }
interventions = [{ kind = "circuit-breaker", most = 10.0 }]
"#;

/// Runs the experiment in memory, and prints the effects of the arms.
fn demonstrate() -> Result<(), Error> {
    let comparison = Experiment::from_toml(EXPERIMENT)?.run()?.compare()?;
    println!("{comparison}\n");
    for outcome in ["prevalence", "novelty"] {
        println!("{}", comparison.table(&comparison.of(outcome)?, 100));
    }
    Ok(())
}

fn main() -> ExitCode {
    if let Err(error) = register() {
        eprintln!("error: {error}");
        return ExitCode::FAILURE;
    }
    if std::env::args().len() > 1 {
        return recsafe::cli::main();
    }
    match demonstrate() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
