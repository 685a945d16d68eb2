//! Contact: how many contact attempts a predator makes, which accounts the predator contacts, and
//! how contacts continue.

use recsafe_common::band::AgeBand;
use recsafe_common::draw::{DrawPurpose, Draws};
use recsafe_common::ids::{AccountId, Day};
use recsafe_common::key::About;
use recsafe_common::messages::MessagesFrom;

use super::following::times;
use crate::contacts::Ended;
use crate::people::People;
use crate::role::Role;
use crate::settings::Contact;

/// Draws how often a contacting predator searches for minors and visits follower lists on a day.
/// Both numbers are Poisson.
#[must_use]
pub fn looks_today(people: &People, contact: &Contact, account: AccountId, day: Day, draws: Draws) -> (u32, u32) {
    if !people.is_contacting_predator(account) {
        return (0, 0);
    }
    let count = |rate, about| {
        let mean = rate * f64::from(people.activity[account.row()]);
        draws.at(DrawPurpose::Find, account, about, day).poisson(mean)
    };
    (
        count(contact.target_searches, About::SearchesForMinors),
        count(contact.follower_list_visits, About::ListsForMinors),
    )
}

/// Draws the number of contact requests on a day: Poisson(budget a L / (L + half)). L is the length
/// of the target list (`listed`), and a is the account's activity. If the list is short, the supply
/// of minors limits contact. If the list is long, the budget limits contact.
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
    if listed == 0.0 { 0 } else { times(rate, people, account, DrawPurpose::Attempts, day, draws) }
}

/// Returns the key by which a predator orders its target list, smallest key first. The key is E /
/// w. E is an exponential number for the pair and day, and w is the weight of the minor. Taking the
/// first accounts in this order samples by weight without replacement (Efraimidis and Spirakis
/// 2006).
#[must_use]
pub fn target_priority(
    people: &People,
    contact: &Contact,
    from: AccountId,
    to: AccountId,
    day: Day,
    draws: Draws,
) -> f64 {
    let reachable = people.messages[to.row()] == MessagesFrom::Everyone;
    let middle = people.band[to.row()] == AgeBand::From13;
    let weight = if reachable { contact.reachable_preference } else { 1.0 }
        * if middle { contact.age_13_15_preference } else { 1.0 };
    draws.at(DrawPurpose::ChooseContact, from, About::Account(to), day).exponential() / weight
}

/// Draws whether `from` sends a message to a known account on a day.
#[inline]
#[must_use]
pub fn writes_to_known(contact: &Contact, from: AccountId, to: AccountId, day: Day, draws: Draws) -> bool {
    draws.at(DrawPurpose::KnownContact, from, About::Account(to), day).chance(contact.known_messages)
}

/// Draws the number of messages that an account sends to strangers on a day: Poisson. Contacting
/// predators send messages to minors on their target list instead. Probes send no messages.
#[must_use]
pub fn messages_to_strangers(people: &People, contact: &Contact, account: AccountId, day: Day, draws: Draws) -> u32 {
    if people.role[account.row()] == Role::Probe || people.is_contacting_predator(account) {
        return 0;
    }
    times(contact.stranger_messages, people, account, DrawPurpose::StrangerContact, day, draws)
}

/// A contact request that reached its recipient.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Request {
    /// Sender.
    pub from: AccountId,
    /// Recipient.
    pub to: AccountId,
    /// Whether the two accounts follow each other.
    pub known: bool,
    /// Whether the two accounts have a mutual link.
    pub linked: bool,
    /// Factor by which interventions change the probability that a stranger's request is accepted.
    pub lever: f64,
    /// Factor that multiplies the recipient's readiness to report.
    pub eager: f64,
}

/// Draws the recipient's answer.
///
/// # Errors
/// If the request is not accepted. The contact then ends, and the error is the reason.
pub fn answer(people: &People, contact: &Contact, request: &Request, day: Day, draws: Draws) -> Result<(), Ended> {
    let row = request.to.row();
    if people.role[row] == Role::Probe {
        return Err(Ended::Ignored); // a probe never answers
    }
    let mut draw = draws.at(DrawPurpose::AnswerContact, request.to, About::Account(request.from), day);
    if draw.chance(accept_chance(people, contact, request)) {
        return Ok(());
    }
    if request.known {
        return Err(Ended::Ignored);
    }
    let uniform = draw.unit();
    Err(if draw.chance(report_chance(people, contact, request.from, request.to) * request.eager) {
        Ended::Reported
    } else if uniform < contact.block {
        Ended::Blocked
    } else if uniform < contact.block + contact.refuse {
        Ended::Refused
    } else {
        Ended::Ignored
    })
}

/// Returns the probability that a request is accepted.
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
    (rate * f64::from(people.report_propensity[to.row()])).min(1.0)
}

/// The development of an accepted contact on a later day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// The contact stays in its stage.
    Stays,
    /// The contact moves to the next stage: first conversing, then escalated. Only contacts of a
    /// predator with a minor escalate.
    Advances,
    /// The contact ends.
    Ends(Ended),
}

/// The state of an accepted contact.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ConversationState {
    /// Whether the two accounts converse.
    pub conversing: bool,
    /// Whether the conversation escalated.
    pub escalated: bool,
    /// Factor on the recipient's readiness to report.
    pub report_factor: f64,
}

/// Draws one day of an accepted contact.
#[must_use]
pub fn turn(
    people: &People,
    contact: &Contact,
    (from, to): (AccountId, AccountId),
    conversation: ConversationState,
    day: Day,
    draws: Draws,
) -> Turn {
    let mut draw = draws.at(DrawPurpose::Conversation, to, About::Account(from), day);
    let unwanted = is_unwanted(people, from, to);
    let (leaves, blocks) = (draw.chance(contact.leave), draw.chance(contact.block_conversing));
    let ConversationState { conversing, escalated, report_factor } = conversation;
    let reports = draw.chance(report_chance(people, contact, from, to) * report_factor);
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
