//! Taste drift: speed at which interests move towards engaged posts.
//!
//! A viewer engages n times with one post. The angle phi between interests and post then satisfies
//! tan(phi / 2) = tan(phi0 / 2) e^(-n eta), with step eta. This is the exact solution of the
//! equation phi' = -eta sin phi. The simulated steps agree with the solution to first order in eta.

use recsafe_common::vector::dot;
use recsafe_engine::LifetimeOutput;
use recsafe_stats::mean;

use super::{Finding, Law, Margin, Observed, Trial};

/// Step of the drift.
const STEP: f64 = 0.01;
/// Number of engagements.
const ENGAGEMENTS: u32 = 100;
/// Tolerance for the second-order terms in the step.
const SECOND_ORDER: f64 = 0.005;

/// Taste drift.
pub(super) struct TasteDrift;

impl Law for TasteDrift {
    fn name(&self) -> &'static str {
        "taste-drift"
    }

    fn trials(&self) -> Vec<Trial> {
        vec![world("behavior.interest_drift=0.01"), world("behavior.interest_drift=0")]
    }

    fn findings(&self, observed: &Observed) -> Vec<Finding> {
        let [with, without] = &observed[..] else { return Vec::new() };
        let pairs = with.iter().flatten().zip(without.iter().flatten());
        let ratios: Vec<f64> = pairs.map(|(after, before)| (after / 2.0).tan() / (before / 2.0).tan()).collect();
        let count = ratios.len();
        vec![Finding {
            id: "taste-drift".to_owned(),
            setup: format!("{count} viewers, {ENGAGEMENTS} engagements: tan(phi/2) ratio"),
            target: (-f64::from(ENGAGEMENTS) * STEP).exp(),
            value: mean(&ratios).unwrap_or(f64::NAN),
            margin: Margin::UpTo(SECOND_ORDER, None),
        }]
    }

    fn flaw(&self) -> Option<&'static str> {
        Some("behavior.sessions=3") // 5 % of days have no view
    }
}

/// Returns a world with one post. Everybody sees the post once a day and engages with it.
fn world(drift: &str) -> Trial {
    let settings = [
        drift,
        "population.accounts=100",
        "content.posting_share=0.01",
        "content.posts_per_day=1e-12", // posters create only the one post of their initial stock
        "content.posts_per_day_log_sd=0",
        "content.initial_posts=1",
        "content.topic_noise=0",
        "content.post_lifetime_days=365",
        "behavior.sessions=50",
        "behavior.engage.base=50",
        "behavior.hide=-50",
        "feed.slate=1",
        "feed.candidates=0",
        "feed.exploration=0",
        "feed.allow_seen_posts=true",
    ];
    let rest = "[[arm]]\nname = \"one-post\"\ninterventions = [{ kind = \"daily-limit\", slates = 1 }]\n";
    Trial { days: ENGAGEMENTS, seeds: 4, rest: rest.to_owned(), ..Trial::still(&settings, angles) }
}

/// Returns the angle between each viewer's interests and the post.
fn angles(lifetime_output: &LifetimeOutput) -> Vec<f64> {
    let world = &lifetime_output.world;
    let (Some(truth), Some(row)) = (world.truth.first(), world.observed.posts.rows().first()) else {
        return Vec::new();
    };
    let post = truth.topic.unpack();
    let length = f64::from(dot(&post, &post)).sqrt();
    let angle = |id| (f64::from(dot(world.people.interest(id), &post)) / length).acos();
    world.people.ids().filter(|&id| id != row.creator).map(angle).collect()
}
