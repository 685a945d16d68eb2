//! The exchange network: links, which begin with follows, exchanges on links, and recruitment.

use recsafe_common::draw::{DrawPurpose, Draws};
use recsafe_common::ids::{AccountId, Day};
use recsafe_common::key::About;

use crate::people::People;
use crate::settings::Exchange;

/// Size at which a recruitment tree stops growing. A tree of this size is treated as surviving.
pub const TREE: u32 = 2_000;

/// Draws whether `from` creates a link by following `to`. Both accounts must be exchange accounts.
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
        && draws.at(DrawPurpose::ExchangeLink, from, About::Account(to), day).chance(exchange.link)
}

/// Draws whether a link leads to an exchange on a day. An exchange requires that one of the two
/// accounts sells and the other buys.
#[must_use]
pub fn exchanges(people: &People, exchange: &Exchange, (a, b): (AccountId, AccountId), day: Day, draws: Draws) -> bool {
    let (one, other) = (people.intents[a.row()], people.intents[b.row()]);
    let trade = one.seller && other.buyer || one.buyer && other.seller;
    trade && draws.at(DrawPurpose::Exchange, a, About::Account(b), day).chance(exchange.rate)
}

/// Draws the number of exchange accounts that an account recruits in its lifetime: Poisson.
#[must_use]
pub fn offspring(people: &People, exchange: &Exchange, account: AccountId, draws: Draws) -> u32 {
    if exchange.recruits <= 0.0 || !people.intents[account.row()].is_exchange() {
        return 0;
    }
    draws.at(DrawPurpose::Offspring, account, About::Nothing, 0).poisson(exchange.recruits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::Person;
    use crate::role::{Intents, Role};
    use recsafe_common::topics::TopicMap;

    const DRAWS: Draws = Draws::new(12);
    const SELLER: AccountId = AccountId(0);
    const BUYER: AccountId = AccountId(1);
    const CONTACTING: AccountId = AccountId(2);
    const USER: AccountId = AccountId(3);

    fn people() -> People {
        let map = TopicMap::new(&[]);
        let mut people = People::new();
        for (role, seller, buyer, contacting) in [
            (Role::Predator, true, false, false),
            (Role::Predator, false, true, false),
            (Role::Predator, false, false, true),
            (Role::User, false, false, false),
        ] {
            let intents = Intents { contacting, seller, buyer };
            people.add(&Person { role, intents, ..Person::probe(1.0, 0.0, map.centre(0), &map) });
        }
        people
    }

    /// Fails unless `found` / 20,000 is within five standard errors of `probability`.
    fn assert_share(found: usize, probability: f64, what: &str) {
        let error = (probability * (1.0 - probability) / 20_000.0_f64).sqrt();
        assert!((found as f64 / 20_000.0 - probability).abs() <= 5.0 * error, "{what}: {found} of 20,000");
    }

    #[test]
    fn exchange_accounts_link_with_one_another_and_with_nobody_else() {
        let (people, exchange) = (people(), Exchange { link: 0.3, ..Exchange::default() });
        let links = |from, to| (0..20_000).filter(|&day| makes_link(&people, &exchange, from, to, day, DRAWS)).count();
        assert_share(links(SELLER, BUYER), 0.3, "a seller's follow");
        assert_share(links(BUYER, BUYER), 0.3, "a buyer's follow");
        assert_eq!(
            [(SELLER, CONTACTING), (CONTACTING, SELLER), (SELLER, USER), (USER, USER)].map(|(a, b)| links(a, b)),
            [0; 4]
        );
    }

    #[test]
    fn links_between_a_seller_and_a_buyer_alone_lead_to_exchanges() {
        let (people, exchange) = (people(), Exchange { rate: 0.2, ..Exchange::default() });
        let found = |pair| (0..20_000).filter(|&day| exchanges(&people, &exchange, pair, day, DRAWS)).count();
        assert_share(found((SELLER, BUYER)), 0.2, "seller first");
        assert_share(found((BUYER, SELLER)), 0.2, "buyer first");
        assert_eq!([(SELLER, SELLER), (BUYER, BUYER), (SELLER, USER), (USER, BUYER)].map(found), [0; 4]);
    }

    #[test]
    fn exchange_accounts_bring_in_as_many_as_set_and_nobody_else_does() {
        let mean = |account, offspring_mean| {
            let (people, exchange) = (people(), Exchange { recruits: offspring_mean, ..Exchange::default() });
            (0..20_000).map(|seed| f64::from(offspring(&people, &exchange, account, Draws::new(seed)))).sum::<f64>()
                / 20_000.0
        };
        for account in [SELLER, BUYER] {
            assert!((mean(account, 0.8) - 0.8).abs() < 5.0 * (0.8 / 20_000.0_f64).sqrt());
        }
        assert_eq!([mean(CONTACTING, 0.8), mean(USER, 0.8), mean(SELLER, 0.0)], [0.0; 3]);
    }
}
