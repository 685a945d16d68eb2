//! Text files with rows: CSV files, and edge lists in the format of SNAP (Leskovec and Krevl 2014).
//! Both can have comments.
//!
//! Files are read line by line, so errors give the line number and only one line is in memory. A
//! line that begins with `#` is a comment, and an empty line is skipped. Values can be in quotes as
//! in CSV: `"a, b"`. Quotes inside a value are doubled.

use std::io::{BufRead, Read};

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use recsafe_people::settings::Delimiter;

use super::{Bad, Cell, OnRow, Reason, Refusal, column};

/// Maximum length of a line, in bytes; a longer line cannot be a row of two ids.
pub const LONGEST_LINE: usize = 1 << 16;

/// Layout of a text file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The two requested columns, by name or by number, counted from 1.
    pub columns: [String; 2],
    /// Whether the first row contains names.
    pub header: bool,
    /// Separator of columns.
    pub delimiter: Delimiter,
}

/// Calls `each` for every row.
///
/// # Errors
/// If the file cannot be read, if it is not text with lines, if it lacks the columns, or if `each`
/// returns an error.
pub fn rows(mut input: impl BufRead, layout: &Layout, each: &mut OnRow) -> Result<(), Refusal> {
    let mut record = Record::new(layout.delimiter);
    let mut line = Vec::new();
    let mut table: Option<Table> = None;
    let mut number = 0;
    while next_line(&mut input, number + 1, &mut line)? {
        number += 1;
        if is_nothing(&line, layout.delimiter) {
            continue;
        }
        let read = record.read(&line);
        let is_first = table.is_none();
        let known = match table {
            Some(known) => known,
            None => {
                *table.insert(Table::new(&record, read.clone(), layout).map_err(|refusal| in_line(number, refusal))?)
            }
        };
        if !(is_first && layout.header) {
            each(number, read.and_then(|found| known.cells(&record, found)))?;
        }
    }
    if layout.header && table.is_none() {
        let help = "write the names of the columns into the first line, or set header = false";
        return Err(Refusal::new("it has no header", help));
    }
    Ok(())
}

fn in_line(number: u64, refusal: Refusal) -> Refusal {
    Refusal { what: format!("line {number}: {}", refusal.what), ..refusal }
}

/// Properties of the first row that apply to all rows.
#[derive(Clone, Copy)]
struct Table {
    /// Indices of the requested columns.
    places: [usize; 2],
    /// Number of columns.
    width: usize,
}

impl Table {
    fn new(record: &Record, width: Result<usize, Bad>, layout: &Layout) -> Result<Table, Refusal> {
        let bad = |bad: Bad| Refusal::new(bad.what, "correct the file");
        let width = width.map_err(bad)?;
        let names = layout.header.then(|| record.names(width)).transpose().map_err(bad)?;
        let index = |requested: &String| column(requested, names.as_deref(), width);
        Ok(Table { places: [index(&layout.columns[0])?, index(&layout.columns[1])?], width })
    }

    /// Returns the requested values of a row with `found` columns.
    fn cells<'a>(&self, record: &'a Record, found: usize) -> Result<[Cell<'a>; 2], Bad> {
        if found == self.width {
            return record.cells(self.places);
        }
        let what = format!("the row has {found} columns, but the first row has {}", self.width);
        Err(Bad::new(Reason::Width, what))
    }
}

/// Reads the next line without its end. Returns `false` at the end of the file.
fn next_line(input: &mut impl BufRead, number: u64, line: &mut Vec<u8>) -> Result<bool, Refusal> {
    line.clear();
    let read = input.take(LONGEST_LINE as u64 + 1).read_until(b'\n', line);
    let read =
        read.map_err(|error| Refusal::new(format!("line {number} cannot be read: {error}"), "check the disk"))?;
    if line.last() == Some(&b'\n') {
        line.pop();
        if line.last() == Some(&b'\r') {
            line.pop();
        }
    } else if line.len() > LONGEST_LINE {
        let what = format!("line {number} has more than {LONGEST_LINE} bytes, so the file is not a table");
        return Err(Refusal::new(
            what,
            "the name of a Parquet file must end in .parquet; decompress a compressed file first",
        ));
    }
    if number == 1 && line.starts_with(b"\xef\xbb\xbf") {
        line.drain(..3); // a byte order mark
    }
    Ok(read > 0)
}

/// Returns whether a line is a comment or an empty line. White space that is not a delimiter is
/// ignored.
fn is_nothing(line: &[u8], delimiter: Delimiter) -> bool {
    line.first() == Some(&b'#') || line.iter().all(|&byte| byte.is_ascii_whitespace() && byte != delimiter.byte())
}

