//! The account holders, with one column per trait.

use recsafe_common::band::AgeBand;
use recsafe_common::ids::{AccountId, Day};
use recsafe_common::messages::MessagesFrom;
use recsafe_common::topics::{TOPICS, TopicMap};
use recsafe_common::vector::{Vector, dot};
use serde::{Deserialize, Serialize};

use crate::role::{Intents, Role};

/// All traits of one account holder: a row of [`People`].
#[derive(Clone, Debug, PartialEq)]
pub struct Person {
    /// True role of the account.
    pub role: Role,
    /// True age band.
    pub band: AgeBand,
    /// Declared age band, which the platform sees.
    pub declared_age: AgeBand,
    /// Whether the account is private.
    pub private: bool,
    /// Whose messages the account accepts.
    pub messages: MessagesFrom,
    /// Region where the holder lives, in [0, 1). Regions are not places: they only divide the
    /// population.
    pub region: f32,
    /// Mean number of sessions per day.
    pub activity: f32,
    /// Mean number of posts per day.
    pub posting: f32,
    /// Curiosity about posts that differ from the holder's interests, in [0, 1].
    pub curiosity: f32,
    /// Aversion to harmful posts, in [0, 1].
    pub aversion: f32,
    /// Readiness to report: a factor with mean 1, at least 0.
    pub report_propensity: f32,
    /// Intents, which only predators have.
    pub intents: Intents,
    /// Topics and niches of the holder's interests.
    pub centres: [u8; 3],
    /// Weight of each topic or niche. The weights add up to 1.
    pub weights: [f32; 3],
    /// Niche in which the holder posts (counted from 0), if the holder is a niche creator.
    pub creates: Option<u8>,
    /// Interests, a unit vector.
    pub interest: Vector,
    /// Largest cosine between a niche and the initial interests; 0 in a world without niches.
    pub niche_interest: f32,
}

impl Person {
    /// Creates a scripted test account. The account is public and accepts messages from everyone.
    /// The true age and the declared age of the account are 13 to 15.
    ///
    /// The account never reports and has no curiosity or aversion. `interest` is the topic of the
    /// account's posts, or zero if the account does not post.
    #[must_use]
    pub fn probe(activity: f32, posting: f32, interest: &Vector, map: &TopicMap) -> Self {
        Person {
            role: Role::Probe,
            band: AgeBand::From13,
            declared_age: AgeBand::From13,
            private: false,
            messages: MessagesFrom::Everyone,
            region: 0.0,
            activity,
            posting,
            curiosity: 0.0,
            aversion: 0.0,
            report_propensity: 0.0,
            intents: Intents::NONE,
            centres: [map.nearest(interest); 3],
            weights: [1.0, 0.0, 0.0],
            creates: None,
            interest: *interest,
            niche_interest: niche_interest(interest, map),
        }
    }
}

/// Returns the largest cosine between `interest` (of unit length) and the centre of a niche; 0 in a
/// world without niches.
#[must_use]
pub fn niche_interest(interest: &Vector, map: &TopicMap) -> f32 {
    let cosines = (TOPICS..map.topic_count()).map(|topic_id| dot(interest, map.centre(topic_id as u8)));
    cosines.reduce(f32::max).unwrap_or(0.0)
}

/// All account holders. Row n of each column belongs to account n. New rows can be added. Rows are
/// never moved or removed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct People {
    /// True role of the account.
    pub role: Vec<Role>,
    /// True age band.
    pub band: Vec<AgeBand>,
    /// Declared age band, which the platform sees.
    pub declared_age: Vec<AgeBand>,
    /// Whether the holder chose a private account.
    pub private: Vec<bool>,
    /// Whose messages the holder accepts.
    pub messages: Vec<MessagesFrom>,
    /// Region where the holder lives, in [0, 1). Regions are not places: they only divide the
    /// population.
    pub region: Vec<f32>,
    /// Mean number of sessions per day.
    pub activity: Vec<f32>,
    /// Mean number of posts per day; 0 if the account never posts.
    pub posting: Vec<f32>,
    /// Curiosity about posts that differ from the holder's interests, in [0, 1].
    pub curiosity: Vec<f32>,
    /// Aversion to harmful posts, in [0, 1].
    pub aversion: Vec<f32>,
    /// Readiness to report: a factor with mean 1, at least 0.
    pub report_propensity: Vec<f32>,
    /// Intents, which only predators have.
    pub intents: Vec<Intents>,
    /// Topics and niches of the holder's interests.
    pub centres: Vec<[u8; 3]>,
    /// Weight of each topic or niche. The weights add up to 1.
    pub weights: Vec<[f32; 3]>,
    /// Niche in which the holder posts (counted from 0), if the holder is a niche creator.
    pub creates: Vec<Option<u8>>,
    /// Present interests, a unit vector. No other trait drifts.
    pub interests: Vec<Vector>,
    /// Largest cosine between a niche and the initial interests.
    pub niche_interest: Vec<f32>,
    /// Number of posts so far, which is the sequence number of the next post.
    pub posted: Vec<u32>,
    /// Whether the holder ever searched for a niche.
    pub searched_niche: Vec<bool>,
    /// Whether the account ever posted severe content.
    pub posted_severe: Vec<bool>,
    /// First day of the account; 0 for the initial population.
    pub arrived: Vec<Day>,
    /// Day of removal; `None` if the account was not removed.
    pub removed: Vec<Option<Day>>,
    /// The removed account of the same holder, if the holder returned with this account.
    pub returned_from: Vec<Option<AccountId>>,
}

