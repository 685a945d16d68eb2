//! Whose story is long: accounts by how much the tables hold of them.

use std::collections::BTreeMap;

use recsafe_people::contacts::Stage;
use serde::Serialize;

use super::life::{Run, StoryError};
use super::rows::whole;
use crate::store::{ReadTable, StoreError};
use crate::table::{Appearance, Column, Table, wrapped};

/// Accounts that are listed.
const MOST: usize = 8;

/// An account, and how much there is to tell of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Candidate {
    /// The account.
    pub account: u32,
    /// Its true age band.
    pub band: String,
    /// The age band that it states.
    pub stated_band: String,
    /// Posts that it viewed.
    pub views: u32,
    /// Of these, harmful ones.
    pub harmful_views: u32,
    /// Stages of contact beyond a suggestion, from it and to it.
    pub steps: u32,
    /// Decisions of the platform about it.
    pub decisions: u32,
    /// Slates that it looked through as a probe.
    pub slates: u32,
    /// Impressions of it that were kept.
    pub impressions: u32,
}

impl Candidate {
    /// How much there is to tell; impressions are told in sums, so that they count for less.
    fn tellable(&self) -> u32 {
        self.steps + self.decisions + self.slates + self.impressions.isqrt()
    }
}

/// Some accounts of a role, those with the most to tell first.
///
/// # Errors
/// If a table cannot be read.
pub fn find(run: &Run, role: &str) -> Result<Vec<Candidate>, StoryError> {
    let mut found = accounts(run, role)?;
    let steps = steps(run)?;
    let count = |table: &str, key: &str| counts(run, table, key);
    let (decisions, slates, impressions) =
        (count("actions", "target")?, count("probes", "probe")?, count("exposures", "account")?);
    let of = |counts: &BTreeMap<u32, u32>, account: u32| counts.get(&account).copied().unwrap_or(0);
    for candidate in &mut found {
        let account = candidate.account;
        candidate.steps = of(&steps, account);
        candidate.decisions = of(&decisions, account);
        candidate.slates = of(&slates, account);
        candidate.impressions = of(&impressions, account);
    }
    found.sort_by_key(|it| std::cmp::Reverse((it.impressions > 0, it.tellable(), it.harmful_views, it.views)));
    found.truncate(MOST);
    Ok(found)
}

/// The accounts of a role.
fn accounts(run: &Run, role: &str) -> Result<Vec<Candidate>, StoryError> {
    let path = run.folder.join("accounts.parquet");
    let table = whole(&run.folder, "accounts")?.ok_or(StoryError::NoAccounts(path))?;
    let (ids, roles, bands, stated) =
        (table.number("account")?, table.text("role")?, table.text("band")?, table.text("stated_band")?);
    let (views, harmful) = (table.number("views")?, table.number("harmful_views")?);
    let whole = |number: Option<f64>| number.unwrap_or(0.0) as u32;
    let candidate = |row: usize| Candidate {
        account: whole(ids[row]),
        band: bands[row].clone(),
        stated_band: stated[row].clone(),
        views: whole(views[row]),
        harmful_views: whole(harmful[row]),
        ..Candidate::default()
    };
    Ok((0..ids.len()).filter(|&row| roles[row] == role).map(candidate).collect())
}

/// Rows of a table by the account in one of its columns; none if the run has no such table.
fn counts(run: &Run, table: &str, key: &str) -> Result<BTreeMap<u32, u32>, StoreError> {
    let mut counts = BTreeMap::new();
    if let Some(table) = whole(&run.folder, table)? {
        for id in ids(&table, key)? {
            *counts.entry(id).or_default() += 1;
        }
    }
    Ok(counts)
}

/// Stages of contact beyond a suggestion by account, both sides counted.
fn steps(run: &Run) -> Result<BTreeMap<u32, u32>, StoreError> {
    let mut steps = BTreeMap::new();
    let Some(table) = whole(&run.folder, "contacts")? else { return Ok(steps) };
    let (from, to) = (ids(&table, "from")?, ids(&table, "to")?);
    for stage in Stage::ALL.iter().filter(|stage| **stage > Stage::Suggested) {
        let days = table.number(&format!("{}_day", stage.name()))?;
        for row in (0..days.len()).filter(|&row| days[row].is_some()) {
            for account in [from[row], to[row]] {
                *steps.entry(account).or_default() += 1;
            }
        }
    }
    Ok(steps)
}

fn ids(table: &ReadTable, column: &str) -> Result<Vec<u32>, StoreError> {
    Ok(table.number(column)?.into_iter().map(|id| id.unwrap_or(0.0) as u32).collect())
}

/// The accounts as a table.
#[must_use]
pub fn candidates_table(found: &[Candidate], appearance: Appearance) -> String {
    let numbers = ["views", "harmful", "contact\nsteps", "decisions", "slates", "impressions\nkept"];
    let words = [Column::numbers("account"), Column::words("age"), Column::words("states")];
    let mut table = Table::new(words.into_iter().chain(numbers.map(Column::numbers)));
    for it in found {
        let numbers = [it.views, it.harmful_views, it.steps, it.decisions, it.slates, it.impressions];
        let words = [it.account.to_string(), it.band.clone(), it.stated_band.clone()];
        table.row(words.into_iter().chain(numbers.map(|number| number.to_string())));
    }
    let note = "Those whose impressions were kept first; of these and of the others, those with the most to tell: steps of contact, decisions of the platform, slates of a probe.";
    format!("{}\n\n{}\n", table.draw(appearance), wrapped(note, appearance))
}
