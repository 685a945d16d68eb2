//! Factors of accounts and posts: matrix factorisation of implicit feedback, learned online.

use recsafe_common::draw::{DrawPurpose, Draws};
use recsafe_common::ids::{AccountId, PostIdentity};
use recsafe_common::key::{About, Who};
use recsafe_common::observed::PostPool;
use serde::{Deserialize, Serialize};

use crate::logistic::logistic;

/// Number of factors (assumed).
pub const FACTORS: usize = 16;
const STEP: f32 = 0.1;
const RIDGE: f32 = 0.01;
/// Standard deviation of initial factors.
const START: f32 = 0.1;

/// Factors of one account, or of one post.
pub type Factor = [f32; FACTORS];

/// Logistic matrix factorisation: P(engaged | viewed) = logistic(b + `b_j` + <`p_i`, `q_j`>). Here
/// i is the account and j is the post. Each day, one pass of stochastic gradient steps is made over
/// the day's views, with a ridge penalty.
///
/// Source: C. C. Johnson, Logistic Matrix Factorization for Implicit Feedback Data, NIPS workshop
/// 2014. Unlike in that paper, the factors are learned in one pass per day and are not fitted
/// again. The number of factors (16), the step (0.1) and the ridge penalty (0.01) are assumed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Factors {
    accounts: Vec<Factor>,
    posts: Vec<Factor>,
    biases: Vec<f32>,
    base: f32,
    /// Id of the first post.
    first: u32,
}

impl Factors {
    /// Makes room for all accounts and live posts, and drops the factors of removed posts. New
    /// factors are random and close to 0.
    pub fn follow(&mut self, accounts: usize, posts: &PostPool, draws: Draws) {
        let near_zero = |whose: Who, about: About| {
            let mut draw = draws.at(DrawPurpose::FactorStart, whose, about, 0);
            std::array::from_fn(|_| START * draw.normal() as f32)
        };
        if self.base == 0.0 {
            self.base = -3.0; // about one view in twenty leads to engagement
        }
        for account in self.accounts.len()..accounts {
            self.accounts.push(near_zero(Who::Nobody, About::Account(AccountId(account as u32))));
        }
        let first = posts.id(0).0;
        let gone = (first.wrapping_sub(self.first) as usize).min(self.posts.len());
        self.posts.drain(..gone);
        self.biases.drain(..gone);
        self.first = first;
        for post_index in self.posts.len()..posts.len() {
            let (creator, sequence) = (posts.rows()[post_index].creator, posts.counters()[post_index].sequence);
            self.posts.push(near_zero(Who::Posts, About::Post(PostIdentity { creator, sequence })));
            self.biases.push(0.0);
        }
    }

    /// Makes one gradient step for a view of the post at index `post_index`.
    pub fn learn(&mut self, account: AccountId, post_index: usize, engaged: bool) {
        let error = f32::from(u8::from(engaged)) - logistic(self.index(account, post_index));
        let (p, q) = (&mut self.accounts[account.row()], &mut self.posts[post_index]);
        for (p, q) in p.iter_mut().zip(q) {
            let (own, other) = (*p, *q);
            *p += STEP * (error * other - RIDGE * own);
            *q += STEP * (error * own - RIDGE * other);
        }
        self.biases[post_index] += STEP * (error - RIDGE * self.biases[post_index]);
        self.base += 0.01 * STEP * error;
    }

    /// Returns the log odds that an account engages with the post at index `post_index`. An unknown
    /// account is treated as the average account, and an unknown post as the average post.
    #[inline]
    #[must_use]
    pub fn index(&self, account: AccountId, post_index: usize) -> f32 {
        let Some(q) = self.posts.get(post_index) else { return self.base };
        let bias = self.base + self.biases[post_index];
        let p = self.accounts.get(account.row());
        p.map_or(bias, |p| bias + p.iter().zip(q).map(|(p, q)| p * q).sum::<f32>())
    }

    /// Returns the log odds that the average account engages with the post at index `post_index`.
    #[inline]
    #[must_use]
    pub fn average(&self, post_index: usize) -> f32 {
        self.base + self.biases.get(post_index).copied().unwrap_or(0.0)
    }

