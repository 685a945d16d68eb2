//! Pólya's urn: each draw makes the same colour more likely.
//!
//! A ranker shows one post a day to a viewer who engages with every post. The probability of each
//! post is proportional to its engagements plus one. This is an urn with one ball of each colour.
//! After each draw, a ball of the drawn colour is added (Eggenberger and Pólya 1923). The counts by
//! colour are then uniform over all ways to divide the draws. The shares converge to a uniform
//! point of the simplex, each with distribution Beta(1, n - 1).

use recsafe_engine::LifetimeOutput;
use recsafe_stats::{gini, mean};

use super::finding::mean_with_error;
use super::{Finding, Law, Observed, Trial};

/// Number of draws per urn.
const DRAWS: u32 = 100;
/// Number of urns of each size.
const URNS: u32 = 2_000;

/// Pólya's urn.
pub(super) struct PolyaUrn;

impl Law for PolyaUrn {
    fn name(&self) -> &'static str {
        "polya-urn"
    }

    fn trials(&self) -> Vec<Trial> {
        vec![urn("content.posting_share=0.2"), urn("content.posting_share=1")]
    }

    fn findings(&self, observed: &Observed) -> Vec<Finding> {
        let [two, ten] = &observed[..] else { return Vec::new() };
        let draws = f64::from(DRAWS);
        let each = |urns: &[Vec<f64>], posts: usize, of: &dyn Fn(&[f64]) -> f64| -> Vec<f64> {
            let is_urn = |counts: &[f64]| counts.len() == posts && counts.iter().sum::<f64>() == draws;
            urns.iter().map(|counts| if is_urn(counts) { of(counts) } else { f64::NAN }).collect()
        };
        // If X is uniform on 0..=T, its variance is T (T + 2) / 12. Divided by T (T + 2), the
        // variance is 1/12 for any T.
        let squares = each(two, 2, &|counts| (counts[0] - draws / 2.0).powi(2) / draws / (draws + 2.0));
        let largest = each(ten, 10, &|counts| counts.iter().copied().fold(0.0, f64::max) / draws);
        let ginis = each(ten, 10, &|counts| gini(counts).unwrap_or(f64::NAN));
        let setup = |what: &str| format!("{URNS} urns of {what}");
        vec![
            Finding::new("polya-2", setup("2 posts: variance of the share"), 1.0 / 12.0, mean_with_error(&squares)),
            Finding::new(
                "polya-10",
                setup("10: largest share (limit 0.2929)"),
                mean_largest_share(10, DRAWS),
                mean_with_error(&largest),
            ),
            Finding::new(
                "polya-10-gini",
                setup("10: Gini (limit 0.45)"),
                mean_gini(10, DRAWS),
                mean_with_error(&ginis),
            ),
        ]
    }

    fn flaw(&self) -> Option<&'static str> {
        Some("feed.popularity_half_life=100")
    }
}

/// Returns a world of ten accounts and one probe. Some accounts post once. The probe is shown one
/// post per day and likes every post.
fn urn(posters: &str) -> Trial {
    let settings = [
        posters,
        "content.posts_per_day=1e-12", // posters create only the one post of their initial stock
        "content.posts_per_day_log_sd=0",
        "content.initial_posts=1",
        "content.post_lifetime_days=365",
        "harm.threshold=0", // the script likes only harmful posts, so all posts are harmful
        "feed.ranker={ kind = \"popularity\", choice = \"proportional\", pseudo_count = 1.0 }",
        "feed.slate=1",
        "feed.candidates=0",
        "feed.exploration=0",
        "feed.allow_seen_posts=true",
        "feed.popularity_half_life=1e9",
    ];
    let rest = "[[arm]]\nname = \"urn\"\ninterventions = [{ kind = \"daily-limit\", slates = 1 }]\n\
                [[probe]]\nscript = \"clicker\"\nclicks = 1000\nactivity = 50.0\n";
    Trial { days: DRAWS, seeds: URNS, rest: rest.to_owned(), ..Trial::still(&settings, counts) }
}

/// Returns the views of each post.
fn counts(lifetime_output: &LifetimeOutput) -> Vec<f64> {
    lifetime_output.world.observed.posts.counters().iter().map(|post_counters| f64::from(post_counters.views)).collect()
}

/// Returns the mean of the largest share if `draws` are divided over `n` posts and all divisions
/// are equally likely. The mean of the largest count is the sum over m of P(largest > m). Each
/// probability follows by inclusion and exclusion of the posts that exceed m.
fn mean_largest_share(n: u32, draws: u32) -> f64 {
    let at_most = |m: u32| -> f64 {
        let mut sum = 0.0;
        let mut choose = 1.0; // (-1)^k times n over k
        for k in 0..=n {
            let Some(left) = draws.checked_sub(k * (m + 1)) else { break };
            let ways = (1..n).map(|i| f64::from(left + i) / f64::from(draws + i)).product::<f64>();
            sum += choose * ways;
            choose *= -f64::from(n - k) / f64::from(k + 1);
        }
        sum
    };
    (0..draws).map(|m| 1.0 - at_most(m)).sum::<f64>() / f64::from(draws)
}

/// Returns the mean Gini coefficient if all divisions are equally likely. The coefficient is a sum
/// over n (n - 1) / 2 pairs of posts. Given the sum s of a pair, the difference is that of a
/// uniform split of s.
fn mean_gini(n: u32, draws: u32) -> f64 {
    let whole = (1..n).map(|i| f64::from(draws + i)).product::<f64>();
    let pair = |sum: u32| -> f64 {
        let others = (1..n - 2).map(|i| f64::from(draws - sum + i)).product::<f64>();
        f64::from(sum + 1) * f64::from((n - 1) * (n - 2)) * others / whole
    };
    let split = |sum: u32| {
        let differences: Vec<f64> = (0..=sum).map(|one| f64::from(one.abs_diff(sum - one))).collect();
        mean(&differences).unwrap_or(0.0)
    };
    let difference: f64 = (0..=draws).map(|sum| pair(sum) * split(sum)).sum();
    f64::from(n - 1) / 2.0 * difference / f64::from(draws)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_of_finitely_many_draws_tend_to_those_of_the_simplex() {
        assert!((mean_largest_share(2, 1) - 1.0).abs() < 1e-12);
        assert!((mean_largest_share(2, 2) - (1.0 + 0.5 + 1.0) / 3.0).abs() < 1e-12);
        assert!(
            (mean_largest_share(10, 100) - 0.302_332).abs() < 1e-6 && (mean_gini(10, 100) - 0.471_536).abs() < 1e-6
        );
        // The limits are (1 + 1/2 + ... + 1/10) / 10 and 9/20.
        assert!((mean_largest_share(10, 20_000) - 0.292_897).abs() < 1e-4);
        assert!((mean_gini(10, 2_000) - 0.45).abs() < 2e-3);
    }
}
