//! The generated world: its accounts, their interests and their follows.
//!
//! Ids contain no information, because roles, communities and traits are assigned by rank in a
//! random order. The order depends only on the seed. So the predators of a world are also predators
//! in a world with a larger share of predators.
//!
//! Follows and likes can come from files ([`Imported`]). Everything else is generated as in other
//! worlds.

mod communities;
mod graph;
mod imported;
mod interests;
mod liked;
mod members;
mod posters;
mod roles;

use recsafe_common::band::AgeBand;
use recsafe_common::draw::{DrawPurpose, Draws, normal_quantile};
use recsafe_common::graph::FollowGraph;
use recsafe_common::ids::AccountId;
use recsafe_common::key::About;
use recsafe_common::messages::MessagesFrom;
use recsafe_common::topics::TopicMap;

pub use imported::Imported;
pub use members::Members;

use crate::behavior::reshare_one::activity_at;
use crate::people::{People, niche_interest};
use crate::role::Role;
use crate::settings::{Kind, WorldSettings};

/// Generates a population and its follow graph. The same settings and draws give the same world,
/// bit for bit.
#[must_use]
pub fn generate(settings: &WorldSettings, map: &TopicMap, draws: Draws) -> (People, FollowGraph) {
    let population = &settings.population;
    let accounts = settings.accounts() as usize;
    let follows = settings.imported.as_deref().and_then(Imported::followees);
    let communities = match &follows {
        Some(follows) => communities::Communities::patches(follows, &settings.graph, draws),
        None => communities::Communities::new(accounts, &settings.graph, draws),
    };
    let role = roles::roles(population, settings.graph.age_mixing, &communities, draws);
    let band = roles::bands(&role, &population.minor_age_bands, draws);
    let declared_age = roles::stated(&band, population, draws);
    let intents = roles::intents(&role, &settings.behavior.intents, draws);
    let mut people = People {
        private: column(accounts, draws, DrawPurpose::Privacy, |id, mut draw| {
            draw.chance(if role[id] == Role::Minor { population.private_minors } else { population.private_adults })
        }),
        messages: column(accounts, draws, DrawPurpose::Messages, |_, mut draw| {
            messages(draw.unit(), &population.accepts_messages_from)
        }),
        region: column(accounts, draws, DrawPurpose::Region, |_, mut draw| (draw.bits() >> 40) as f32 / 16_777_216.0),
        activity: activity(&band, settings, draws),
        curiosity: column(accounts, draws, DrawPurpose::Curiosity, |_, mut draw| {
            beta(&mut draw, &settings.behavior.curiosity)
        }),
        report_propensity: column(accounts, draws, DrawPurpose::Propensity, |_, mut draw| draw.exponential() as f32),
        posted: vec![0; accounts],
        searched_niche: vec![false; accounts],
        posted_severe: vec![false; accounts],
        arrived: vec![0; accounts],
        removed: vec![None; accounts],
        returned_from: vec![None; accounts],
        role,
        band,
        declared_age,
        intents,
        ..People::new()
    };
    interests::deal(&mut people, settings, map, draws);
    people.aversion = column(accounts, draws, DrawPurpose::Aversion, |id, mut draw| {
        let own = beta(&mut draw, &settings.behavior.aversion);
        let niche = people.centres[id].iter().any(|&topic_id| usize::from(topic_id) >= recsafe_common::topics::TOPICS);
        if niche { own * settings.behavior.niche_aversion as f32 } else { own }
    });
    posters::deal(&mut people, &settings.content, draws);
    people.niche_interest = people.interests.iter().map(|interest| niche_interest(interest, map)).collect();
    let graph = graph::begin(follows, &people, &communities, settings, draws);
    (people, graph)
}

/// Returns the message setting at a quantile in [0, 1). The shares of the message settings add up
/// to 1.
fn messages(position: f64, shares: &[f64]) -> MessagesFrom {
    let upto = |count: usize| shares.iter().take(count).sum::<f64>();
    if position < upto(1) {
        MessagesFrom::Everyone
    } else if position < upto(2) {
        MessagesFrom::Followers
    } else {
        MessagesFrom::Mutuals
    }
}

