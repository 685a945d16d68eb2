//! Keyed randomness: every draw is a pure function of its key. A key consists of the seed of a run,
//! the decision, the decider, the subject and the day.
//!
//! Each draw is independent of all earlier draws, so the order of work cannot change a result. Two
//! arms with the same seed have the same draws (common random numbers).
//!
//! The mixing function is the finaliser "moremur" (Pelle Evensen, 2019). The function "moremur" is
//! stronger than the finaliser of `SplitMix64` (Steele, Lea and Flood, 2014). The mixing function
//! is applied once for each part of the key.

use rand::rand_core::{Infallible, TryRng};
use serde::{Deserialize, Serialize};

use crate::ids::Day;
use crate::key::{About, Who};

/// The decision that a draw makes. Every published result depends on the numbers of the variants.
/// Add new variants at the end, and do not change or reuse a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum DrawPurpose {
    /// Order in which accounts get roles.
    RoleRank = 1,
    /// Community of an account.
    Community = 2,
    /// Proportion of minors in a community.
    CommunityShare = 3,
    /// True age band.
    Band = 4,
    /// Declared age band.
    StatedBand = 5,
    /// Intents of a predator.
    Intents = 6,
    /// Mean sessions per day.
    Activity = 7,
    /// Mean posts per day.
    PostingRate = 8,
    /// Curiosity.
    Curiosity = 9,
    /// Aversion to harmful posts.
    Aversion = 10,
    /// Readiness to report.
    Propensity = 11,
    /// Private or public account.
    Privacy = 12,
    /// Interests: topics and their order.
    Interests = 13,
    /// Accounts that are interested in a niche.
    Niche = 14,
    /// Region.
    Region = 15,
    /// Message setting.
    Messages = 16,
    /// Number of initial followees.
    OutDegree = 17,
    /// Initial followees.
    Follow = 18,
    /// Initial follow-backs.
    FollowBack = 19,
    /// Minors that a predator follows at the start.
    FollowedMinors = 20,
    /// Exchange accounts that an exchange account follows at the start.
    ExchangeLinks = 21,
    /// Niche creators among the accounts that post.
    NicheCreator = 22,
    /// Number of posts on a day.
    PostCount = 30,
    /// Topic, quality and severity of a post.
    PostContent = 31,
    /// Features of a post that the platform sees.
    PostFeatures = 32,
    /// A classifier's score of a post.
    PostSignal = 33,
    /// Number of sessions on a day.
    Sessions = 40,
    /// Whether the viewer requests another slate.
    NextRequest = 41,
    /// Random candidates.
    Candidates = 42,
    /// Slate positions for exploration, and the posts at these positions.
    Explore = 43,
    /// Random ranking, and ties.
    Ranking = 44,
    /// Whether a slate position is viewed.
    View = 50,
    /// Whether a viewer likes a post.
    Like = 51,
    /// Whether a viewer reshares a post.
    Share = 52,
    /// Whether a viewer hides a post.
    Hide = 53,
    /// Whether a viewer reports a hidden post.
    ReportPost = 54,
    /// Time spent on a post.
    Dwell = 55,
    /// Whether a viewer follows the creator of a liked post.
    FollowCreator = 56,
    /// Whether a follow ends.
    Unfollow = 57,
    /// Actions of a probe, and the topic of a decoy's posts.
    Probe = 58,
    /// Accounts to which an intervention applies.
    Coverage = 70,
    /// Whether an intervention works this time.
    Efficacy = 71,
    /// Impressions that the platform learns from.
    TrainingSample = 80,
    /// Accounts whose exposures are recorded.
    ExposureSample = 90,
    /// Pairs of ordinary accounts whose contacts are recorded.
    ContactSample = 91,
    /// Number of visits to people suggestions on a day.
    Visits = 100,
    /// Neighbours that people suggestions use, and accounts that `random` suggests.
    SuggestionCandidates = 101,
    /// Random ranking of people suggestions, and ties.
    SuggestionRanking = 102,
    /// Whether an account is followed after it appears in suggestions, search or a follower list.
    FollowAccount = 103,
    /// Answers to follow requests.
    AnswerFollow = 104,
    /// Number of visits to follower lists on a day.
    Browses = 105,
    /// The visited follower list, and the accounts seen in it.
    BrowseList = 106,
    /// Number of searches on a day.
    Searches = 107,
    /// Subject of a search query.
    Query = 108,
    /// Discovery of minors: whether a predator notices a minor, and how often the predator looks
    /// for minors on a day.
    Find = 109,
    /// Number of contact attempts on a day.
    Attempts = 110,
    /// Order in which a predator tries the minors on its target list.
    ChooseContact = 111,
    /// Answers to contact requests.
    AnswerContact = 112,
    /// Development of accepted contacts.
    Conversation = 113,
    /// Whether a predator tries another route after a blocked attempt, and which route.
    Displacement = 114,
    /// Messages to known accounts.
    KnownContact = 115,
    /// Messages to strangers.
    StrangerContact = 116,
    /// Whether a viewer visits the profile of a liked post's creator.
    VisitProfile = 117,
    /// A classifier's score of an account.
    AccountSignal = 118,
    /// Reports of accounts and posts that violate no rule.
    MistakenReport = 119,
    /// Decisions of reviewers.
    Review = 120,
    /// Order of the review queue.
    ReviewOrder = 121,
    /// Whether a severe case leads to immediate removal of the account.
    Sanction = 122,
    /// Whether a sanction is appealed, and the result of the appeal.
    Appeal = 123,
    /// Whether a removal is reported to the authorities.
    AuthorityReport = 124,
    /// Whether and when the holder of a removed account returns.
    Return = 125,
    /// Whether the platform detects a returning holder.
    Barrier = 126,
    /// Former contacts that a returned account finds again.
    FoundAgain = 127,
    /// Whether a follow between exchange accounts creates a link.
    ExchangeLink = 128,
    /// Whether a link leads to an exchange.
    Exchange = 129,
    /// Accounts removed in a wave of removals.
    Wave = 130,
    /// Accounts removed because of a removed contact.
    NetworkRemoval = 131,
    /// Accounts removed at a constant hazard.
    Hazard = 132,
    /// Number of test reports on a day.
    TestReports = 133,
    /// Number of accounts that an exchange account recruits.
    Offspring = 134,
    /// Predators from which the reach of suggestions is measured.
    NetworkStart = 135,
    /// Whether an account must verify its age.
    AgeAsked = 136,
    /// Result of an age check.
    AgeCheck = 137,
    /// Hour at which a session starts.
    SessionHour = 138,
    /// Searches that a filter blocks.
    QueryFilter = 139,
    /// Reports of trusted flaggers.
    Flagger = 140,
    /// Initial factors of accounts and posts.
    FactorStart = 141,
    /// Whether a harmful post is taken down today, given the half-life of harmful posts.
    Takedown = 142,
    /// Number of acts on a day under `reshare-one`.
    Acts = 143,
    /// Order in which accounts act on a day.
    ActOrder = 144,
    /// Whether an act creates a post.
    ActPosts = 145,
    /// The feed post that the account reshares in an act.
    Reshare = 146,
    /// Appeal (attractiveness) of a post.
    PostAppeal = 147,
    /// Proportion of harmful posts among an account's posts, under `harm = "account"`.
    HarmShare = 148,
    /// Choice of the accounts that are bots.
    Bot = 149,
    /// Bots that a bot follows, and people who follow the bot.
    Infiltration = 150,
}

