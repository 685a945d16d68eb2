//! Homogenisation: A. Chaney, B. Stewart and B. Engelhardt, How Algorithmic Confounding in
//! Recommendation Systems Increases Homogeneity and Decreases Utility, `RecSys` 2018, as replicated
//! by E. Lucherini, M. Sun, A. Winecoff and A. Narayanan, T-RECS, 2021.
//!
//! Users know the utility of items approximately, and pay more attention to high ranks in a ranking
//! of all items. The case measures whether users whom a recommender considers similar consume more
//! of the same items than under a ranking by true utility.

use recsafe_common::draw::{Draw, DrawPurpose, Draws, mix};
use recsafe_common::ids::AccountId;
use recsafe_common::key::{self, Who};
use recsafe_common::vector::{DIM, Vector};
use recsafe_platform::candidates::Candidates;
use recsafe_platform::ranking::{Ranker, content::Content, popularity::Popularity, random::Random};
use recsafe_platform::{Request, View};
use recsafe_stats::{mean, non_negative_least_squares};

use super::bench::{Bench, BenchRequest};
use super::dirichlet::{beta_of_mean, dirichlet};
use super::{About, Case, How, Order, Progress, Published, ReplicationError, Row, replicate, run_program};

/// Parameters. The defaults are the published values, except the number of replications.
#[derive(Clone, Debug, PartialEq, clap::Args)]
pub struct Parameters {
    /// Users.
    #[arg(long, value_name = "N", default_value_t = Self::default().users, value_parser = clap::value_parser!(u32).range(2..=10_000))]
    pub users: u32,
    /// Number of attributes of items, for which users have preferences; at most 32.
    #[arg(long, value_name = "N", default_value_t = Self::default().attributes, value_parser = clap::value_parser!(u32).range(1..=DIM as i64))]
    pub attributes: u32,
    /// Number of new items per step. A user takes one item per step.
    #[arg(long, value_name = "N", default_value_t = Self::default().new_items, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub new_items: u32,
    /// Number of initial steps. Users see only the newest items in these steps, in random order.
    #[arg(long, value_name = "N", default_value_t = Self::default().startup, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub startup: u32,
    /// Step after which homogeneity is measured, including the initial steps (the published run
    /// continues to step 100).
    #[arg(long, value_name = "STEP", default_value_t = Self::default().measured, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub measured: u32,
    /// Sum of the Dirichlet parameters of users' preferences. Smaller values make users differ
    /// more.
    #[arg(long, value_name = "SUM", default_value_t = Self::default().preference_sum, value_parser = positive)]
    pub preference_sum: f64,
    /// Dirichlet parameter of the shares into which `--preference-sum` is divided.
    #[arg(long, value_name = "ALPHA", default_value_t = Self::default().preference_base, value_parser = positive)]
    pub preference_base: f64,
    /// Sum of the Dirichlet parameters of items' attributes. With smaller values, items come closer
    /// to a single attribute.
    #[arg(long, value_name = "SUM", default_value_t = Self::default().item_sum, value_parser = positive)]
    pub item_sum: f64,
    /// Dirichlet parameter of the shares into which `--item-sum` is divided.
    #[arg(long, value_name = "ALPHA", default_value_t = Self::default().item_base, value_parser = positive)]
    pub item_base: f64,
    /// Mean share of an item's utility that a user knows before taking the item.
    #[arg(long, value_name = "SHARE", default_value_t = Self::default().known, value_parser = share)]
    pub known: f64,
    /// Standard deviation of the utility around <preferences, attributes>, and of the known share.
    #[arg(long, value_name = "SD", default_value_t = Self::default().sd, value_parser = not_negative)]
    pub sd: f64,
    /// Decline of attention with rank. A user takes the item for which the known utility times
    /// rank^-ATTENTION is largest.
    #[arg(long, value_name = "EXPONENT", default_value_t = Self::default().attention, value_parser = not_negative)]
    pub attention: f64,
    /// Removes taken items from the ranking of a user. In the publication, taken items keep their
    /// ranks and cannot be taken again.
    #[arg(long)]
    pub drop_taken: bool,
    /// Number of worlds (published: 400). Every recommender runs in each world.
    #[arg(long, value_name = "N", default_value_t = Self::default().replications, value_parser = clap::value_parser!(u32).range(1..))]
    pub replications: u32,
}

