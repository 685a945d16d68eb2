//! The columns by which two worlds are compared. The columns describe accounts, live posts and the
//! whole platform.

use std::fmt::Debug;
use std::hash::{DefaultHasher, Hasher};
use std::io::{self, Write};

use recsafe_common::ids::AccountId;
use serde::Serialize;

use recsafe_engine::World;

/// The rows of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// One row per account.
    Account,
    /// One row per live post, oldest first.
    Post,
    /// A single row.
    World,
}

/// A compared column.
pub(super) struct Column {
    /// Name of the column in messages.
    pub name: &'static str,
    /// Kind of the column's rows.
    pub of: Of,
    digest: fn(&World, usize, &mut DefaultHasher),
    words: fn(&World, usize) -> String,
}

macro_rules! columns {
    ($($of:ident $name:literal: |$world:ident, $row:ident| $value:expr;)*) => {
        /// All columns. Causes come before their consequences.
        pub(super) static COLUMNS: &[Column] = &[$(Column {
            name: $name,
            of: Of::$of,
            digest: |$world, $row, sum| digest(&$value, sum),
            words: |$world, $row| words(&$value),
        },)*];
    };
}

fn id(row: usize) -> AccountId {
    AccountId(row as u32)
}

columns! {
    World "the seed of all draws": |world, _row| world.draws;
    World "the map of topics": |world, _row| world.map;
    Account "traits": |world, row| {
        let people = &world.people;
        (
            (people.role[row], people.band[row], people.declared_age[row], people.private[row], people.messages[row], people.intents[row]),
            (people.region[row], people.activity[row], people.posting[row], people.curiosity[row], people.aversion[row], people.report_propensity[row]),
            (people.centres[row], people.weights[row], people.creates[row], people.niche_interest[row]),
        )
    };
    Account "day of arrival, day of removal, previous account": |world, row| (world.people.arrived[row], world.people.removed[row], world.people.returned_from[row]);
    Account "standing": |world, row| (world.observed.accounts.standing[row], world.enforcement_state.ends.get(&id(row)));
    Account "strikes": |world, row| world.enforcement_state.strikes.of(id(row));
    Account "age band used by the platform": |world, row| world.observed.accounts.band[row];
    Account "private, according to the platform": |world, row| world.observed.accounts.private[row];
    Account "excluded from training": |world, row| world.observed.accounts.excluded_from_training[row];
    Account "account classifier score": |world, row| (world.observed.accounts.classifier_score[row], world.observed.accounts.lost_tie_count[row]);
    Account "followed accounts": |world, row| world.observed.graph.followees(id(row));
    Account "blocks": |world, row| world.observed.blocks.of(id(row));
    Account "number of posts": |world, row| (world.people.posted[row], world.people.posted_severe[row]);
    Post "true content": |world, row| world.truth[row];
    Post "data of the platform": |world, row| (world.observed.posts.rows()[row], world.observed.posts.access()[row].visibility());
    Post "counts": |world, row| world.observed.posts.counters()[row];
    Account "inbox": |world, row| world.inboxes.of(id(row));
    Account "viewed posts": |world, row| world.memory.history(id(row));
    Account "suggested accounts": |world, row| world.memory.suggested(id(row));
    Account "interests": |world, row| world.people.interest(id(row));
    Account "searched for a niche": |world, row| world.people.searched_niche[row];
    Account "profile on the platform": |world, row| world.memory.profile(id(row));
    Account "liked posts": |world, row| world.index.liked(id(row));
    Post "accounts that liked the post": |world, row| world.index.likers(row);
    Account "profile visits": |world, row| (world.profile_visits.visited_by(id(row)), world.profile_visits.visitors_of(id(row)));
    Account "contacts": |world, row| world.contacts.of(id(row));
    World "delayed first messages": |world, _row| world.held;
    World "averted discoveries of minors": |world, _row| world.averted;
    Account "exchange links": |world, row| world.exchange_network.of(id(row));
    World "recruitment in the exchange network": |world, _row| world.recruitment;
    World "probes": |world, _row| (&world.probes, world.first_probe, world.inert);
    World "review queue": |world, _row| world.enforcement_state.queue;
    World "appeals": |world, _row| world.enforcement_state.appeals;
    World "removed accounts that may be readmitted": |world, _row| world.enforcement_state.removed_accounts;
    World "removals": |world, _row| (&world.enforcement_state.removals, &world.enforcement_state.lost_tie_accounts, world.enforcement_state.tests);
    World "value model": |world, _row| world.learned.heads;
    World "bandit": |world, _row| world.learned.posterior;
    World "factors": |world, _row| world.learned.factors;
    World "engagements": |world, _row| world.learned.engagements;
}

impl Column {
    /// Returns the number of rows in a world.
    pub(super) fn rows(&self, world: &World) -> usize {
        match self.of {
            Of::Account => world.people.len(),
            Of::Post => world.observed.posts.len(),
            Of::World => 1,
        }
    }

    /// Returns the hash of a row. Different values almost certainly have different hashes.
    pub(super) fn row_digest(&self, world: &World, row: usize) -> u64 {
        let mut sum = DefaultHasher::new();
        (self.digest)(world, row, &mut sum);
        sum.finish()
    }

    /// Returns the hash of all rows.
    pub(super) fn digest(&self, world: &World) -> u64 {
        let mut sum = DefaultHasher::new();
        let rows = self.rows(world);
        sum.write_usize(rows);
        for row in 0..rows {
            (self.digest)(world, row, &mut sum);
        }
        sum.finish()
    }

    /// Returns the value of a row, in words.
    pub(super) fn words(&self, world: &World, row: usize) -> String {
        (self.words)(world, row)
    }

    /// Returns the account of a row, or `None` if the column is about the platform.
    pub(super) fn account(&self, world: &World, row: usize) -> Option<AccountId> {
        match self.of {
            Of::Account => Some(id(row)),
            Of::Post => Some(world.observed.posts.rows()[row].creator),
            Of::World => None,
        }
    }
}

/// A writer that hashes its input.
struct Into<'a>(&'a mut DefaultHasher);

impl Write for Into<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn digest<T: Serialize + ?Sized>(value: &T, sum: &mut DefaultHasher) {
    drop(postcard::to_io(value, Into(sum))); // never fails: hashes accept all input, and checkpoints serialize the same values
}

fn words<T: Serialize + Debug + ?Sized>(value: &T) -> String {
    match serde_json::to_string(value) {
        Ok(text) if text == "null" => "nothing".to_owned(),
        Ok(text) => text,
        Err(_) => format!("{value:?}"), // a map with pairs as keys, which JSON lacks
    }
}
