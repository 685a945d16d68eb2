//! Learning: today's views update the posts' counters, the platform's index and its models.

use recsafe_common::draw::Draws;
use recsafe_common::ids::{Day, PostId};
use recsafe_common::observed::{PostAccess, PostCounters, PostRow};
use recsafe_common::prefetch::prefetch_at;
use recsafe_people::behavior::following::visits_profile;
use recsafe_people::settings::Following;
use recsafe_platform::index::{Index, Shared};
use recsafe_platform::learning::refresh_posts;
use recsafe_platform::profile_visits::ProfileVisits;

use super::day_log::{DayLog, Event, Events, Reactions};
use super::parallel::prelude::*;
use super::parallel::{current_num_threads, join};
use super::{Rules, World};

/// Learns from the day, in account order.
pub(super) fn learn(world: &mut World, rules: &Rules, log: &DayLog) {
    for &account in &log.resets {
        world.index.forget(account);
        world.learned.engagements.forget(account);
    }
    learn_from_views(world, rules, &log.events);
    world.learned.learn(&log.examples);
    if rules.ranker.learns_factors() || rules.policy.learns_factors() {
        learn_factors(world, log);
    }
    if rules.ranker.learns_engagements() || rules.policy.learns_engagements() {
        learn_engagements(world, log);
    }
    refresh_posts(&mut world.observed.posts, world.people.len(), rules.feed.popularity_half_life);
}

/// Number of views between a prefetch and the use of the data. Prefetching helps because the posts
/// of consecutive views are far apart in memory.
const AHEAD: usize = 16;

/// Updates the posts' counters and the platform's index from the day's views. The two updates run
/// in parallel, because they share only data that neither changes.
fn learn_from_views(world: &mut World, rules: &Rules, events: &Events) {
    let World { observed, index, profile_visits, draws, .. } = world;
    let first = observed.posts.id(0);
    let (rows, counters, access) = observed.posts.columns_mut();
    let excluded_from_training = &observed.accounts.excluded_from_training;
    let following = &rules.behavior.following;
    let lists = Lists {
        index,
        profile_visits,
        access,
        first,
        excluded_from_training,
        following,
        day: observed.day,
        draws: *draws,
    };
    join(|| count_views(rows, counters, excluded_from_training, events), || lists.remember(events));
}

/// Adds the day's views to the posts' counters. Each thread reads all views and updates its own
/// part of the posts. Every post is thus updated in account order for any number of threads. One
/// thread is left for the platform's index.
fn count_views(rows: &mut [PostRow], counters: &mut [PostCounters], excluded_from_training: &[bool], events: &Events) {
    let posts = rows.len();
    let threads = (current_num_threads() - 1).max(1);
    let part = posts.div_ceil(threads).max(1);
    rows.par_chunks_mut(part).zip(counters.par_chunks_mut(part)).enumerate().for_each(|(number, (rows, counters))| {
        let index = |post_index: usize| post_index.wrapping_sub(number * part);
        for (Event { account, post_index, what }, later) in events.iter_ahead(AHEAD) {
            if let Some(later) = later {
                prefetch_at(counters, index(later.post_index()));
                if later.what().engaged() {
                    prefetch_at(rows, index(later.post_index()));
                }
            }
            assert!((post_index as usize) < posts, "a view of a post that is not live");
            let index = index(post_index as usize);
            if let Some(post_counters) = counters.get_mut(index) {
                count_view(what, excluded_from_training[account.row()], post_counters, &mut rows[index]);
            }
        }
    });
}

fn count_view(what: Reactions, excluded_from_training: bool, post_counters: &mut PostCounters, row: &mut PostRow) {
    post_counters.views += 1;
    post_counters.hides += u32::from(what.hidden());
    post_counters.reports += u32::from(what.reported());
    post_counters.shares += u32::from(what.shared());
    if what.engaged() && !excluded_from_training {
        post_counters.engagements += 1;
        row.popularity += 1.0;
    }
}

