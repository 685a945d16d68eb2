//! The catalogue of tables: every file of a results folder with its columns. The only place that names them.

/// Type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 32 bits, 0 and above.
    U32,
    /// 32 bits with a sign.
    I32,
    /// 64 bits, 0 and above.
    U64,
    /// Floating point, 32 bits.
    F32,
    /// Floating point, 64 bits.
    F64,
    /// True or false.
    Bool,
    /// Text.
    Text,
}

/// One column.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub kind: Kind,
    /// Whether it may be null.
    pub nullable: bool,
    /// Unit, or an empty text.
    pub unit: &'static str,
    /// What it says.
    pub about: &'static str,
}

/// One table.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// Its name; the file is `name.parquet`.
    pub name: &'static str,
    /// What a row is.
    pub about: &'static str,
    /// Its columns.
    pub columns: &'static [Column],
}

const fn column(name: &'static str, kind: Kind, unit: &'static str, about: &'static str) -> Column {
    Column { name, kind, nullable: false, unit, about }
}

const fn nullable(name: &'static str, kind: Kind, unit: &'static str, about: &'static str) -> Column {
    Column { name, kind, nullable: true, unit, about }
}

use Kind::{Bool, F32, F64, I32, Text, U32, U64};

const ARM: Column = column("arm", Text, "", "arm of the experiment");
const POINT: Column = column("point", U32, "", "sweep point; 0 where nothing is swept");
const SEED: Column = column("seed", U64, "", "seed");

const METRIC: Column = column("metric", Text, "", "metric, see `recsafe list metrics`");
const GROUP: Column = column(
    "group",
    Text,
    "",
    "part of the population: a role, a role with an age band, minor:stated-adult, contacting, exchange, a probe's script, or all; some metrics have groups of their own",
);
const VALUE: Column =
    nullable("value", F64, "the metric's", "factor * numerator / denominator; null where the denominator is 0");
const FACTOR: Column =
    column("factor", F64, "", "the constant of the metric's unit, such as 10,000 for \"per 10,000 accounts\"; else 1");
const NUMERATOR: Column = column("numerator", F64, "", "the count that was made");
const DENOMINATOR: Column = column("denominator", F64, "", "what it is counted for");
const DAY: Column = column("day", I32, "day", "measured day, from 0");
const ACCOUNT: Column = column("account", U32, "", "account id; says nothing about the account");

const INDEX: Table = Table {
    name: "runs",
    about: "One row a planned run: the index of the folder. Runs that the same settings and seed decide share one id and its files.",
    columns: &[
        column("run", Text, "", "id of the run: its files are in runs/run=<id>/"),
        ARM,
        POINT,
        SEED,
        column("status", Text, "", "done, missing, or left-out: in the plan, but not asked for"),
    ],
};

const METRICS: Table = Table {
    name: "metrics",
    about: "One row a metric and group, over the measured days.",
    columns: &[METRIC, GROUP, VALUE, FACTOR, NUMERATOR, DENOMINATOR],
};

const DAILY: Table = Table {
    name: "daily",
    about: "One row a day, metric and group, for metrics that a single day has.",
    columns: &[DAY, METRIC, GROUP, VALUE, FACTOR, NUMERATOR, DENOMINATOR],
};

const ALL_METRICS: Table = Table {
    name: "metrics",
    about: "One row a run, metric and group, over the measured days.",
    columns: &[ARM, POINT, SEED, METRIC, GROUP, VALUE, FACTOR, NUMERATOR, DENOMINATOR],
};

const ALL_DAILY: Table = Table {
    name: "daily",
    about: "One row a run, day, metric and group, for metrics that a single day has.",
    columns: &[ARM, POINT, SEED, DAY, METRIC, GROUP, VALUE, FACTOR, NUMERATOR, DENOMINATOR],
};

