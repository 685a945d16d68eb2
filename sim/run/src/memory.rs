//! Memory of a world, from what it is made of: accounts, follows, posts, what is remembered of days, and the work of a day.
//!
//! Sizes of rows are those of the types (`size_of`); how many rows there are comes from the settings, and from a few rates that were
//! counted in the default world. `tests/memory.rs` holds the sum against the bytes that a world has in truth, `make memory` against whole
//! runs. `docs/memory.md` has the same in words.

use recsafe_common::graph::FollowGraph;
use recsafe_common::ids::{AccountId, Day, PostId};
use recsafe_common::observed::{Gate, ObservedAccounts, PostLedger, PostRow};
use recsafe_common::vector::Vector;
use recsafe_config::Settings;
use recsafe_config::experiment::Experiment;
use recsafe_people::contacts::Contact;
use recsafe_people::generate::Imported;
use recsafe_people::people::People;
use recsafe_platform::attention::ATTENDED;
use recsafe_platform::factors::Factor;
use recsafe_platform::inbox;
use recsafe_platform::index::{LIKED, LIKERS, Ring, Shared};
use recsafe_platform::learning::Example;
use recsafe_platform::memory::{History, SEEN, Suggested};

use recsafe_engine::measure::{AccountCounts, AccountDay, Cell, ContactDay, EnforcementDay, Impression, Life, Tally};
use recsafe_engine::{BadRules, CHUNK, EXAMPLES_A_DAY, PostTruth, Rules, WAVE, event_bytes};
use recsafe_results::ROW_GROUP;

/// Posts put before an account in a day; more with a feed that people like.
pub(super) const IMPRESSIONS_PER_ACCOUNT_DAY: f64 = 33.0;
/// Shares an account and day (counted: 0.25 in the first week, 0.6 later).
const SHARES_PER_ACCOUNT_DAY: f64 = 0.6;
/// Contacts that an account adds in a day (counted).
const CONTACTS_PER_ACCOUNT_DAY: f64 = 0.13;
/// Suggestions that an account is shown in a day (counted).
const SUGGESTIONS_PER_ACCOUNT_DAY: f64 = 0.8;
/// Likes and shares of an account in a day, for rankers that keep them all (counted).
const ENGAGEMENTS_PER_ACCOUNT_DAY: f64 = 3.5;

/// A list that grows has room for half as much again, on average between the times when its room is doubled.
const GROWING: f64 = 1.5;
/// The same of a list that grows by an eighth at a time.
const APPENDED: f64 = 1.07;
/// Bytes that a vector takes beside its elements: pointer, length, room.
const LIST: usize = size_of::<Vec<u32>>();
/// Bytes that an allocation costs beside what was asked for: its header, and rounding up to 16.
const ALLOCATION: f64 = 16.0;
/// Bytes of one name of a table while it is written: where it stands, and its copy in the column.
const TEXT_IN_TABLE: f64 = 16.0 + 16.0 + 8.0;
/// Bytes of one number of a table while it is written, its copy in the column counted.
const NUMBER_IN_TABLE: f64 = 12.0;
/// Columns of texts and of other values in `accounts.parquet`.
const ACCOUNT_COLUMNS: (f64, f64) = (6.0, 24.0);
/// The same of `exposures.parquet`.
const EXPOSURE_COLUMNS: (f64, f64) = (2.0, 10.0);

/// Bytes of an element of a column.
fn element<T>(_: &Vec<T>) -> usize {
    size_of::<T>()
}

/// Bytes of a row of a table of columns. Every column is named: one that is added and not named here does not compile.
macro_rules! row {
    ($table:ident { $($column:ident),* }) => {{
        let $table { $($column),* } = &$table::default();
        0 $(+ element($column))*
    }};
}

