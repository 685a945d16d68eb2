//! Follows and likes from files: read row by row, every row checked, ids renumbered.
//!
//! An internal crate of recsafe: its names change as the program needs. Programs of others use the crate `recsafe`.
//!
//! Text files are read here ([`text`]); the program hands in a reader of Parquet ([`ParquetRows`]), so that this crate needs none.
//! Accounts are numbered by their ids: whole numbers first, by value, then texts, by bytes. So the order of rows in a file makes no
//! difference to the world.

mod bad;
mod follows;
mod ids;
mod likes;
mod open;
mod read;
mod rows;
pub mod text;

use std::fmt;
use std::path::Path;

pub use bad::{Bad, Reason, Skipped};
pub use follows::{Follows, follows_of_text};
pub use ids::Ids;
pub use likes::{Likes, likes_of_text};
pub use open::checksum;
pub use read::{FileRead, Files, GRAPH, INTERACTIONS, Import, Refused};

/// Longest id, in bytes.
pub const LONGEST_ID: usize = 256;

/// One value of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Nothing: an empty cell, or `NA`, `N/A`, `null`, `NULL`.
    Missing,
    /// A whole number.
    Integer(i64),
    /// A text.
    Text(&'a str),
}

impl<'a> Cell<'a> {
    /// The value that a text stands for: a whole number if it is written as one and fits into 64 bits, else a text.
    #[must_use]
    pub fn of(text: &'a str) -> Cell<'a> {
        match text.trim() {
            "" | "NA" | "N/A" | "null" | "NULL" => Cell::Missing,
            text => match text.parse::<i64>() {
                // `007` and `+7` are texts: they would not come back as they were.
                Ok(number) if is_plain(text) => Cell::Integer(number),
                _ => Cell::Text(text),
            },
        }
    }

    /// Whether it is a number, but no whole one: `NaN`, `inf`, `2.5`, `1e3`. Such an id is a slip of another program, which would make
    /// another account of 3.0 than of 3.
    fn is_broken_number(self) -> bool {
        let Cell::Text(text) = self else { return false };
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        text.parse::<f64>().is_ok() && !digits.bytes().all(|byte| byte.is_ascii_digit())
    }
}

/// Whether a whole number is written as it would be printed.
fn is_plain(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits == "0" && text == digits || digits.starts_with(|first: char| ('1'..='9').contains(&first))
}

/// A letter as a message shows it: none that steers a terminal.
fn shown(letter: char) -> char {
    if letter.is_control() { char::REPLACEMENT_CHARACTER } else { letter }
}

impl fmt::Display for Cell<'_> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Cell::Missing => f.write_str("nothing"),
            Cell::Integer(number) => write!(f, "{number}"),
            Cell::Text(text) => {
                write!(f, "\"{}\"", text.chars().take(60).map(shown).collect::<String>())
            }
        }
    }
}

/// What is called for every row: with its number in the file, counted from 1 (the line of a text file, the header and comments
/// counted), and the two values that were asked for, or what is wrong with it.
pub type OnRow<'a> = dyn FnMut(u64, Result<[Cell<'_>; 2], Bad>) -> Result<(), Refusal> + 'a;

/// A reader of Parquet.
pub trait ParquetRows: fmt::Debug + Send + Sync {
    /// Calls `each` for every row of a file, with two of its columns, each by its name or its number counted from 1.
    ///
    /// # Errors
    /// If the file cannot be read, or has no such columns, or they hold no ids; or if `each` ends it.
    fn rows(&self, path: &Path, columns: &[String; 2], each: &mut OnRow) -> Result<(), Refusal>;
}

/// Why a whole file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct Refusal {
    /// What is wrong, as a sentence that goes on from the file's name: "line 3: ...".
    pub what: String,
    /// The way out.
    pub help: String,
}

impl Refusal {
    /// A refusal with a way out.
    #[must_use]
    pub fn new(what: impl Into<String>, help: impl Into<String>) -> Refusal {
        Refusal { what: what.into(), help: help.into() }
    }
}

/// What a file is made of, for messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Lines of a text.
    Line,
    /// Rows of a table.
    Row,
}

impl Unit {
    /// The word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Unit::Line => "line",
            Unit::Row => "row",
        }
    }
}

/// The place of a column among `names`: by its name, or by its number counted from 1. Without names (`None`), by its number among `count`.
///
/// # Errors
/// If there is no such column.
pub fn column(wanted: &str, names: Option<&[String]>, count: usize) -> Result<usize, Refusal> {
    let by_name = names.and_then(|names| names.iter().position(|name| name == wanted));
    let by_number = || wanted.parse::<usize>().ok()?.checked_sub(1).filter(|place| *place < count);
    by_name.or_else(by_number).ok_or_else(|| {
        let what = format!("there is no column `{wanted}` among {count}");
        match names {
            _ if count == 1 => Refusal::new(what, "is `delimiter` right? A row has but one column"),
            Some(names) => Refusal::new(what, recsafe_text::suggestion(wanted, names.iter().map(String::as_str))),
            None => Refusal::new(what, "without a header, a column goes by its number, counted from 1"),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_whole_numbers_texts_or_nothing() {
        for text in ["", "  ", "NA", "N/A", "null", "NULL"] {
            assert_eq!(Cell::of(text), Cell::Missing, "{text}");
        }
        for (text, number) in [("0", 0), (" 17 ", 17), ("-4", -4), ("9223372036854775807", i64::MAX)] {
            assert_eq!(Cell::of(text), Cell::Integer(number));
        }
        for text in ["007", "+7", "-0", "9223372036854775808", "ann", "nan0", "1e", "é"] {
            assert_eq!(Cell::of(text), Cell::Text(text));
            assert!(!Cell::of(text).is_broken_number(), "{text}");
        }
        for text in ["NaN", "nan", "inf", "-Infinity", "2.5", "3.0", "1e3", ".5"] {
            assert!(Cell::of(text).is_broken_number(), "{text}");
        }
    }

    #[test]
    fn columns_go_by_name_and_by_number() {
        let names = ["a".to_owned(), "1".to_owned()];
        assert_eq!(column("a", Some(&names), 2), Ok(0));
        assert_eq!(column("1", Some(&names), 2), Ok(1), "a name comes first");
        assert_eq!(column("2", Some(&names), 2), Ok(1));
        assert_eq!(column("2", None, 2), Ok(1));
        for wrong in ["0", "3", "b", ""] {
            assert!(column(wrong, Some(&names), 2).is_err(), "{wrong}");
        }
    }
}