/// Lists of likes, shares and profile visits, and the data for updating them.
struct Lists<'a> {
    index: &'a mut Index,
    profile_visits: &'a mut ProfileVisits,
    access: &'a [PostAccess],
    /// Id of the first live post. Ids of live posts are consecutive.
    first: PostId,
    excluded_from_training: &'a [bool],
    following: &'a Following,
    day: Day,
    draws: Draws,
}

impl Lists<'_> {
    fn remember(mut self, events: &Events) {
        for (event, later) in events.iter_ahead(AHEAD) {
            if let Some(later) = later.filter(|later| later.what().liked()) {
                self.index.prefetch_like(later.post_index());
                prefetch_at(self.access, later.post_index());
            }
            if event.what.engaged() && !self.excluded_from_training[event.account.row()] {
                self.engaged(event);
            }
        }
    }

    fn engaged(&mut self, Event { account, post_index, what }: Event) {
        let post = self.first.later(post_index);
        if what.liked() {
            self.index.like(account, post_index as usize, post);
            let creator = self.access[post_index as usize].creator();
            if visits_profile(self.following, account, creator, self.day, self.draws) {
                self.profile_visits.add(account, creator);
            }
        }
        if what.shared() {
            self.index.share(Shared { by: account, post, day: self.day });
        }
    }
}

/// Trains the factor model with one pass over the day's views, in account order.
fn learn_factors(world: &mut World, log: &DayLog) {
    let factors = &mut world.learned.factors;
    factors.follow(world.people.len(), &world.observed.posts, world.draws);
    for Event { account, post_index, what } in log.events.iter() {
        if !world.observed.accounts.excluded_from_training[account.row()] {
            factors.learn(account, post_index as usize, what.engaged());
        }
    }
}

/// Records today's engagements, in account order.
fn learn_engagements(world: &mut World, log: &DayLog) {
    let (posts, engagements) = (&world.observed.posts, &mut world.learned.engagements);
    engagements.follow(world.people.len(), posts);
    for Event { account, post_index, what } in log.events.iter() {
        if what.engaged() && !world.observed.accounts.excluded_from_training[account.row()] {
            engagements.learn(account, posts.id(post_index as usize));
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

    /// Returns the reaction that four bits encode: like, share, hide and report.
    fn reaction(bits: u8) -> Reaction {
        let [liked, shared, hidden, reported] = [1, 2, 4, 8].map(|bit| bits & bit != 0);
        Reaction { liked, shared, hidden, reported, ..Reaction::default() }
    }

    proptest! {
        #[test]
        fn views_are_counted_by_any_number_of_threads_as_by_one_loop(
            posts in 1_usize..10,
            views in prop::collection::vec(prop::collection::vec((0_usize..10, 0_u8..16), 0..40), 4),
            excluded_from_training in prop::collection::vec(any::<bool>(), 4),
            threads in 1_usize..8,
        ) {
            let mut pool = PostPool::default();
            (0..posts).for_each(|_| pool.push(PostRow::default(), 0));
            let (mut events, mut expected) = (Events::default(), vec![([0; 5], 0.0); posts]);
            for (viewer, views) in views.iter().enumerate() {
                for &(post_index, bits) in views {
                    let (post_index, reactions) = (post_index % posts, reaction(bits));
                    events.push(AccountId(viewer as u32), post_index as u32, &reactions);
                    let counts = [true, reactions.engaged() && !excluded_from_training[viewer], reactions.shared, reactions.hidden, reactions.reported];
                    expected[post_index].0.iter_mut().zip(counts).for_each(|(sum, counts)| *sum += u32::from(counts));
                    expected[post_index].1 += if counts[1] { 1.0 } else { 0.0 };
                }
            }
            let workers = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let (rows, counters, _) = pool.columns_mut();
            workers.install(|| count_views(rows, counters, &excluded_from_training, &events));
            let of = |l: &PostCounters| [l.views, l.engagements, l.shares, l.hides, l.reports];
            let found: Vec<_> = pool.counters().iter().zip(pool.rows()).map(|(l, row)| (of(l), row.popularity)).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
