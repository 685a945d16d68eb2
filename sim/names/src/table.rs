//! The table of names, and lookup of ids, names and spellings.

use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Built-in table.
const BUILT_IN: &str = include_str!("../names.csv");

/// Columns of the table.
const HEADER: [&str; 4] = ["kind", "id", "name", "older"];

static PRESENT: OnceLock<Names> = OnceLock::new();

/// Row of the table. A row describes one thing that has a name, such as a setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Kind; see [`crate::kind`].
    pub kind: String,
    /// Id, which never changes. The id is the first name of the thing, so it is also an accepted
    /// spelling.
    pub id: String,
    /// Present name; `None` if the thing no longer exists.
    pub name: Option<String>,
    /// Older spellings other than the id.
    pub older: Vec<String>,
}

impl Row {
    /// Returns all spellings, starting with the current name.
    pub fn spellings(&self) -> impl Iterator<Item = &str> {
        let name = self.name.as_deref().filter(|name| *name != self.id);
        name.into_iter().chain([self.id.as_str()]).chain(self.older.iter().map(String::as_str))
    }
}

/// Error in a table of names.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The text is not valid CSV with these columns.
    #[error("cannot read the table of names: {0}")]
    Table(#[from] csv::Error),
    /// The columns differ.
    #[error("the table of names must have the columns {}", HEADER.join(", "))]
    Columns,
    /// A spelling belongs to two rows.
    #[error("`{spelling}` is in two rows of kind `{kind}`; each spelling must be in one row only")]
    Twice {
        /// Kind.
        kind: String,
        /// Spelling.
        spelling: String,
    },
}

/// Result of looking up a spelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resolved<'a> {
    /// Present name.
    pub name: &'a str,
    /// Whether the spelling is outdated. If the spelling is outdated, a message should give the
    /// current name.
    pub is_old: bool,
}

/// Row numbers by spelling.
pub(crate) type Spellings = BTreeMap<String, usize>;

/// Table of names.
#[derive(Clone, Debug)]
pub struct Names {
    rows: Vec<Row>,
    kinds: BTreeMap<String, Spellings>,
}

