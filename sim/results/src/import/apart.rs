//! Decoding of foreign Parquet files in a separate process.
//!
//! On invalid bytes the decoder can abort its process or ask for more memory than is available. The
//! separate process is a second process of recsafe. The second process writes each row to its
//! standard output as one line of JSON.

use std::io::{BufRead, BufReader, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use recsafe_import::{Bad, Cell, LONGEST_ID, OnRow, ParquetRows, Refusal};
use serde::{Deserialize, Serialize};

use super::parquet::{Parquet, damaged};
use crate::heap;

/// The argument that starts recsafe as a decoder.
const DECODE: &str = "decode-parquet-for-another";
/// Memory limit of the decoder: bytes per byte of the file, and additional bytes.
const MEMORY: (u64, u64) = (16, 2 << 30);

/// A line from the decoder.
#[derive(Debug, Serialize, Deserialize)]
enum Line {
    /// The two values of the next row.
    Row(Value, Value),
    /// A refusal of the file.
    Refused { what: String, help: String },
    /// The end of the rows.
    End,
}

/// A value of a row.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Value {
    Missing,
    Integer(i64),
    Text(String),
}

impl From<Cell<'_>> for Value {
    /// Converts a value. Shortens overlong ids to limit the memory of the receiver. A shortened id
    /// is still too long and is refused.
    fn from(cell: Cell) -> Self {
        match cell {
            Cell::Missing => Value::Missing,
            Cell::Integer(number) => Value::Integer(number),
            Cell::Text(text) => Value::Text(text[..text.ceil_char_boundary(LONGEST_ID + 1)].to_owned()),
        }
    }
}

impl Value {
    fn cell(&self) -> Cell<'_> {
        match self {
            Value::Missing => Cell::Missing,
            Value::Integer(number) => Cell::Integer(*number),
            Value::Text(text) => Cell::Text(text),
        }
    }
}

/// Reads Parquet in a separate process. Only the program `recsafe` is allowed to use this reader.
///
/// On systems without processes, or if the path of the program is unknown, the file is decoded in
/// this process.
#[derive(Clone, Copy, Debug)]
pub struct ParquetApart;

impl ParquetRows for ParquetApart {
    fn rows(&self, path: &Path, columns: &[String; 2], each: &mut OnRow) -> Result<(), Refusal> {
        let started = std::env::current_exe().and_then(|program| {
            Command::new(program)
                .arg(DECODE)
                .arg(path)
                .args(columns)
                .env("POLARS_MAX_THREADS", "1") // more threads would only use up the memory limit
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
        });
        let mut child = match started {
            Ok(child) => child,
            Err(error) if [ErrorKind::NotFound, ErrorKind::Unsupported].contains(&error.kind()) => {
                return Parquet.rows(path, columns, each);
            }
            Err(error) => {
                return Err(Refusal::new(format!("cannot start the process that decodes it: {error}"), ""));
            }
        };
        let result = child.stdout.take().map_or_else(|| Err(ended()), |lines| take(BufReader::new(lines), each));
        // After the last row, the process ends by itself.
        let _ = child.kill();
        let _ = child.wait();
        result
    }
}

/// Reads the lines of the decoder.
fn take(lines: impl BufRead, each: &mut OnRow) -> Result<(), Refusal> {
    for (line, row) in lines.lines().zip(1..) {
        let line = line.ok().and_then(|line| serde_json::from_str(&line).ok()).ok_or_else(ended)?;
        match line {
            Line::Row(a, b) => each(row, Ok([a.cell(), b.cell()]))?,
            Line::Refused { what, help } => return Err(Refusal::new(what, help)),
            Line::End => return Ok(()),
        }
    }
    Err(ended())
}

/// Returns the refusal for a decoder that ended early.
fn ended() -> Refusal {
    let what = "it cannot be read as Parquet: the process that decodes it ended early";
    Refusal::new(what, "it is damaged or too large for the memory: write it again with smaller row groups")
}

