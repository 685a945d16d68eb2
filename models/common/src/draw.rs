//! Keyed randomness: every draw is a pure function of (run seed, what is decided, who, about what, when).
//!
//! No stream is shared, so the order of work cannot change a result, and two arms with one seed meet the same luck (common
//! random numbers). The mixing function is the finaliser "moremur" (Pelle Evensen, 2019), a stronger relative of the one in
//! `SplitMix64` (Steele, Lea and Flood, 2014), applied once for each part of the key.

use rand::rand_core::{Infallible, TryRng};
use serde::{Deserialize, Serialize};

use crate::ids::Day;
use crate::key::{About, Who};

/// What a draw decides. The numbers are part of every published result: add at the end, never renumber or reuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Decides {
    /// Order in which accounts get roles.
    RoleRank = 1,
    /// Which community an account belongs to.
    Community = 2,
    /// How young a community is.
    CommunityShare = 3,
    /// True age band.
    Band = 4,
    /// Stated age band.
    StatedBand = 5,
    /// Intents of a predator.
    Intents = 6,
    /// Sessions a day.
    Activity = 7,
    /// Posts a day.
    PostingRate = 8,
    /// Curiosity.
    Curiosity = 9,
    /// Aversion to harmful posts.
    Aversion = 10,
    /// Readiness to report.
    Propensity = 11,
    /// Private or public.
    Privacy = 12,
    /// Interests: topics and their order.
    Interests = 13,
    /// Who belongs to a niche, and to which.
    Niche = 14,
    /// Region.
    Region = 15,
    /// Message setting.
    Messages = 16,
    /// How many accounts one follows at the start.
    OutDegree = 17,
    /// Whom one follows at the start.
    Follow = 18,
    /// Following back at the start.
    FollowBack = 19,
    /// Minors whom a predator follows at the start.
    FollowedMinors = 20,
    /// Exchange accounts that one follows at the start.
    ExchangeLinks = 21,
    /// Who among those who post is a niche creator.
    NicheCreator = 22,
    /// Number of posts of a day.
    PostCount = 30,
    /// Topic, quality and severity of a post.
    PostContent = 31,
    /// What the platform sees of a post's topic.
    PostFeatures = 32,
    /// A classifier's signal of a post.
    PostSignal = 33,
    /// Number of sessions of a day.
    Sessions = 40,
    /// Whether another request follows.
    NextRequest = 41,
    /// Candidates picked by chance.
    Candidates = 42,
    /// Slots given to exploration.
    Explore = 43,
    /// Ranking by chance, or ties.
    Ranking = 44,
    /// Whether a slot is viewed.
    View = 50,
    /// Liking a post.
    Like = 51,
    /// Sharing a post.
    Share = 52,
    /// Hiding a post.
    Hide = 53,
    /// Reporting a post that was hidden.
    ReportPost = 54,
    /// How long one looks at a post.
    Dwell = 55,
    /// Following a liked post's creator.
    FollowCreator = 56,
    /// Ending a follow.
    Unfollow = 57,
    /// What a probe does, and what a decoy posts about.
    Probe = 58,
    /// Which accounts a roll-out reaches.
    Coverage = 70,
    /// Whether a rule works this time.
    Efficacy = 71,
    /// Which impressions the platform learns from.
    TrainingSample = 80,
    /// Which accounts' exposures are kept.
    ExposureSample = 90,
    /// Which ordinary pairs' contacts are kept.
    ContactSample = 91,
    /// Number of visits to people suggestions in a day.
    Visits = 100,
    /// Which neighbours people suggestions look at, and which accounts `random` offers.
    SuggestionCandidates = 101,
    /// Ranking of people suggestions by chance, or ties.
    SuggestionRanking = 102,
    /// Following an account that was suggested, searched or seen in a list.
    FollowAccount = 103,
    /// Answering a follow request.
    AnswerFollow = 104,
    /// Number of follower lists that one looks into in a day.
    Browses = 105,
    /// Which list, and which of its accounts.
    BrowseList = 106,
    /// Number of searches of a day.
    Searches = 107,
    /// What is searched for.
    Query = 108,
    /// Whether a minor who comes into view in the feed or among suggestions is found.
    Find = 109,
    /// Number of contact attempts of a day.
    Attempts = 110,
    /// Which of those found is tried.
    ChooseContact = 111,
    /// Answering a contact request.
    AnswerContact = 112,
    /// How an accepted contact goes on.
    Conversation = 113,
    /// Whether an attempt on a closed route moves to an open one, and to which.
    Displacement = 114,
    /// Writing to somebody one knows.
    KnownContact = 115,
    /// Writing to a stranger.
    StrangerContact = 116,
    /// Looking at the profile of a liked post's creator.
    VisitProfile = 117,
    /// A classifier's signal of an account.
    AccountSignal = 118,
    /// Reporting somebody or something that does not violate.
    MistakenReport = 119,
    /// What a reviewer decides.
    Review = 120,
    /// The order in which items of the review queue are worked off.
    ReviewOrder = 121,
    /// Whether a severe case costs the account at once.
    Sanction = 122,
    /// Whether a sanction is appealed, and what comes of it.
    Appeal = 123,
    /// Whether a removal is reported to authorities.
    AuthorityReport = 124,
    /// Whether the holder of a removed account comes back, and after how long.
    Return = 125,
    /// Whether a return is detected.
    Barrier = 126,
    /// Which former links a returned account finds again.
    FoundAgain = 127,
    /// Whether a follow between exchange accounts makes a link.
    ExchangeLink = 128,
    /// Whether a link leads to an exchange.
    Exchange = 129,
    /// Whom a wave of removals finds.
    Wave = 130,
    /// To whom a removal spreads.
    NetworkRemoval = 131,
    /// Removal at a constant hazard.
    Hazard = 132,
    /// Number of test reports of a day.
    TestReports = 133,
    /// How many accounts an exchange account brings in.
    Offspring = 134,
    /// From which predators it is measured how far suggestions lead.
    NetworkStart = 135,
    /// Whether an account's age is checked.
    AgeAsked = 136,
    /// What a check of an account's age finds.
    AgeCheck = 137,
    /// At which hour a session begins.
    SessionHour = 138,
    /// Which searches a filter blocks.
    QueryFilter = 139,
    /// What trusted flaggers report.
    Flagger = 140,
    /// Where factors of accounts and posts start.
    FactorStart = 141,
    /// Whether a harmful post is taken down by the half-life of such posts.
    Takedown = 142,
    /// Number of acts of a day, where account holders act instead of visiting.
    Acts = 143,
    /// In which order accounts act on a day.
    ActOrder = 144,
    /// Whether an act is a post of one's own.
    ActPosts = 145,
    /// Which post of the feed an act reshares.
    Reshare = 146,
    /// Appeal of a post.
    PostAppeal = 147,
    /// Share of harmful posts of an account, where each account has one of its own.
    HarmShare = 148,
    /// Who is a bot.
    Bot = 149,
    /// Bots whom a bot follows, and people who follow it.
    Infiltration = 150,
}

