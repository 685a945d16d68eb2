//! Tests that the keys of one decision do not collide: different keys have different bits. The
//! ranges of numbers are documented in the module `key`.

use proptest::prelude::*;
use recsafe_common::draw::DrawPurpose;
use recsafe_common::ids::{AccountId, PostIdentity};
use recsafe_common::key::{About, Part, Use, Who};
use recsafe_common::observed::Standing;

/// One kind of key. Each field is in a range `0..=most`.
struct Kind {
    name: &'static str,
    most: Vec<u64>,
    key: fn(&[u64]) -> (Who, About),
}

/// Bits of the decider and of the subject.
type Bits = (u64, u64);

impl Kind {
    fn bits(&self, fields: &[u64]) -> Bits {
        let (who, about) = (self.key)(fields);
        (who.bits(), about.bits())
    }

    fn lowest(&self) -> Bits {
        self.bits(&vec![0; self.most.len()])
    }

    fn highest(&self) -> Bits {
        self.bits(&self.most)
    }

    /// Returns several keys: the key with all fields 0, the key with all fields at their maxima,
    /// and the keys in which only one bit of one field is set.
    fn corners(&self) -> Vec<Bits> {
        let mut found = vec![self.lowest(), self.highest()];
        for (field, &most) in self.most.iter().enumerate() {
            for value in (0..64).map(|bit| 1 << bit).filter(|&value| value <= most) {
                let mut fields = vec![0; self.most.len()];
                fields[field] = value;
                found.push(self.bits(&fields));
            }
        }
        found
    }

    /// Returns the bits that are set in all keys, and the bits that are set in at least one key.
    fn masks(&self) -> (Bits, Bits) {
        let corners = self.corners();
        let always = corners.iter().fold((u64::MAX, u64::MAX), |all, key| (all.0 & key.0, all.1 & key.1));
        let ever = corners.iter().fold((0, 0), |all, key| (all.0 | key.0, all.1 | key.1));
        (always, ever)
    }

    /// Returns whether two kinds have no key in common. There are two ways: some bit is set in all
    /// keys of one kind and in no key of the other, or all keys of one kind are below all keys of
    /// the other. A field can only set further bits of a key, so a result for the corners is valid
    /// for all keys.
    fn parts_from(&self, other: &Kind) -> bool {
        let ((own_always, own_ever), (always, ever)) = (self.masks(), other.masks());
        let bit = |own_always: u64, own_ever: u64, always: u64, ever: u64| own_always & !ever | always & !own_ever != 0;
        let ((low, high), (other_low, other_high)) =
            ((self.lowest(), self.highest()), (other.lowest(), other.highest()));
        bit(own_always.0, own_ever.0, always.0, ever.0)
            || bit(own_always.1, own_ever.1, always.1, ever.1)
            || high.1 < other_low.1
            || other_high.1 < low.1
    }
}

const ID: u64 = (1 << 31) - 1;
const NUMBER: u64 = (1 << 32) - 1;
const REQUEST: u64 = (1 << 24) - 1;

macro_rules! who {
    () => {
        Who::Nobody
    };
    ($who:expr) => {
        $who
    };
}

/// Declares kinds of keys. The declaration of a kind lists the fields with their maxima, the
/// decider if it matters, and the subject.
macro_rules! kinds {
    ($($purpose:ident { $([$($field:ident <= $most:expr),* $(; $who:expr)?] $about:expr;)* })*) => {
        vec![$((DrawPurpose::$purpose, vec![$(Kind {
            name: stringify!($about),
            most: vec![$($most),*],
            key: |fields| {
                let [$($field),*] = *fields else { unreachable!("one maximum per field") };
                (who!($($who)?), $about)
            },
        }),*])),*]
    };
}

fn account(id: u64) -> AccountId {
    AccountId(id as u32)
}

fn post(creator: u64, sequence: u64) -> PostIdentity {
    PostIdentity { creator: account(creator), sequence: sequence as u32 }
}

fn standing(index: u64) -> Standing {
    Standing::ALL[index as usize]
}