fn number(text: &str, fits: impl Fn(f64) -> bool, wanted: &str) -> Result<f64, String> {
    text.parse().ok().filter(|&number: &f64| number.is_finite() && fits(number)).ok_or_else(|| wanted.to_owned())
}

fn positive(text: &str) -> Result<f64, String> {
    number(text, |number| number > 0.0, "must be a number above 0")
}

fn not_negative(text: &str) -> Result<f64, String> {
    number(text, |number| number >= 0.0, "must be a number of at least 0")
}

fn share(text: &str) -> Result<f64, String> {
    number(text, |number| number > 0.0 && number < 1.0, "must be a number between 0 and 1")
}

impl Default for Parameters {
    fn default() -> Self {
        Parameters {
            users: 100,
            attributes: 20,
            new_items: 10,
            startup: 10,
            measured: 98,
            preference_sum: 10.0,
            preference_base: 1.0,
            item_sum: 0.1,
            item_base: 100.0,
            known: 0.98,
            sd: 1e-5,
            attention: 0.8,
            drop_taken: false,
            replications: 40,
        }
    }
}

impl Parameters {
    /// Returns the same parameters with the published number of replications: 400.
    #[must_use]
    pub fn full_size(self) -> Self {
        Parameters { replications: 400, ..self }
    }
}

/// Difference between the Jaccard index of pairs of most similar users and the index of the same
/// pairs under the ideal recommender. Values are read off the replication's figure, to within
/// 0.003. The figure's bands of one standard deviation are 0.025 to 0.03 wide.
pub const PUBLISHED: [Published; 4] =
    [row("popularity", 0.221), row("content", 0.147), row("random", 0.016), row("ideal", 0.0)];

const fn row(id: &'static str, published: f64) -> Published {
    Published { id, published, published_sd: None, tolerance: 0.05 }
}

/// Whether users whom a recommender considers similar become more alike.
pub struct Homogenisation;

impl Case for Homogenisation {
    fn about(&self) -> &'static About {
        &About {
            name: "homogenisation",
            title: "Homogenisation",
            source: "Chaney, Stewart and Engelhardt, RecSys 2018, as replicated by Lucherini et al. 2021",
            measure: "Jaccard index of the items of two users, minus the index of the same two users under the ideal recommender; each user is paired with the user whom the recommender treats as most similar",
            decimals: 3,
            parameters: "flags of: cargo run --release --example homogenisation -- --help",
        }
    }

    fn published(&self) -> &'static [Published] {
        &PUBLISHED
    }

    fn orders(&self) -> &'static [Order] {
        &[&["ideal", "random", "content", "popularity"]]
    }

    fn run(&self, how: &How) -> Result<Option<Vec<Row>>, ReplicationError> {
        let reduced = Parameters::default();
        let parameters = if how.full { reduced.full_size() } else { reduced };
        run_program(self, how, parameters.replications, |progress| run(&parameters, how.seed, how.threads, progress))
    }
}

/// Ranking of the items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Recommender {
    /// The shipped `popularity`.
    Popularity,
    /// The shipped `content` on profiles by non-negative least squares.
    Content,
    /// The shipped `random`: a separate order for every user.
    Random,
    /// The shipped `content` on profiles and features that are noise, drawn again at each step. The
    /// order is then nearly equal for all users. The replication implements its random recommender
    /// in this way.
    NoiseProfiles,
    /// The ranking by true utility.
    Ideal,
}