/// Bytes of an account, whatever it does and whomever it follows.
#[must_use]
pub fn account_bytes() -> f64 {
    let people = row!(People {
        role,
        band,
        stated,
        private,
        messages,
        region,
        activity,
        posting,
        curiosity,
        aversion,
        readiness,
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
    let observed =
        row!(ObservedAccounts { stated, band, private, messages, region, joined, standing, signal, muted, implicated });
    let remembered = memory_bytes() + index_bytes() + attention_bytes();
    let (graph, contacts) = (2 * LIST, LIST);
    (people + observed + remembered + graph + contacts) as f64 + 2.0 * ALLOCATION
}

/// Bytes of what the platform remembers of an account: profile, views, suggestions.
const fn memory_bytes() -> usize {
    size_of::<Vector>() + size_of::<History>() + size_of::<Suggested>()
}

/// Bytes of the views that the platform remembers of an account after so many days, on average. Room is doubled as views come, until it is
/// full (counted in the default world: 30, 68, 106, 122 and 126 places after 1, 3, 7, 14 and 21 days).
fn seen_bytes(days: f64) -> f64 {
    let places = SEEN as f64 * (1.0 - libm::exp(-days / 4.0));
    places * size_of::<PostId>() as f64 + ALLOCATION
}

/// Bytes of an account in the lists by which posts are found: its newest post, where its shares begin, its last likes.
const fn index_bytes() -> usize {
    2 * size_of::<u32>() + size_of::<Ring<LIKED>>()
}

/// Bytes of visits to and from an account.
const fn attention_bytes() -> usize {
    2 * size_of::<Ring<ATTENDED>>()
}

/// Bytes of a follow: it stands with both of its accounts.
#[must_use]
pub fn follow_bytes() -> f64 {
    let _: fn(&FollowGraph, AccountId) -> &[AccountId] = FollowGraph::followers; // what is counted here
    (1.0 + GROWING) * size_of::<AccountId>() as f64
}

/// Bytes of a live post.
#[must_use]
pub fn post_bytes() -> f64 {
    let rows = size_of::<PostRow>() + size_of::<Gate>() + size_of::<PostLedger>() + size_of::<PostTruth>();
    let index = 2 * size_of::<u32>() + size_of::<Ring<LIKERS>>();
    GROWING * (rows + index) as f64
}

/// What a world takes, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct WorldMemory {
    /// Accounts.
    pub accounts: f64,
    /// Follows.
    pub follows: f64,
    /// Live posts.
    pub posts: f64,
    /// Views, shares, contacts and suggestions that are remembered, inboxes, and what rankers learned.
    pub remembered: f64,
}

impl WorldMemory {
    /// All of it.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.accounts + self.follows + self.posts + self.remembered
    }

    /// What a world with these settings takes when it has lived for `days` days. `before`: settings of its warm-up.
    ///
    /// # Errors
    /// If the settings are none that were checked.
    pub fn of(settings: &Settings, days: u32) -> Result<WorldMemory, BadRules> {
        let rules = Rules::new(&settings.world, &settings.policy)?;
        let (accounts, follows) = accounts_and_follows(settings);
        let live = f64::from(days.min(settings.world.content.post_lifetime_days));
        let content = &settings.world.content;
        let posts = accounts * content.posters * (content.posts * live + f64::from(content.initial_posts));
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

/// Accounts of a world, and follows between them: of its file, if it has one.
fn accounts_and_follows(settings: &Settings) -> (f64, f64) {
    let world = &settings.world;
    let imported = world.imported.as_ref().and_then(|imported| imported.follows.as_ref());
    let accounts = f64::from(world.accounts());
    (accounts, imported.map_or(accounts * world.graph.follows, |pairs| pairs.len() as f64))
}

/// Accounts of a world.
#[must_use]
pub fn accounts(settings: &Settings) -> f64 {
    f64::from(settings.world.accounts())
}

/// Bytes that the rows of the files of a world take as long as the program runs.
#[must_use]
pub fn imported_bytes(imported: &Imported) -> f64 {
    let bytes = |pairs: &Option<Vec<(u32, u32)>>| pairs.as_ref().map_or(0, |pairs| size_of_val(pairs.as_slice()));
    (bytes(&imported.follows) + bytes(&imported.likes)) as f64
}

/// What a run takes beside its world, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RunMemory {
    /// What is recorded: counts of accounts and of days, and the exposures that are kept.
    pub recorded: f64,
    /// The work of a day, or the tables while they are written: whichever is more.
    pub work: f64,
    /// Of both, what does not grow with accounts.
    pub fixed: f64,
}

impl RunMemory {
    /// All of it.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.recorded + self.work
    }

    /// What a run of an experiment with these settings takes beside its world.
    #[must_use]
    pub fn of(experiment: &Experiment, settings: &Settings) -> RunMemory {
        let (accounts, days) = (accounts(settings), f64::from(experiment.about.days));
        let lived = f64::from(settings.world.warm_up_days) + days;
        let exposures = accounts * IMPRESSIONS_PER_ACCOUNT_DAY * days * experiment.output.exposures;
        let of_account = size_of::<AccountCounts>() + size_of::<Cell>() + size_of::<Option<Day>>() + size_of::<Life>();
        let flags = 4 * size_of::<bool>() + 2 * size_of::<i32>();
        let of_day = size_of::<Tally>() + size_of::<ContactDay>() + size_of::<EnforcementDay>();
        let recorded = accounts * (of_account + flags) as f64
            + days * of_day as f64
            + APPENDED * exposures * size_of::<Impression>() as f64;
        let of_chunk = (size_of::<Tally>() as f64) / CHUNK as f64;
        let explored = accounts * IMPRESSIONS_PER_ACCOUNT_DAY * settings.policy.feed.explore.max(0.1);
        let examples = EXAMPLES_A_DAY.min(explored) * size_of::<Example>() as f64;
        // What a wave puts out stands apart until it is put together with what others did.
        let views = event_bytes(IMPRESSIONS_PER_ACCOUNT_DAY);
        let wave = accounts.min(WAVE as f64) * (of_chunk + GROWING * (views + size_of::<AccountDay>() as f64));
        let day = wave + APPENDED * accounts * views + examples;
        // The platform's memory is let go of before tables are written, one after the other and a row group at a time.
        let remembered = (memory_bytes() + index_bytes() + attention_bytes()) as f64;
        let forgotten = accounts * (remembered + seen_bytes(lived));
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

/// Bytes of a row of a table while it is written.
fn in_table((texts, numbers): (f64, f64)) -> f64 {
    texts * TEXT_IN_TABLE + numbers * NUMBER_IN_TABLE
}