const FOLD: u64 = 0x9E37_79B9_7F4A_7C15; // 2^64 / golden ratio
const STEP: u64 = 0xD1B5_4A32_D192_ED03; // odd and far from FOLD, so that counters of two keys do not run into each other

/// A bijection of 64 bits in which every input bit moves about half of the output bits.
#[inline]
#[must_use]
pub const fn mix(mut bits: u64) -> u64 {
    bits ^= bits >> 27;
    bits = bits.wrapping_mul(0x3C79_AC49_2BA7_B653);
    bits ^= bits >> 33;
    bits = bits.wrapping_mul(0x1C69_B3F7_4AC4_AE35);
    bits ^ (bits >> 27)
}

/// All luck of one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draws {
    seed: u64,
}

impl Draws {
    /// The luck that belongs to `seed`.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Draws { seed: mix(seed.wrapping_add(FOLD)) }
    }

    /// The draws of one decision that one account takes on one day: hash the key once, then ask [`Stream::about`] per thing.
    #[inline]
    #[must_use]
    pub fn stream(self, decides: Decides, who: impl Into<Who>, when: Day) -> Stream {
        let key = mix(self.seed ^ (decides as u64).wrapping_mul(FOLD));
        let key = mix(key.wrapping_add(who.into().bits().wrapping_mul(FOLD)));
        Stream { key: mix(key.wrapping_add(u64::from(when as u32).wrapping_mul(FOLD)) ^ STEP) }
    }

    /// The draw with this whole key.
    #[inline]
    #[must_use]
    pub fn at(self, decides: Decides, who: impl Into<Who>, about: About, when: Day) -> Draw {
        self.stream(decides, who, when).about(about)
    }
}

/// Draws that share (seed, decision, who, when).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stream {
    key: u64,
}

impl Stream {
    /// The draw about one thing, such as a post.
    #[inline]
    #[must_use]
    pub const fn about(self, about: About) -> Draw {
        Draw { state: self.key.wrapping_add(mix(about.bits().wrapping_mul(STEP) ^ self.key)) }
    }
}

/// One keyed draw: a generator of its own, on which `rand` and `rand_distr` work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draw {
    state: u64,
}