const ACCOUNTS: Table = Table {
    name: "accounts",
    about: "One row an account; counts are of the measured days.",
    columns: &[
        ACCOUNT,
        column("role", Text, "", "user, minor, predator or probe"),
        column("band", Text, "", "true age band"),
        column("stated_band", Text, "", "age band that the account states"),
        nullable("script", Text, "", "a probe's script"),
        column("contacting", Bool, "", "whether it looks for minors to contact"),
        column("exchange", Bool, "", "whether it takes part in the exchange network"),
        column(
            "from_the_start",
            Bool,
            "",
            "whether it is there when day 0 begins: the accounts whose exposure metrics are about, the same in every arm",
        ),
        column("violates", Bool, "", "whether its holder is a predator or it has posted severe material"),
        column("standing", Text, "", "at the end: active, limited, suspended, removed"),
        column("private", Bool, "", "whether it is private at the end, by its own choice or by a rule"),
        column("messages", Text, "", "from whom it takes messages: everyone, followers, mutuals"),
        column(
            "arrived_day",
            I32,
            "day",
            "0 for those there when the measured days begin, else 1 more than the day on which it arrived",
        ),
        nullable("removed_day", I32, "day", "day of removal, if it is removed at the end; negative in the warm-up"),
        nullable("returned_from", U32, "", "the removed account that this one returns from"),
        column("niche_interest", F32, "cosine", "largest cosine between own first interests and a niche"),
        column("follows", U32, "accounts", "accounts that it follows at the end"),
        column("followers", U32, "accounts", "accounts that follow it at the end"),
        column("posts", U32, "posts", "posts made, warm-up counted"),
        column("sessions", U32, "sessions", "sessions"),
        column("views", U32, "views", "posts viewed"),
        column("harmful_views", U32, "views", "posts viewed whose severity reaches the threshold"),
        column("severe_views", U32, "views", "severe posts viewed"),
        column("dose", F64, "severity", "sum of severity over views"),
        column("likes", U32, "likes", "posts liked"),
        column("shares", U32, "shares", "posts shared"),
        column("engagements", U32, "engagements", "likes and shares"),
        column("hides", U32, "hides", "posts hidden"),
        column("reports", U32, "reports", "posts reported"),
        nullable("first_harmful_day", I32, "day", "day of the first harmful view"),
    ],
};

const EXPOSURES: Table = Table {
    name: "exposures",
    about: "One row an impression of the sampled accounts: all that was put before them.",
    columns: &[
        ACCOUNT,
        DAY,
        column("session", U32, "", "session of the day, from 0"),
        column("request", U32, "", "request of the day, from 0"),
        column("slot", U32, "", "slot of the slate, from 0"),
        column("surface", Text, "", "feed or search"),
        column("source", Text, "", "candidate source that found the post; search for a search"),
        column("post", U32, "", "which of its creator's posts, from 0"),
        column("creator", U32, "", "account that posted it"),
        column("severity", F32, "severity", "severity of the post, 0 to 1"),
        column("viewed", Bool, "", "whether it was viewed"),
        column("engaged", Bool, "", "whether it was liked or shared"),
    ],
};

const CONTACTS: Table = Table {
    name: "contacts",
    about: "One row a contact: a pair of accounts and a try. All that touch a minor, a predator or a probe; of the others a sample.",
    columns: &[
        column("from", U32, "", "account that was shown the other, or wrote to it"),
        column("to", U32, "", "the other account"),
        column("attempt", U32, "", "which of the pair's contacts that are remembered it is, from 1"),
        column("from_role", Text, "", "role of the one"),
        column("to_role", Text, "", "role of the other"),
        nullable(
            "route",
            Text,
            "",
            "how the other was come across first: suggestion, search, feed, follower-list, return, known; null for no more than a suggestion",
        ),
        nullable(
            "suggested_day",
            I32,
            "day",
            "first day on which the other was suggested; negative in the warm-up, as for all days here",
        ),
        nullable("found_day", I32, "day", "day on which a contacting predator took note of the other"),
        nullable("requested_day", I32, "day", "day of the first message"),
        nullable("delivered_day", I32, "day", "day on which it reached the other"),
        nullable("accepted_day", I32, "day", "day on which the other answered"),
        nullable("conversing_day", I32, "day", "day on which it became a conversation"),
        nullable("escalated_day", I32, "day", "day on which that escalated"),
        nullable(
            "ended",
            Text,
            "",
            "undelivered, ignored, refused, blocked, reported, left, removed, expired; null while it goes on",
        ),
        nullable("end_day", I32, "day", "day on which it ended"),
    ],
};

const ACTIONS: Table = Table {
    name: "actions",
    about: "One row a decision of the platform on a measured day, or an account's removal before: what it did, to whom, why, and whether that was right.",
    columns: &[
        column("day", I32, "day", "measured day, from 0; negative for a removal in the warm-up"),
        column("target", U32, "", "the account, or the creator of the post"),
        nullable("post", U32, "", "which of its creator's posts, from 0, if it is about a post"),
        column(
            "kind",
            Text,
            "",
            "post-removed, demoted, limited, suspended, removed, network-removed, reported-to-authorities, dismissed, appeal",
        ),
        column("source", Text, "", "what led to it: classifier, report, wave, network, hazard, barrier, appeal"),
        column(
            "waited_days",
            I32,
            "days",
            "days since it came into the review queue, or since the sanction that is appealed",
        ),
        column("decision", Text, "", "confirmed, rejected, granted (of an appeal)"),
        column(
            "truly_violating",
            Bool,
            "",
            "whether it was right: the account, or the post in question, violates in truth",
        ),
    ],
};

