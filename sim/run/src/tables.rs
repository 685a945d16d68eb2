//! The tables of a run. Rows are created one by one while they are written.

use std::borrow::Cow;
use std::fmt::Debug;

use recsafe_common::band::AgeBand;
use recsafe_common::ids::AccountId;
use recsafe_common::messages::MessagesFrom;
use recsafe_common::observed::Standing;
use recsafe_people::behavior::probes::Script;
use recsafe_people::contacts::{Route, Stage};
use recsafe_people::role::Role;
use recsafe_platform::candidates::Source;
use recsafe_stats::rows::{
    AccountRow, ActionRow, ContactRow, DailyRow, ExposureRow, MetricRow, ProbeRow, Row, TablesInMemory,
};

use recsafe_engine::LifetimeOutput;
use recsafe_engine::measure::{by_day, totals};
use recsafe_results::{RunFiles, StoreError};

/// A receiver of a run's tables.
pub(super) trait Sink {
    /// Stores the rows of one table.
    fn table<R: Row + Debug + Send + Sync + 'static>(
        &mut self,
        rows: impl Iterator<Item = R>,
    ) -> Result<(), StoreError>;
}

impl Sink for RunFiles {
    fn table<R: Row>(&mut self, rows: impl Iterator<Item = R>) -> Result<(), StoreError> {
        self.write(rows)
    }
}

impl Sink for TablesInMemory {
    fn table<R: Row + Debug + Send + Sync + 'static>(
        &mut self,
        rows: impl Iterator<Item = R>,
    ) -> Result<(), StoreError> {
        self.keep(rows);
        Ok(())
    }
}

/// Passes all tables of a run to a sink.
pub(super) fn write(lifetime_output: &LifetimeOutput, sink: &mut impl Sink) -> Result<(), StoreError> {
    sink.table(metrics(lifetime_output))?;
    sink.table(daily(lifetime_output))?;
    sink.table(accounts(lifetime_output))?;
    sink.table(contacts(lifetime_output))?;
    sink.table(actions(lifetime_output))?;
    sink.table(probes(lifetime_output))?;
    sink.table(exposures(lifetime_output))
}

/// Returns the rows of `metrics.parquet`.
pub fn metrics(lifetime_output: &LifetimeOutput) -> impl Iterator<Item = MetricRow> {
    totals(&lifetime_output.recorder).into_iter().map(|row| MetricRow {
        metric: row.metric.into(),
        value: row.ratio.value(),
        group: row.group,
        factor: row.ratio.factor,
        numerator: row.ratio.numerator,
        denominator: row.ratio.denominator,
    })
}

/// Returns the rows of `daily.parquet`.
pub fn daily(lifetime_output: &LifetimeOutput) -> impl Iterator<Item = DailyRow> {
    by_day(&lifetime_output.recorder).into_iter().filter_map(|row| {
        Some(DailyRow {
            day: row.day? as i32,
            metric: row.metric.into(),
            value: row.ratio.value(),
            group: row.group,
            factor: row.ratio.factor,
            numerator: row.ratio.numerator,
            denominator: row.ratio.denominator,
        })
    })
}

/// Returns the rows of `accounts.parquet`: accounts first, then probes without an account in the
/// world.
pub fn accounts(lifetime_output: &LifetimeOutput) -> impl Iterator<Item = AccountRow> {
    let first = lifetime_output.world.people.len() as u32;
    let silent = first..first + lifetime_output.world.inert;
    lifetime_output.world.people.ids().map(|id| account(lifetime_output, id)).chain(silent.map(inert))
}

fn account(lifetime_output: &LifetimeOutput, id: AccountId) -> AccountRow {
    let (people, world, recorder) = (&lifetime_output.world.people, &lifetime_output.world, &lifetime_output.recorder);
    let (accounts, graph, row) = (&world.observed.accounts, &world.observed.graph, id.row());
    let counts = &recorder.accounts[row];
    let is_probe = world.probe_rows().contains(&row);
    AccountRow {
        account: id.0,
        role: people.role[row].name().into(),
        band: people.band[row].name().into(),
        declared_band: people.declared_age[row].name().into(),
        script: is_probe.then(|| world.probes[row - world.first_probe].script.name().into()),
        contacting: people.is_contacting_predator(id),
        exchange: people.intents[row].is_exchange(),
        present_at_start: recorder.present_at_start[row],
        violates: people.violates(id),
        standing: accounts.standing[row].name().into(),
        private: accounts.private[row],
        accepts_messages_from: people.messages[row].name().into(),
        arrived_day: people.arrived[row],
        removed_day: people.removed[row],
        returned_from: people.returned_from[row].map(|from| from.0),
        niche_interest: people.niche_interest[row],
        follows: graph.followees(id).len() as u32,
        followers: graph.followers(id).len() as u32,
        posts: people.posted[row],
        sessions: counts.sessions,
        views: counts.views,
        harmful_views: counts.harmful_views,
        severe_views: counts.severe_views,
        dose: counts.dose,
        likes: counts.likes,
        shares: counts.shares,
        engagements: counts.likes + counts.shares,
        hides: counts.hides,
        reports: counts.reports,
        first_harmful_day: recorder.first_harmful[row],
    }
}