impl Recommender {
    const ALL: [(Recommender, &'static str); 5] = [
        (Recommender::Popularity, "popularity"),
        (Recommender::Content, "content"),
        (Recommender::Random, "random-order"),
        (Recommender::NoiseProfiles, "random"),
        (Recommender::Ideal, "ideal"),
    ];

    fn ranker(self, world: &World) -> Box<dyn Ranker> {
        match self {
            Recommender::Popularity => Box::new(Popularity::default()),
            Recommender::Content | Recommender::NoiseProfiles => Box::new(Content { recency: 0.0 }),
            Recommender::Random => Box::new(Random {}),
            Recommender::Ideal => Box::new(Ideal { worth: world.worth.clone() }),
        }
    }
}

/// Runs the case. Each row is a recommender. Each user is paired with the most similar user
/// according to the recommender. The value is the mean Jaccard index of the items of a pair, minus
/// the index of the same pairs under the ideal recommender. The mean is over users and worlds, and
/// the value is in [-1, 1].
#[must_use]
pub fn run(parameters: &Parameters, seed: u64, threads: usize, progress: Progress) -> Vec<Row> {
    let worlds = replicate(parameters.replications, threads, progress, |number| {
        let draws = Draws::new(mix(seed).wrapping_add(u64::from(number)));
        World::new(parameters, draws).differences()
    });
    let of = |index: usize| worlds.iter().map(|differences| differences[index]).collect::<Vec<f64>>();
    let rows = Recommender::ALL.iter().enumerate();
    rows.filter_map(|(index, (_, name))| Row::of((*name).to_owned(), &of(index))).collect()
}

/// The ideal recommender, which knows each item's true utility to the viewer.
#[derive(Debug)]
struct Ideal {
    /// Utility by user and item.
    worth: Vec<Vec<f64>>,
}

impl Ranker for Ideal {
    fn score(&self, request: &Request, _: &View, candidates: &Candidates, scores: &mut Vec<f32>) {
        let own = &self.worth[request.viewer.row()];
        scores.clear();
        scores.extend(candidates.post_indices.iter().map(|&post_index| own[post_index as usize] as f32));
    }
}

/// Users' preferences and items, the same for every recommender.
struct World<'a> {
    parameters: &'a Parameters,
    draws: Draws,
    /// Attributes of all items, including future items.
    items: Vec<Vec<f64>>,
    /// True utility by user and item, in [0, 1].
    worth: Vec<Vec<f64>>,
    /// Utility known to the user, in [0, 1].
    known: Vec<Vec<f64>>,
    /// rank^-attention by rank. The first value is for rank 1.
    attention: Vec<f64>,
}

/// Final state of a run under one recommender.
struct Outcome {
    /// The items that each user took, in order.
    taken: Vec<Vec<u32>>,
    /// The most similar user according to the recommender, by user.
    similar: Vec<usize>,
}

/// Smallest and largest mean of a Beta distribution of utility.
const MEANS: (f64, f64) = (1e-9, 1.0 - 1e-9);

impl<'a> World<'a> {
    fn new(parameters: &'a Parameters, draws: Draws) -> Self {
        let count = (parameters.new_items * parameters.measured) as usize;
        let attributes = parameters.attributes as usize;
        let group = |kind: DrawPurpose, members: u32, base: f64, sum: f64| -> Vec<Vec<f64>> {
            let shares = dirichlet(&vec![base; attributes], &mut draws.at(kind, Who::Group, key::About::Nothing, 0));
            // A share can underflow if the Dirichlet parameter `base` is small, so parameters are
            // kept above 0.
            let own: Vec<f64> = shares.iter().map(|share| (share * sum).max(f64::MIN_POSITIVE)).collect();
            (0..members)
                .map(|member| dirichlet(&own, &mut draws.at(kind, AccountId(member), key::About::Nothing, 0)))
                .collect()
        };
        let Parameters { users, preference_base, preference_sum, item_base, item_sum, .. } = *parameters;
        let preferences = group(DrawPurpose::Interests, users, preference_base, preference_sum);
        let items = group(DrawPurpose::PostContent, count as u32, item_base, item_sum);
        let mut world = World { parameters, draws, items, worth: Vec::new(), known: Vec::new(), attention: Vec::new() };
        for (user, preferences) in preferences.iter().enumerate() {
            let (worth, known) = (0..count).map(|item| world.worth_of(user, preferences, item)).unzip();
            world.worth.push(worth);
            world.known.push(known);
        }
        world.attention = (1..=count).map(|rank| libm::pow(rank as f64, -parameters.attention)).collect();
        world
    }

    /// Returns the true and the known utility of an item to a user.
    fn worth_of(&self, user: usize, preferences: &[f64], item: usize) -> (f64, f64) {
        let fit: f64 = preferences.iter().zip(&self.items[item]).map(|(p, x)| p * x).sum();
        let draw = |purpose| self.draws.at(purpose, AccountId(user as u32), key::About::Nth(item as u32), 0);
        let sd = self.parameters.sd;
        let worth = beta_of_mean(fit.clamp(MEANS.0, MEANS.1), sd, &mut draw(DrawPurpose::Like));
        (worth, worth * beta_of_mean(self.parameters.known, sd, &mut draw(DrawPurpose::View)))
    }

