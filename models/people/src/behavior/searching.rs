//! Searching: how often account holders search, and for what.

use recsafe_common::draw::{DrawPurpose, Draws};
use recsafe_common::ids::{AccountId, Day};
use recsafe_common::key::About;
use recsafe_common::topics::{TOPICS, TopicMap};
use recsafe_common::vector::Vector;

use super::following::times;
use crate::people::People;
use crate::posting::{ordinary_topic, scattered};
use crate::role::Role;
use crate::settings::Behavior;

/// The subject of a search.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Query {
    /// Direction in the topic space, a vector of length 1.
    pub topic: Vector,
    /// Topic or niche of the search.
    pub topic_id: u8,
    /// Whether the search looks for accounts rather than posts.
    pub accounts: bool,
}

impl Query {
    /// Returns whether the search is for a niche.
    #[must_use]
    pub fn is_for_a_niche(&self) -> bool {
        usize::from(self.topic_id) >= TOPICS
    }
}

/// Draws the number of an account's searches on a day: Poisson. Probes do not search.
#[must_use]
pub fn searches_today(people: &People, behavior: &Behavior, account: AccountId, day: Day, draws: Draws) -> u32 {
    let rate = match people.role[account.row()] {
        Role::User | Role::Predator | Role::Bot => behavior.searching.searches,
        Role::Minor => behavior.searching.searches_minors,
        Role::Probe => 0.0,
    };
    times(rate, people, account, DrawPurpose::Searches, day, draws)
}

/// Draws the subject of search `number` of the account's day. The subject is one of the topics and
/// niches of the account's interests, drawn by weight. `spread` is the distance of queries from the
/// centre of the topic, as in `content.topic_noise`.
#[must_use]
pub fn query(
    people: &People,
    behavior: &Behavior,
    map: &TopicMap,
    spread: f64,
    (account, number, day): (AccountId, u32, Day),
    draws: Draws,
) -> Query {
    let mut draw = draws.at(DrawPurpose::Query, account, About::Nth(number), day);
    let weights = people.weights[account.row()];
    let mut target = draw.unit() as f32 * weights.iter().sum::<f32>();
    let position = weights.iter().position(|&weight| {
        target -= weight;
        target < 0.0
    });
    let topic_id = people.centres[account.row()][position.unwrap_or(0)];
    let accounts = draw.chance(behavior.searching.accounts);
    Query { topic: scattered(map.centre(topic_id), spread, &mut draw), topic_id, accounts }
}

/// Draws a contacting predator's search for minors. The search is for accounts, and its topic is
/// one of the predator's ordinary topics. In a world with an exchange niche, the main ordinary
/// topic is a youth topic.
#[must_use]
pub fn query_for_minors(
    people: &People,
    map: &TopicMap,
    spread: f64,
    (account, number, day): (AccountId, u32, Day),
    draws: Draws,
) -> Query {
    let mut draw = draws.at(DrawPurpose::Query, account, About::ForMinors(number), day);
    let topic_id = ordinary_topic(people, account, &mut draw);
    Query { topic: scattered(map.centre(topic_id), spread, &mut draw), topic_id, accounts: true }
}
