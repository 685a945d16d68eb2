//! Learning: today's views update the posts' counters, the platform's index and its models.

use recsafe_common::draw::Draws;
use recsafe_common::ids::{Day, PostId};
use recsafe_common::observed::{Gate, PostLedger, PostRow};
use recsafe_common::prefetch::prefetch_at;
use recsafe_people::behavior::following::visits_profile;
use recsafe_people::settings::Following;
use recsafe_platform::attention::Attention;
use recsafe_platform::index::{Index, Shared};
use recsafe_platform::learning::refresh_posts;

use super::happened::{Did, Event, Events, Happened};
use super::parallel::prelude::*;
use super::parallel::{current_num_threads, join};
use super::{Rules, World};

/// Learns from the day, in account order.
pub(super) fn learn(world: &mut World, rules: &Rules, happened: &Happened) {
    for &account in &happened.resets {
        world.index.forget(account);
        world.learned.engagements.forget(account);
    }
    take_in_views(world, rules, &happened.events);
    world.learned.learn(&happened.examples);
    if rules.ranker.learns_factors() || rules.policy.learns_factors() {
        learn_factors(world, happened);
    }
    if rules.ranker.learns_engagements() || rules.policy.learns_engagements() {
        learn_engagements(world, happened);
    }
    refresh_posts(&mut world.observed.posts, world.people.len(), rules.feed.half_life);
}

/// Prefetch distance, in views. Prefetching helps because the posts of consecutive views are far
/// apart in memory.
const AHEAD: usize = 16;

/// Updates the posts' counters and the platform's index from the day's views. Both run in parallel
/// because they share only data that they read.
fn take_in_views(world: &mut World, rules: &Rules, events: &Events) {
    let World { observed, index, attention, draws, .. } = world;
    let first = observed.posts.id(0);
    let (rows, ledgers, gates) = observed.posts.columns_mut();
    let muted = &observed.accounts.muted;
    let following = &rules.behavior.following;
    let lists = Lists { index, attention, gates, first, muted, following, day: observed.day, draws: *draws };
    join(|| count_views(rows, ledgers, muted, events), || lists.remember(events));
}

/// Adds the day's views to the posts' counters. Each thread except one has a part of the posts and
/// reads all views. Every post is thus updated in account order for any number of threads.
fn count_views(rows: &mut [PostRow], ledgers: &mut [PostLedger], muted: &[bool], events: &Events) {
    let posts = rows.len();
    let threads = (current_num_threads() - 1).max(1);
    let part = posts.div_ceil(threads).max(1);
    rows.par_chunks_mut(part).zip(ledgers.par_chunks_mut(part)).enumerate().for_each(|(number, (rows, ledgers))| {
        let place = |slot: usize| slot.wrapping_sub(number * part);
        for (Event { account, slot, what }, later) in events.iter_ahead(AHEAD) {
            if let Some(later) = later {
                prefetch_at(ledgers, place(later.slot()));
                if later.what().engaged() {
                    prefetch_at(rows, place(later.slot()));
                }
            }
            assert!((slot as usize) < posts, "a view of a post that is not live");
            let place = place(slot as usize);
            if let Some(ledger) = ledgers.get_mut(place) {
                count_view(what, muted[account.row()], ledger, &mut rows[place]);
            }
        }
    });
}

fn count_view(what: Did, muted: bool, ledger: &mut PostLedger, row: &mut PostRow) {
    ledger.views += 1;
    ledger.hides += u32::from(what.hidden());
    ledger.reports += u32::from(what.reported());
    ledger.shares += u32::from(what.shared());
    if what.engaged() && !muted {
        ledger.engagements += 1;
        row.popularity += 1.0;
    }
}

/// Lists of likes, shares and profile visits, and the data for updating them.
struct Lists<'a> {
    index: &'a mut Index,
    attention: &'a mut Attention,
    gates: &'a [Gate],
    /// Id of the first live post. Ids of live posts are consecutive.
    first: PostId,
    muted: &'a [bool],
    following: &'a Following,
    day: Day,
    draws: Draws,
}