    /// Returns one value per recommender: the Jaccard index of pairs of users, minus the index of
    /// the same pairs under the ideal recommender. Each user is paired with the most similar user
    /// according to the recommender.
    fn differences(&self) -> Vec<f64> {
        let ideal = self.outcome(Recommender::Ideal);
        let under =
            |recommender| if recommender == Recommender::Ideal { None } else { Some(self.outcome(recommender)) };
        let difference = |outcome: &Outcome| {
            let pairs = || outcome.similar.iter().enumerate();
            let alike = |taken: &[Vec<u32>]| {
                let all: Vec<f64> = pairs().map(|(user, &other)| jaccard(&taken[user], &taken[other])).collect();
                mean(&all).unwrap_or_default()
            };
            alike(&outcome.taken) - alike(&ideal.taken)
        };
        let all = Recommender::ALL.iter();
        all.map(|&(recommender, _)| difference(under(recommender).as_ref().unwrap_or(&ideal))).collect()
    }

    /// Runs all steps under one recommender.
    fn outcome(&self, recommender: Recommender) -> Outcome {
        Session::new(self, recommender).run()
    }
}

/// A run under one recommender.
struct Session<'a> {
    world: &'a World<'a>,
    recommender: Recommender,
    ranker: Box<dyn Ranker>,
    bench: Bench,
    /// The recommender's profile of each user: empty, or weights of attributes.
    profiles: Vec<Vec<f64>>,
    /// Sum over items of the products of two attributes, row by row.
    gram: Vec<f64>,
    /// Items that each user took, in order.
    taken: Vec<Vec<u32>>,
    /// Whether a user took an item.
    has: Vec<Vec<bool>>,
}

impl<'a> Session<'a> {
    fn new(world: &'a World<'a>, recommender: Recommender) -> Self {
        let users = world.parameters.users as usize;
        let attributes = world.parameters.attributes as usize;
        Session {
            world,
            recommender,
            ranker: recommender.ranker(world),
            bench: Bench::new(world.parameters.users, world.draws),
            profiles: vec![vec![0.0; attributes]; users],
            gram: vec![0.0; attributes * attributes],
            taken: vec![Vec::new(); users],
            has: vec![vec![false; world.items.len()]; users],
        }
    }

    fn run(mut self) -> Outcome {
        let parameters = self.world.parameters;
        for step in 0..parameters.measured {
            self.bring_in_items();
            let choices: Vec<Option<u32>> = (0..parameters.users).map(|user| self.choice(user, step)).collect();
            for (user, item) in choices.into_iter().enumerate() {
                if let Some(item) = item {
                    self.take(user, item);
                }
            }
            if step + 1 >= parameters.startup {
                self.train(step);
            }
        }
        Outcome { similar: self.most_similar(), taken: self.taken }
    }

    fn bring_in_items(&mut self) {
        let attributes = self.world.parameters.attributes as usize;
        for _ in 0..self.world.parameters.new_items {
            let item = &self.world.items[self.bench.posts() as usize];
            for (at, sum) in self.gram.iter_mut().enumerate() {
                *sum += item[at / attributes] * item[at % attributes];
            }
            self.bench.add_post(&vector(item), 0);
        }
    }

    /// Returns the item that a user takes. Among the shown items that the user has not taken
    /// before, this item has the largest known utility x rank^-attention.
    fn choice(&mut self, user: u32, step: u32) -> Option<u32> {
        let shown = self.shown(user, step);
        let (has, known) = (&self.has[user as usize], &self.world.known[user as usize]);
        let mut best: Option<(u32, f64)> = None;
        for (&item, attention) in shown.iter().zip(&self.world.attention) {
            let value = known[item as usize] * attention;
            if !has[item as usize] && best.is_none_or(|(_, most)| value > most) {
                best = Some((item, value));
            }
        }
        best.map(|(item, _)| item)
    }

