//! Daily learning: smoothed rates of posts and creators, and the four predictors of the value
//! model.
#![allow(clippy::inline_always, reason = "code in vector loops is compiled for wider registers only if inlined")]

use recsafe_common::ids::Day;
use recsafe_common::observed::PostPool;
use serde::{Deserialize, Serialize};

use crate::engagements::Engagements;
use crate::factors::Factors;
use crate::features::{FEATURES, Features};
use crate::logistic::logistic;
use crate::posterior::Posterior;

/// Number of predictors: one each for likes, shares, hides and reports.
pub const HEADS: usize = 4;

/// A view of a post with its outcome.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Example {
    /// Features of the post before the view.
    pub features: Features,
    /// Whether the viewer liked, shared, hid and reported the post, in this order.
    pub outcomes: [bool; HEADS],
}

/// Four logistic regressions, learned online. Each day, one pass is made over the day's examples.
/// For an example with features f, outcome y and predicted probability p, the weights w change by
/// step (y - p) f.
///
/// Source: online logistic regression for engagement prediction as in `McMahan` et al. 2013 ("Ad
/// click prediction: a view from the trenches"), but without that paper's per-coordinate rates. The
/// step is 0.05, and the constants start at prior log odds (assumed).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReactionPredictors {
    /// Weights by predictor and feature.
    pub weights: [Features; HEADS],
}

/// Everything that the platform has learned, for all rankers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Learned {
    /// The predictors of the value model.
    pub heads: ReactionPredictors,
    /// A linear model of engagement, with the uncertainty of its weights.
    pub posterior: Posterior,
    /// Factors of accounts and posts; empty unless a ranker uses them.
    pub factors: Factors,
    /// All engagements with live posts; empty unless a ranker uses them.
    pub engagements: Engagements,
}

impl Learned {
    /// Learns from a day's examples.
    pub fn learn(&mut self, examples: &[Example]) {
        self.heads.learn(examples);
        self.posterior.forget();
        for Example { features, outcomes: [liked, shared, ..] } in examples {
            self.posterior.learn(features, f64::from(u8::from(*liked || *shared)));
        }
        self.posterior.renew();
    }
}

const STEP: f32 = 0.05;
/// Initial rates of likes, shares, hides and reports (assumed).
const PRIOR: [f32; HEADS] = [0.05, 0.003, 0.004, 0.0005];

impl Default for ReactionPredictors {
    fn default() -> Self {
        let mut weights = [[0.0; FEATURES]; HEADS];
        for (head, prior) in weights.iter_mut().zip(PRIOR) {
            head[0] = libm::logf(prior / (1.0 - prior));
        }
        ReactionPredictors { weights }
    }
}

impl ReactionPredictors {
    /// Returns the probability of each outcome.
    #[inline]
    #[must_use]
    pub fn predict(&self, features: &Features) -> [f32; HEADS] {
        std::array::from_fn(|head| logistic((0..FEATURES).map(|f| self.weights[head][f] * features[f]).sum()))
    }

    /// Makes one pass over the examples, in their order.
    pub fn learn(&mut self, examples: &[Example]) {
        for example in examples {
            let predicted = self.predict(&example.features);
            for ((weights, &happened), predicted) in self.weights.iter_mut().zip(&example.outcomes).zip(predicted) {
                let error = f32::from(u8::from(happened)) - predicted;
                for (weight, feature) in weights.iter_mut().zip(example.features) {
                    *weight += STEP * error * feature;
                }
            }
        }
    }
}

/// Number of pseudo-views that smooth rates towards the average (assumed).
const ENGAGEMENT_PRIOR: f32 = 20.0;
const HIDE_PRIOR: f32 = 200.0;

/// Sums of counts over the live posts of one creator.
#[derive(Clone, Copy, Debug, Default)]
struct CreatorSums {
    views: u32,
    hides: u32,
}

/// Decays the popularity of each live post and updates the smoothed rates of the post. A rate of n
/// events is stored as `ln((n + k r) / (views + k) / r)`. Here r is the average rate, and k is the
/// number of pseudo-views.
///
/// Popularity halves in `half_life` days. The number of accounts is `accounts`.
pub fn refresh_posts(posts: &mut PostPool, accounts: usize, half_life: f64) {
    let decay = libm::exp2(-1.0 / half_life) as f32;
    let (rows, counters, _) = posts.columns_mut();
    let (mut views, mut engagements, mut hides) = (0_u64, 0_u64, 0_u64);
    let mut creators = vec![CreatorSums::default(); accounts];
    for (row, post_counters) in rows.iter().zip(counters.iter()) {
        views += u64::from(post_counters.views);
        engagements += u64::from(post_counters.engagements);
        hides += u64::from(post_counters.hides);
        let sums = &mut creators[row.creator.row()];
        sums.views += post_counters.views;
        sums.hides += post_counters.hides;
    }
    let rate = |n: u64| (n as f32 + 1.0) / (views as f32 + 1000.0);
    let (engaging, hiding) = (rate(engagements), rate(hides));
    let smoothed = |n: u32, views: u32, prior: f32, average: f32| {
        libm::logf((n as f32 + prior * average) / (views as f32 + prior) / average)
    };
    for (row, post_counters) in rows.iter_mut().zip(counters.iter()) {
        let creator = creators[row.creator.row()];
        row.popularity *= decay;
        row.engagement = smoothed(post_counters.engagements, post_counters.views, ENGAGEMENT_PRIOR, engaging);
        row.hides = smoothed(post_counters.hides, post_counters.views, HIDE_PRIOR, hiding);
        row.creator_hides = smoothed(creator.hides, creator.views, HIDE_PRIOR, hiding);
    }
}

