//! The tables of one run, made from what was recorded.

use recsafe_common::band::AgeBand;
use recsafe_common::ids::AccountId;
use recsafe_common::messages::MessagesFrom;
use recsafe_common::observed::Standing;
use recsafe_people::behavior::probes::Script;
use recsafe_people::contacts::{Route, Stage};
use recsafe_people::role::Role;
use recsafe_platform::candidates::Source;

use crate::engine::lifetime::Lived;
use crate::measure::{AccountCounts, Measured, by_day, totals};
use crate::store::{Data, RunFiles, StoreError};

/// What makes the columns of a table.
pub type Columns = fn(&Lived) -> Vec<Data>;

/// Every table of a run: its name, and what makes its columns.
pub const TABLES: [(&str, Columns); 7] = [
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
    TABLES.iter().try_for_each(|(name, columns)| files.write(name, columns(lived)))
}

fn metrics(lived: &Lived) -> Vec<Data> {
    measured(&totals(&lived.recorder))
}

fn daily(lived: &Lived) -> Vec<Data> {
    let rows = by_day(&lived.recorder);
    let mut columns = vec![rows.iter().map(|row| row.day.map(|day| day as i32)).collect()];
    columns.extend(measured(&rows));
    columns
}

fn measured(rows: &[Measured]) -> Vec<Data> {
    vec![
        rows.iter().map(|row| row.metric.to_owned()).collect(),
        rows.iter().map(|row| row.group.clone()).collect(),
        rows.iter().map(|row| row.ratio.value()).collect(),
        rows.iter().map(|row| row.ratio.numerator).collect(),
        rows.iter().map(|row| row.ratio.denominator).collect(),
    ]
}

/// A column of the accounts' table: what `of` says of each account, then `inert` of each probe that has no row in the world.
fn by_account<T: Clone>(lived: &Lived, inert: T, of: impl Fn(AccountId) -> T) -> Data
where
    Data: FromIterator<T>,
{
    let silent = std::iter::repeat_n(inert, lived.world.inert as usize);
    lived.world.people.ids().map(of).chain(silent).collect()
}

fn accounts(lived: &Lived) -> Vec<Data> {
    let (people, world) = (&lived.world.people, &lived.world);
    let (accounts, graph) = (&world.observed.accounts, &world.observed.graph);
    let counts = &lived.recorder.accounts;
    let rows = people.len() + world.inert as usize;
    let script = |id: AccountId| {
        let probe = world.probe_rows().contains(&id.row());
        probe.then(|| world.probes[id.row() - world.first_probe].script.name())
    };
    let number = |of: fn(&AccountCounts) -> u32| by_account(lived, 0, |id| of(&counts[id.row()]));
    let (inert, band) = (Script::Inert.name(), AgeBand::From13.name());
    vec![
        (0..rows).map(|row| row as u32).collect(),
        by_account(lived, Role::Probe.name(), |id| people.role[id.row()].name()),
        by_account(lived, band, |id| people.band[id.row()].name()),
        by_account(lived, band, |id| people.stated[id.row()].name()),
        by_account(lived, Some(inert), script),
        by_account(lived, false, |id| people.seeks(id)),
        by_account(lived, false, |id| people.intents[id.row()].is_exchange()),
        by_account(lived, true, |id| lived.recorder.from_the_start[id.row()]),
        by_account(lived, false, |id| people.violates(id)),
        by_account(lived, Standing::Active.name(), |id| accounts.standing[id.row()].name()),
        by_account(lived, false, |id| accounts.private[id.row()]),
        by_account(lived, MessagesFrom::Everyone.name(), |id| people.messages[id.row()].name()),
        by_account(lived, 0_i32, |id| people.arrived[id.row()]),
        by_account(lived, None::<i32>, |id| people.removed[id.row()]),
        by_account(lived, None::<u32>, |id| people.returned_from[id.row()].map(|from| from.0)),
        by_account(lived, 0.0_f32, |id| people.niche_interest[id.row()]),
        by_account(lived, 0_u32, |id| graph.followees(id).len() as u32),
        by_account(lived, 0_u32, |id| graph.followers(id).len() as u32),
        by_account(lived, 0_u32, |id| people.posted[id.row()]),
        number(|counts| counts.sessions),
        number(|counts| counts.views),
        number(|counts| counts.harmful_views),
        number(|counts| counts.severe_views),
        by_account(lived, 0.0, |id| counts[id.row()].dose),
        number(|counts| counts.likes),
        number(|counts| counts.shares),
        number(|counts| counts.likes + counts.shares),
        number(|counts| counts.hides),
        number(|counts| counts.reports),
        by_account(lived, None::<i32>, |id| lived.recorder.first_harmful[id.row()]),
    ]
}

fn actions(lived: &Lived) -> Vec<Data> {
    let rows = &lived.recorder.enforcement.actions;
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
}

fn contacts(lived: &Lived) -> Vec<Data> {
    let rows = lived.contacts();
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
}

fn probes(lived: &Lived) -> Vec<Data> {
    let rows = &lived.recorder.probes;
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
}

fn exposures(lived: &Lived) -> Vec<Data> {
    let rows = &lived.recorder.exposures;
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
}