    /// Resets the factors of an account to 0.
    pub fn forget(&mut self, account: AccountId) {
        if let Some(factor) = self.accounts.get_mut(account.row()) {
            *factor = Factor::default();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use recsafe_common::observed::PostRow;

    fn pool(posts: u32) -> PostPool {
        let mut pool = PostPool::default();
        for post in 0..posts {
            let row = PostRow { creator: AccountId(post), ..PostRow::default() };
            pool.push(row, 0);
        }
        pool
    }

    fn correlation(a: &[f32], b: &[f32]) -> f32 {
        let mean = |x: &[f32]| x.iter().sum::<f32>() / x.len() as f32;
        let (ma, mb) = (mean(a), mean(b));
        let of =
            |x: &[f32], y: &[f32], mx: f32, my: f32| x.iter().zip(y).map(|(x, y)| (x - mx) * (y - my)).sum::<f32>();
        of(a, b, ma, mb) / (of(a, a, ma, ma) * of(b, b, mb, mb)).sqrt()
    }

    #[test]
    fn a_planted_structure_of_low_rank_is_recovered() {
        let (accounts, posts) = (150_u32, 80_u32);
        let draws = Draws::new(3);
        let two = |kind: u64, id: u32| -> [f32; 2] {
            let mut draw = draws.at(DrawPurpose::Explore, Who::Case(kind), About::Nth(id), 0);
            std::array::from_fn(|_| 1.5 * draw.normal() as f32)
        };
        let truth = |i: u32, j: u32| {
            let (p, q) = (two(1, i), two(2, j));
            p[0] * q[0] + p[1] * q[1] - 1.0
        };
        let mut factors = Factors::default();
        factors.follow(accounts as usize, &pool(posts), draws);
        // Half of the pairs are seen forty times each, with new random numbers each time.
        let seen = |i: u32, j: u32| draws.at(DrawPurpose::View, AccountId(i), About::Nth(j), 0).chance(0.5);
        for pass in 0..40 {
            for i in 0..accounts {
                for j in (0..posts).filter(|&j| seen(i, j)) {
                    let chance = f64::from(logistic(truth(i, j)));
                    let engaged = draws.at(DrawPurpose::Like, AccountId(i), About::Nth(j), pass).chance(chance);
                    factors.learn(AccountId(i), j as usize, engaged);
                }
            }
        }
        let unseen: Vec<(u32, u32)> =
            (0..accounts).flat_map(|i| (0..posts).map(move |j| (i, j))).filter(|&(i, j)| !seen(i, j)).collect();
        let expected: Vec<f32> = unseen.iter().map(|&(i, j)| truth(i, j)).collect();
        let found: Vec<f32> = unseen.iter().map(|&(i, j)| factors.index(AccountId(i), j as usize)).collect();
        let average: Vec<f32> = unseen.iter().map(|&(_, j)| factors.average(j as usize)).collect();
        let (own, of_all) = (correlation(&found, &expected), correlation(&average, &expected));
        assert!(own > 0.9, "correlation for unseen pairs is {own}");
        assert!(of_all < 0.5, "correlation by the average account is {of_all}");
    }

    #[test]
    fn posts_that_are_gone_take_their_factors_along() {
        let mut posts = pool(5);
        let mut factors = Factors::default();
        factors.follow(2, &posts, Draws::new(1));
        factors.learn(AccountId(1), 3, true);
        let before = factors.index(AccountId(1), 3);
        posts.columns_mut().0[3].day = 2;
        posts.columns_mut().0[4].day = 2;
        assert_eq!(posts.drop_before(1), 3);
        factors.follow(2, &posts, Draws::new(1));
        assert_eq!(factors.index(AccountId(1), 0), before);
    }

    #[test]
    fn factors_start_near_0_by_luck_that_goes_by_who_posted_what() {
        let draws = Draws::new(5);
        let mut factors = Factors::default();
        factors.follow(3, &pool(4), draws);
        let all: Vec<Factor> = factors.accounts.iter().chain(&factors.posts).copied().collect();
        assert!((0..7).all(|a| (0..a).all(|b| all[a] != all[b])), "all initial factors differ");
        let of_last = factors.posts[3];
        let mut posts = pool(4);
        posts.columns_mut().0[..3].iter_mut().for_each(|row| row.day = -5);
        posts.drop_before(0);
        let mut later = Factors::default();
        later.follow(3, &posts, draws);
        assert_eq!(later.posts, [of_last], "independent of its index");
    }

    #[test]
    fn a_step_goes_up_the_gradient_of_likelihood_less_the_ridge() {
        let mut factors = Factors::default();
        factors.follow(2, &pool(2), Draws::new(6));
        factors.biases[1] = 0.4;
        for engaged in [true, false] {
            let before = factors.clone();
            factors.learn(AccountId(1), 1, engaged);
            let error = f32::from(u8::from(engaged)) - logistic(before.index(AccountId(1), 1));
            assert_eq!(error > 0.0, engaged);
            for f in 0..FACTORS {
                let (p, q) = (before.accounts[1][f], before.posts[1][f]);
                assert!((factors.accounts[1][f] - p - 0.1 * (error * q - 0.01 * p)).abs() < 1e-6);
                assert!((factors.posts[1][f] - q - 0.1 * (error * p - 0.01 * q)).abs() < 1e-6);
            }
            assert!((factors.biases[1] - before.biases[1] - 0.1 * (error - 0.01 * before.biases[1])).abs() < 1e-6);
            assert!((factors.base - before.base - 0.001 * error).abs() < 1e-6);
            assert_eq!(
                (factors.accounts[0], factors.posts[0]),
                (before.accounts[0], before.posts[0]),
                "other factors do not change"
            );
        }
    }

    #[test]
    fn who_or_what_is_not_known_counts_as_the_average() {
        let mut factors = Factors::default();
        factors.follow(1, &pool(2), Draws::new(6));
        factors.biases[1] = 0.5;
        assert_eq!((factors.average(1), factors.average(7)), (-2.5, -3.0));
        assert_eq!((factors.index(AccountId(9), 1), factors.index(AccountId(0), 7)), (-2.5, -3.0));
        factors.forget(AccountId(0));
        assert_eq!(factors.index(AccountId(0), 1), -2.5);
        factors.forget(AccountId(9)); // unknown accounts are ignored
    }
}