impl Names {
    /// Returns the names of this process: the built-in table, unless [`Names::make_present`]
    /// replaced it.
    ///
    /// # Panics
    /// If the built-in table is invalid. A test checks that the built-in table is valid.
    #[must_use]
    #[expect(clippy::expect_used, reason = "the text is built in and tested")]
    pub fn present() -> &'static Names {
        PRESENT.get_or_init(|| Names::parse(BUILT_IN).expect("the built-in table of names is valid"))
    }

    /// Replaces the names of this process with these names. Only tests of renaming do this.
    ///
    /// # Errors
    /// If names were already used in this process: results from before could be inconsistent with
    /// the new names. The error contains the unused table.
    pub fn make_present(self) -> Result<(), Box<Names>> {
        PRESENT.set(self).map_err(Box::new)
    }

    /// Parses a table that consists of a header and rows. A row contains a kind, an id, a name, and
    /// older spellings separated by spaces.
    ///
    /// # Errors
    /// If the text is not such a table, or two rows of a kind have the same spelling.
    pub fn parse(text: &str) -> Result<Names, Fault> {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        if *reader.headers()? != HEADER[..] {
            return Err(Fault::Columns);
        }
        let rows = reader.records().map(|record| Ok(row(&record?))).collect::<Result<Vec<Row>, csv::Error>>()?;
        Names::of(rows)
    }

    /// Creates a table from rows.
    ///
    /// # Errors
    /// If two rows of a kind have the same spelling.
    pub fn of(rows: Vec<Row>) -> Result<Names, Fault> {
        let mut kinds: BTreeMap<String, Spellings> = BTreeMap::new();
        for (number, row) in rows.iter().enumerate() {
            let kind = kinds.entry(row.kind.clone()).or_default();
            for spelling in row.spellings() {
                if kind.insert(spelling.to_owned(), number).is_some_and(|other| other != number) {
                    return Err(Fault::Twice { kind: row.kind.clone(), spelling: spelling.to_owned() });
                }
            }
        }
        Ok(Names { rows, kinds })
    }

    /// Returns all rows, in the order of the table.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Returns the spellings of a kind, or `None` if the table does not contain the kind.
    pub(crate) fn of_kind(&self, kind: &str) -> Option<&Spellings> {
        self.kinds.get(kind)
    }

    /// Returns whether a kind has a spelling that differs from the current name.
    #[must_use]
    pub fn renames(&self, kind: &str) -> bool {
        self.older(kind).next().is_some()
    }

    /// Returns whether the table contains a kind.
    #[must_use]
    pub fn has_kind(&self, kind: &str) -> bool {
        self.kinds.contains_key(kind)
    }

    /// Returns whether a row of a kind has this spelling.
    #[must_use]
    pub fn has(&self, kind: &str, spelling: &str) -> bool {
        self.find(kind, spelling).is_some()
    }

    /// Returns the row of a kind with a spelling.
    #[must_use]
    pub fn find(&self, kind: &str, spelling: &str) -> Option<&Row> {
        Some(&self.rows[*self.of_kind(kind)?.get(spelling)?])
    }

    /// Returns the id for a spelling, or the spelling itself if the table does not contain the
    /// spelling.
    #[must_use]
    pub fn id<'a>(&'a self, kind: &str, spelling: &'a str) -> &'a str {
        self.find(kind, spelling).map_or(spelling, |row| &row.id)
    }

    /// Returns the current name for an id or another spelling. Returns the spelling itself if it is
    /// not in the table or if the thing no longer exists.
    #[must_use]
    pub fn name<'a>(&'a self, kind: &str, spelling: &'a str) -> &'a str {
        self.find(kind, spelling).and_then(|row| row.name.as_deref()).unwrap_or(spelling)
    }

    /// Returns the current name for a spelling, and whether the spelling is outdated.
    #[must_use]
    pub fn resolve<'a>(&'a self, kind: &str, spelling: &'a str) -> Resolved<'a> {
        let name = self.name(kind, spelling);
        Resolved { name, is_old: name != spelling }
    }

    /// Returns the outdated spellings of a kind with their current names, ordered by spelling.
    pub fn older<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let spellings = self.of_kind(kind).into_iter().flat_map(Spellings::keys);
        spellings.map(move |spelling| (spelling.as_str(), self.name(kind, spelling))).filter(|(old, name)| old != name)
    }

    /// Returns the kinds that start with `beginning`, in alphabetical order.
    pub fn kinds_from<'a>(&'a self, beginning: &'a str) -> impl Iterator<Item = &'a str> {
        let from = self.kinds.range(beginning.to_owned()..).map(|(kind, _)| kind.as_str());
        from.take_while(move |kind| kind.starts_with(beginning))
    }

    /// Returns the table as text that [`Names::parse`] can read.
    ///
    /// # Errors
    /// If writing fails. Writing into memory never fails.
    pub fn to_csv(&self) -> Result<String, csv::Error> {
        let mut text = csv::Writer::from_writer(Vec::new());
        text.write_record(HEADER)?;
        for row in &self.rows {
            let older = row.older.join(" ");
            text.write_record([&row.kind, &row.id, row.name.as_deref().unwrap_or_default(), &older])?;
        }
        let bytes = text.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

fn row(record: &csv::StringRecord) -> Row {
    let text = |index: usize| record.get(index).unwrap_or_default().to_owned();
    let older = text(3).split_whitespace().map(str::to_owned).collect();
    Row { kind: text(0), id: text(1), name: Some(text(2)).filter(|name| !name.is_empty()), older }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind;

    fn names(rows: &str) -> Result<Names, Fault> {
        Names::parse(&format!("kind,id,name,older\n{rows}"))
    }

    #[test]
    fn the_table_that_is_built_in_is_read_and_written_as_it_is() {
        assert_eq!(Names::present().to_csv().unwrap(), BUILT_IN);
    }

    #[test]
    fn every_spelling_leads_to_the_id_and_to_the_present_name() {
        let names = names("metric,a,b,c d\nmetric,e,e,\ngroup,b,f,\n").unwrap();
        for spelling in ["a", "b", "c", "d"] {
            assert_eq!(
                (names.id(kind::METRIC, spelling), names.name(kind::METRIC, spelling)),
                ("a", "b"),
                "{spelling}"
            );
            assert_eq!(
                names.resolve(kind::METRIC, spelling),
                Resolved { name: "b", is_old: spelling != "b" },
                "{spelling}"
            );
        }
        assert_eq!(names.id(kind::GROUP, "f"), "b", "kinds do not mix");
        assert_eq!(names.resolve(kind::METRIC, "e"), Resolved { name: "e", is_old: false });
    }

    #[test]
    fn a_row_may_say_its_own_spelling_twice() {
        for rows in ["metric,a,b,a\n", "metric,a,a,a\n", "metric,a,b,b\n"] {
            assert_eq!(names(rows).unwrap().id(kind::METRIC, "a"), "a");
        }
    }

    #[test]
    fn a_kind_renames_if_one_of_its_rows_does() {
        let names = names("metric,a,a,\nmetric,b,c,\ngroup,d,d,\n").unwrap();
        assert_eq!([kind::METRIC, kind::GROUP, "no-such-kind"].map(|kind| names.renames(kind)), [true, false, false]);
        assert_eq!(names.older(kind::METRIC).collect::<Vec<_>>(), [("b", "c")]);
        assert_eq!(names.kinds_from("m").collect::<Vec<_>>(), [kind::METRIC]);
    }

    #[test]
    fn what_the_table_does_not_have_is_its_own_id() {
        let names = names("metric,a,b,\n").unwrap();
        assert_eq!((names.id(kind::METRIC, "x"), names.name("no-such-kind", "x")), ("x", "x"));
        assert!(!names.resolve(kind::METRIC, "x").is_old);
        assert_eq!(["a", "b", "x"].map(|spelling| names.has(kind::METRIC, spelling)), [true, true, false]);
    }

    #[test]
    fn what_there_is_no_more_keeps_its_id() {
        let names = names("metric,a,,c\n").unwrap();
        assert_eq!((names.id(kind::METRIC, "c"), names.name(kind::METRIC, "a")), ("a", "a"));
        assert!(
            matches!(self::names("metric,a,,c\nmetric,a,a,\n"), Err(Fault::Twice { .. })),
            "an id is not given again"
        );
    }

    #[test]
    fn no_two_rows_claim_one_spelling() {
        for rows in ["metric,a,b,\nmetric,b,c,\n", "metric,a,a,b\nmetric,c,c,b\n", "metric,a,b,\nmetric,c,d,a\n"] {
            let fault = names(rows).unwrap_err();
            assert!(matches!(&fault, Fault::Twice { kind, .. } if kind == kind::METRIC), "{rows}: {fault}");
        }
        assert!(matches!(Names::parse("kind,id\nmetric,a\n"), Err(Fault::Columns)));
    }
}