const FOLD: u64 = 0x9E37_79B9_7F4A_7C15; // 2^64 / golden ratio
const STEP: u64 = 0xD1B5_4A32_D192_ED03; // odd and far from FOLD, so that counters do not collide

/// Mixes 64 bits. The function is a bijection, and every input bit changes about half of the output
/// bits.
#[inline]
#[must_use]
pub const fn mix(mut bits: u64) -> u64 {
    bits ^= bits >> 27;
    bits = bits.wrapping_mul(0x3C79_AC49_2BA7_B653);
    bits ^= bits >> 33;
    bits = bits.wrapping_mul(0x1C69_B3F7_4AC4_AE35);
    bits ^ (bits >> 27)
}

/// All random draws of one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draws {
    seed: u64,
}

impl Draws {
    /// Creates the draws of `seed`.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Draws { seed: mix(seed.wrapping_add(FOLD)) }
    }

    /// Returns the draws of one decision by one account on one day. Use [`Stream::about`] for each
    /// subject. The common part of the key is then hashed only once.
    #[inline]
    #[must_use]
    pub fn stream(self, purpose: DrawPurpose, who: impl Into<Who>, when: Day) -> Stream {
        let key = mix(self.seed ^ (purpose as u64).wrapping_mul(FOLD));
        let key = mix(key.wrapping_add(who.into().bits().wrapping_mul(FOLD)));
        Stream { key: mix(key.wrapping_add(u64::from(when as u32).wrapping_mul(FOLD)) ^ STEP) }
    }

    /// Returns the draw with this complete key.
    #[inline]
    #[must_use]
    pub fn at(self, purpose: DrawPurpose, who: impl Into<Who>, about: About, when: Day) -> Draw {
        self.stream(purpose, who, when).about(about)
    }
}

/// Draws that have the same seed, decision, decider and day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stream {
    key: u64,
}