impl People {
    /// Creates an empty table.
    #[must_use]
    pub fn new() -> Self {
        People::default()
    }

    /// Returns the number of accounts.
    #[must_use]
    pub fn len(&self) -> usize {
        self.role.len()
    }

    /// Returns whether there are no accounts.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.role.is_empty()
    }

    /// Returns all accounts in ascending order.
    pub fn ids(&self) -> impl ExactSizeIterator<Item = AccountId> + use<> {
        (0..self.len() as u32).map(AccountId)
    }

    /// Returns the current interests of `account`, a unit vector.
    #[inline]
    #[must_use]
    pub fn interest(&self, account: AccountId) -> &Vector {
        &self.interests[account.row()]
    }

    /// Returns whether the account is a contacting predator.
    #[inline]
    #[must_use]
    pub fn is_contacting_predator(&self, account: AccountId) -> bool {
        self.intents[account.row()].contacting
    }

    /// Returns whether the account violates the rules of the platform: its holder is a predator, or
    /// the account posted severe content.
    #[inline]
    #[must_use]
    pub fn violates(&self, account: AccountId) -> bool {
        self.role[account.row()] == Role::Predator || self.posted_severe[account.row()]
    }

    /// Returns whether the holder tries to return after removal: predators and niche creators do.
    #[must_use]
    pub fn may_return(&self, account: AccountId) -> bool {
        self.role[account.row()] == Role::Predator || self.creates[account.row()].is_some()
    }

    /// Returns the traits of an account's holder, with the current interests.
    #[must_use]
    pub fn person(&self, account: AccountId) -> Person {
        let row = account.row();
        Person {
            role: self.role[row],
            band: self.band[row],
            declared_age: self.declared_age[row],
            private: self.private[row],
            messages: self.messages[row],
            region: self.region[row],
            activity: self.activity[row],
            posting: self.posting[row],
            curiosity: self.curiosity[row],
            aversion: self.aversion[row],
            report_propensity: self.report_propensity[row],
            intents: self.intents[row],
            centres: self.centres[row],
            weights: self.weights[row],
            creates: self.creates[row],
            interest: *self.interest(account),
            niche_interest: self.niche_interest[row],
        }
    }

    /// Returns whether the holder is truly under 18.
    #[inline]
    #[must_use]
    pub fn is_minor(&self, account: AccountId) -> bool {
        self.band[account.row()].is_minor()
    }

    /// Adds an account that has posted nothing yet and returns its id.
    pub fn add(&mut self, person: &Person) -> AccountId {
        let id = AccountId(self.len() as u32);
        self.role.push(person.role);
        self.band.push(person.band);
        self.declared_age.push(person.declared_age);
        self.private.push(person.private);
        self.messages.push(person.messages);
        self.region.push(person.region);
        self.activity.push(person.activity);
        self.posting.push(person.posting);
        self.curiosity.push(person.curiosity);
        self.aversion.push(person.aversion);
        self.report_propensity.push(person.report_propensity);
        self.intents.push(person.intents);
        self.centres.push(person.centres);
        self.weights.push(person.weights);
        self.creates.push(person.creates);
        self.interests.push(person.interest);
        self.niche_interest.push(person.niche_interest);
        self.posted.push(0);
        self.searched_niche.push(false);
        self.posted_severe.push(false);
        self.arrived.push(0);
        self.removed.push(None);
        self.returned_from.push(None);
        id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn predators_and_who_posted_severe_material_violate_and_predators_and_niche_creators_return() {
        let map = TopicMap::new(&[0.5]);
        let mut people = People::new();
        for role in [Role::User, Role::Predator, Role::Minor, Role::User] {
            people.add(&Person { role, ..Person::probe(1.0, 0.0, map.centre(0), &map) });
        }
        people.posted_severe[2] = true;
        people.creates[3] = Some(0);
        let all = [0, 1, 2, 3].map(AccountId);
        assert_eq!(all.map(|account| people.violates(account)), [false, true, true, false]);
        assert_eq!(all.map(|account| people.may_return(account)), [false, true, false, true]);
    }

    #[test]
    fn interest_in_niches_is_the_largest_cosine_with_one() {
        let map = TopicMap::new(&[0.5, 0.57]);
        let niche = *map.centre(TopicMap::niche(1));
        assert!((niche_interest(&niche, &map) - 1.0).abs() < 1e-5);
        assert!((niche_interest(&niche.map(|x| -x), &map) + dot(&niche, map.centre(TopicMap::niche(0)))).abs() < 1e-5);
        assert_eq!(niche_interest(&niche, &TopicMap::new(&[])), 0.0);
    }
}