fn column<T>(
    accounts: usize,
    draws: Draws,
    purpose: DrawPurpose,
    value: impl Fn(usize, recsafe_common::draw::Draw) -> T,
) -> Vec<T> {
    (0..accounts).map(|id| value(id, draws.at(purpose, AccountId(id as u32), About::Nothing, 0))).collect()
}

pub(crate) fn beta(draw: &mut recsafe_common::draw::Draw, parameters: &[u32]) -> f32 {
    let parameter = |position: usize| parameters.get(position).copied().unwrap_or(1) as usize;
    draw.beta(parameter(0), parameter(1)) as f32
}

/// Returns ids in the order of their random keys. For every k, the first k ids are a random sample
/// of size k.
pub(crate) fn ranked(ids: impl Iterator<Item = usize>, draws: Draws, purpose: DrawPurpose) -> Vec<usize> {
    let mut keyed: Vec<(u64, usize)> =
        ids.map(|id| (draws.at(purpose, AccountId(id as u32), About::Nothing, 0).bits(), id)).collect();
    keyed.sort_unstable();
    keyed.into_iter().map(|(_, id)| id).collect()
}

/// Assigns each account its mean number of sessions per day.
///
/// The numbers are log-normal and assigned by stratified quantiles: the k-th of n accounts in
/// random order has the quantile (k + 1/2) / n, so the distribution is the same in every world. The
/// numbers of minors are multiplied by `sessions_minors`. Under `reshare-one` the numbers are acts
/// per day and follow a power law. If likes were imported, sessions are proportional to likes, and
/// the mean is set in `behavior`.
fn activity(band: &[AgeBand], settings: &WorldSettings, draws: Draws) -> Vec<f32> {
    let behavior = &settings.behavior;
    if let (Some(likes), Kind::Logit) = (settings.likes_for_activity(), behavior.model) {
        let factor = |band: AgeBand| if band.is_minor() { behavior.sessions_minors } else { 1.0 };
        let shares = liked::shares(likes, band.len());
        return shares
            .iter()
            .zip(band)
            .map(|(share, &band)| (behavior.sessions * share * factor(band)) as f32)
            .collect();
    }
    let sd = behavior.sessions_log_sd;
    let median = behavior.sessions * libm::exp(-sd * sd / 2.0);
    let sessions = |id: usize, position: f64| {
        let factor = if band[id].is_minor() { behavior.sessions_minors } else { 1.0 };
        median * libm::exp(sd * normal_quantile(position)) * factor
    };
    let mut activity = vec![0.0; band.len()];
    for (rank, id) in ranked(0..band.len(), draws, DrawPurpose::Activity).into_iter().enumerate() {
        let position = (rank as f64 + 0.5) / band.len() as f64;
        activity[id] = match behavior.model {
            Kind::Logit => sessions(id, position),
            Kind::ReshareOne => activity_at(&behavior.reshare_one, position),
        } as f32;
    }
    activity
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{Behavior, Content, Graph, Population};

    #[test]
    fn message_settings_take_up_their_shares() {
        let at = |position| messages(position, &[0.5, 0.25, 0.25]);
        assert_eq!([0.0, 0.49].map(at), [MessagesFrom::Everyone; 2]);
        assert_eq!([0.5, 0.74].map(at), [MessagesFrom::Followers; 2]);
        assert_eq!([0.75, 0.99].map(at), [MessagesFrom::Mutuals; 2]);
    }

    fn world(population: &Population, graph: &Graph, content: &Content) -> (People, FollowGraph) {
        let settings = WorldSettings {
            population: population.clone(),
            graph: graph.clone(),
            content: content.clone(),
            ..WorldSettings::default()
        };
        generate(&settings, &TopicMap::new(&[0.5; 4]), Draws::new(21))
    }

    /// Fails unless `found` / `count` is within five standard errors of `expected`.
    fn assert_share(found: usize, count: usize, expected: f64, what: &str) {
        let error = (expected * (1.0 - expected) / count as f64).sqrt();
        let share = found as f64 / count as f64;
        assert!((share - expected).abs() <= 5.0 * error, "{what}: {share}, not {expected}");
    }

    #[test]
    fn private_accounts_and_message_settings_are_as_frequent_as_set() {
        let population = Population {
            accounts: 10_000,
            minors: 0.5,
            private_adults: 0.2,
            private_minors: 0.6,
            accepts_messages_from: vec![0.5, 0.3, 0.2],
            ..Population::default()
        };
        let content = Content { niche_creators: 0.0, ..Content::default() };
        let (people, _) = world(&population, &Graph::default(), &content);
        for (setting, share) in
            [MessagesFrom::Everyone, MessagesFrom::Followers, MessagesFrom::Mutuals].into_iter().zip([0.5, 0.3, 0.2])
        {
            let found = people.messages.iter().filter(|&&own| own == setting).count();
            assert_share(found, 10_000, share, "message settings");
        }
        for (role, share) in [(Role::Minor, 0.6), (Role::User, 0.2)] {
            let members: Vec<usize> = (0..10_000).filter(|&id| people.role[id] == role).collect();
            let private = members.iter().filter(|&&id| people.private[id]).count();
            assert_share(private, members.len(), share, "private accounts");
        }
    }

    #[test]
    fn every_account_has_every_trait_and_those_that_luck_deals_have_their_means() {
        let (people, _) =
            world(&Population { accounts: 10_000, ..Population::default() }, &Graph::default(), &Content::default());
        let last = people.person(recsafe_common::ids::AccountId(9_999));
        assert!(last.activity > 0.0 && people.interests.len() == 10_000);
        let flags = [people.searched_niche.len(), people.posted_severe.len()];
        let counts = [people.posted.len(), people.arrived.len(), people.removed.len(), people.returned_from.len()];
        assert_eq!((flags, counts), ([10_000; 2], [10_000; 4]));
        let mean = |column: &[f32]| column.iter().map(|&x| f64::from(x)).sum::<f64>() / 10_000.0;
        // A uniform number has variance 1/12, and an exponential number has variance 1.
        assert!((mean(&people.region) - 0.5).abs() < 5.0 / 120_000.0_f64.sqrt());
        assert!((mean(&people.report_propensity) - 1.0).abs() < 0.05);
        let (a, b) = (f64::from(Behavior::default().curiosity[0]), f64::from(Behavior::default().curiosity[1]));
        assert!((mean(&people.curiosity) - a / (a + b)).abs() < 0.025);
    }

    #[test]
    fn niches_have_their_shares_of_creators_and_the_rest_posts_in_none() {
        let mut content = Content { niche_creators: 0.1, posting_share: 0.5, ..Content::default() };
        content.niche.iter_mut().for_each(|niche| niche.creators = 0.1);
        let (niches, population) = (content.niche.len(), Population { accounts: 4_000, ..Population::default() });
        let (people, _) = world(&population, &Graph::default(), &content);
        let count = |niche| people.creates.iter().filter(|&&own| own == Some(niche)).count();
        assert!(people.creates.iter().flatten().all(|&niche| usize::from(niche) < niches));
        assert!(
            (0..niches as u8).all(|niche| (19..=21).contains(&count(niche))),
            "each niche has a tenth of 200 creators"
        );
    }

    #[test]
    fn accounts_follow_as_many_as_asked_whichever_way_follows_are_answered() {
        for (inside, follow_back_inside, follow_back_outside) in [(0.2, 0.0, 0.5), (0.0, 0.5, 0.5), (0.1, 0.0, 0.0)] {
            let graph = Graph {
                follow_inside: inside,
                follow_back_inside,
                follow_back_outside,
                copy_probability: 0.0,
                walk_probability: 0.0,
                follows: 10.0,
                ..Graph::default()
            };
            let population = Population { accounts: 4_000, predators: 0.0, ..Population::default() };
            let (people, follows) = world(&population, &graph, &Content::default());
            let mean = people.ids().map(|id| follows.followees(id).len() as f64).sum::<f64>() / 4_000.0;
            assert!((mean - 10.0).abs() < 0.6, "{mean} with {inside}, {follow_back_inside}, {follow_back_outside}");
        }
    }

    #[test]
    fn random_walks_that_never_jump_still_follow_as_many_as_asked() {
        let graph = Graph {
            growth: crate::settings::Growth::RandomWalk,
            follows: 5.0,
            walk_probability: 1.0,
            ..Graph::default()
        };
        let population = Population { accounts: 300, predators: 0.0, ..Population::default() };
        let (people, follows) = world(&population, &graph, &Content::default());
        assert!(people.ids().all(|id| follows.followees(id).len() == 5));
    }
}
