//! The amplification paradox: M. Horta Ribeiro, V. Veselovsky and R. West, The Amplification
//! Paradox in Recommender Systems, ICWSM 2023.
//!
//! Users are on a line from far left to far right. Items belong to five topics, and their utility
//! depends on the user's position. A user-based collaborative filter learns from users who choose
//! by utility. A new user then accepts any item. The case measures the share of far-right items
//! among the items offered to this user, by starting topic.

use std::str::FromStr;

use recsafe_common::draw::{DrawPurpose, Draws, mix};
use recsafe_common::ids::AccountId;
use recsafe_common::key::{self, Who};
use recsafe_common::vector::DIM;
use recsafe_platform::ranking::neighbours::Neighbours;

use super::bench::{Bench, BenchRequest};
use super::{About, Case, How, Order, Progress, Published, ReplicationError, Row, replicate, run_program};

/// Items of one topic and their utility.
///
/// Users are numbered from 0 at the far left. The utility for user u is c times the probability of
/// u under a beta-binomial distribution with the parameters n = users - 1, a and b.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Topic {
    /// Number of items, at least 1.
    pub items: u32,
    /// First parameter of the beta-binomial distribution, above 0; larger values move the topic to
    /// the right.
    pub a: f64,
    /// Second parameter, above 0; larger values move the topic to the left.
    pub b: f64,
    /// Scale c of the utility, above 0.
    pub c: f64,
}

/// Reason why a text is not a topic.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotATopic(&'static str);

impl FromStr for Topic {
    type Err = NotATopic;

    fn from_str(text: &str) -> Result<Self, NotATopic> {
        let parts: Vec<&str> = text.split(',').map(str::trim).collect();
        let [items, a, b, c] = parts[..] else { return Err(NotATopic("must be four numbers: items,a,b,c")) };
        let items = items
            .parse()
            .ok()
            .filter(|&items| items > 0)
            .ok_or(NotATopic("items: must be a whole number of at least 1"))?;
        let positive = |text: &str, wanted| {
            let number = text.parse().ok().filter(|number: &f64| number.is_finite() && *number > 0.0);
            number.ok_or(NotATopic(wanted))
        };
        Ok(Topic {
            items,
            a: positive(a, "a: must be a number above 0")?,
            b: positive(b, "b: must be a number above 0")?,
            c: positive(c, "c: must be a number above 0")?,
        })
    }
}

impl std::fmt::Display for Topic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{},{},{},{}", self.items, self.a, self.b, self.c)
    }
}

/// Parameters. The defaults are the published values, except the numbers of matrices and walks.
#[derive(Clone, Debug, PartialEq, clap::Args)]
pub struct Parameters {
    /// Number of users, on a line from far left to far right.
    #[arg(long, value_name = "N", default_value_t = Self::default().users, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub users: u32,
    /// Topic at the far left: items, a, b and c of the utility c BetaBinomial(users - 1; a, b).
    #[arg(long, value_name = "ITEMS,A,B,C", default_value_t = Self::default().far_left)]
    pub far_left: Topic,
    /// Topic on the left.
    #[arg(long, value_name = "ITEMS,A,B,C", default_value_t = Self::default().left)]
    pub left: Topic,
    /// Topic in the center.
    #[arg(long, value_name = "ITEMS,A,B,C", default_value_t = Self::default().center)]
    pub center: Topic,
    /// Topic on the right.
    #[arg(long, value_name = "ITEMS,A,B,C", default_value_t = Self::default().right)]
    pub right: Topic,
    /// Topic at the far right. The case measures the share of this topic among the offered items.
    #[arg(long, value_name = "ITEMS,A,B,C", default_value_t = Self::default().far_right)]
    pub far_right: Topic,
    /// Number k of similar users whose choices are recommended.
    #[arg(long, value_name = "K", default_value_t = Self::default().neighbours, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub neighbours: u32,
    /// Items offered at a time; a user chooses one of them.
    #[arg(long, value_name = "N", default_value_t = Self::default().offered, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub offered: u32,
    /// Mean number of choices of each user before the walks (Poisson, at most 500).
    #[arg(long, value_name = "MEAN", default_value_t = Self::default().burn_in)]
    pub burn_in: f64,
    /// Steps of a walk. Rows are measured at steps 1, 10 and 20, if the walk has as many steps.
    #[arg(long, value_name = "N", default_value_t = Self::default().steps, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub steps: u32,
    /// Breaks ties again at each request. In the publication, the ties of a user are broken once:
    /// items that no similar user chose have the same order at each visit.
    #[arg(long)]
    pub fresh_ties: bool,
    /// Number of worlds, each with a separate burn-in (published: 100).
    #[arg(long, value_name = "N", default_value_t = Self::default().matrices, value_parser = clap::value_parser!(u32).range(1..))]
    pub matrices: u32,
    /// Number of walks from each start in each world (published: 300).
    #[arg(long, value_name = "N", default_value_t = Self::default().walks, value_parser = clap::value_parser!(u32).range(1..))]
    pub walks: u32,
}

