//! Removal by age: effect of daily removal of harmful posts on their share of views.
//!
//! In a feed in random order, posts of age a have the share w(a) of views. Assume that a harmful
//! post survives each day with probability s, and that each day's removals come after the feed.
//! Harmful posts of age a then keep the share s^a of their views. Over all ages, they keep the
//! share S = sum over a of w(a) s^a. The freed slots go to other posts, so prevalence falls from p
//! to p S / (1 - p (1 - S)). With equally many new posts each day, w(a) is 1 / window.

use recsafe_engine::LifetimeOutput;

use super::finding::mean_with_error;
use super::{Finding, Law, Observed, Trial};
use crate::figure::linearised;

/// Share of posts that are harmful.
const HARMFUL: f64 = 0.3;
/// Lifetime of a post in days.
const WINDOW: i32 = 7;
/// Half-life of harmful posts in days.
const HALF_LIFE: f64 = 2.0;
/// Number of independent worlds.
const WORLDS: u32 = 64;

/// Removal by age.
pub(super) struct RemovalByAge;

impl Law for RemovalByAge {
    fn name(&self) -> &'static str {
        "removal-by-age"
    }

    fn trials(&self) -> Vec<Trial> {
        vec![world("enforcement.demote_above=20"), world("enforcement.takedown_half_life=2")]
    }

    fn findings(&self, observed: &Observed) -> Vec<Finding> {
        let [without, with] = &observed[..] else { return Vec::new() };
        let pairs = with.iter().zip(without).enumerate();
        let pairs: Vec<(usize, f64, f64)> =
            pairs.map(|(world, (with, without))| (world, with[0], without[0])).collect();
        let ratios: Vec<f64> = linearised(&pairs).into_iter().map(|(_, ratio)| ratio).collect();
        let daily = f64::exp2(-1.0 / HALF_LIFE);
        let survival = (0..WINDOW).map(|age| daily.powi(age)).sum::<f64>() / f64::from(WINDOW);
        vec![Finding::new(
            "removal-by-age",
            format!("{WORLDS} worlds, half-life {HALF_LIFE} days: prevalence ratio"),
            survival / (1.0 - HARMFUL * (1.0 - survival)),
            mean_with_error(&ratios),
        )]
    }

    fn flaw(&self) -> Option<&'static str> {
        Some("content.post_lifetime_days=8")
    }
}

fn world(removal: &str) -> Trial {
    let settings = [
        removal,
        "population.accounts=400",
        "content.posting_share=1",
        "content.posts_per_day=1",
        "content.posts_per_day_log_sd=0",
        "content.post_lifetime_days=7",
        "content.harm_assignment=independent",
        "content.borderline=0.3",
        "harm.threshold=0.000001", // every borderline post counts as harmful
        "behavior.sessions=1",
        "behavior.next_request=-50",
        "behavior.next_request_engaged=0",
        "behavior.view_persistence=1",
        "behavior.hide=-50",
        "behavior.hide_aversion=0",
        "feed.ranker={ kind = \"random\" }",
        "feed.allow_seen_posts=true", // otherwise more old posts than new posts are excluded as seen
    ];
    Trial { days: 10, warm_up_days: 9, seeds: WORLDS, ..Trial::still(&settings, prevalence) }
}

/// Returns the prevalence among all accounts.
fn prevalence(lifetime_output: &LifetimeOutput) -> Vec<f64> {
    let counts = || lifetime_output.recorder.days.iter().flat_map(|day| &day.strata);
    let harmful: u64 = counts().map(|counts| counts.harmful_views).sum();
    let views: u64 = counts().map(|counts| counts.views).sum();
    vec![harmful as f64 / views as f64]
}
