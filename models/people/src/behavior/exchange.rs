//! The exchange network: which follows become links, which links lead to exchanges, whom exchange accounts bring in.

use recsafe_common::draw::{Decides, Draws};
use recsafe_common::ids::{AccountId, Day};

use crate::people::People;
use crate::settings::Exchange;

/// Accounts beyond which a tree of exchange accounts brings in no more: it counts as surviving.
pub const TREE: u32 = 2_000;

/// Whether the follow of one exchange account by another makes a link between them.
#[must_use]
pub fn makes_link(
    people: &People,
    exchange: &Exchange,
    from: AccountId,
    to: AccountId,
    day: Day,
    draws: Draws,
) -> bool {
    people.intents[from.row()].is_exchange()
        && people.intents[to.row()].is_exchange()
        && draws.at(Decides::ExchangeLink, u64::from(from.0), u64::from(to.0), day).chance(exchange.link)
}

/// Whether a link leads to an exchange on a day: one of the two sells and the other buys.
#[must_use]
pub fn exchanges(people: &People, exchange: &Exchange, (a, b): (AccountId, AccountId), day: Day, draws: Draws) -> bool {
    let (one, other) = (people.intents[a.row()], people.intents[b.row()]);
    let trade = one.seller && other.buyer || one.buyer && other.seller;
    trade && draws.at(Decides::Exchange, u64::from(a.0), u64::from(b.0), day).chance(exchange.rate)
}

/// How many new exchange accounts an account brings in, once in its life: Poisson.
#[must_use]
pub fn offspring(people: &People, exchange: &Exchange, account: AccountId, draws: Draws) -> u32 {
    if exchange.offspring <= 0.0 || !people.intents[account.row()].is_exchange() {
        return 0;
    }
    draws.at(Decides::Offspring, u64::from(account.0), 0, 0).poisson(exchange.offspring)
}