    /// Returns the items shown to a user: older items in the order of the ranking, with the newest
    /// items in random order at random positions. During the start only the newest items are shown.
    fn shown(&mut self, user: u32, step: u32) -> Vec<u32> {
        let parameters = self.world.parameters;
        let (count, newest) = (self.bench.posts(), self.bench.posts() - parameters.new_items);
        let mut draw = self.world.draws.at(DrawPurpose::Explore, AccountId(user), key::About::Nothing, step as i32);
        let mut new: Vec<u32> = (newest..count).collect();
        for index in (1..new.len()).rev() {
            new.swap(index, draw.below(index + 1));
        }
        if step < parameters.startup {
            return new;
        }
        let has = &self.has[user as usize];
        let open = (0..newest).filter(|&item| !(parameters.drop_taken && has[item as usize]));
        let bench_request = BenchRequest {
            viewer: AccountId(user),
            day: step as i32,
            number: 0,
            profile: vector(&self.profiles[user as usize]),
            length: count,
        };
        let ranked = self.bench.rank(self.ranker.as_ref(), &bench_request, open);
        interleave(ranked.iter().map(|shown| shown.post_index).collect(), new, &mut draw)
    }

    fn take(&mut self, user: usize, item: u32) {
        self.bench.engage(AccountId(user as u32), item);
        self.taken[user].push(item);
        self.has[user][item as usize] = true;
    }

    /// Trains the recommender after a step.
    fn train(&mut self, step: u32) {
        match self.recommender {
            Recommender::Content => {
                for user in 0..self.taken.len() {
                    self.profiles[user] = self.least_squares(user);
                }
            }
            Recommender::NoiseProfiles => self.draw_noise(step),
            Recommender::Popularity | Recommender::Random | Recommender::Ideal => (),
        }
    }

    /// Returns the weights w >= 0 that minimise the sum over items of (taken - <w, attributes>)²,
    /// where `taken` is 0 or 1.
    fn least_squares(&self, user: usize) -> Vec<f64> {
        let attributes = self.world.parameters.attributes as usize;
        let mut right = vec![0.0; attributes];
        for &item in &self.taken[user] {
            right.iter_mut().zip(&self.world.items[item as usize]).for_each(|(sum, x)| *sum += x);
        }
        // Dimensions match and attributes are finite, so there is always a solution.
        non_negative_least_squares(&self.gram, &right).unwrap_or(right)
    }

    fn draw_noise(&mut self, step: u32) {
        let noise = |whose: Who, id: u32| -> Vec<f64> {
            let mut draw = self.world.draws.at(DrawPurpose::FactorStart, whose, key::About::Nth(id), step as i32);
            (0..self.world.parameters.attributes).map(|_| draw.unit()).collect()
        };
        let users = 0..self.world.parameters.users;
        self.profiles = users.map(|user| noise(Who::Nobody, user)).collect();
        for item in 0..self.bench.posts() {
            self.bench.set_features(item, &vector(&noise(Who::Posts, item)));
        }
    }

