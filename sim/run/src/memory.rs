//! Memory of a world and of a run, computed from the sizes of types and the settings.
//!
//! Row sizes come from `size_of`. Numbers of rows come from the settings and from a few rates that
//! were counted in the default world. `tests/memory.rs` compares the sum with the memory of real
//! worlds, and `make memory` compares it with whole runs. `docs/memory.md` explains the
//! calculation.

use recsafe_common::graph::FollowGraph;
use recsafe_common::ids::{AccountId, Day, PostId};
use recsafe_common::observed::{ObservedAccounts, PostAccess, PostCounters, PostRow};
use recsafe_common::vector::Vector;
use recsafe_config::Settings;
use recsafe_config::experiment::Experiment;
use recsafe_people::contacts::Contact;
use recsafe_people::generate::Imported;
use recsafe_people::people::People;
use recsafe_platform::factors::Factor;
use recsafe_platform::inbox;
use recsafe_platform::index::{LIKED, LIKERS, Ring, Shared};
use recsafe_platform::learning::Example;
use recsafe_platform::memory::{History, SEEN, Suggested};
use recsafe_platform::profile_visits::MOST_VISITS;

use recsafe_engine::measure::{
    AccountCounts, AccountDay, ContactDay, DayCounts, EnforcementDay, Impression, Life, Stratum,
};
use recsafe_engine::{BadRules, CHUNK, EXAMPLES_A_DAY, PostTruth, Rules, WAVE, event_bytes};
use recsafe_results::ROW_GROUP;

/// Impressions per account and day. Popular feeds have more.
pub(super) const IMPRESSIONS_PER_ACCOUNT_DAY: f64 = 33.0;
/// Posts shared per account and day (counted: 0.25 in the first week, 0.6 later).
const SHARES_PER_ACCOUNT_DAY: f64 = 0.6;
/// New contacts per account and day (counted).
const CONTACTS_PER_ACCOUNT_DAY: f64 = 0.13;
/// People suggestions shown per account and day (counted).
const SUGGESTIONS_PER_ACCOUNT_DAY: f64 = 0.8;
/// Likes and shares per account and day, for rankers that keep all of them (counted).
const ENGAGEMENTS_PER_ACCOUNT_DAY: f64 = 3.5;

/// Average capacity per element of a list that doubles its capacity.
const GROWING: f64 = 1.5;
/// Average capacity per element of a list that grows by an eighth at a time.
const APPENDED: f64 = 1.07;
/// Bytes of a vector without its elements: pointer, length, capacity.
const LIST: usize = size_of::<Vec<u32>>();
/// Bytes per allocation in addition to its content: header, and rounding up to 16 bytes.
const ALLOCATION: f64 = 16.0;
/// Bytes per text of a table while the table is written: the reference to the text and its copy in
/// the column.
const TEXT_IN_TABLE: f64 = 16.0 + 16.0 + 8.0;
/// Bytes per number of a table while the table is written, including the number's copy in the
/// column.
const NUMBER_IN_TABLE: f64 = 12.0;
/// Number of text columns and of other columns in `accounts.parquet`.
const ACCOUNT_COLUMNS: (f64, f64) = (6.0, 24.0);
/// Number of text columns and of other columns in `exposures.parquet`.
const EXPOSURE_COLUMNS: (f64, f64) = (2.0, 10.0);

/// Returns the size of a column's element.
fn element<T>(_: &Vec<T>) -> usize {
    size_of::<T>()
}

/// Returns the size of a row. All columns must be named, so a new column without a name here does
/// not compile.
macro_rules! row {
    ($table:ident { $($column:ident),* }) => {{
        let $table { $($column),* } = &$table::default();
        0 $(+ element($column))*
    }};
}

/// Returns the bytes of an account, without its follows and activity.
#[must_use]
pub fn account_bytes() -> f64 {
    let people = row!(People {
        role,
        band,
        declared_age,
        private,
        messages,
        region,
        activity,
        posting,
        curiosity,
        aversion,
        report_propensity,
        intents,
        centres,
        weights,
        creates,
        interests,
        niche_interest,
        posted,
        searched_niche,
        posted_severe,
        arrived,
        removed,
        returned_from
    });
    let observed = row!(ObservedAccounts {
        declared_age,
        band,
        private,
        messages,
        region,
        joined,
        standing,
        classifier_score,
        excluded_from_training,
        lost_tie_count
    });
    let remembered = memory_bytes() + index_bytes() + attention_bytes();
    let (graph, contacts) = (2 * LIST, LIST);
    (people + observed + remembered + graph + contacts) as f64 + 2.0 * ALLOCATION
}

