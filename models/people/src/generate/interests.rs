//! Interests: mixtures of a few topics, with exact shares of topics by age group.

use recsafe_common::draw::{Draw, DrawPurpose, Draws};
use recsafe_common::ids::AccountId;
use recsafe_common::key::About;
use recsafe_common::topics::{TOPICS, TopicMap, YOUTH, youth_near};
use recsafe_common::vector::{DIM, Vector, normalised};

use super::{liked, ranked};
use crate::people::People;
use crate::role::Role;
use crate::settings::WorldSettings;

/// Weights of the three topics of an interest, main topic first (assumed).
const WEIGHTS: [f32; 3] = [0.6, 0.3, 0.1];
/// Weights of the interests of an exchange account: the niche, then two ordinary topics. With these
/// weights, the cosine between the interest and the niche is above 0.9 (assumed).
const EXCHANGE_WEIGHTS: [f32; 3] = [0.9, 0.3, 0.1];

/// Assigns each account three topics, their weights, and the resulting interest: theta =
/// normalise(sum of weight x centre).
pub(super) fn deal(people: &mut People, settings: &WorldSettings, map: &TopicMap, draws: Draws) {
    let accounts = people.len();
    let content = &settings.content;
    people.centres = vec![[0; 3]; accounts];
    people.weights = vec![WEIGHTS; accounts];
    let minors = ids_of(people, Role::Minor);
    let adults: Vec<usize> = (0..accounts).filter(|&id| people.role[id] != Role::Minor).collect();
    for (ids, preference) in [(minors, content.youth_preference), (adults, 1.0)] {
        deal_topics(people, ids, preference, draws);
    }
    if let Some(likes) = settings.likes_for_interests() {
        for (id, topics) in liked::topics(likes, accounts, map, draws).into_iter().enumerate() {
            people.centres[id] = topics.unwrap_or(people.centres[id]);
        }
    }
    let ordinary = (0..accounts).filter(|&id| matches!(people.role[id], Role::User | Role::Minor));
    let drawn = ranked(ordinary, draws, DrawPurpose::Niche);
    let with_niche = (content.niche_users * drawn.len() as f64).round() as usize;
    let niche_weight = content.niche_weight as f32;
    for (position, &id) in drawn.iter().take(with_niche).enumerate() {
        if !content.niche.is_empty() {
            people.centres[id][1] = TopicMap::niche(position % content.niche.len());
            // The other two topics get the remaining weight, in the same proportions as before.
            let rest = (1.0 - niche_weight) / (WEIGHTS[0] + WEIGHTS[2]);
            people.weights[id] = [WEIGHTS[0] * rest, niche_weight, WEIGHTS[2] * rest];
        }
    }
    if let Some(exchange) = content.niche.iter().position(|niche| niche.exchange) {
        deal_predators(people, exchange, draws);
    }
    people.interests =
        people.centres.iter().zip(&people.weights).map(|(&centres, &weights)| mixture(map, centres, weights)).collect();
}

fn ids_of(people: &People, role: Role) -> Vec<usize> {
    (0..people.len()).filter(|&id| people.role[id] == role).collect()
}

fn mixture(map: &TopicMap, centres: [u8; 3], weights: [f32; 3]) -> Vector {
    let mut sum = [0.0; DIM];
    for (topic_id, weight) in centres.into_iter().zip(weights) {
        for (total, x) in sum.iter_mut().zip(map.centre(topic_id)) {
            *total += weight * x;
        }
    }
    normalised(&sum)
}

/// Assigns main topics by rank in a random order, so that counts are exact. The two other topics
/// are drawn with the same shares. All three topics of an account are distinct.
fn deal_topics(people: &mut People, ids: Vec<usize>, youth_preference: f64, draws: Draws) {
    let shares: Vec<f64> =
        (0..TOPICS).map(|topic| if YOUTH.contains(&(topic as u8)) { youth_preference } else { 1.0 }).collect();
    let total: f64 = shares.iter().sum();
    let mut upto = 0.0;
    let cumulative: Vec<f64> = shares
        .iter()
        .map(|share| {
            upto += share / total;
            upto
        })
        .collect();
    let at = |position: f64| cumulative.partition_point(|&upto| upto <= position).min(TOPICS - 1) as u8;
    let count = ids.len() as f64;
    for (position, id) in ranked(ids.into_iter(), draws, DrawPurpose::Interests).into_iter().enumerate() {
        let main = at((position as f64 + 0.5) / count);
        let mut draw = draws.at(DrawPurpose::Interests, AccountId(id as u32), About::Step(1), 0);
        let second = other_than(&[main], &mut draw, at);
        let third = other_than(&[main, second], &mut draw, at);
        people.centres[id] = [main, second, third];
    }
}

fn other_than(taken: &[u8], draw: &mut Draw, at: impl Fn(f64) -> u8) -> u8 {
    let found = (0..64).map(|_| at(draw.unit())).find(|topic| !taken.contains(topic));
    // If one topic takes almost all draws, use the first free topic.
    found.unwrap_or_else(|| (0..TOPICS as u8).find(|topic| !taken.contains(topic)).unwrap_or(0))
}

/// Assigns interests of predators. Exchange accounts are mainly interested in the exchange niche.
/// Contacting predators are mainly interested in a youth topic close to that niche. The second
/// interest of contacting predators is the niche.
fn deal_predators(people: &mut People, exchange: usize, draws: Draws) {
    let niche = TopicMap::niche(exchange);
    for id in ids_of(people, Role::Predator) {
        let account = AccountId(id as u32);
        let [first, ..] = people.centres[account.row()];
        let mut draw = draws.at(DrawPurpose::Interests, AccountId(id as u32), About::Step(2), 0);
        if people.intents[id].is_exchange() {
            people.centres[id] = [niche, first, people.centres[id][2]];
            people.weights[id] = EXCHANGE_WEIGHTS;
        } else {
            let youth = youth_near(exchange)[draw.below(3)];
            let other = if first == youth { people.centres[id][2] } else { first };
            people.centres[id] = [youth, niche, other];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use recsafe_common::key::Who;

    #[test]
    fn another_topic_is_none_of_those_taken_even_if_luck_finds_no_other() {
        let mut draw = Draws::new(1).at(DrawPurpose::Interests, Who::Nobody, About::Step(1), 0);
        assert_eq!(other_than(&[7], &mut draw, |_| 7), 0);
        assert_eq!(other_than(&[0, 1], &mut draw, |_| 0), 2);
        let by_halves = |position: f64| if position < 0.5 { 7 } else { 9 };
        assert!((0..100).all(|_| other_than(&[7], &mut draw, by_halves) == 9));
    }
}