impl Lists<'_> {
    fn remember(mut self, events: &Events) {
        for (event, later) in events.iter_ahead(AHEAD) {
            if let Some(later) = later.filter(|later| later.what().liked()) {
                self.index.expect_like(later.slot());
                prefetch_at(self.gates, later.slot());
            }
            if event.what.engaged() && !self.muted[event.account.row()] {
                self.engaged(event);
            }
        }
    }

    fn engaged(&mut self, Event { account, slot, what }: Event) {
        let post = self.first.later(slot);
        if what.liked() {
            self.index.like(account, slot as usize, post);
            let creator = self.gates[slot as usize].creator();
            if visits_profile(self.following, account, creator, self.day, self.draws) {
                self.attention.attend(account, creator);
            }
        }
        if what.shared() {
            self.index.share(Shared { by: account, post, day: self.day });
        }
    }
}

/// Trains the factor model with one pass over the day's views, in account order.
fn learn_factors(world: &mut World, happened: &Happened) {
    let factors = &mut world.learned.factors;
    factors.follow(world.people.len(), &world.observed.posts, world.draws);
    for Event { account, slot, what } in happened.events.iter() {
        if !world.observed.accounts.muted[account.row()] {
            factors.learn(account, slot as usize, what.engaged());
        }
    }
}

/// Records today's engagements, in account order.
fn learn_engagements(world: &mut World, happened: &Happened) {
    let (posts, engagements) = (&world.observed.posts, &mut world.learned.engagements);
    engagements.follow(world.people.len(), posts);
    for Event { account, slot, what } in happened.events.iter() {
        if what.engaged() && !world.observed.accounts.muted[account.row()] {
            engagements.learn(account, posts.id(slot as usize));
        }
    }
}

#[cfg(all(test, feature = "parallel"))]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use recsafe_common::ids::AccountId;
    use recsafe_common::observed::PostPool;
    use recsafe_people::behavior::Reaction;

    /// Returns the reaction for four bits: like, share, hide and report.
    fn reaction(bits: u8) -> Reaction {
        let [liked, shared, hidden, reported] = [1, 2, 4, 8].map(|bit| bits & bit != 0);
        Reaction { liked, shared, hidden, reported, ..Reaction::default() }
    }

    proptest! {
        #[test]
        fn views_are_counted_by_any_number_of_threads_as_by_one_loop(
            posts in 1_usize..10,
            views in prop::collection::vec(prop::collection::vec((0_usize..10, 0_u8..16), 0..40), 4),
            muted in prop::collection::vec(any::<bool>(), 4),
            threads in 1_usize..8,
        ) {
            let mut pool = PostPool::default();
            (0..posts).for_each(|_| pool.push(PostRow::default(), 0));
            let (mut events, mut expected) = (Events::default(), vec![([0; 5], 0.0); posts]);
            for (viewer, views) in views.iter().enumerate() {
                for &(slot, bits) in views {
                    let (slot, did) = (slot % posts, reaction(bits));
                    events.push(AccountId(viewer as u32), slot as u32, &did);
                    let counts = [true, did.engaged() && !muted[viewer], did.shared, did.hidden, did.reported];
                    expected[slot].0.iter_mut().zip(counts).for_each(|(sum, counts)| *sum += u32::from(counts));
                    expected[slot].1 += if counts[1] { 1.0 } else { 0.0 };
                }
            }
            let workers = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let (rows, ledgers, _) = pool.columns_mut();
            workers.install(|| count_views(rows, ledgers, &muted, &events));
            let of = |l: &PostLedger| [l.views, l.engagements, l.shares, l.hides, l.reports];
            let found: Vec<_> = pool.ledgers().iter().zip(pool.rows()).map(|(l, row)| (of(l), row.popularity)).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
