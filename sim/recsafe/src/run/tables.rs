//! The tables of one run, made from what was recorded.

use recsafe_common::ids::AccountId;
use recsafe_people::contacts::Stage;
use recsafe_platform::candidates::Source;

use crate::engine::lifetime::Lived;
use crate::measure::{Measured, by_day, totals};
use crate::store::{Data, RunFiles, StoreError};

/// Writes every table of a run.
pub(super) fn write(lived: &Lived, files: &mut RunFiles) -> Result<(), StoreError> {
    files.write("metrics", measured(&totals(&lived.recorder)))?;
    let daily = by_day(&lived.recorder);
    let mut columns = vec![daily.iter().map(|row| row.day.map(|day| day as i32)).collect()];
    columns.extend(measured(&daily));
    files.write("daily", columns)?;
    files.write("accounts", accounts(lived))?;
    files.write("contacts", contacts(lived))?;
    files.write("probes", probes(lived))?;
    files.write("exposures", exposures(lived))
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

fn accounts(lived: &Lived) -> Vec<Data> {
    let (people, world) = (&lived.world.people, &lived.world);
    let counts = &lived.recorder.accounts;
    let rows = 0..people.len();
    let first_probe = world.first_probe();
    let script = |row: usize| (row >= first_probe).then(|| world.probes[row - first_probe].script.name().to_owned());
    let id = |row: usize| AccountId(row as u32);
    vec![
        rows.clone().map(|row| row as u32).collect(),
        people.role.iter().map(|role| role.name().to_owned()).collect(),
        people.band.iter().map(|band| band.name().to_owned()).collect(),
        people.stated.iter().map(|band| band.name().to_owned()).collect(),
        rows.clone().map(script).collect(),
        rows.clone().map(|row| people.seeks(id(row))).collect(),
        world.observed.accounts.private.iter().copied().collect(),
        people.messages.iter().map(|from| from.name().to_owned()).collect(),
        rows.clone().map(|_| 0_i32).collect(),
        rows.clone().map(|_| None::<i32>).collect(),
        rows.clone().map(|_| None::<u32>).collect(),
        people.niche_interest.iter().copied().collect(),
        rows.clone().map(|row| world.observed.graph.followees(id(row)).len() as u32).collect(),
        rows.map(|row| world.observed.graph.followers(id(row)).len() as u32).collect(),
        people.posted.iter().copied().collect(),
        counts.iter().map(|counts| counts.sessions).collect(),
        counts.iter().map(|counts| counts.views).collect(),
        counts.iter().map(|counts| counts.harmful_views).collect(),
        counts.iter().map(|counts| counts.severe_views).collect(),
        counts.iter().map(|counts| counts.dose).collect(),
        counts.iter().map(|counts| counts.likes).collect(),
        counts.iter().map(|counts| counts.shares).collect(),
        counts.iter().map(|counts| counts.likes + counts.shares).collect(),
        counts.iter().map(|counts| counts.hides).collect(),
        counts.iter().map(|counts| counts.reports).collect(),
        lived.recorder.first_harmful.iter().copied().collect(),
    ]
}

fn contacts(lived: &Lived) -> Vec<Data> {
    let rows = lived.contacts();
    let role = |id: AccountId| lived.world.people.role[id.row()].name().to_owned();
    let mut columns: Vec<Data> = vec![
        rows.iter().map(|row| row.from.0).collect(),
        rows.iter().map(|row| row.contact.to.0).collect(),
        rows.iter().map(|row| row.attempt).collect(),
        rows.iter().map(|row| role(row.from)).collect(),
        rows.iter().map(|row| role(row.contact.to)).collect(),
        rows.iter().map(|row| row.contact.route.map(|route| route.name().to_owned())).collect(),
    ];
    columns.extend(Stage::ALL.iter().map(|&stage| rows.iter().map(|row| row.contact.day(stage)).collect::<Data>()));
    columns.push(rows.iter().map(|row| row.contact.ended().map(|(how, _)| how.name().to_owned())).collect());
    columns.push(rows.iter().map(|row| row.contact.ended().map(|(_, day)| day)).collect());
    columns
}

fn probes(lived: &Lived) -> Vec<Data> {
    let rows = &lived.recorder.probes;
    vec![
        rows.iter().map(|row| row.probe.0).collect(),
        rows.iter().map(|row| row.script.name().to_owned()).collect(),
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
        rows.iter().map(|row| if row.source == Source::Search { "search" } else { "feed" }.to_owned()).collect(),
        rows.iter().map(|row| row.source.name().to_owned()).collect(),
        rows.iter().map(|row| row.post).collect(),
        rows.iter().map(|row| row.creator.0).collect(),
        rows.iter().map(|row| row.severity).collect(),
        rows.iter().map(|row| row.viewed).collect(),
        rows.iter().map(|row| row.engaged).collect(),
    ]
}