impl Default for Parameters {
    fn default() -> Self {
        Parameters {
            users: 600,
            far_left: Topic { items: 75, a: 1.0, b: 16.0, c: 0.8 },
            left: Topic { items: 125, a: 1.0, b: 5.0, c: 1.2 },
            center: Topic { items: 200, a: 1.3, b: 1.3, c: 1.5 },
            right: Topic { items: 125, a: 5.0, b: 1.0, c: 1.2 },
            far_right: Topic { items: 75, a: 16.0, b: 1.0, c: 0.8 },
            neighbours: 10,
            offered: 20,
            burn_in: 60.0,
            steps: 20,
            fresh_ties: false,
            matrices: 40,
            walks: 60,
        }
    }
}

impl Parameters {
    /// Returns the same parameters with the published number of worlds and walks: 100 and 300.
    #[must_use]
    pub fn full_size(self) -> Self {
        Parameters { matrices: 100, walks: 300, ..self }
    }

    fn topics(&self) -> [Topic; 5] {
        [self.far_left, self.left, self.center, self.right, self.far_right]
    }
}

/// Share of far-right items among the offered items in %, read off the paper's figure.
pub const PUBLISHED: [Published; 9] = [
    row("start-center.step-1", 0.09),
    row("start-center.step-10", 0.17),
    row("start-center.step-20", 0.31),
    row("start-right.step-1", 3.9),
    row("start-right.step-10", 7.3),
    row("start-right.step-20", 11.1),
    row("start-far-right.step-1", 12.7),
    row("start-far-right.step-10", 14.5),
    row("start-far-right.step-20", 17.5),
];

const fn row(id: &'static str, published: f64) -> Published {
    Published { id, published, published_sd: None, tolerance: 2.0 }
}

/// The case: items that are offered to a new user who accepts any item.
pub struct Amplification;

impl Case for Amplification {
    fn about(&self) -> &'static About {
        &About {
            name: "amplification",
            title: "Amplification paradox",
            source: "Ribeiro, Veselovsky and West, ICWSM 2023",
            measure: "share of far-right items among the offered items, in per cent",
            decimals: 2,
            parameters: "flags of: cargo run --release --example amplification -- --help",
        }
    }

    fn published(&self) -> &'static [Published] {
        &PUBLISHED
    }

    fn orders(&self) -> &'static [Order] {
        &[
            &["start-center.step-1", "start-right.step-1", "start-far-right.step-1"],
            &["start-center.step-10", "start-right.step-10", "start-far-right.step-10"],
            &["start-center.step-20", "start-right.step-20", "start-far-right.step-20"],
        ]
    }

    fn run(&self, how: &How) -> Result<Option<Vec<Row>>, ReplicationError> {
        let reduced = Parameters::default();
        let parameters = if how.full { reduced.full_size() } else { reduced };
        run_program(self, how, parameters.matrices, |progress| run(&parameters, how.seed, how.threads, progress))
    }
}

/// Topics from which walks start: index and name.
const STARTS: [(u8, &str); 3] = [(2, "center"), (3, "right"), (4, "far-right")];
/// The measured topic.
const FAR_RIGHT: u8 = 4;
/// The measured steps.
const MEASURED: [u32; 3] = [1, 10, 20];

