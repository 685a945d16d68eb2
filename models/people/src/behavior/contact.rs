//! Contact: how many tries, with whom, and how they are answered and go on.

use recsafe_common::band::AgeBand;
use recsafe_common::draw::{Decides, Draws};
use recsafe_common::ids::{AccountId, Day};
use recsafe_common::key::About;
use recsafe_common::messages::MessagesFrom;

use super::following::times;
use crate::contacts::Ended;
use crate::people::People;
use crate::role::Role;
use crate::settings::Contact;

/// Number of searches for minors, and of looks into follower lists, of a contacting predator on a day: Poisson.
#[must_use]
pub fn looks_today(people: &People, contact: &Contact, account: AccountId, day: Day, draws: Draws) -> (u32, u32) {
    if !people.seeks(account) {
        return (0, 0);
    }
    let count = |rate, about| {
        let mean = rate * f64::from(people.activity[account.row()]);
        draws.at(Decides::Find, account, about, day).poisson(mean)
    };
    (
        count(contact.target_searches, About::SearchesForMinors),
        count(contact.follower_list_visits, About::ListsForMinors),
    )
}

/// Number of contact requests on a day: Poisson(budget a L / (L + half)), `listed` = L. The saturating form: with few minors
/// found supply limits contact, with many the budget does.
#[must_use]
pub fn attempts_today(
    people: &People,
    contact: &Contact,
    account: AccountId,
    listed: usize,
    day: Day,
    draws: Draws,
) -> u32 {
    let listed = listed as f64;
    let rate = contact.budget * listed / (listed + contact.half_saturation);
    if listed == 0.0 { 0 } else { times(rate, people, account, Decides::Attempts, day, draws) }
}

/// The order in which those found are tried: smallest first. E / w, E exponential of the pair and day, w how eligible the minor
/// is (Efraimidis and Spirakis 2006: a weighted sample without replacement).
#[must_use]
pub fn eagerness(people: &People, contact: &Contact, from: AccountId, to: AccountId, day: Day, draws: Draws) -> f64 {
    let reachable = people.messages[to.row()] == MessagesFrom::Everyone;
    let middle = people.band[to.row()] == AgeBand::From13;
    let weight = if reachable { contact.reachable } else { 1.0 } * if middle { contact.middle_band } else { 1.0 };
    draws.at(Decides::ChooseContact, from, About::Account(to), day).exponential() / weight
}

/// Whether `from` writes to an account on a day: to one that it knows, or at all to a stranger.
#[inline]
#[must_use]
pub fn writes_to_known(contact: &Contact, from: AccountId, to: AccountId, day: Day, draws: Draws) -> bool {
    draws.at(Decides::KnownContact, from, About::Account(to), day).chance(contact.known_messages)
}

/// Number of messages that an account sends to strangers on a day, with no harmful intent: Poisson. Contacting predators write
/// to minors of their list instead, probes to nobody.
#[must_use]
pub fn messages_to_strangers(people: &People, contact: &Contact, account: AccountId, day: Day, draws: Draws) -> u32 {
    if people.role[account.row()] == Role::Probe || people.seeks(account) {
        return 0;
    }
    times(contact.stranger_messages, people, account, Decides::StrangerContact, day, draws)
}

/// A contact request that reached its recipient.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Request {
    /// Who sent it.
    pub from: AccountId,
    /// Who got it.
    pub to: AccountId,
    /// Whether each follows the other.
    pub known: bool,
    /// Whether the two have a mutual link.
    pub linked: bool,
    /// Factor of rules on the probability that a stranger is accepted.
    pub lever: f64,
    /// Factor on the recipient's readiness to report.
    pub eager: f64,
}

/// How a recipient answers.
///
/// # Errors
/// Why the request is not accepted: that ends the contact.
pub fn answer(people: &People, contact: &Contact, request: &Request, day: Day, draws: Draws) -> Result<(), Ended> {
    let row = request.to.row();
    if people.role[row] == Role::Probe {
        return Err(Ended::Ignored); // a probe never answers
    }
    let mut draw = draws.at(Decides::AnswerContact, request.to, About::Account(request.from), day);
    if draw.chance(accept_chance(people, contact, request)) {
        return Ok(());
    }
    if request.known {
        return Err(Ended::Ignored);
    }
    let luck = draw.unit();
    Err(if draw.chance(report_chance(people, contact, request.from, request.to) * request.eager) {
        Ended::Reported
    } else if luck < contact.block {
        Ended::Blocked
    } else if luck < contact.block + contact.refuse {
        Ended::Refused
    } else {
        Ended::Ignored
    })
}

/// Probability that a request is accepted.
#[must_use]
pub fn accept_chance(people: &People, contact: &Contact, request: &Request) -> f64 {
    if request.known {
        return contact.accept_known;
    }
    let band = people.band[request.to.row()];
    let by_band = if band.is_minor() { contact.accept_bands.get(band as usize).copied().unwrap_or(1.0) } else { 1.0 };
    let by_link = if request.linked { contact.accept_linked } else { 1.0 };
    (contact.accept * by_link * by_band * request.lever).min(1.0)
}

fn is_unwanted(people: &People, from: AccountId, to: AccountId) -> bool {
    people.role[from.row()] == Role::Predator && people.is_minor(to)
}

fn report_chance(people: &People, contact: &Contact, from: AccountId, to: AccountId) -> f64 {
    let rate = if is_unwanted(people, from, to) { contact.report } else { contact.report_ordinary };
    (rate * f64::from(people.readiness[to.row()])).min(1.0)
}

/// What becomes of an accepted contact on a later day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It goes on as it is.
    Stays,
    /// It goes to the next stage: conversing, then (with a predator) escalated.
    Advances,
    /// It ends.
    Ends(Ended),
}

/// How far an accepted contact has come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Come {
    /// Whether it is a conversation.
    pub conversing: bool,
    /// Whether that escalated.
    pub escalated: bool,
    /// Factor on the recipient's readiness to report.
    pub eager: f64,
}

/// One day of an accepted contact.
#[must_use]
pub fn turn(
    people: &People,
    contact: &Contact,
    (from, to): (AccountId, AccountId),
    come: Come,
    day: Day,
    draws: Draws,
) -> Turn {
    let mut draw = draws.at(Decides::Conversation, to, About::Account(from), day);
    let unwanted = is_unwanted(people, from, to);
    let (leaves, blocks) = (draw.chance(contact.leave), draw.chance(contact.block_conversing));
    let Come { conversing, escalated, eager } = come;
    let reports = draw.chance(report_chance(people, contact, from, to) * eager);
    let advances = draw.chance(if conversing { contact.escalate } else { contact.converse });
    if unwanted && blocks {
        Turn::Ends(if reports { Ended::Reported } else { Ended::Blocked })
    } else if leaves {
        Turn::Ends(Ended::Left)
    } else if advances && !escalated && (unwanted || !conversing) {
        Turn::Advances
    } else {
        Turn::Stays
    }
}