/// Returns the row of a passive probe, which has no account in the world.
fn inert(account: u32) -> AccountRow {
    let band = || AgeBand::From13.name().into();
    AccountRow {
        account,
        role: Role::Probe.name().into(),
        band: band(),
        declared_band: band(),
        script: Some(Script::Passive.name().into()),
        contacting: false,
        exchange: false,
        present_at_start: true,
        violates: false,
        standing: Standing::Active.name().into(),
        private: false,
        accepts_messages_from: MessagesFrom::Everyone.name().into(),
        arrived_day: 0,
        removed_day: None,
        returned_from: None,
        niche_interest: 0.0,
        follows: 0,
        followers: 0,
        posts: 0,
        sessions: 0,
        views: 0,
        harmful_views: 0,
        severe_views: 0,
        dose: 0.0,
        likes: 0,
        shares: 0,
        engagements: 0,
        hides: 0,
        reports: 0,
        first_harmful_day: None,
    }
}

/// Returns the rows of `actions.parquet`.
pub fn actions(lifetime_output: &LifetimeOutput) -> impl Iterator<Item = ActionRow> {
    lifetime_output.recorder.enforcement.actions.iter().map(|row| ActionRow {
        day: row.day,
        target: row.target.0,
        post: row.post,
        kind: row.kind.name().into(),
        source: row.source.name().into(),
        waited_days: row.waited,
        decision: row.decision.name().into(),
        truly_violating: row.truly_violating,
    })
}

/// Returns the rows of `contacts.parquet`.
pub fn contacts(lifetime_output: &LifetimeOutput) -> impl Iterator<Item = ContactRow> {
    let role = |id: AccountId| lifetime_output.world.people.role[id.row()].name().into();
    lifetime_output.contacts().into_iter().map(move |row| {
        let ended = row.contact.ended();
        let day = |stage| row.contact.day(stage);
        ContactRow {
            from: row.from.0,
            to: row.contact.to.0,
            attempt: row.attempt,
            from_role: role(row.from),
            to_role: role(row.contact.to),
            route: row.contact.route.map(Route::name).map(Cow::Borrowed),
            suggested_day: day(Stage::Suggested),
            found_day: day(Stage::Found),
            requested_day: day(Stage::Requested),
            delivered_day: day(Stage::Delivered),
            accepted_day: day(Stage::Accepted),
            conversing_day: day(Stage::Conversing),
            escalated_day: day(Stage::Escalated),
            ended: ended.map(|(how, _)| how.name().into()),
            end_day: ended.map(|(_, day)| day),
        }
    })
}

/// Returns the rows of `probes.parquet`.
pub fn probes(lifetime_output: &LifetimeOutput) -> impl Iterator<Item = ProbeRow> {
    lifetime_output.recorder.probes.iter().map(|row| ProbeRow {
        probe: row.probe.0,
        script: row.script.name().into(),
        slate: row.slate,
        day: row.day,
        clicks_so_far: row.clicks,
        views: row.views,
        harmful: row.harmful,
        severe: row.severe,
    })
}

/// Returns the rows of `exposures.parquet`.
pub fn exposures(lifetime_output: &LifetimeOutput) -> impl Iterator<Item = ExposureRow> {
    lifetime_output.recorder.exposures.iter().map(|row| ExposureRow {
        account: row.account.0,
        day: row.day,
        session: row.session,
        request: row.request,
        slot: row.slot,
        surface: if row.source == Source::Search { "search" } else { "feed" }.into(),
        source: row.source.name().into(),
        post: row.post,
        creator: row.creator.0,
        severity: row.severity,
        viewed: row.viewed,
        engaged: row.engaged,
    })
}