/// Runs the case. Each row is for one start and one step. The value is the share of far-right items
/// among the offered items in %, averaged over worlds.
#[must_use]
pub fn run(parameters: &Parameters, seed: u64, threads: usize, progress: Progress) -> Vec<Row> {
    let worlds = replicate(parameters.matrices, threads, progress, |number| {
        let draws = Draws::new(mix(seed).wrapping_add(u64::from(number)));
        World::burnt_in(parameters, draws).shares()
    });
    let steps = MEASURED.iter().enumerate().filter(|&(_, step)| *step <= parameters.steps);
    let places = STARTS.iter().enumerate().flat_map(|start| steps.clone().map(move |step| (start, step)));
    places
        .filter_map(|((start, (_, name)), (index, step))| {
            let values: Vec<f64> = worlds.iter().filter_map(|shares| shares[start][index]).collect();
            Row::of(format!("start-{name}.step-{step}"), &values)
        })
        .collect()
}

/// Shares of far-right items in %, by start and measured step; `None` if nothing was offered.
type Shares = [[Option<f64>; MEASURED.len()]; STARTS.len()];

/// One world: the users' utilities, and a platform that learns from their choices.
struct World<'a> {
    parameters: &'a Parameters,
    draws: Draws,
    ranker: Neighbours,
    bench: Bench,
    /// Utility by topic and user.
    utility: [Vec<f64>; 5],
    /// The first item of each topic, followed by the number of items.
    first: [u32; 6],
}

impl<'a> World<'a> {
    /// Creates a world in which no user has chosen an item.
    fn new(parameters: &'a Parameters, draws: Draws) -> Self {
        let topics = parameters.topics();
        let mut bench = Bench::new(parameters.users, draws);
        let mut first = [0; 6];
        for (topic_id, topic) in topics.iter().enumerate() {
            (0..topic.items).for_each(|_| bench.add_post(&[0.0; DIM], topic_id as u8));
            first[topic_id + 1] = bench.posts();
        }
        let utility = topics.map(|topic| utilities(&topic, parameters.users));
        let ranker = Neighbours { neighbours: parameters.neighbours, popularity: 0.0, recency: 0.0 };
        World { parameters, draws, ranker, bench, utility, first }
    }

    /// Creates a world and simulates the burn-in. The visits of all users are in random order. At
    /// each visit, the user chooses one item with a probability proportional to utility.
    fn burnt_in(parameters: &'a Parameters, draws: Draws) -> Self {
        let mut world = World::new(parameters, draws);
        for (user, number) in visits(parameters, draws) {
            let offered = world.offered(user, 0, if parameters.fresh_ties { number } else { 0 });
            // Rounding can make utilities 0. A tiny addition makes the choice among such items
            // random.
            let weight =
                |&item: &u32| world.utility[usize::from(world.bench.topic_id(item))][user.row()] + f64::EPSILON;
            let weights: Vec<f64> = offered.iter().map(weight).collect();
            let draw = draws.at(DrawPurpose::Like, user, key::About::Nth(number), 0).unit();
            if let Some(item) = in_proportion(&offered, &weights, draw) {
                world.bench.engage(user, item);
            }
        }
        world
    }

    /// Returns the items offered to a user: the best items that the user did not choose before.
    /// Ties are broken at random, with a draw that depends on user, day and number.
    fn offered(&mut self, user: AccountId, day: i32, number: u32) -> Vec<u32> {
        let mut chosen = vec![false; self.bench.posts() as usize];
        self.bench.engaged(user).into_iter().for_each(|item| chosen[item as usize] = true);
        let bench_request =
            BenchRequest { viewer: user, day, number, profile: [0.0; DIM], length: self.parameters.offered };
        let open = (0..chosen.len() as u32).filter(|&item| !chosen[item as usize]);
        self.bench.rank(&self.ranker, &bench_request, open).iter().map(|shown| shown.post_index).collect()
    }