impl Stream {
    /// Returns the draw about one subject, such as a post.
    #[inline]
    #[must_use]
    pub const fn about(self, about: About) -> Draw {
        Draw { state: self.key.wrapping_add(mix(about.bits().wrapping_mul(STEP) ^ self.key)) }
    }
}

/// One keyed draw. Each draw is a separate random generator that `rand` and `rand_distr` can use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draw {
    state: u64,
}

impl Draw {
    /// Returns the next 64 bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(FOLD);
        mix(self.state)
    }

    /// Draws a uniform number in [0, 1), in steps of 2^-53.
    #[inline]
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// Draws whether an event of this probability happens.
    #[inline]
    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// Draws a uniform number in `0..bound` by multiplication, or returns 0 if `bound` is 0. The
    /// bias is below `bound` / 2^64.
    #[inline]
    pub fn below(&mut self, bound: usize) -> usize {
        part(self.bits(), bound)
    }

    /// Draws an index. The probability of each index is proportional to the weight of the index.
    /// Weights must not be negative. Returns `None` if all weights are 0.
    pub fn weighted_index(&mut self, weights: &[f64]) -> Option<usize> {
        let mut uniform = self.unit() * weights.iter().sum::<f64>();
        let found = weights.iter().position(|weight| {
            uniform -= weight;
            uniform < 0.0
        });
        // After rounding, the sum of the weights can be slightly below the total.
        found.or_else(|| weights.iter().rposition(|&weight| weight > 0.0))
    }

    /// Draws a standard normal number by the inverse of the distribution function.
    #[inline]
    pub fn normal(&mut self) -> f64 {
        normal_quantile(((self.bits() >> 11) as f64 + 0.5) * (1.0 / 9_007_199_254_740_992.0))
    }

    /// Draws an exponential number with mean 1.
    #[inline]
    pub fn exponential(&mut self) -> f64 {
        -libm::log(1.0 - self.unit())
    }

    /// Draws a Poisson number with this mean, by inversion from 0 upwards. A mean above 500 is
    /// replaced by 500. No mean in the model reaches 500.
    pub fn poisson(&mut self, mean: f64) -> u32 {
        let mean = mean.min(500.0);
        let mut term = libm::exp(-mean);
        let (mut sum, mut count) = (term, 0_u32);
        let uniform = self.unit();
        while uniform >= sum && count < 2_000 {
            count += 1;
            term *= mean / f64::from(count);
            sum += term;
        }
        count
    }

    /// Draws a Beta number with whole-number parameters `a` and `b`. The Beta number is the `a`-th
    /// smallest of `a + b - 1` uniform numbers. The sum `a + b` must be at most 17.
    pub fn beta(&mut self, a: usize, b: usize) -> f64 {
        let mut uniforms = [1.0; 16];
        let count = (a + b - 1).clamp(1, 16);
        for index in &mut uniforms[..count] {
            *index = self.unit();
        }
        uniforms[..count].sort_unstable_by(f64::total_cmp);
        uniforms[a.clamp(1, count) - 1]
    }
}

/// Maps 64 bits to `0..bound` as [`Draw::below`] does. Returns 0 if `bound` is 0.
#[inline]
#[must_use]
pub const fn part(bits: u64, bound: usize) -> usize {
    ((bits as u128 * bound as u128) >> 64) as usize
}

impl TryRng for Draw {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.bits() >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.bits())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            let word = self.bits().to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
        Ok(())
    }
}

/// Returns the standard normal distribution function: 1/2 erfc(-x / sqrt 2). Uses the portable
/// `libm`.
#[must_use]
pub fn normal_cdf(x: f64) -> f64 {
    0.5 * libm::erfc(-x * std::f64::consts::FRAC_1_SQRT_2)
}

