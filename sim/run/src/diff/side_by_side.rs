//! Simulation of two runs in parallel, to find the first day and step after which their worlds
//! differ.

use rayon::prelude::*;
use recsafe_common::ids::Day;
use recsafe_engine::{DayError, Lifetime, Scenario, Simulation, Step, World};
use serde::Serialize;

use super::DiffError;
use super::columns::{COLUMNS, Column, Of};
use super::words::around_the_difference;
use crate::RunSettings;

/// The first difference between two runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Parting {
    /// The day, negative in the warm-up.
    pub day: Day,
    /// The step of the day, or the event before the first day.
    pub step: String,
    /// The first column that differs.
    pub column: String,
    /// The account, or the creator of the post. `None` if the difference is about the whole
    /// platform.
    pub account: Option<u32>,
    /// The true role of the account.
    pub role: Option<String>,
    /// The index of the post among its creator's posts, if the difference is about a post.
    pub post: Option<u32>,
    /// The value in A, in words.
    pub a: String,
    /// The value in B, in words.
    pub b: String,
    /// Number of rows of the column that differ.
    pub rows: usize,
    /// Other columns that differ after this step.
    pub others: Vec<String>,
}

/// Simulates both runs and compares their worlds after each step. Returns `None` if the worlds
/// never differ. Calls `day_done` after each day.
///
/// # Errors
/// If settings are invalid or a day fails, which never happens with settings of a finished run.
pub(super) fn part(
    a: &RunSettings,
    b: &RunSettings,
    mut day_done: impl FnMut(Day),
) -> Result<Option<Parting>, DiffError> {
    let begun = |settings: &RunSettings| -> Result<(Simulation, Day), DiffError> {
        let scenario = Scenario::from(settings.resolved()?);
        Ok((Simulation::new(&scenario, settings.seed)?, scenario.days as Day))
    };
    let ((mut one, days), (mut other, other_days)) = (begun(a)?, begun(b)?);
    if let Some(found) = parted(&one, &other, "world generation") {
        return Ok(Some(found));
    }
    if one.day() != other.day() {
        let day = one.day().min(other.day());
        return Ok(Some(unequal("days of warm-up", day, (-one.day(), -other.day()))));
    }
    if let Some(found) = live_both(&mut one, &mut other, 0, &mut day_done)? {
        return Ok(Some(found));
    }
    one.begin_measuring();
    other.begin_measuring();
    if let Some(found) = parted(&one, &other, "entry of probes") {
        return Ok(Some(found));
    }
    let end = days.min(other_days);
    if let Some(found) = live_both(&mut one, &mut other, end, &mut day_done)? {
        return Ok(Some(found));
    }
    Ok((days != other_days).then(|| unequal("measured days", end, (days, other_days))))
}

/// Returns the difference of two runs that are equal until the shorter run ends.
fn unequal(what: &str, day: Day, (a, b): (Day, Day)) -> Parting {
    Parting {
        day,
        step: "only one of the two runs has this day".to_owned(),
        column: what.to_owned(),
        account: None,
        role: None,
        post: None,
        a: a.to_string(),
        b: b.to_string(),
        rows: 1,
        others: Vec::new(),
    }
}

/// Returns the difference of two worlds before a day starts.
fn parted(a: &Simulation, b: &Simulation, when: &str) -> Option<Parting> {
    let (one, other) = (a.world(), b.world());
    tell((one, other), &differing(&digests(one), &digests(other)), a.day().min(b.day()), when)
}

/// Simulates the days before `end` in both worlds. Stops at the first difference and returns it.
fn live_both(
    a: &mut Simulation,
    b: &mut Simulation,
    end: Day,
    day_done: &mut impl FnMut(Day),
) -> Result<Option<Parting>, DayError> {
    while a.day() < end {
        let day = a.day();
        let before = (a.checkpoint().clone(), b.checkpoint().clone());
        let (one, other) = (digests_of_a_day(a)?, digests_of_a_day(b)?);
        let first = one.iter().zip(&other).position(|((_, one), (_, other))| one != other);
        if let Some(index) = first {
            let (step, columns) = (one[index].0, differing(&one[index].1, &other[index].1));
            // The values to compare are only known now, so the day is simulated again up to this
            // step.
            let (one, other) = (world_after(a, before.0, index)?, world_after(b, before.1, index)?);
            return Ok(tell((&one, &other), &columns, day, step.name()));
        }
        day_done(day);
    }
    Ok(None)
}

/// Simulates a day. Returns the digests of all columns after each step.
fn digests_of_a_day(simulation: &mut Simulation) -> Result<Vec<(Step, Vec<u64>)>, DayError> {
    let mut found = Vec::new();
    simulation.step_watched(|step, world| found.push((step, digests(world))))?;
    Ok(found)
}

/// Returns the world after step number `index` of the day that starts with `lifetime`.
fn world_after(simulation: &mut Simulation, lifetime: Lifetime, index: usize) -> Result<World, DayError> {
    let (mut steps, mut found) = (0, None);
    simulation.go_back(lifetime);
    simulation.step_watched(|_, world| {
        if steps == index {
            found = Some(world.clone());
        }
        steps += 1;
    })?;
    Ok(found.unwrap_or_else(|| simulation.world().clone()))
}

fn digests(world: &World) -> Vec<u64> {
    COLUMNS.par_iter().map(|column| column.digest(world)).collect()
}

fn differing(a: &[u64], b: &[u64]) -> Vec<&'static Column> {
    COLUMNS.iter().zip(a.iter().zip(b)).filter(|(_, (a, b))| a != b).map(|(column, _)| column).collect()
}

/// Returns the first row that differs in the first of these columns, or `None` without columns.
fn tell((a, b): (&World, &World), columns: &[&'static Column], day: Day, step: &str) -> Option<Parting> {
    let (column, others) = columns.split_first()?;
    let (in_a, in_b) = (column.rows(a), column.rows(b));
    let unlike = |row: &usize| column.row_digest(a, *row) != column.row_digest(b, *row);
    let rows: Vec<usize> = (0..in_a.min(in_b)).filter(unlike).collect();
    let first = rows.first().copied().unwrap_or(in_a.min(in_b)); // if all common rows are equal, one world has more rows
    let words = |world: &World, rows: usize| {
        if first < rows { column.words(world, first) } else { "not there".to_owned() }
    };
    let holder = if first < in_a { a } else { b };
    let account = column.account(holder, first);
    let post = (column.of == Of::Post).then(|| holder.observed.posts.counters()[first].sequence);
    let (a, b) = around_the_difference(&words(a, in_a), &words(b, in_b));
    Some(Parting {
        day,
        step: step.to_owned(),
        column: column.name.to_owned(),
        account: account.map(|account| account.0),
        role: account.map(|account| holder.people.role[account.row()].name().to_owned()),
        post,
        a,
        b,
        rows: rows.len() + in_a.abs_diff(in_b),
        others: others.iter().map(|column| column.name.to_owned()).collect(),
    })
}