/// Returns the number of weeks since a post appeared.
#[inline(always)]
#[must_use]
pub fn age_in_weeks(posted: i16, today: Day) -> f32 {
    (today - Day::from(posted)) as f32 / 7.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use recsafe_common::draw::{DrawPurpose, Draws};
    use recsafe_common::key::{About, Who};

    #[test]
    fn heads_recover_a_planted_rule() {
        let draws = Draws::new(7);
        let truth = |similarity: f32| 1.0 / (1.0 + libm::expf(3.0 - 4.0 * similarity));
        let examples: Vec<Example> = (0..40_000_u32)
            .map(|n| {
                let similarity = draws.at(DrawPurpose::Explore, Who::Case(1), About::Nth(n), 0).unit() as f32;
                let liked =
                    draws.at(DrawPurpose::Like, Who::Case(1), About::Nth(n), 0).chance(f64::from(truth(similarity)));
                Example {
                    features: [1.0, similarity, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
                    outcomes: [liked, false, false, false],
                }
            })
            .collect();
        let mut heads = ReactionPredictors::default();
        heads.learn(&examples[..20_000]);
        for similarity in [0.0, 0.5, 1.0] {
            // Weights fluctuate with the step, so the truth is compared with the mean prediction
            // over the second half of the examples.
            let mut heads = heads.clone();
            let predictions = examples[20_000..].chunks(100).map(|chunk| {
                heads.learn(chunk);
                heads.predict(&[1.0, similarity, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0])[0]
            });
            let mean = predictions.sum::<f32>() / 200.0;
            assert!((mean - truth(similarity)).abs() < 0.05, "{mean} against {} at {similarity}", truth(similarity));
        }
    }

    #[test]
    fn rates_are_smoothed_towards_the_average_and_popularity_halves() {
        let mut posts = PostPool::default();
        for (creator, views, engagements, hides) in [(0, 400, 40, 2), (0, 100, 0, 6), (1, 0, 0, 0)] {
            let row = recsafe_common::observed::PostRow {
                creator: recsafe_common::ids::AccountId(creator),
                popularity: 8.0,
                ..recsafe_common::observed::PostRow::default()
            };
            posts.push(row, 0);
            let post_counters = posts.columns_mut().1.last_mut().unwrap();
            (post_counters.views, post_counters.engagements, post_counters.hides) = (views, engagements, hides);
        }
        refresh_posts(&mut posts, 2, 3.0);
        // For the average rates, 1 is added to the number of events and 1,000 to the number of
        // views.
        let (engaging, hiding) = (41.0 / 1_500.0, 9.0 / 1_500.0);
        let log =
            |n: f64, views: f64, prior: f64, average: f64| libm::log((n + prior * average) / (views + prior) / average);
        let close =
            |found: f32, expected: f64| assert!((f64::from(found) - expected).abs() < 1e-4, "{found}, not {expected}");
        for (row, (views, engagements, hides)) in
            posts.rows().iter().zip([(400.0, 40.0, 2.0), (100.0, 0.0, 6.0), (0.0, 0.0, 0.0)])
        {
            close(row.popularity, 8.0 / libm::cbrt(2.0));
            close(row.engagement, log(engagements, views, 20.0, engaging));
            close(row.hides, log(hides, views, 200.0, hiding));
        }
        for (row, (views, hides)) in posts.rows().iter().zip([(500.0, 8.0), (500.0, 8.0), (0.0, 0.0)]) {
            close(row.creator_hides, log(hides, views, 200.0, hiding));
        }
        close(posts.rows()[2].engagement, 0.0);
    }

    #[test]
    fn heads_start_at_their_prior_rates_and_a_step_goes_towards_what_happened() {
        let mut heads = ReactionPredictors::default();
        let features = [1.0, 0.5, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0];
        let before = heads.predict(&features);
        for (found, prior) in before.into_iter().zip(PRIOR) {
            assert!((found / prior - 1.0).abs() < 1e-3, "{found}, not {prior}");
        }
        let weights = heads.weights;
        heads.learn(&[Example { features, outcomes: [true, false, true, false] }]);
        for (head, happened) in [1.0, 0.0, 1.0, 0.0].into_iter().enumerate() {
            for (f, feature) in features.into_iter().enumerate() {
                let expected = weights[head][f] + STEP * (happened - before[head]) * feature;
                assert!((heads.weights[head][f] - expected).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn age_is_counted_in_weeks() {
        assert_eq!([age_in_weeks(-7, 7), age_in_weeks(3, 3)], [2.0, 0.0]);
    }
}
