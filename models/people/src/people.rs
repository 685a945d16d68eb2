//! The account holders, one column a trait.

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
    /// What the account is in truth.
    pub role: Role,
    /// True age band.
    pub band: AgeBand,
    /// Age band as stated to the platform.
    pub stated: AgeBand,
    /// Whether the account is private.
    pub private: bool,
    /// From whom it takes messages.
    pub messages: MessagesFrom,
    /// Where the holder lives, in [0, 1); no geography, only a way of dividing the population.
    pub region: f32,
    /// Mean sessions a day.
    pub activity: f32,
    /// Mean posts a day.
    pub posting: f32,
    /// Curiosity about what is unlike one's interests, in [0, 1].
    pub curiosity: f32,
    /// Aversion to harmful posts, in [0, 1].
    pub aversion: f32,
    /// Readiness to report: a factor of mean 1, 0 or more.
    pub readiness: f32,
    /// Intents; none unless a predator.
    pub intents: Intents,
    /// Regions of the topic map that the holder cares about.
    pub centres: [u8; 3],
    /// Weight of each centre; they add to 1.
    pub weights: [f32; 3],
    /// Niche (counted from 0) in which the holder posts, if a niche creator.
    pub creates: Option<u8>,
    /// Interests, a unit vector.
    pub interest: Vector,
    /// Largest cosine between a niche and the interests at the start; 0 in a world without niches.
    pub niche_interest: f32,
}

impl Person {
    /// A scripted test account: public, open to messages of everyone, 13 to 15 years old and stated so. It reports nothing by
    /// itself and has neither curiosity nor aversion. `interest`: what it posts about, if it posts; zero for none.
    #[must_use]
    pub fn probe(activity: f32, posting: f32, interest: &Vector, map: &TopicMap) -> Self {
        Person {
            role: Role::Probe,
            band: AgeBand::From13,
            stated: AgeBand::From13,
            private: false,
            messages: MessagesFrom::Everyone,
            region: 0.0,
            activity,
            posting,
            curiosity: 0.0,
            aversion: 0.0,
            readiness: 0.0,
            intents: Intents::NONE,
            centres: [map.nearest(interest); 3],
            weights: [1.0, 0.0, 0.0],
            creates: None,
            interest: *interest,
            niche_interest: niche_interest(interest, map),
        }
    }
}

/// Largest cosine between `interest` (of unit length) and a niche's centre; 0 in a world without niches.
#[must_use]
pub fn niche_interest(interest: &Vector, map: &TopicMap) -> f32 {
    let cosines = (TOPICS..map.regions()).map(|region| dot(interest, map.centre(region as u8)));
    cosines.reduce(f32::max).unwrap_or(0.0)
}

/// Every account holder. Row n of each column belongs to account n; rows are added, never moved or removed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct People {
    /// What the account is in truth.
    pub role: Vec<Role>,
    /// True age band.
    pub band: Vec<AgeBand>,
    /// Age band as stated to the platform.
    pub stated: Vec<AgeBand>,
    /// Whether the holder chose to be private.
    pub private: Vec<bool>,
    /// From whom the holder takes messages.
    pub messages: Vec<MessagesFrom>,
    /// Where the holder lives, in [0, 1); no geography, only a way of dividing the population.
    pub region: Vec<f32>,
    /// Mean sessions a day.
    pub activity: Vec<f32>,
    /// Mean posts a day; 0 for those who never post.
    pub posting: Vec<f32>,
    /// Curiosity about what is unlike one's interests, in [0, 1].
    pub curiosity: Vec<f32>,
    /// Aversion to harmful posts, in [0, 1].
    pub aversion: Vec<f32>,
    /// Readiness to report: a factor of mean 1, 0 or more.
    pub readiness: Vec<f32>,
    /// Intents; none unless a predator.
    pub intents: Vec<Intents>,
    /// Regions of the topic map that the holder cares about.
    pub centres: Vec<[u8; 3]>,
    /// Weight of each centre; they add to 1.
    pub weights: Vec<[f32; 3]>,
    /// Niche (counted from 0) in which the holder posts, if a niche creator.
    pub creates: Vec<Option<u8>>,
    /// Interests as they are now, of unit length. The only trait that drifts.
    pub interests: Vec<Vector>,
    /// Largest cosine between a niche and the interests at the start.
    pub niche_interest: Vec<f32>,
    /// Number of posts made so far, which is the next post's sequence number.
    pub posted: Vec<u32>,
    /// Whether the holder ever searched for a niche.
    pub searched_niche: Vec<bool>,
    /// Whether the account ever posted severe material.
    pub posted_severe: Vec<bool>,
    /// First day of the account: 0 for those there when day 0 begins.
    pub arrived: Vec<Day>,
    /// Day of its removal; none while it is there.
    pub removed: Vec<Option<Day>>,
    /// The removed account whose holder came back with this one.
    pub returned_from: Vec<Option<AccountId>>,
}