/// Returns the bytes that the platform stores per account: profile, views, suggestions.
const fn memory_bytes() -> usize {
    size_of::<Vector>() + size_of::<History>() + size_of::<Suggested>()
}

/// Returns the average bytes of an account's viewed posts after a number of days. Capacity doubles
/// until the list is full (counted in the default world: 30, 68, 106, 122 and 126 entries after 1,
/// 3, 7, 14 and 21 days).
fn seen_bytes(days: f64) -> f64 {
    let places = SEEN as f64 * (1.0 - libm::exp(-days / 4.0));
    places * size_of::<PostId>() as f64 + ALLOCATION
}

/// Returns the bytes of an account in the candidate indices: its newest post, the start of its
/// shares, its last likes.
const fn index_bytes() -> usize {
    2 * size_of::<u32>() + size_of::<Ring<LIKED>>()
}

/// Returns the bytes of an account's profile visits, in both directions.
const fn attention_bytes() -> usize {
    2 * size_of::<Ring<MOST_VISITS>>()
}

/// Returns the bytes of a follow, which is stored for both accounts.
#[must_use]
pub fn follow_bytes() -> f64 {
    let _: fn(&FollowGraph, AccountId) -> &[AccountId] = FollowGraph::followers; // the columns that are counted here
    (1.0 + GROWING) * size_of::<AccountId>() as f64
}

/// Returns the bytes of a live post.
#[must_use]
pub fn post_bytes() -> f64 {
    let rows = size_of::<PostRow>() + size_of::<PostAccess>() + size_of::<PostCounters>() + size_of::<PostTruth>();
    let index = 2 * size_of::<u32>() + size_of::<Ring<LIKERS>>();
    GROWING * (rows + index) as f64
}

/// Memory of a world, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct WorldMemory {
    /// Accounts.
    pub accounts: f64,
    /// Follows.
    pub follows: f64,
    /// Live posts.
    pub posts: f64,
    /// History of views, shares, contacts and suggestions, inboxes, and the state of learning
    /// rankers.
    pub remembered: f64,
}

impl WorldMemory {
    /// Returns the sum.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.accounts + self.follows + self.posts + self.remembered
    }

    /// Returns the memory of a world with these settings after `days` days.
    ///
    /// # Errors
    /// If the settings are invalid.
    pub fn of(settings: &Settings, days: u32) -> Result<WorldMemory, BadRules> {
        let rules = Rules::new(&settings.world, &settings.policy)?;
        let (accounts, follows) = accounts_and_follows(settings);
        let live = f64::from(days.min(settings.world.content.post_lifetime_days));
        let content = &settings.world.content;
        let posts =
            accounts * content.posting_share * (content.posts_per_day * live + f64::from(content.initial_posts));
        let most = |days: u32, most: u32| f64::from(days.min(most));
        let shares = SHARES_PER_ACCOUNT_DAY * live * size_of::<Shared>() as f64;
        let contacts = CONTACTS_PER_ACCOUNT_DAY
            * most(days, settings.world.behavior.contact.retry_after_days)
            * size_of::<Contact>() as f64;
        let suggested = (SUGGESTIONS_PER_ACCOUNT_DAY * f64::from(days)).min(f64::from(rules.people.fatigue_memory));
        let mut each =
            GROWING * (shares + contacts + suggested * size_of::<u32>() as f64) + seen_bytes(f64::from(days));
        let mut of_posts = 0.0;
        if rules.feed.quotas.inbox > 0.0 {
            each += f64::from(rules.feed.inbox) * size_of::<inbox::Entry>() as f64;
        }
        if rules.ranker.learns_factors() || rules.policy.learns_factors() {
            each += size_of::<Factor>() as f64;
            of_posts += GROWING * (size_of::<Factor>() + size_of::<f32>()) as f64;
        }
        if rules.ranker.learns_engagements() || rules.policy.learns_engagements() {
            each += LIST as f64 + GROWING * ENGAGEMENTS_PER_ACCOUNT_DAY * live * 2.0 * size_of::<u32>() as f64;
            of_posts += LIST as f64 + ALLOCATION;
        }
        Ok(WorldMemory {
            accounts: accounts * account_bytes(),
            follows: follows * follow_bytes(),
            posts: posts * post_bytes(),
            remembered: accounts * each + posts * of_posts,
        })
    }
}