/// Returns all decisions of a world that have more than one kind of subject.
#[expect(clippy::too_many_lines, reason = "a table")]
fn decisions() -> Vec<(DrawPurpose, Vec<Kind>)> {
    kinds! {
        RoleRank {
            [] About::Nothing;
            [] About::Step(1);
        }
        Interests {
            [] About::Nothing;
            [] About::Step(1);
            [] About::Step(2);
            [] About::Step(3);
        }
        Follow {
            [; Who::Nobody] About::Nothing;
            [id <= ID; account(id).into()] About::Nothing;
            [id <= ID; account(id).into()] About::Step(1);
        }
        NicheCreator {
            [] About::Nothing;
            [] About::Step(1);
        }
        Candidates {
            [n <= REQUEST] About::Request(n as u32, Part::Whole);
            [n <= REQUEST, region <= (1 << 16) - 1] About::Request(n as u32, Part::Region(region as usize));
            [n <= REQUEST] About::Request(n as u32, Part::CoEngaged);
            [n <= REQUEST] About::Request(n as u32, Part::Fresh);
            [n <= REQUEST] About::Request(n as u32, Part::Random);
        }
        Explore {
            [n <= REQUEST, index <= NUMBER] About::Request(n as u32, Part::Position(index));
            [n <= REQUEST, index <= NUMBER] About::Request(n as u32, Part::Pick(index));
        }
        Ranking {
            [] About::Nothing;
            [n <= REQUEST] About::Request(n as u32, Part::Whole);
            [n <= REQUEST, slot <= NUMBER] About::Request(n as u32, Part::PostIndex(slot as u32));
            [n <= REQUEST, id <= ID] About::Request(n as u32, Part::Asked(account(id)));
        }
        View {
            [id <= ID, n <= ID] About::Post(post(id, n));
            [id <= ID] About::Found(account(id));
        }
        Efficacy {
            [slot <= NUMBER] About::Use(Use::PostIndex(slot as u32));
            [n <= NUMBER] About::Use(Use::Request(n as u32));
            [n <= REQUEST, slot <= (1 << 16) - 1] About::Use(Use::Suggestion(n as u32, slot as u32));
            [id <= ID] About::Use(Use::Message(account(id)));
            [] About::Use(Use::Messages);
            [] About::Use(Use::Privacy);
            [] About::Use(Use::Enforcement);
            [] About::Use(Use::AgeCheck);
            [n <= (1 << 20) - 1, id <= ID] About::Use(Use::Search(n as u32, account(id)));
            [n <= NUMBER] About::Use(Use::Filter(n as u32));
            [] About::Use(Use::Mute);
            [id <= ID] About::Use(Use::List(account(id)));
            [] About::Use(Use::Slates);
            [n <= NUMBER] About::Use(Use::Session(n as u32));
        }
        SuggestionCandidates {
            [n <= REQUEST] About::Request(n as u32, Part::FriendsOfFriends);
            [n <= REQUEST] About::Request(n as u32, Part::SharedAudience);
            [n <= REQUEST] About::Request(n as u32, Part::Anybody);
        }
        BrowseList {
            [n <= NUMBER] About::Nth(n as u32);
            [n <= NUMBER] About::ForMinors(n as u32);
        }
        Query {
            [n <= NUMBER] About::Nth(n as u32);
            [n <= NUMBER] About::ForMinors(n as u32);
        }
        Find {
            [id <= ID] About::Account(account(id));
            [id <= ID] About::InFeed(account(id));
            [] About::SearchesForMinors;
            [] About::ListsForMinors;
        }
        Displacement {
            [id <= ID] About::Account(account(id));
            [n <= NUMBER] About::MovedFind(n as u32);
            [id <= ID] About::StoppedMessage(account(id));
        }
        StrangerContact {
            [] About::Nothing;
            [n <= NUMBER] About::Counted(n as u32);
        }
        AccountSignal {
            [] About::Nothing;
            [] About::Step(1);
        }
        Review {
            [id <= ID; account(id).into()] About::Nothing;
            [id <= ID, n <= ID; Who::QueuedPost(post(id, n))] About::Nothing;
            [n <= (1 << 62) - 1; Who::QueuedTest(n)] About::Nothing;
        }
        Appeal {
            [index <= 3] About::Appeal(standing(index));
            [index <= 3] About::Appealed(standing(index));
        }
        Flagger {
            [] About::Nothing;
            [n <= NUMBER] About::Counted(n as u32);
        }
        FactorStart {
            [id <= ID; Who::Nobody] About::Account(account(id));
            [id <= ID, n <= ID; Who::Posts] About::Post(post(id, n));
        }
    }
}

/// Pairs of kinds of keys that share some draws of one decision. These pairs must not be separated,
/// because results would change.
const SHARED: [(DrawPurpose, usize, usize); 5] = [
    // The two kinds share one draw in the graph of communities. The draw shuffles accounts, and
    // nothing else depends on the order of the accounts.
    (DrawPurpose::Follow, 0, 1),
    // One draw decides whether the first slate position is used for exploration, and which post is
    // shown at that position.
    (DrawPurpose::Explore, 0, 1),
    // One draw breaks ties between sources. The first request uses the same draw for its first post
    // and for the request as a whole.
    (DrawPurpose::Ranking, 0, 1),
    (DrawPurpose::Ranking, 0, 2),
    // No ranker uses both draws.
    (DrawPurpose::Ranking, 1, 2),
];

#[test]
fn kinds_of_keys_of_one_decision_part() {
    for (purpose, kinds) in decisions() {
        for (later, other) in kinds.iter().enumerate() {
            for (earlier, kind) in kinds[..later].iter().enumerate() {
                let shares = SHARED.contains(&(purpose, earlier, later));
                let (one, other) = (kind.name, other.name);
                assert_eq!(kind.parts_from(&kinds[later]), !shares, "{purpose:?} about {one} and {other}");
            }
        }
    }
}

proptest! {
    #[test]
    fn keys_of_one_decision_are_equal_only_where_they_say_the_same(shares in prop::array::uniform2(prop::array::uniform2(0.0_f64..=1.0))) {
        let fields = |kind: &Kind, shares: &[f64]| -> Vec<u64> {
            kind.most.iter().zip(shares).map(|(&most, share)| ((most as f64 * share) as u64).min(most)).collect()
        };
        for (purpose, kinds) in decisions() {
            for (one, kind) in kinds.iter().enumerate() {
                let own = fields(kind, &shares[0]);
                for (two, other) in kinds.iter().enumerate().filter(|&(two, _)| !SHARED.contains(&(purpose, one.min(two), one.max(two)))) {
                    let others = fields(other, &shares[1]);
                    let same = one == two && own == others;
                    prop_assert_eq!(kind.bits(&own) == other.bits(&others), same, "{:?}: {} {:?}, {} {:?}", purpose, kind.name, own, other.name, others);
                }
            }
        }
    }
}
