//! The tables of one run, made from what was recorded.

use std::ops::Range;

use recsafe_common::band::AgeBand;
use recsafe_common::ids::AccountId;
use recsafe_common::messages::MessagesFrom;
use recsafe_common::observed::Standing;
use recsafe_people::behavior::probes::Script;
use recsafe_people::contacts::{Route, Stage};
use recsafe_people::role::Role;
use recsafe_platform::candidates::Source;

use crate::engine::Lived;
use crate::measure::{AccountCounts, Measured, by_day, totals};
use crate::store::{Data, Rows, RunFiles, StoreError};

/// What makes the rows of a table.
pub type MakeRows = for<'a> fn(&'a Lived) -> Rows<'a>;

/// Every table of a run: its name, and what makes its rows.
pub const TABLES: [(&str, MakeRows); 7] = [
    ("metrics", metrics),
    ("daily", daily),
    ("accounts", accounts),
    ("contacts", contacts),
    ("actions", actions),
    ("probes", probes),
    ("exposures", exposures),
];

/// Writes every table of a run.
pub(super) fn write(lived: &Lived, files: &mut RunFiles) -> Result<(), StoreError> {
    TABLES.iter().try_for_each(|(name, rows)| files.write(name, &rows(lived)))
}

fn metrics(lived: &Lived) -> Rows<'_> {
    Rows::of(totals(&lived.recorder), measured)
}

fn daily(lived: &Lived) -> Rows<'_> {
    Rows::of(by_day(&lived.recorder), |rows| {
        let mut columns = vec![rows.iter().map(|row| row.day.map(|day| day as i32)).collect()];
        columns.extend(measured(rows));
        columns
    })
}

fn measured(rows: &[Measured]) -> Vec<Data> {
    vec![
        rows.iter().map(|row| row.metric.to_owned()).collect(),
        rows.iter().map(|row| row.group.clone()).collect(),
        rows.iter().map(|row| row.ratio.value()).collect(),
        rows.iter().map(|row| row.ratio.factor).collect(),
        rows.iter().map(|row| row.ratio.numerator).collect(),
        rows.iter().map(|row| row.ratio.denominator).collect(),
    ]
}

/// Some rows of the accounts' table: those of accounts, then those of probes that have no row in the world.
struct AccountRows {
    ids: Range<u32>,
    inert: usize,
}

impl AccountRows {
    fn new(lived: &Lived, rows: &Range<usize>) -> Self {
        let accounts = lived.world.people.len();
        let ids = rows.start.min(accounts)..rows.end.min(accounts);
        AccountRows { inert: rows.len() - ids.len(), ids: ids.start as u32..ids.end as u32 }
    }

    /// A column: what `of` says of each account, then `inert` of each probe without a row.
    fn column<T: Clone>(&self, inert: T, of: impl Fn(AccountId) -> T) -> Data
    where
        Data: FromIterator<T>,
    {
        let silent = std::iter::repeat_n(inert, self.inert);
        self.ids.clone().map(|id| of(AccountId(id))).chain(silent).collect()
    }
}

fn accounts(lived: &Lived) -> Rows<'_> {
    Rows::new(lived.world.people.len() + lived.world.inert as usize, |rows| accounts_in(lived, &rows))
}