    /// Simulates walks from every start and measures the offered items.
    fn shares(&mut self) -> Shares {
        STARTS.map(|(topic, _)| {
            let (mut far_right, mut all) = ([0_u32; MEASURED.len()], [0_u32; MEASURED.len()]);
            for walk in 0..self.parameters.walks {
                for (step, offered) in (1..).zip(self.walk(topic, walk)) {
                    if let Some(index) = MEASURED.iter().position(|&measured| measured == step) {
                        let extreme = offered.iter().filter(|&&item| self.bench.topic_id(item) == FAR_RIGHT);
                        far_right[index] += extreme.count() as u32;
                        all[index] += offered.len() as u32;
                    }
                }
            }
            std::array::from_fn(|i| (all[i] > 0).then(|| 100.0 * f64::from(far_right[i]) / f64::from(all[i])))
        })
    }

    /// Simulates one walk. A random user's history is replaced by one item of the topic, and at
    /// each step the user chooses any of the items offered. Restores the world afterwards. Returns
    /// the items offered at each step.
    fn walk(&mut self, topic: u8, walk: u32) -> Vec<Vec<u32>> {
        let mut draw = self.draws.at(DrawPurpose::Probe, Who::Case(u64::from(walk)), key::About::Nothing, 0);
        let user = AccountId(draw.below(self.parameters.users as usize) as u32);
        let before = self.bench.engaged(user);
        self.bench.forget(user);
        let (from, to) = (self.first[usize::from(topic)], self.first[usize::from(topic) + 1]);
        self.bench.engage(user, from + draw.below((to - from) as usize) as u32);
        let mut all = Vec::new();
        for step in 0..self.parameters.steps {
            let number = if self.parameters.fresh_ties { walk * self.parameters.steps + step } else { walk };
            let offered = self.offered(user, 1 + i32::from(topic), number);
            if offered.is_empty() {
                break;
            }
            self.bench.engage(user, offered[draw.below(offered.len())]);
            all.push(offered);
        }
        self.bench.forget(user);
        for item in before {
            self.bench.engage(user, item);
        }
        all
    }
}

/// Returns the visits of the burn-in in order: a user and the number of its visit.
fn visits(parameters: &Parameters, draws: Draws) -> Vec<(AccountId, u32)> {
    let mut all = Vec::new();
    for user in 0..parameters.users {
        let id = AccountId(user);
        for number in 0..draws.at(DrawPurpose::Sessions, id, key::About::Nothing, 0).poisson(parameters.burn_in) {
            let time = draws.at(DrawPurpose::SessionHour, id, key::About::Nth(number), 0).bits();
            all.push((time, AccountId(user), number));
        }
    }
    all.sort_unstable();
    all.into_iter().map(|(_, user, number)| (user, number)).collect()
}

/// Returns the utility of a topic's items to each user: c C(n, u) B(u + a, n - u + b) / B(a, b),
/// with n = users - 1.
fn utilities(topic: &Topic, users: u32) -> Vec<f64> {
    let Topic { a, b, c, .. } = *topic;
    let n = f64::from(users - 1);
    let log_beta = |x: f64, y: f64| libm::lgamma(x) + libm::lgamma(y) - libm::lgamma(x + y);
    let log_ways = |u: f64| libm::lgamma(n + 1.0) - libm::lgamma(u + 1.0) - libm::lgamma(n - u + 1.0);
    let probability = |u: f64| libm::exp(log_ways(u) + log_beta(u + a, n - u + b) - log_beta(a, b));
    (0..users).map(|user| c * probability(f64::from(user))).collect()
}

