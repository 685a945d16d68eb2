//! Predators' attempts to contact the minors on their target lists.

use recsafe_common::draw::DrawPurpose;
use recsafe_common::ids::{AccountId, Day};
use recsafe_common::key::About;
use recsafe_people::behavior::contact::{attempts_today, target_priority};

use super::Phase;
use super::messages::Sent;

impl Phase<'_> {
    /// Simulates today's attempts by every predator who contacts minors.
    pub(super) fn try_minors(&mut self) {
        let seekers: Vec<AccountId> = self
            .world
            .people
            .ids()
            .filter(|&id| self.world.people.is_contacting_predator(id) && self.world.acts(id))
            .collect();
        for seeker in seekers {
            let listed = self.in_order_of_eagerness(seeker);
            self.recorder.listed(seeker, listed.len());
            let attempts = attempts_today(
                &self.world.people,
                &self.rules.behavior.contact,
                seeker,
                listed.len(),
                self.day,
                self.world.draws,
            );
            self.try_some(seeker, &listed, attempts);
        }
    }

    /// Returns the minors on a predator's target list today, by priority.
    fn in_order_of_eagerness(&self, seeker: AccountId) -> Vec<AccountId> {
        let (world, contact) = (&*self.world, &self.rules.behavior.contact);
        let listed = world.contacts.of(seeker).iter().filter(|known| {
            known.is_listed(self.day, contact.list_retention_days as Day)
                && world.observed.accounts.is_usable(known.to)
                && !world.observed.blocks.between(seeker, known.to)
        });
        let mut keyed: Vec<(f64, AccountId)> = listed
            .map(|known| (target_priority(&world.people, contact, seeker, known.to, self.day, world.draws), known.to))
            .collect();
        keyed.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        keyed.into_iter().map(|(_, minor)| minor).collect()
    }

    /// Sends first messages to the minors in the given order, up to the number of attempts. If a
    /// rule stops a message, the predator gets one more attempt with probability `displacement`.
    fn try_some(&mut self, seeker: AccountId, minors: &[AccountId], mut attempts: u32) {
        let mut earlier = 0;
        for &minor in minors {
            if attempts == 0 {
                break;
            }
            attempts -= 1;
            let stranger = !self.world.observed.graph.mutual(seeker, minor);
            match self.send(seeker, minor, earlier) {
                Sent::Delivered | Sent::Held(_) => earlier += u32::from(stranger),
                Sent::NotTaken | Sent::Limited => {}
                Sent::Stopped => {
                    let about = About::StoppedMessage(minor);
                    let mut moves = self.world.draws.at(DrawPurpose::Displacement, seeker, about, self.day);
                    attempts += u32::from(moves.chance(self.rules.behavior.displacement));
                }
            }
        }
    }
}