const PROBES: Table = Table {
    name: "probes",
    about: "One row a slate of the feed that a probe looked through, with at least one view.",
    columns: &[
        column("probe", U32, "", "account id of the probe"),
        column("script", Text, "", "its script"),
        column("slate", U32, "", "which of its slates, from 1"),
        DAY,
        column("clicks_so_far", U32, "posts", "harmful posts that it had liked, or lingered on, before"),
        column("views", U32, "posts", "posts viewed of the slate"),
        column("harmful", U32, "posts", "of these, harmful ones"),
        column("severe", U32, "posts", "of these, severe ones"),
    ],
};

const COMPARISON: Table = Table {
    name: "comparison",
    about: "One row a metric, group, arm and point: the arm against the baseline, paired by seed.",
    columns: &[
        METRIC,
        GROUP,
        column("unit", Text, "", "the metric's unit"),
        column("direction", Text, "", "lower or higher is better, or neither"),
        column("arm", Text, "", "arm"),
        column("baseline", Text, "", "arm that it is compared with"),
        column("point", U32, "", "sweep point"),
        column("n", U32, "seeds", "seeds where both have a value"),
        nullable(
            "scale",
            Text,
            "",
            "what the model is of: log-ratio where every value is above 0, else difference; null where nothing is compared",
        ),
        nullable("mean", F64, "the metric's", "mean of the arm over seeds"),
        nullable("mean_baseline", F64, "the metric's", "mean of the baseline over seeds"),
        nullable(
            "difference",
            F64,
            "the metric's",
            "change: mean of the paired differences; with log-ratio the relative change times mean_baseline",
        ),
        nullable(
            "relative",
            F64,
            "share",
            "relative change: -0.2 is a fall by 20 %; with difference it is difference / mean_baseline",
        ),
        nullable("ci_low", F64, "the metric's", "95 % interval of the difference, lower end"),
        nullable("ci_high", F64, "the metric's", "95 % interval of the difference, upper end"),
        nullable("relative_low", F64, "share", "95 % interval of the relative change, lower end"),
        nullable("relative_high", F64, "share", "95 % interval of the relative change, upper end"),
        nullable(
            "p",
            F64,
            "probability",
            "two-sided p value of no change, at most 0.05 exactly if the intervals leave out 0; like them adjusted over arms and points for declared outcomes (single-step max-t)",
        ),
        nullable("improved_share", F64, "share", "share of seeds in which the arm is better"),
        nullable(
            "variance_ratio",
            F64,
            "ratio",
            "what common random numbers earned: (Var arm + Var baseline) / Var difference",
        ),
        nullable(
            "seeds_needed",
            F64,
            "seeds",
            "seeds for an interval of the relative change within 10 % to either side",
        ),
        column("confirmatory", Bool, "", "whether it is the declared harm or cost; all else is exploratory"),
    ],
};

/// The tables of each run, by name.
pub const RUN_TABLES: [&str; 7] = ["metrics", "daily", "accounts", "contacts", "actions", "probes", "exposures"];

/// Every table with fixed columns. `points.parquet` has `point` and a column for each swept path.
#[must_use]
pub fn all() -> [&'static Table; 9] {
    [&INDEX, &METRICS, &DAILY, &ACCOUNTS, &CONTACTS, &ACTIONS, &PROBES, &EXPOSURES, &COMPARISON]
}

/// The tables of all runs in one file at the folder's root: those of a run, with the arm, the point and the seed before them.
pub(super) const JOINED: [&Table; 2] = [&ALL_METRICS, &ALL_DAILY];

/// Every table with fixed columns, by the place of its file in a results folder: those at the root first.
#[must_use]
pub fn places() -> Vec<(String, &'static Table)> {
    let at_root = [&INDEX].into_iter().chain(JOINED).chain([&COMPARISON]);
    let at_root = at_root.map(|table| (format!("{}.parquet", table.name), table));
    let of_a_run = RUN_TABLES.iter().filter_map(|name| find(name));
    at_root.chain(of_a_run.map(|table| (format!("runs/run=<id>/{}.parquet", table.name), table))).collect()
}

/// The table called `name`.
#[must_use]
pub fn find(name: &str) -> Option<&'static Table> {
    all().into_iter().find(|table| table.name == name)
}