/// Runs the decoder if this process was started as a decoder. Returns the exit code, or `None` in
/// any other process.
#[must_use]
pub fn decode_for_another() -> Option<ExitCode> {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next()? != DECODE {
        return None;
    }
    let path = PathBuf::from(arguments.next()?);
    let columns = [arguments.next()?, arguments.next()?].map(|column| column.to_string_lossy().into_owned());
    let bytes = std::fs::metadata(&path).map_or(0, |file| file.len());
    heap::limit(MEMORY.0.saturating_mul(bytes).saturating_add(MEMORY.1));
    let mut out = BufWriter::new(std::io::stdout().lock());
    // A failed write means that the receiver has ended.
    Some(if tell(&path, &columns, &mut out).is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Writes the rows of a file as lines.
fn tell(path: &Path, columns: &[String; 2], out: &mut dyn Write) -> std::io::Result<()> {
    let mut gone = None;
    let read = Parquet.rows(path, columns, &mut |_, cells: Result<[Cell; 2], Bad>| {
        let Ok([a, b]) = cells else { return Err(damaged()) }; // only rows of text files can be invalid at this point
        write_line(out, &Line::Row(a.into(), b.into())).map_err(|error| {
            gone = Some(error);
            damaged()
        })
    });
    if let Some(error) = gone {
        return Err(error);
    }
    let last = match read {
        Ok(()) => Line::End,
        Err(Refusal { what, help }) => Line::Refused { what, help },
    };
    write_line(out, &last)?;
    out.flush()
}

fn write_line(out: &mut dyn Write, line: &Line) -> std::io::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Data, write_open};

    /// Returns the rows in these lines as text, and the result.
    fn taken(lines: &str) -> (Vec<String>, Result<(), Refusal>) {
        let mut rows = Vec::new();
        let result = take(lines.as_bytes(), &mut |row, cells| {
            let [a, b] = cells.unwrap();
            rows.push(format!("{row}: {a}, {b}"));
            Ok(())
        });
        (rows, result)
    }

    #[test]
    fn rows_that_are_told_are_taken_as_they_are() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.parquet");
        let large: Data = [Some(u64::MAX), Some(7), None].into_iter().collect();
        let text: Data = ["12", "ann \"\n\u{e9}", ""].map(str::to_owned).into_iter().collect();
        // An overlong text is shortened and stays too long.
        let cut = Value::from(Cell::Text(&"\u{e9}".repeat(LONGEST_ID)));
        assert!(matches!(cut.cell(), Cell::Text(text) if text.len() == LONGEST_ID + 2));
        write_open(&path, "", vec![("a".to_owned(), large), ("b".to_owned(), text)]).unwrap();
        let columns = ["a", "b"].map(str::to_owned);
        let mut here = Vec::new();
        Parquet
            .rows(&path, &columns, &mut |row, cells| {
                let [a, b] = cells.unwrap();
                here.push(format!("{row}: {a}, {b}"));
                Ok(())
            })
            .unwrap();
        let mut lines = Vec::new();
        tell(&path, &columns, &mut lines).unwrap();
        assert_eq!(taken(std::str::from_utf8(&lines).unwrap()), (here, Ok(())));
        let mut lines = Vec::new();
        tell(&path, &["a", "c"].map(str::to_owned), &mut lines).unwrap();
        let (rows, refused) = taken(std::str::from_utf8(&lines).unwrap());
        assert!(rows.is_empty() && refused.unwrap_err().what.contains("no column `c`"));
    }

    #[test]
    fn a_process_that_ends_before_its_time_is_a_damaged_file() {
        let whole = "{\"Row\":[1,2]}\n{\"Row\":[null,\"x\"]}\n\"End\"\n";
        assert!(taken(whole).1.is_ok());
        for end in 0..whole.len() - "\n".len() {
            assert_eq!(taken(&whole[..end]).1, Err(ended()), "{}", &whole[..end]);
        }
    }
}
