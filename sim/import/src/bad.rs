//! Rows that are wrong, why, and how many.

use std::collections::BTreeMap;

use recsafe_common::choices;

use super::{Refusal, Unit};

choices! {
    /// Why a row is wrong.
    pub enum Reason {
        /// It has more or fewer values than the first row.
        Width = "width",
        /// A quote is opened and not closed on the line.
        OpenQuote = "open-quote",
        /// A carriage return stands inside of the line: lines end in a line feed here, with or without one before it.
        CarriageReturn = "carriage-return",
        /// It is not UTF-8 text.
        NotText = "not-text",
        /// A value is missing.
        Missing = "missing",
        /// A value is neither a whole number nor a text.
        NoId = "no-id",
        /// An id is too long.
        LongId = "long-id",
        /// An account follows itself.
        SelfLoop = "self-loop",
        /// The same stands in an earlier row.
        Duplicate = "duplicate",
        /// An account that the graph file does not have.
        UnknownAccount = "unknown-account",
    }
}

/// One row that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct Bad {
    /// Why.
    pub reason: Reason,
    /// What was found, as a sentence.
    pub what: String,
}

impl Bad {
    /// A row that is wrong for a reason.
    #[must_use]
    pub fn new(reason: Reason, what: impl Into<String>) -> Bad {
        Bad { reason, what: what.into() }
    }
}

/// Rows named in a refusal.
const NAMED: usize = 3;

/// The bad rows of a file: how many by reason, and the first of them in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Skipped {
    /// Number by reason.
    pub counts: BTreeMap<Reason, u64>,
    first: Vec<(u64, String)>,
}

impl Skipped {
    /// Counts a bad row.
    pub fn add(&mut self, row: u64, bad: Bad) {
        *self.counts.entry(bad.reason).or_default() += 1;
        if self.first.len() < NAMED {
            self.first.push((row, bad.what));
        }
    }

    /// How many there are.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.counts.values().sum()
    }

    /// Numbers by the words for reasons: "2 duplicate, 1 self-loop".
    #[must_use]
    pub fn in_words(&self) -> String {
        let each = self.counts.iter().map(|(reason, count)| format!("{count} {}", reason.name()));
        each.collect::<Vec<_>>().join(", ")
    }

    /// The refusal of a file in which nothing may be wrong; none if nothing is.
    #[must_use]
    pub fn refusal(&self, unit: Unit) -> Option<Refusal> {
        let (row, what) = self.first.first()?;
        let mut text = format!("{} {row}: {what}", unit.name());
        for (row, what) in &self.first[1..] {
            text = format!("{text}; {} {row}: {what}", unit.name());
        }
        if self.total() > 1 {
            text = format!("{text}; {} bad rows in all ({})", self.total(), self.in_words());
        }
        Some(Refusal::new(text, "correct the file, or leave such rows out and count them with on_bad_row = \"skip\""))
    }
}