/// The values of one line.
struct Record {
    reader: Reader,
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl Record {
    fn new(delimiter: Delimiter) -> Self {
        let reader = ReaderBuilder::new().delimiter(delimiter.byte()).build();
        Record { reader, text: vec![0; LONGEST_LINE + 1], ends: vec![0; LONGEST_LINE + 2] }
    }

    /// Parses a line and returns the number of its values.
    fn read(&mut self, line: &[u8]) -> Result<usize, Bad> {
        self.reader.reset();
        let (done, taken, written, ends) = self.reader.read_record(line, &mut self.text, &mut self.ends);
        if done == ReadRecordResult::Record && taken < line.len() {
            let what = "the line contains a carriage return; lines must end in a line feed";
            return Err(Bad::new(Reason::CarriageReturn, what));
        }
        let (done, _, _, more) = if done == ReadRecordResult::InputEmpty {
            // The line feed is parsed separately: inside quotes, a line feed does not end the row.
            self.reader.read_record(b"\n", &mut self.text[written..], &mut self.ends[ends..])
        } else {
            (done, 0, 0, 0)
        };
        match done {
            ReadRecordResult::Record => Ok(ends + more),
            _ => Err(Bad::new(Reason::OpenQuote, "a quote is opened and not closed on the line")),
        }
    }

    /// Returns a value, or `None` if it is not UTF-8 text.
    fn value(&self, index: usize) -> Option<&str> {
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        std::str::from_utf8(&self.text[start..self.ends[index]]).ok()
    }

    fn text_at(&self, index: usize) -> Result<&str, Bad> {
        let bad = || Bad::new(Reason::NotText, format!("column {} is not UTF-8 text", index + 1));
        self.value(index).ok_or_else(bad)
    }

    fn cells(&self, places: [usize; 2]) -> Result<[Cell<'_>; 2], Bad> {
        Ok([Cell::of(self.text_at(places[0])?), Cell::of(self.text_at(places[1])?)])
    }

    fn names(&self, count: usize) -> Result<Vec<String>, Bad> {
        (0..count).map(|index| self.text_at(index).map(|name| name.trim().to_owned())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(columns: [&str; 2], header: bool, delimiter: Delimiter) -> Layout {
        Layout { columns: columns.map(str::to_owned), header, delimiter }
    }

    /// Returns every row as text.
    fn read_rows(text: &[u8], layout: &Layout) -> Result<Vec<String>, Refusal> {
        let mut lines = Vec::new();
        rows(text, layout, &mut |row, read| {
            let line =
                read.map_or_else(|bad| format!("{}: {}", bad.reason.name(), bad.what), |[a, b]| format!("{a}, {b}"));
            lines.push(format!("{row} {line}"));
            Ok(())
        })?;
        Ok(lines)
    }

    #[test]
    fn csv_is_read_by_name() {
        let text = "\u{feff}day,from,to\n1,5,ann\r\n\n2,\"a, \"\"b\"\"\",6\n3,7,8";
        let found = read_rows(text.as_bytes(), &layout(["to", "from"], true, Delimiter::Comma)).unwrap();
        assert_eq!(found, ["2 \"ann\", 5", "4 6, \"a, \"b\"\"", "5 8, 7"]);
    }

    #[test]
    fn edge_lists_are_read_by_number() {
        let text = "# Nodes: 3\n# FromNodeId\tToNodeId\n0\t1\n0\t2\n";
        let found = read_rows(text.as_bytes(), &layout(["1", "2"], false, Delimiter::Tab)).unwrap();
        assert_eq!(found, ["3 0, 1", "4 0, 2"]);
    }

    #[test]
    fn bad_lines_are_bad_rows() {
        let text = b"a,b\n1\n1,2,3\n\"1,2\n\xff,2\n,2\n3,4\n5,6\r7,8\n\x1b[2J,9\n";
        let found = read_rows(text, &layout(["a", "b"], true, Delimiter::Comma)).unwrap();
        assert_eq!(
            found,
            [
                "2 width: the row has 1 columns, but the first row has 2",
                "3 width: the row has 3 columns, but the first row has 2",
                "4 open-quote: a quote is opened and not closed on the line",
                "5 not-text: column 1 is not UTF-8 text",
                "6 nothing, 2",
                "7 3, 4",
                "8 carriage-return: the line contains a carriage return; lines must end in a line feed",
                "9 \"\u{fffd}[2J\", 9",
            ]
        );
    }

    #[test]
    fn what_is_no_such_file_is_refused() {
        let csv = layout(["a", "b"], true, Delimiter::Comma);
        let long = vec![b'x'; LONGEST_LINE + 1];
        for (text, said) in [
            (&b""[..], "it has no header"),
            (b"# nothing else\n", "it has no header"),
            (b"a,c\n1,2\n", "line 1: there is no column `b` in a file with 2 columns"),
            (b"\"a,b\n", "line 1: a quote is opened and not closed on the line"),
            (b"a,\xff\n", "line 1: column 2 is not UTF-8 text"),
            (&long, "line 1 has more than 65536 bytes, so the file is not a table"),
        ] {
            assert_eq!(read_rows(text, &csv).unwrap_err().what, said);
        }
        assert_eq!(read_rows(&long[1..], &layout(["1", "1"], false, Delimiter::Comma)).unwrap().len(), 1);
        assert_eq!(read_rows(b"", &layout(["1", "2"], false, Delimiter::Comma)), Ok(Vec::new()));
        assert!(read_rows(b"1\n", &layout(["1", "2"], false, Delimiter::Comma)).is_err());
    }
}