impl People {
    /// Nobody.
    #[must_use]
    pub fn new() -> Self {
        People::default()
    }

    /// Number of accounts.
    #[must_use]
    pub fn len(&self) -> usize {
        self.role.len()
    }

    /// Whether there is nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.role.is_empty()
    }

    /// Every account, ascending.
    pub fn ids(&self) -> impl ExactSizeIterator<Item = AccountId> + use<> {
        (0..self.len() as u32).map(AccountId)
    }

    /// Interests of `account` as they are now, of unit length.
    #[inline]
    #[must_use]
    pub fn interest(&self, account: AccountId) -> &Vector {
        &self.interests[account.row()]
    }

    /// Whether the account looks for minors to contact.
    #[inline]
    #[must_use]
    pub fn seeks(&self, account: AccountId) -> bool {
        self.intents[account.row()].contacting
    }

    /// Whether the account violates the platform's rules: its holder is a predator, or it has posted severe material.
    #[inline]
    #[must_use]
    pub fn violates(&self, account: AccountId) -> bool {
        self.role[account.row()] == Role::Predator || self.posted_severe[account.row()]
    }

    /// Whether the holder comes back after removal, if it can: predators and niche creators do.
    #[must_use]
    pub fn may_return(&self, account: AccountId) -> bool {
        self.role[account.row()] == Role::Predator || self.creates[account.row()].is_some()
    }

    /// The traits of an account's holder, interests as they are now.
    #[must_use]
    pub fn person(&self, account: AccountId) -> Person {
        let row = account.row();
        Person {
            role: self.role[row],
            band: self.band[row],
            stated: self.stated[row],
            private: self.private[row],
            messages: self.messages[row],
            region: self.region[row],
            activity: self.activity[row],
            posting: self.posting[row],
            curiosity: self.curiosity[row],
            aversion: self.aversion[row],
            readiness: self.readiness[row],
            intents: self.intents[row],
            centres: self.centres[row],
            weights: self.weights[row],
            creates: self.creates[row],
            interest: *self.interest(account),
            niche_interest: self.niche_interest[row],
        }
    }

    /// Whether the holder is under 18 in truth.
    #[inline]
    #[must_use]
    pub fn is_minor(&self, account: AccountId) -> bool {
        self.band[account.row()].is_minor()
    }

    /// Adds a row. Its account has posted nothing yet.
    pub fn add(&mut self, person: &Person) -> AccountId {
        let id = AccountId(self.len() as u32);
        self.role.push(person.role);
        self.band.push(person.band);
        self.stated.push(person.stated);
        self.private.push(person.private);
        self.messages.push(person.messages);
        self.region.push(person.region);
        self.activity.push(person.activity);
        self.posting.push(person.posting);
        self.curiosity.push(person.curiosity);
        self.aversion.push(person.aversion);
        self.readiness.push(person.readiness);
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