    /// Returns each user's most similar other user by cosine of profiles. Ties are broken at
    /// random. If there are no profiles, all users are tied.
    fn most_similar(&self) -> Vec<usize> {
        let dot =
            |a: usize, b: usize| -> f64 { self.profiles[a].iter().zip(&self.profiles[b]).map(|(x, y)| x * y).sum() };
        let users = 0..self.profiles.len();
        let lengths: Vec<f64> = users.clone().map(|user| dot(user, user).sqrt()).collect();
        let cosine = |a: usize, b: usize| {
            let length = lengths[a] * lengths[b];
            if length > 0.0 { dot(a, b) / length } else { 0.0 }
        };
        let of_user = |user: usize| {
            let draw = self.world.draws.stream(DrawPurpose::SuggestionRanking, AccountId(user as u32), 0);
            let others = users.clone().filter(|&other| other != user);
            let rank =
                |other: usize| (cosine(user, other), draw.about(key::About::Account(AccountId(other as u32))).unit());
            let best = others
                .map(|other| (rank(other), other))
                .max_by(|(a, _), (b, _)| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
            best.map_or(user, |(_, other)| other)
        };
        users.clone().map(of_user).collect()
    }
}

/// Returns attributes as the features of a post or the profile of a user.
fn vector(attributes: &[f64]) -> Vector {
    std::array::from_fn(|i| attributes.get(i).map_or(0.0, |&x| x as f32))
}

/// Interleaves two lists, keeping the order of each; all choices of positions are equally likely.
fn interleave(first: Vec<u32>, second: Vec<u32>, draw: &mut Draw) -> Vec<u32> {
    let (mut first, mut second) = (first.into_iter(), second.into_iter());
    (0..first.len() + second.len())
        .filter_map(|_| {
            let new = draw.below(first.len() + second.len()) < second.len();
            if new { second.next() } else { first.next() }
        })
        .collect()
}

/// Returns the Jaccard index of two lists of distinct items, in [0, 1]; it is 0 for two empty
/// lists.
fn jaccard(a: &[u32], b: &[u32]) -> f64 {
    let common = a.iter().filter(|item| b.contains(item)).count();
    let all = a.len() + b.len() - common;
    if all == 0 { 0.0 } else { common as f64 / all as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn small() -> Parameters {
        Parameters { users: 30, attributes: 8, measured: 40, replications: 6, ..Parameters::default() }
    }

    #[test]
    fn worth_lies_between_0_and_1_and_is_known_nearly() {
        let parameters = small();
        let world = World::new(&parameters, Draws::new(2));
        for (worth, known) in world.worth.iter().zip(&world.known) {
            assert_eq!(worth.len(), 400);
            for (worth, known) in worth.iter().zip(known) {
                assert!((0.0..=1.0).contains(worth) && (0.0..=*worth).contains(known));
                assert!((known - 0.98 * worth).abs() < 1e-3);
            }
        }
    }

    #[test]
    fn every_user_takes_one_new_item_a_step() {
        let parameters = small();
        let world = World::new(&parameters, Draws::new(2));
        for (recommender, name) in Recommender::ALL {
            let Outcome { taken, similar } = world.outcome(recommender);
            for (user, taken) in taken.iter().enumerate() {
                assert_eq!(taken.iter().collect::<BTreeSet<_>>().len(), 40, "{name}: each item once");
                assert!(
                    taken.iter().zip(1..).all(|(&item, step)| item < 10 * step),
                    "{name}: no item before it appears"
                );
                assert_ne!(similar[user], user);
            }
        }
    }

    #[test]
    fn a_jaccard_index_is_a_share() {
        assert_eq!(jaccard(&[1, 2, 3], &[2, 3, 4]), 0.5);
        assert_eq!([jaccard(&[], &[]), jaccard(&[1], &[2]), jaccard(&[1], &[1])], [0.0, 0.0, 1.0]);
    }

    #[test]
    fn interleaving_keeps_both_orders_and_favours_no_place() {
        let draws = Draws::new(4);
        let mut at = [0_u32; 5];
        for n in 0..10_000 {
            let mixed = interleave(
                vec![1, 2, 3],
                vec![8, 9],
                &mut draws.at(DrawPurpose::Explore, Who::Nobody, key::About::Nth(n), 0),
            );
            let index = |item| mixed.iter().position(|&it| it == item).unwrap();
            assert!(mixed.len() == 5 && index(1) < index(2) && index(2) < index(3) && index(8) < index(9));
            at[index(8)] += 1;
            at[index(9)] += 1;
        }
        assert!(at.iter().all(|&count| (3_750..4_250).contains(&count)), "{at:?}");
    }

    #[test]
    fn rankers_stand_in_the_order_published_and_threads_do_not_matter() {
        let parameters = small();
        let rows = run(&parameters, 1, 2, &|_, _| true);
        assert_eq!(rows, run(&parameters, 1, 1, &|_, _| true));
        let mean = |id: &str| rows.iter().find(|row| row.id == id).unwrap().mean;
        assert!(mean("popularity") > mean("content") && mean("content") > mean("random"), "{rows:?}");
        let ideal = rows.iter().find(|row| row.id == "ideal").unwrap();
        assert_eq!((ideal.mean, ideal.sd), (0.0, Some(0.0)), "the ideal recommender minus itself");
        assert!(rows.iter().all(|row| row.mean.abs() <= 1.0 && row.n == 6));
    }

    #[test]
    fn unusual_parameters_work() {
        let odd = Parameters {
            users: 2,
            attributes: 1,
            new_items: 1,
            startup: 1,
            measured: 3,
            sd: 0.0,
            attention: 0.0,
            drop_taken: true,
            replications: 1,
            ..Parameters::default()
        };
        assert_eq!(run(&odd, 1, 1, &|_, _| true).len(), 5);
        let wild = Parameters { attributes: 32, sd: 3.0, item_sum: 1e-6, preference_base: 1e-6, ..odd };
        assert!(run(&wild, 1, 1, &|_, _| true).iter().all(|row| row.mean.is_finite()));
    }
}