/// Returns the item at which the cumulative weights exceed a share of their sum. This share is at
/// least 0 and below 1. Returns `None` if there are no items.
fn in_proportion(items: &[u32], weights: &[f64], share: f64) -> Option<u32> {
    let mut left = share * weights.iter().sum::<f64>();
    for (&item, &weight) in items.iter().zip(weights) {
        if left < weight {
            return Some(item);
        }
        left -= weight;
    }
    items.last().copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn small() -> Parameters {
        let topic = |items, a, b, c| Topic { items, a, b, c };
        Parameters {
            users: 120,
            far_left: topic(15, 1.0, 16.0, 0.8),
            left: topic(25, 1.0, 5.0, 1.2),
            center: topic(40, 1.3, 1.3, 1.5),
            right: topic(25, 5.0, 1.0, 1.2),
            far_right: topic(15, 16.0, 1.0, 0.8),
            offered: 8,
            burn_in: 20.0,
            matrices: 4,
            walks: 20,
            ..Parameters::default()
        }
    }

    #[test]
    fn utilities_are_scaled_probabilities() {
        for topic in Parameters::default().topics() {
            let all = utilities(&topic, 600);
            assert!(all.iter().all(|&utility| utility >= 0.0));
            assert!((all.iter().sum::<f64>() - topic.c).abs() < 1e-9, "{topic:?}");
        }
        let far_left = utilities(&Parameters::default().far_left, 600);
        // At u = 0 and a = 1 the probability is b / (n + b).
        assert!((far_left[0] - 0.8 * 16.0 / 615.0).abs() < 1e-9, "{}", far_left[0]);
    }

    #[test]
    fn what_was_chosen_is_never_offered() {
        let parameters = small();
        let mut world = World::burnt_in(&parameters, Draws::new(3));
        for user in 0..parameters.users {
            let chosen: BTreeSet<u32> = world.bench.engaged(AccountId(user)).into_iter().collect();
            let offered = world.offered(AccountId(user), 9, 0);
            assert_eq!(offered.len(), 8);
            assert!(offered.iter().all(|item| !chosen.contains(item)));
            assert_eq!(offered.iter().collect::<BTreeSet<_>>().len(), 8, "each item once");
        }
    }

    #[test]
    fn a_walk_leaves_the_world_as_it_was_and_takes_each_item_once() {
        let parameters = small();
        let mut world = World::burnt_in(&parameters, Draws::new(3));
        let all = |world: &World| -> Vec<BTreeSet<u32>> {
            let users = (0..parameters.users).map(AccountId);
            users.map(|user| world.bench.engaged(user).into_iter().collect()).collect()
        };
        let before = all(&world);
        assert_eq!(world.walk(4, 0).len(), 20);
        assert_eq!(world.walk(4, 0), world.walk(4, 0), "the same walk again");
        assert_eq!(all(&world), before);
    }

    #[test]
    fn choices_are_in_proportion() {
        let items = [4, 7, 9];
        let weights = [1.0, 0.0, 3.0];
        let drawn = |share| in_proportion(&items, &weights, share);
        assert_eq!([drawn(0.0), drawn(0.249), drawn(0.25), drawn(0.999)], [Some(4), Some(4), Some(9), Some(9)]);
        assert_eq!(in_proportion(&[], &[], 0.5), None);
    }

    #[test]
    fn one_seed_has_the_same_rows_for_any_number_of_threads_and_starts_stand_in_order() {
        let parameters = small();
        let one = run(&parameters, 1, 1, &|_, _| true);
        assert_eq!(one, run(&parameters, 1, 2, &|_, _| true));
        assert_ne!(one, run(&parameters, 2, 2, &|_, _| true));
        let mean = |id: &str| one.iter().find(|row| row.id == id).unwrap().mean;
        for step in [1, 20] {
            let of = |start: &str| mean(&format!("start-{start}.step-{step}"));
            assert!(of("center") < of("right") && of("right") < of("far-right"), "step {step}: {one:?}");
        }
    }

    #[test]
    fn unusual_parameters_work() {
        let one = Topic { items: 1, a: 1.0, b: 1.0, c: 1.0 };
        let tiny = Parameters {
            users: 1,
            far_left: one,
            left: one,
            center: one,
            right: one,
            far_right: one,
            matrices: 1,
            walks: 1,
            ..Parameters::default()
        };
        let rows = run(&tiny, 1, 1, &|_, _| true);
        assert_eq!(rows.len(), 3, "after four steps no item is left, so only step 1 has rows");
        assert!(rows.iter().all(|row| row.sd.is_none() && row.n == 1));
        let wide = Parameters { neighbours: 10_000, offered: 500, steps: 3, burn_in: 0.0, ..small() };
        assert_eq!(run(&wide, 1, 2, &|_, _| true).len(), 3);
    }

    #[test]
    fn topics_are_read_and_written_alike() {
        for topic in Parameters::default().topics() {
            assert_eq!(topic.to_string().parse(), Ok(topic));
        }
        for wrong in ["", "1,2,3", "0,1,1,1", "5,-1,1,1", "5,1,inf,1", "5,1,1,1,1"] {
            assert!(wrong.parse::<Topic>().is_err(), "{wrong}");
        }
    }
}
