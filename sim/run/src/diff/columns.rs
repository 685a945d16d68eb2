//! What two worlds are compared by: columns of accounts, of live posts, and of the platform as a whole.

use std::fmt::Debug;
use std::hash::{DefaultHasher, Hasher};
use std::io::{self, Write};

use recsafe_common::ids::AccountId;
use serde::Serialize;

use recsafe_engine::World;

/// What a column has a row for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// Each account.
    Account,
    /// Each live post, oldest first.
    Post,
    /// The world as a whole: one row.
    World,
}

/// One thing that is compared.
pub(super) struct Column {
    /// What it is, for people.
    pub name: &'static str,
    /// What it has rows for.
    pub of: Of,
    digest: fn(&World, usize, &mut DefaultHasher),
    words: fn(&World, usize) -> String,
}

macro_rules! columns {
    ($($of:ident $name:literal: |$world:ident, $row:ident| $value:expr;)*) => {
        /// Every column: what causes stands before what follows from it.
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
            (people.role[row], people.band[row], people.stated[row], people.private[row], people.messages[row], people.intents[row]),
            (people.region[row], people.activity[row], people.posting[row], people.curiosity[row], people.aversion[row], people.readiness[row]),
            (people.centres[row], people.weights[row], people.creates[row], people.niche_interest[row]),
        )
    };
    Account "days of arrival and removal, and the account before": |world, row| (world.people.arrived[row], world.people.removed[row], world.people.returned_from[row]);
    Account "standing": |world, row| (world.observed.accounts.standing[row], world.casework.ends.get(&id(row)));
    Account "strikes": |world, row| world.casework.strikes.of(id(row));
    Account "age band that the platform goes by": |world, row| world.observed.accounts.band[row];
    Account "private, as the platform has it": |world, row| world.observed.accounts.private[row];
    Account "whether its signals teach nothing": |world, row| world.observed.accounts.muted[row];
    Account "what the account classifier says": |world, row| (world.observed.accounts.signal[row], world.observed.accounts.implicated[row]);
    Account "accounts followed": |world, row| world.observed.graph.followees(id(row));
    Account "blocks": |world, row| world.observed.blocks.of(id(row));
    Account "posts made": |world, row| (world.people.posted[row], world.people.posted_severe[row]);
    Post "content in truth": |world, row| world.truth[row];
    Post "what the platform sees of it": |world, row| (world.observed.posts.rows()[row], world.observed.posts.gates()[row].visibility());
    Post "counts": |world, row| world.observed.posts.ledgers()[row];
    Account "inbox": |world, row| world.inboxes.of(id(row));
    Account "posts seen": |world, row| world.memory.history(id(row));
    Account "accounts suggested": |world, row| world.memory.suggested(id(row));
    Account "interests": |world, row| world.people.interest(id(row));
    Account "searched for a niche": |world, row| world.people.searched_niche[row];
    Account "profile that the platform has": |world, row| world.memory.profile(id(row));
    Account "posts liked": |world, row| world.index.liked(id(row));
    Post "accounts that liked it": |world, row| world.index.likers(row);
    Account "profiles visited, and by whom its own was": |world, row| (world.attention.attended(id(row)), world.attention.viewers(id(row)));
    Account "contacts": |world, row| world.contacts.of(id(row));
    World "messages held back": |world, _row| world.held;
    World "finds that a rule prevented": |world, _row| world.lost;
    Account "links": |world, row| world.links.of(id(row));
    World "who brought in whom": |world, _row| world.trees;
    World "probes": |world, _row| (&world.probes, world.first_probe, world.inert);
    World "review queue": |world, _row| world.casework.queue;
    World "appeals": |world, _row| world.casework.appeals;
    World "removed accounts that may come back": |world, _row| world.casework.departures;
    World "removals": |world, _row| (&world.casework.removals, &world.casework.implicated, world.casework.tests);
    World "what the value model learned": |world, _row| world.learned.heads;
    World "what the bandit learned": |world, _row| world.learned.posterior;
    World "factors": |world, _row| world.learned.factors;
    World "engagements": |world, _row| world.learned.engagements;
}

impl Column {
    /// How many rows it has in a world.
    pub(super) fn rows(&self, world: &World) -> usize {
        match self.of {
            Of::Account => world.people.len(),
            Of::Post => world.observed.posts.len(),
            Of::World => 1,
        }
    }

    /// A number for one row: other values have, as good as surely, other numbers.
    pub(super) fn row_digest(&self, world: &World, row: usize) -> u64 {
        let mut sum = DefaultHasher::new();
        (self.digest)(world, row, &mut sum);
        sum.finish()
    }

    /// A number for all rows.
    pub(super) fn digest(&self, world: &World) -> u64 {
        let mut sum = DefaultHasher::new();
        let rows = self.rows(world);
        sum.write_usize(rows);
        for row in 0..rows {
            (self.digest)(world, row, &mut sum);
        }
        sum.finish()
    }

    /// The value of a row, in words.
    pub(super) fn words(&self, world: &World, row: usize) -> String {
        (self.words)(world, row)
    }

    /// The account that a row is of, if it is of one.
    pub(super) fn account(&self, world: &World, row: usize) -> Option<AccountId> {
        match self.of {
            Of::Account => Some(id(row)),
            Of::Post => Some(world.observed.posts.rows()[row].creator),
            Of::World => None,
        }
    }
}

/// Lets a hash take in what is written.
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
    drop(postcard::to_io(value, Into(sum))); // a hash takes everything, and checkpoints write the same values
}

fn words<T: Serialize + Debug + ?Sized>(value: &T) -> String {
    match serde_json::to_string(value) {
        Ok(text) if text == "null" => "nothing".to_owned(),
        Ok(text) => text,
        Err(_) => format!("{value:?}"), // a map by pairs, which JSON does not know
    }
}