/// Returns the number of accounts and of follows. An imported world takes both numbers from its
/// file.
fn accounts_and_follows(settings: &Settings) -> (f64, f64) {
    let world = &settings.world;
    let imported = world.imported.as_ref().and_then(|imported| imported.follows.as_ref());
    let accounts = f64::from(world.accounts());
    (accounts, imported.map_or(accounts * world.graph.follows, |pairs| pairs.len() as f64))
}

/// Returns the number of accounts of a world.
#[must_use]
pub fn accounts(settings: &Settings) -> f64 {
    f64::from(settings.world.accounts())
}

/// Returns the bytes of imported rows, which stay in memory while the program runs.
#[must_use]
pub fn imported_bytes(imported: &Imported) -> f64 {
    let bytes = |pairs: &Option<Vec<(u32, u32)>>| pairs.as_ref().map_or(0, |pairs| size_of_val(pairs.as_slice()));
    (bytes(&imported.follows) + bytes(&imported.likes)) as f64
}

/// Memory of a run in addition to its world, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RunMemory {
    /// Recorded counts by account and day, and recorded exposures.
    pub recorded: f64,
    /// Memory for a day's work or for writing the tables, whichever is larger.
    pub work: f64,
    /// The part of `recorded` and `work` that does not grow with the number of accounts.
    pub fixed: f64,
}

impl RunMemory {
    /// Returns the sum.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.recorded + self.work
    }

    /// Returns the memory of a run with these settings, in addition to its world.
    #[must_use]
    pub fn of(experiment: &Experiment, settings: &Settings) -> RunMemory {
        let (accounts, days) = (accounts(settings), f64::from(experiment.about.days));
        let total_days = f64::from(settings.world.warm_up_days) + days;
        let exposures = accounts * IMPRESSIONS_PER_ACCOUNT_DAY * days * experiment.output.exposures;
        let of_account =
            size_of::<AccountCounts>() + size_of::<Stratum>() + size_of::<Option<Day>>() + size_of::<Life>();
        let flags = 4 * size_of::<bool>() + 2 * size_of::<i32>();
        let of_day = size_of::<DayCounts>() + size_of::<ContactDay>() + size_of::<EnforcementDay>();
        let recorded = accounts * (of_account + flags) as f64
            + days * of_day as f64
            + APPENDED * exposures * size_of::<Impression>() as f64;
        let of_chunk = (size_of::<DayCounts>() as f64) / CHUNK as f64;
        let explored = accounts * IMPRESSIONS_PER_ACCOUNT_DAY * settings.policy.feed.exploration.max(0.1);
        let examples = EXAMPLES_A_DAY.min(explored) * size_of::<Example>() as f64;
        // The output of a wave is buffered until the output is merged.
        let views = event_bytes(IMPRESSIONS_PER_ACCOUNT_DAY);
        let wave = accounts.min(WAVE as f64) * (of_chunk + GROWING * (views + size_of::<AccountDay>() as f64));
        let day = wave + APPENDED * accounts * views + examples;
        // The platform's memory is freed before tables are written. Tables are written one after
        // another, one row group at a time.
        let remembered = (memory_bytes() + index_bytes() + attention_bytes()) as f64;
        let forgotten = accounts * (remembered + seen_bytes(total_days));
        let group = |rows: f64| rows.min(ROW_GROUP as f64);
        let of_accounts = group(accounts) * in_table(ACCOUNT_COLUMNS);
        let tables = of_accounts.max(group(exposures) * in_table(EXPOSURE_COLUMNS)) - forgotten;
        let mut fixed = days * of_day as f64 + examples;
        if accounts > WAVE as f64 {
            fixed += wave;
        }
        RunMemory { recorded, work: day.max(tables), fixed: if day > tables { fixed } else { 0.0 } }
    }
}

/// Returns the bytes of a table's row while the table is written.
fn in_table((texts, numbers): (f64, f64)) -> f64 {
    texts * TEXT_IN_TABLE + numbers * NUMBER_IN_TABLE
}