impl Draw {
    /// The next 64 bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(FOLD);
        mix(self.state)
    }

    /// Uniform in [0, 1), in steps of 2^-53.
    #[inline]
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// Whether something of this probability happens.
    #[inline]
    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// Uniform in `0..bound` (0 if `bound` is 0), by multiplication; the bias is below `bound` / 2^64.
    #[inline]
    pub fn below(&mut self, bound: usize) -> usize {
        part(self.bits(), bound)
    }

    /// A place drawn in proportion to `weights`, none of them negative; none if all are 0.
    pub fn place(&mut self, weights: &[f64]) -> Option<usize> {
        let mut luck = self.unit() * weights.iter().sum::<f64>();
        let found = weights.iter().position(|weight| {
            luck -= weight;
            luck < 0.0
        });
        // The parts may fall a hair short of their sum.
        found.or_else(|| weights.iter().rposition(|&weight| weight > 0.0))
    }

    /// Standard normal, by the inverse of its distribution function.
    #[inline]
    pub fn normal(&mut self) -> f64 {
        normal_quantile(((self.bits() >> 11) as f64 + 0.5) * (1.0 / 9_007_199_254_740_992.0))
    }

    /// Exponential of mean 1.
    #[inline]
    pub fn exponential(&mut self) -> f64 {
        -libm::log(1.0 - self.unit())
    }

    /// Poisson of this mean, by searching up from 0; means above 500 are cut there (no rate of the model comes near).
    pub fn poisson(&mut self, mean: f64) -> u32 {
        let mean = mean.min(500.0);
        let mut term = libm::exp(-mean);
        let (mut sum, mut count) = (term, 0_u32);
        let luck = self.unit();
        while luck >= sum && count < 2_000 {
            count += 1;
            term *= mean / f64::from(count);
            sum += term;
        }
        count
    }

    /// Beta with whole-number parameters: the `a`-th smallest of `a + b - 1` uniforms; at most 16 of them are drawn.
    pub fn beta(&mut self, a: usize, b: usize) -> f64 {
        let mut uniforms = [1.0; 16];
        let count = (a + b - 1).clamp(1, 16);
        for place in &mut uniforms[..count] {
            *place = self.unit();
        }
        uniforms[..count].sort_unstable_by(f64::total_cmp);
        uniforms[a.clamp(1, count) - 1]
    }
}

/// The part of `0..bound` (0 if `bound` is 0) that 64 bits stand for: what [`Draw::below`] makes of them.
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

/// The standard normal distribution function: 1/2 erfc(-x / sqrt 2), by the portable `libm`.
#[must_use]
pub fn normal_cdf(x: f64) -> f64 {
    0.5 * libm::erfc(-x * std::f64::consts::FRAC_1_SQRT_2)
}

/// The standard normal quantile for `p` in (0, 1); relative error below 1.2e-9.
///
/// Source: P. J. Acklam's rational approximation (2003), without the refining step. The inverse in `statrs` is more exact, and so gives other
/// last bits: every normal draw of a run goes through this one, and results would move.
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

    /// A draw whose first 64 bits are all 0, so that its first uniform number is 0: `mix(0)` is 0.
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
            let draw = || Draws::new(1).at(Decides::Like, Who::Case(who), About::Nothing, 0);
            assert!(!draw().chance(0.0));
            assert!(draw().chance(1.0));
        }
    }

    #[test]
    fn chances_are_met_as_often_as_they_say() {
        for probability in [0.1, 0.5, 0.8] {
            let met = (0..40_000)
                .filter(|&who| Draws::new(2).at(Decides::Like, Who::Case(who), About::Nothing, 0).chance(probability))
                .count();
            let error = (probability * (1.0 - probability) / 40_000.0_f64).sqrt();
            assert!((met as f64 / 40_000.0 - probability).abs() < 5.0 * error, "{met} of 40,000 at {probability}");
        }
    }

    #[test]
    fn places_are_drawn_in_proportion_and_never_where_the_weight_is_0() {
        assert_eq!(lowest().place(&[0.0, 1.0]), Some(1));
        assert_eq!((lowest().place(&[]), lowest().place(&[0.0, 0.0])), (None, None));
        let mut found = [0.0_f64; 4];
        for who in 0..40_000 {
            found[Draws::new(3)
                .at(Decides::View, Who::Case(who), About::Nothing, 0)
                .place(&[1.0, 0.0, 2.0, 5.0])
                .unwrap()] += 1.0 / 40_000.0;
        }
        for (share, expected) in found.iter().zip([0.125, 0.0, 0.25, 0.625_f64]) {
            assert!((share - expected).abs() <= 5.0 * (expected * (1.0 - expected) / 40_000.0).sqrt(), "{found:?}");
        }
    }

    #[test]
    fn rands_numbers_are_the_draws_bits() {
        let draw = || Draws::new(4).at(Decides::Like, Who::Case(1), About::Nth(2), 3);
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
