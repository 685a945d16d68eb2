//! Coupon collector: number of views until every topic was seen.
//!
//! A viewer of posts in random order with n = 64 equally likely topics needs n (1 + 1/2 + ... +
//! 1/n) views on average. The variance is the sum over k of n (n - k) / k² (Feller 1968, An
//! Introduction to Probability Theory, chapter IX). The distribution of the number converges to
//! Gumbel's distribution (Erdős and Rényi 1961), whose kurtosis of 5.4 gives the error of the
//! standard deviation.

use recsafe_common::topics::TOPICS;
use recsafe_engine::LifetimeOutput;
use recsafe_stats::{mean, variance};

use super::{Finding, Law, Observed, Trial};

/// Number of viewers per world.
const VIEWERS: u32 = 1_000;
/// Kurtosis of Gumbel's distribution.
const KURTOSIS: f64 = 5.4;

/// The coupon collector.
pub(super) struct CouponCollector;

impl Law for CouponCollector {
    fn name(&self) -> &'static str {
        "coupon-collector"
    }

    fn trials(&self) -> Vec<Trial> {
        let settings = [
            "population.accounts=4000",
            "content.posting_share=1",
            "content.posts_per_day=4",
            "content.posts_per_day_log_sd=0",
            "content.post_lifetime_days=1", // new posts every day, so unequal topics on one day do not matter
            "behavior.view_persistence=1",
            "behavior.next_request=-50",
            "behavior.next_request_engaged=0",
            "feed.ranker={ kind = \"random\" }",
            "output.exposures=1",
        ];
        let rest = format!("[[probe]]\nscript = \"control\"\ncount = {VIEWERS}\nactivity = 5.0\n");
        vec![Trial { days: 28, seeds: 2, rest, ..Trial::still(&settings, views_until_all_were_seen) }]
    }

    fn findings(&self, observed: &Observed) -> Vec<Finding> {
        let views: Vec<f64> = observed.iter().flatten().flatten().copied().collect();
        let count = views.len() as f64;
        let (expected, spread) = theory();
        let setup = |what: &str| format!("{count} viewers, {TOPICS} topics: {what}");
        let found = mean(&views).unwrap_or(f64::NAN);
        let sd = variance(&views).map_or(f64::NAN, f64::sqrt);
        vec![
            Finding::new("coupon-mean", setup("views until all are seen"), expected, (found, spread / count.sqrt())),
            Finding::new(
                "coupon-sd",
                setup("standard deviation"),
                spread,
                (sd, spread / 2.0 * ((KURTOSIS - 1.0) / count).sqrt()),
            ),
        ]
    }

    fn flaw(&self) -> Option<&'static str> {
        Some("content.niche_creators=0.1") // some posts are in niches
    }
}

/// Returns the mean and the standard deviation of the number of views.
fn theory() -> (f64, f64) {
    let n = TOPICS as f64;
    let each = |of: fn(f64, f64) -> f64| (1..=TOPICS).map(|k| of(n, k as f64)).sum::<f64>();
    (each(|n, k| n / k), each(|n, k| n * (n - k) / (k * k)).sqrt())
}

/// Returns for each viewer the number of views until the last topic was seen for the first time;
/// NaN if the viewer did not see all topics.
fn views_until_all_were_seen(lifetime_output: &LifetimeOutput) -> Vec<f64> {
    let first = lifetime_output.world.first_probe;
    let mut viewers = vec![(0.0, [false; TOPICS], 0); lifetime_output.world.probes.len()];
    let mut needed = vec![f64::NAN; viewers.len()];
    for impression in lifetime_output.recorder.exposures.iter().filter(|impression| impression.viewed) {
        let viewer = impression.account.row() - first;
        let (views, seen, topics) = &mut viewers[viewer];
        *views += 1.0;
        let Some(topic) = seen.get_mut(usize::from(impression.topic_id)) else { continue };
        *topics += usize::from(!std::mem::replace(topic, true));
        if *topics == TOPICS && needed[viewer].is_nan() {
            needed[viewer] = *views;
        }
    }
    needed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixty_four_topics_have_their_closed_form() {
        let (mean, sd) = theory();
        assert!((mean - 303.6).abs() < 0.05 && (sd - 79.8).abs() < 0.05, "{mean} {sd}");
    }
}