fn accounts_in(lived: &Lived, rows: &Range<usize>) -> Vec<Data> {
    let (people, world) = (&lived.world.people, &lived.world);
    let (accounts, graph) = (&world.observed.accounts, &world.observed.graph);
    let counts = &lived.recorder.accounts;
    let some = AccountRows::new(lived, rows);
    let script = |id: AccountId| {
        let probe = world.probe_rows().contains(&id.row());
        probe.then(|| world.probes[id.row() - world.first_probe].script.name())
    };
    let number = |of: fn(&AccountCounts) -> u32| some.column(0, |id| of(&counts[id.row()]));
    let (inert, band) = (Script::Inert.name(), AgeBand::From13.name());
    vec![
        rows.clone().map(|row| row as u32).collect(),
        some.column(Role::Probe.name(), |id| people.role[id.row()].name()),
        some.column(band, |id| people.band[id.row()].name()),
        some.column(band, |id| people.stated[id.row()].name()),
        some.column(Some(inert), script),
        some.column(false, |id| people.seeks(id)),
        some.column(false, |id| people.intents[id.row()].is_exchange()),
        some.column(true, |id| lived.recorder.from_the_start[id.row()]),
        some.column(false, |id| people.violates(id)),
        some.column(Standing::Active.name(), |id| accounts.standing[id.row()].name()),
        some.column(false, |id| accounts.private[id.row()]),
        some.column(MessagesFrom::Everyone.name(), |id| people.messages[id.row()].name()),
        some.column(0_i32, |id| people.arrived[id.row()]),
        some.column(None::<i32>, |id| people.removed[id.row()]),
        some.column(None::<u32>, |id| people.returned_from[id.row()].map(|from| from.0)),
        some.column(0.0_f32, |id| people.niche_interest[id.row()]),
        some.column(0_u32, |id| graph.followees(id).len() as u32),
        some.column(0_u32, |id| graph.followers(id).len() as u32),
        some.column(0_u32, |id| people.posted[id.row()]),
        number(|counts| counts.sessions),
        number(|counts| counts.views),
        number(|counts| counts.harmful_views),
        number(|counts| counts.severe_views),
        some.column(0.0, |id| counts[id.row()].dose),
        number(|counts| counts.likes),
        number(|counts| counts.shares),
        number(|counts| counts.likes + counts.shares),
        number(|counts| counts.hides),
        number(|counts| counts.reports),
        some.column(None::<i32>, |id| lived.recorder.first_harmful[id.row()]),
    ]
}

fn actions(lived: &Lived) -> Rows<'_> {
    Rows::of(&lived.recorder.enforcement.actions, |rows| {
        vec![
            rows.iter().map(|row| row.day).collect(),
            rows.iter().map(|row| row.target.0).collect(),
            rows.iter().map(|row| row.post).collect(),
            rows.iter().map(|row| row.kind.name()).collect(),
            rows.iter().map(|row| row.source.name()).collect(),
            rows.iter().map(|row| row.waited).collect(),
            rows.iter().map(|row| row.decision.name()).collect(),
            rows.iter().map(|row| row.truly_violating).collect(),
        ]
    })
}

fn contacts(lived: &Lived) -> Rows<'_> {
    Rows::of(lived.contacts(), |rows| {
        let role = |id: AccountId| lived.world.people.role[id.row()].name();
        let mut columns: Vec<Data> = vec![
            rows.iter().map(|row| row.from.0).collect(),
            rows.iter().map(|row| row.contact.to.0).collect(),
            rows.iter().map(|row| row.attempt).collect(),
            rows.iter().map(|row| role(row.from)).collect(),
            rows.iter().map(|row| role(row.contact.to)).collect(),
            rows.iter().map(|row| row.contact.route.map(Route::name)).collect(),
        ];
        columns.extend(Stage::ALL.iter().map(|&stage| rows.iter().map(|row| row.contact.day(stage)).collect::<Data>()));
        columns.push(rows.iter().map(|row| row.contact.ended().map(|(how, _)| how.name())).collect());
        columns.push(rows.iter().map(|row| row.contact.ended().map(|(_, day)| day)).collect());
        columns
    })
}

fn probes(lived: &Lived) -> Rows<'_> {
    Rows::of(&lived.recorder.probes, |rows| {
        vec![
            rows.iter().map(|row| row.probe.0).collect(),
            rows.iter().map(|row| row.script.name()).collect(),
            rows.iter().map(|row| row.slate).collect(),
            rows.iter().map(|row| row.day).collect(),
            rows.iter().map(|row| row.clicks).collect(),
            rows.iter().map(|row| row.views).collect(),
            rows.iter().map(|row| row.harmful).collect(),
            rows.iter().map(|row| row.severe).collect(),
        ]
    })
}

fn exposures(lived: &Lived) -> Rows<'_> {
    Rows::of(&lived.recorder.exposures, |rows| {
        vec![
            rows.iter().map(|row| row.account.0).collect(),
            rows.iter().map(|row| row.day).collect(),
            rows.iter().map(|row| row.session).collect(),
            rows.iter().map(|row| row.request).collect(),
            rows.iter().map(|row| row.slot).collect(),
            rows.iter().map(|row| if row.source == Source::Search { "search" } else { "feed" }).collect(),
            rows.iter().map(|row| row.source.name()).collect(),
            rows.iter().map(|row| row.post).collect(),
            rows.iter().map(|row| row.creator.0).collect(),
            rows.iter().map(|row| row.severity).collect(),
            rows.iter().map(|row| row.viewed).collect(),
            rows.iter().map(|row| row.engaged).collect(),
        ]
    })
}