/// Returns the standard normal quantile for `p` in (0, 1). The relative error is below 1.2e-9.
///
/// Source: P. J. Acklam's rational approximation (2003), without the refining step. The inverse in
/// `statrs` is more exact, but its last bits differ. All normal draws of a run use this function,
/// so the inverse in `statrs` would change results.
#[must_use]
pub fn normal_quantile(p: f64) -> f64 {
    const A: [f64; 6] = [
        -3.969_683_028_665_376e1,
        2.209_460_984_245_205e2,
        -2.759_285_104_469_687e2,
        1.383_577_518_672_69e2,
        -3.066_479_806_614_716e1,
        2.506_628_277_459_239,
    ];
    const B: [f64; 6] = [
        -5.447_609_879_822_406e1,
        1.615_858_368_580_409e2,
        -1.556_989_798_598_866e2,
        6.680_131_188_771_972e1,
        -1.328_068_155_288_572e1,
        1.0,
    ];
    const C: [f64; 6] = [
        -7.784_894_002_430_293e-3,
        -3.223_964_580_411_365e-1,
        -2.400_758_277_161_838,
        -2.549_732_539_343_734,
        4.374_664_141_464_968,
        2.938_163_982_698_783,
    ];
    const D: [f64; 5] =
        [7.784_695_709_041_462e-3, 3.224_671_290_700_398e-1, 2.445_134_137_142_996, 3.754_408_661_907_416, 1.0];
    let horner = |terms: &[f64], x: f64| terms.iter().fold(0.0, |sum, term| sum * x + term);
    let tail = |q: f64| horner(&C, q) / horner(&D, q);
    if p < 0.024_25 {
        tail(libm::sqrt(-2.0 * libm::log(p)))
    } else if p > 1.0 - 0.024_25 {
        -tail(libm::sqrt(-2.0 * libm::log(1.0 - p)))
    } else {
        let q = p - 0.5;
        horner(&A, q * q) * q / horner(&B, q * q)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns a draw whose first 64 bits are 0, because `mix(0)` is 0. The first uniform number of
    /// the draw is 0.
    fn lowest() -> Draw {
        Draw { state: 0_u64.wrapping_sub(FOLD) }
    }

    #[test]
    fn every_input_bit_moves_about_half_of_the_output_bits() {
        for bit in 0..64 {
            let moved: u32 = (1..=1_000_u64).map(|n| (mix(mix(n)) ^ mix(mix(n) ^ 1 << bit)).count_ones()).sum();
            let mean = f64::from(moved) / 1_000.0;
            assert!((28.0..36.0).contains(&mean), "bit {bit} moves {mean} bits of 64");
        }
    }

    #[test]
    fn the_first_uniform_number_of_the_lowest_draw_is_0() {
        assert_eq!(lowest().unit(), 0.0);
    }

    #[test]
    fn what_is_impossible_never_happens_and_what_is_certain_always_does() {
        assert!(!lowest().chance(0.0));
        for who in 0..1_000 {
            let draw = || Draws::new(1).at(DrawPurpose::Like, Who::Case(who), About::Nothing, 0);
            assert!(!draw().chance(0.0));
            assert!(draw().chance(1.0));
        }
    }

    #[test]
    fn chances_are_met_as_often_as_they_say() {
        for probability in [0.1, 0.5, 0.8] {
            let met = (0..40_000)
                .filter(|&who| {
                    Draws::new(2).at(DrawPurpose::Like, Who::Case(who), About::Nothing, 0).chance(probability)
                })
                .count();
            let error = (probability * (1.0 - probability) / 40_000.0_f64).sqrt();
            assert!((met as f64 / 40_000.0 - probability).abs() < 5.0 * error, "{met} of 40,000 at {probability}");
        }
    }

    #[test]
    fn places_are_drawn_in_proportion_and_never_where_the_weight_is_0() {
        assert_eq!(lowest().weighted_index(&[0.0, 1.0]), Some(1));
        assert_eq!((lowest().weighted_index(&[]), lowest().weighted_index(&[0.0, 0.0])), (None, None));
        let mut found = [0.0_f64; 4];
        for who in 0..40_000 {
            found[Draws::new(3)
                .at(DrawPurpose::View, Who::Case(who), About::Nothing, 0)
                .weighted_index(&[1.0, 0.0, 2.0, 5.0])
                .unwrap()] += 1.0 / 40_000.0;
        }
        for (share, expected) in found.iter().zip([0.125, 0.0, 0.25, 0.625_f64]) {
            assert!((share - expected).abs() <= 5.0 * (expected * (1.0 - expected) / 40_000.0).sqrt(), "{found:?}");
        }
    }

    #[test]
    fn rands_numbers_are_the_draws_bits() {
        let draw = || Draws::new(4).at(DrawPurpose::Like, Who::Case(1), About::Nth(2), 3);
        let mut whole = draw();
        let (first, second) = (whole.bits(), whole.bits());
        assert_ne!(first, second);
        assert_eq!(draw().try_next_u32(), Ok((first >> 32) as u32));
        assert_eq!(draw().try_next_u64(), Ok(first));
        let mut bytes = [0; 11];
        draw().try_fill_bytes(&mut bytes).unwrap();
        assert_eq!(bytes, [&first.to_le_bytes()[..], &second.to_le_bytes()[..3]].concat()[..]);
    }

    #[test]
    fn the_quantile_is_the_inverse_of_the_distribution_function() {
        for n in 1..1_000 {
            for p in [f64::from(n) / 1_000.0, f64::from(n) / 1e6, 1.0 - f64::from(n) / 1e6] {
                let back = normal_cdf(normal_quantile(p));
                assert!((back - p).abs() < 3e-9, "{p}: {back}");
                assert!((normal_quantile(p) + normal_quantile(1.0 - p)).abs() < 1e-8);
            }
        }
    }
}
