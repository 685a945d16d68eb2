//! Parquet: typed columns in, the same bytes out for the same rows; units and meanings stand in the file.

use std::fs::File;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use polars::error::PolarsResult;
use polars::io::SerReader;
use polars::io::parquet::write::{BatchedWriter, ParquetMetadataContext};
use polars::prelude::{
    Column as Series, DataFrame, DataType, IntoColumn, KeyValueMetadata, NamedFrom, ParquetCompression, ParquetReader,
    ParquetWriter, PlSmallStr, Schema, Series as PolarsSeries, StatisticsOptions,
};

use recsafe_names::Names;
use recsafe_names::kind::{GROUP, METRIC};

use super::StoreError;
use super::aside::new_file;
use super::own::WRITER;
use super::tables::{Kind, Table};

/// Rows that any table may have, however short its file.
const SMALL: u64 = 1 << 20;
/// Most rows for each byte of a file. Equal values take next to no room in Parquet, so that a short file could fill the memory; tables
/// of this program have a column at least in which hardly any two values are equal.
const MOST_ROWS_PER_BYTE: u64 = 100;

/// Rows of one row group; fixed, so that files do not depend on the machine.
pub(crate) const ROW_GROUP: usize = 65_536;

/// One column's values.
#[derive(Clone, Debug)]
pub enum Data {
    /// Whole numbers from 0.
    U32(Vec<Option<u32>>),
    /// Whole numbers.
    I32(Vec<Option<i32>>),
    /// Large whole numbers from 0.
    U64(Vec<Option<u64>>),
    /// Numbers.
    F32(Vec<Option<f32>>),
    /// Numbers.
    F64(Vec<Option<f64>>),
    /// Truth values.
    Bool(Vec<Option<bool>>),
    /// Texts.
    Text(Vec<Option<String>>),
    /// Names that the program knows, where a text for each row would take more memory than the world.
    Name(Vec<Option<&'static str>>),
}

macro_rules! from_values {
    ($($variant:ident: $type:ty),*) => { $(
        impl FromIterator<$type> for Data {
            fn from_iter<I: IntoIterator<Item = $type>>(values: I) -> Self {
                Data::$variant(values.into_iter().map(Some).collect())
            }
        }

        impl FromIterator<Option<$type>> for Data {
            fn from_iter<I: IntoIterator<Item = Option<$type>>>(values: I) -> Self {
                Data::$variant(values.into_iter().collect())
            }
        }
    )* };
}

from_values!(U32: u32, I32: i32, U64: u64, F32: f32, F64: f64, Bool: bool, Text: String, Name: &'static str);

impl Data {
    /// Values of a setting: numbers if all are numbers, else texts.
    #[must_use]
    pub fn of_json(values: &[&serde_json::Value]) -> Data {
        if values.iter().all(|value| value.is_number()) {
            values.iter().map(|value| value.as_f64()).collect()
        } else {
            values.iter().map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned)).collect()
        }
    }

    fn kind(&self) -> Kind {
        match self {
            Data::U32(_) => Kind::U32,
            Data::I32(_) => Kind::I32,
            Data::U64(_) => Kind::U64,
            Data::F32(_) => Kind::F32,
            Data::F64(_) => Kind::F64,
            Data::Bool(_) => Kind::Bool,
            Data::Text(_) | Data::Name(_) => Kind::Text,
        }
    }

    /// No values of a kind.
    fn none(kind: Kind) -> Data {
        match kind {
            Kind::U32 => Data::U32(Vec::new()),
            Kind::I32 => Data::I32(Vec::new()),
            Kind::U64 => Data::U64(Vec::new()),
            Kind::F32 => Data::F32(Vec::new()),
            Kind::F64 => Data::F64(Vec::new()),
            Kind::Bool => Data::Bool(Vec::new()),
            Kind::Text => Data::Text(Vec::new()),
        }
    }

    fn has_null(&self) -> bool {
        match self {
            Data::U32(values) => values.iter().any(Option::is_none),
            Data::I32(values) => values.iter().any(Option::is_none),
            Data::U64(values) => values.iter().any(Option::is_none),
            Data::F32(values) => values.iter().any(Option::is_none),
            Data::F64(values) => values.iter().any(Option::is_none),
            Data::Bool(values) => values.iter().any(Option::is_none),
            Data::Text(values) => values.iter().any(Option::is_none),
            Data::Name(values) => values.iter().any(Option::is_none),
        }
    }

    fn column(self, name: &str) -> Series {
        let name = PlSmallStr::from_str(name);
        match self {
            Data::U32(values) => PolarsSeries::new(name, values),
            Data::I32(values) => PolarsSeries::new(name, values),
            Data::U64(values) => PolarsSeries::new(name, values),
            Data::F32(values) => PolarsSeries::new(name, values),
            Data::F64(values) => PolarsSeries::new(name, values),
            Data::Bool(values) => PolarsSeries::new(name, values),
            Data::Text(values) => PolarsSeries::new(name, values),
            Data::Name(values) => PolarsSeries::new(name, values),
        }
        .into_column()
    }
}

/// The rows of a table, made a row group at a time while they are written: however many there are, making them takes little memory.
pub struct Rows<'a> {
    count: usize,
    columns: Box<dyn Fn(Range<usize>) -> Vec<Data> + 'a>,
}

impl<'a> Rows<'a> {
    /// `count` rows, of which `columns` makes those of a range.
    pub fn new(count: usize, columns: impl Fn(Range<usize>) -> Vec<Data> + 'a) -> Self {
        Rows { count, columns: Box::new(columns) }
    }

    /// A row for each of `things`, of some of which `columns` makes those.
    pub fn of<T>(things: impl AsRef<[T]> + 'a, columns: impl Fn(&[T]) -> Vec<Data> + 'a) -> Self {
        Rows::new(things.as_ref().len(), move |range| columns(&things.as_ref()[range]))
    }

    /// Columns of all rows.
    #[must_use]
    pub fn all(&self) -> Vec<Data> {
        self.columns(0..self.count)
    }

    /// Columns of some rows: a range within all of them.
    #[must_use]
    pub fn columns(&self, rows: Range<usize>) -> Vec<Data> {
        (self.columns)(rows)
    }

    /// Number of rows.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// Columns of each row group; of none at least the types.
    fn groups(&self) -> impl Iterator<Item = Vec<Data>> + '_ {
        starts(self.count).map(|from| self.columns(from..self.count.min(from + ROW_GROUP)))
    }
}

/// Where row groups begin; a table without rows has one that is empty.
fn starts(rows: usize) -> impl Iterator<Item = usize> {
    (0..rows.max(1)).step_by(ROW_GROUP)
}

/// Writes the rows as the table into `path`, synced to disk.
///
/// # Errors
/// If the columns do not fit the table, or the file cannot be written.
pub fn write_rows(path: &Path, table: &Table, rows: &Rows) -> Result<(), StoreError> {
    write_groups(path, rows.groups().map(|columns| fitted(table, columns)), notes(table))
}

/// Writes `columns` as the table into `path`, synced to disk.
///
/// # Errors
/// If the columns do not fit the table, or the file cannot be written.
pub fn write(path: &Path, table: &Table, columns: Vec<Data>) -> Result<(), StoreError> {
    write_groups(path, std::iter::once(fitted(table, columns)), notes(table))
}

/// The same bytes, without a file.
///
/// # Errors
/// If the columns do not fit the table.
pub fn encode(table: &Table, columns: Vec<Data>) -> Result<Vec<u8>, StoreError> {
    let mut bytes = Vec::new();
    encode_groups(&mut bytes, Path::new(table.name), std::iter::once(fitted(table, columns)), notes(table))?;
    Ok(bytes)
}

/// Notes that stand in a file beside its columns: key and text.
type Notes = Vec<(String, String)>;

/// The columns by their names, if they fit the table.
fn fitted(table: &Table, columns: Vec<Data>) -> Result<Vec<Series>, StoreError> {
    let misfit = |what: String| StoreError::Columns { table: table.name.to_owned(), what };
    if columns.len() != table.columns.len() {
        return Err(misfit(format!("{} columns, {} wanted", columns.len(), table.columns.len())));
    }
    for (data, column) in columns.iter().zip(table.columns) {
        if data.kind() != column.kind || (data.has_null() && !column.nullable) {
            return Err(misfit(format!("`{}` is {:?}, nulls: {}", column.name, data.kind(), data.has_null())));
        }
    }
    Ok(columns.into_iter().zip(table.columns).map(|(data, column)| data.column(column.name)).collect())
}

/// What the file says of the table and its columns.
fn notes(table: &Table) -> Notes {
    let columns = table.columns.iter();
    let notes = columns.map(|column| (format!("column:{}", column.name), note(column.about, column.unit)));
    first_notes(table.about).into_iter().chain(notes).collect()
}

/// What every file says: which program wrote it, and what a row is.
fn first_notes(about: &str) -> Notes {
    let (key, program) = WRITER;
    vec![(key.to_owned(), program.to_owned()), ("table".to_owned(), about.to_owned())]
}

fn note(about: &str, unit: &str) -> String {
    if unit.is_empty() { about.to_owned() } else { format!("{about} [{unit}]") }
}

/// Writes a table whose columns are not fixed, such as the points of a sweep.
///
/// # Errors
/// If the file cannot be written, or a name stands twice.
pub fn write_open(path: &Path, about: &str, columns: Vec<(String, Data)>) -> Result<(), StoreError> {
    let named = columns.into_iter().map(|(name, data)| data.column(&name)).collect();
    write_groups(path, std::iter::once(Ok(named)), first_notes(about))
}

fn write_groups(
    path: &Path,
    mut groups: impl Iterator<Item = Result<Vec<Series>, StoreError>>,
    notes: Notes,
) -> Result<(), StoreError> {
    let first = groups.next().transpose()?; // columns that do not fit leave no file
    let groups = first.map(Ok).into_iter().chain(groups);
    let mut writer = Telling::new(path)?;
    let failure = writer.failure.clone();
    encode_groups(&mut writer, path, groups, notes).map_err(|error| failure.or(error, path))?;
    writer.file.sync_all().map_err(StoreError::file("sync", path))
}

/// A file that keeps what the system says when it cannot be written: the library passes it on as text only.
struct Telling {
    file: File,
    failure: Failure,
}

/// What the system said when a file could not be written.
#[derive(Clone, Default)]
struct Failure(Arc<Mutex<Option<std::io::Error>>>);

impl Failure {
    fn keep(&self, error: std::io::Error) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
    }

    /// It, if there is one, else the library's error.
    fn or(&self, error: StoreError, path: &Path) -> StoreError {
        let told = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        told.map_or(error, StoreError::file("write", path))
    }
}

impl Telling {
    fn new(path: &Path) -> Result<Telling, StoreError> {
        Ok(Telling { file: new_file(path)?, failure: Failure::default() })
    }
}

impl std::io::Write for Telling {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.file.write(bytes).map_err(|error| {
            let told = std::io::Error::new(error.kind(), error.to_string());
            self.failure.keep(error);
            told
        })
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

/// Encodes groups of rows, at least one, in row groups of at most [`ROW_GROUP`].
fn encode_groups(
    writer: impl std::io::Write,
    path: &Path,
    groups: impl Iterator<Item = Result<Vec<Series>, StoreError>>,
    notes: Notes,
) -> Result<(), StoreError> {
    let failed = |source| failed(path, source);
    let mut frames = groups.map(|columns| DataFrame::new_infer_height(columns?).map_err(failed)).peekable();
    let schema = match frames.peek() {
        Some(Ok(first)) => first.schema().clone(),
        _ => Schema::default().into(),
    };
    let mut batched = batched(writer, path, &schema)?;
    for frame in frames {
        let frame = frame?;
        for from in starts(frame.height()) {
            batched.write_batch(&frame.slice(from as i64, ROW_GROUP)).map_err(failed)?;
        }
    }
    finish(&batched, notes).map_err(failed)
}

/// Writes the footer with these notes and no others. [`BatchedWriter::finish`] would add the key `ARROW:schema`, which
/// says that texts are of the Arrow type `string_view`: pyarrow cannot sort, join or take those, and older ones cannot
/// open the file. Without it every reader goes by the types of Parquet, in which a text is a plain UTF-8 string.
fn finish<W: std::io::Write>(batched: &BatchedWriter<W>, notes: Notes) -> PolarsResult<()> {
    let notes = KeyValueMetadata::from_static(notes).collect(ParquetMetadataContext { arrow_schema: "" })?;
    let mut writer = batched.get_writer().lock().unwrap_or_else(PoisonError::into_inner);
    writer.end(Some(notes)).map(|_| ())
}

/// Writes the rows of one Parquet file into another in the present form: with the columns of `table`, if one is given, else with its own. Where the
/// file has no column `factor`, numerators are divided by `factor_of` their metric.
pub(super) fn rewrite(
    from: &Path,
    to: &Path,
    table: Option<&Table>,
    factor_of: fn(&str) -> f64,
) -> Result<(), StoreError> {
    let read = ReadTable::whole_file(from)?;
    let Some(table) = table else {
        return write_groups(to, std::iter::once(Ok(read.frame.columns().to_vec())), first_notes(""));
    };
    let without_factor =
        table.columns.iter().any(|column| column.name == "factor" && read.frame.column("factor").is_err());
    let factors: Vec<f64> =
        if without_factor { read.text("metric")?.iter().map(|metric| factor_of(metric)).collect() } else { Vec::new() };
    let column = |column: &super::tables::Column| match column.name {
        "factor" if without_factor => Ok(factors.iter().copied().collect::<Data>().column("factor")),
        "numerator" if without_factor => {
            let scaled = read.number("numerator")?.into_iter().zip(&factors);
            Ok(scaled
                .map(|(scaled, factor)| scaled.map(|scaled| scaled / factor))
                .collect::<Data>()
                .column("numerator"))
        }
        name => read.frame.column(name).cloned().map_err(|source| failed(from, source)),
    };
    let columns: Result<Vec<Series>, StoreError> = table.columns.iter().map(column).collect();
    write_groups(to, std::iter::once(columns), notes(table))
}

/// A writer of row groups with this schema.
fn batched<W: std::io::Write>(writer: W, path: &Path, schema: &Schema) -> Result<BatchedWriter<W>, StoreError> {
    ParquetWriter::new(writer)
        .with_compression(ParquetCompression::Zstd(None))
        .with_statistics(StatisticsOptions::default())
        .set_parallel(false)
        .batched(schema)
        .map_err(|source| failed(path, source))
}

/// One table of many runs, written run by run: row groups are as long as those of any table, and no more than one is held.
pub(super) struct Joined {
    path: PathBuf,
    table: &'static Table,
    writer: BatchedWriter<Telling>,
    failure: Failure,
    waiting: Option<DataFrame>,
}

impl Joined {
    /// Begins the file of a table whose first columns are `arm`, `point` and `seed`.
    pub(super) fn new(path: &Path, table: &'static Table) -> Result<Joined, StoreError> {
        let telling = Telling::new(path)?;
        let failure = telling.failure.clone();
        let none = fitted(table, table.columns.iter().map(|column| Data::none(column.kind)).collect())?;
        let frame = DataFrame::new_infer_height(none).map_err(|source| failed(path, source))?;
        let writer = batched(telling, path, frame.schema())?;
        Ok(Joined { path: path.to_owned(), table, writer, failure, waiting: None })
    }

    /// Adds the rows of a run.
    pub(super) fn push(&mut self, arm: &str, point: u32, seed: u64, rows: &ReadTable) -> Result<(), StoreError> {
        let height = rows.frame.height();
        let of_run = [
            std::iter::repeat_n(arm.to_owned(), height).collect::<Data>().column("arm"),
            std::iter::repeat_n(point, height).collect::<Data>().column("point"),
            std::iter::repeat_n(seed, height).collect::<Data>().column("seed"),
        ];
        let others = self.table.columns[of_run.len()..].iter().map(|column| rows.frame.column(column.name).cloned());
        let others = others.collect::<Result<Vec<_>, _>>().map_err(|source| failed(&self.path, source))?;
        let frame = DataFrame::new_infer_height(of_run.into_iter().chain(others).collect());
        let frame = frame.map_err(|source| failed(&self.path, source))?;
        let mut waiting = match self.waiting.take() {
            Some(waiting) => waiting.vstack(&frame).map_err(|source| failed(&self.path, source))?,
            None => frame,
        };
        while waiting.height() >= ROW_GROUP {
            let rest = waiting.slice(ROW_GROUP as i64, waiting.height() - ROW_GROUP);
            self.write(&waiting.slice(0, ROW_GROUP))?;
            waiting = rest;
        }
        self.waiting = Some(waiting);
        Ok(())
    }

    fn write(&mut self, frame: &DataFrame) -> Result<(), StoreError> {
        let mut frame = frame.clone();
        frame.rechunk_mut();
        self.writer.write_batch(&frame).map_err(|source| self.failed(source))
    }

    fn failed(&self, source: polars::error::PolarsError) -> StoreError {
        self.failure.or(failed(&self.path, source), &self.path)
    }

    /// Writes what waits, and ends the file.
    pub(super) fn finish(mut self) -> Result<(), StoreError> {
        if let Some(waiting) = self.waiting.take().filter(|waiting| waiting.height() > 0) {
            self.write(&waiting)?;
        }
        finish(&self.writer, notes(self.table)).map_err(|source| self.failed(source))?;
        File::open(&self.path).and_then(|file| file.sync_all()).map_err(StoreError::file("sync", &self.path))
    }
}

/// Rows that a file of so many bytes may have: more of them would fill the memory, and no sensible file has them.
pub(crate) fn most_rows(bytes: u64) -> u64 {
    SMALL.max(bytes.saturating_mul(MOST_ROWS_PER_BYTE))
}

/// Whether a column has this many rows. The pages of a damaged file may have other numbers of rows than its footer says.
pub(crate) fn is_whole(column: &Series, height: usize) -> bool {
    let rows: usize = column.as_materialized_series().chunks().iter().map(|chunk| chunk.len()).sum();
    column.len() == height && rows == height
}

/// Some columns of a table, read back.
#[derive(Debug)]
pub struct ReadTable {
    path: std::path::PathBuf,
    frame: DataFrame,
}

impl ReadTable {
    /// Reads these columns of a Parquet file.
    ///
    /// # Errors
    /// If the file cannot be read or has no such columns.
    pub fn read(path: &Path, columns: &[&str]) -> Result<ReadTable, StoreError> {
        let file = File::open(path).map_err(StoreError::file("open", path))?;
        let columns = columns.iter().map(|&name| name.to_owned()).collect();
        let frame = read_columns(path, file, Some(columns))?;
        Ok(ReadTable { path: path.to_owned(), frame })
    }

    /// Reads a whole Parquet file.
    fn whole_file(path: &Path) -> Result<ReadTable, StoreError> {
        let file = File::open(path).map_err(StoreError::file("open", path))?;
        Ok(ReadTable { path: path.to_owned(), frame: read_columns(path, file, None)? })
    }

    /// A column of texts; null as an empty text.
    ///
    /// # Errors
    /// If it is not there, or holds something else.
    pub fn text(&self, name: &str) -> Result<Vec<String>, StoreError> {
        let column = self.frame.column(name).and_then(|column| column.str().cloned());
        let column = column.map_err(|source| failed(&self.path, source))?;
        Ok(column.iter().map(|text| text.unwrap_or_default().to_owned()).collect())
    }

    /// A column of whole numbers from 0, without nulls.
    ///
    /// # Errors
    /// If it is not there, or holds something else.
    pub fn whole(&self, name: &str) -> Result<Vec<u64>, StoreError> {
        let column = self.frame.column(name).and_then(|column| column.strict_cast(&DataType::UInt64));
        let column = column.and_then(|column| column.u64().cloned()).map_err(|source| failed(&self.path, source))?;
        let found: Option<Vec<u64>> = column.iter().collect();
        found.ok_or_else(|| StoreError::BadTable { path: self.path.clone(), what: format!("`{name}` has nulls") })
    }

    /// A column of numbers of any kind.
    ///
    /// # Errors
    /// If it is not there, or holds something else.
    pub fn number(&self, name: &str) -> Result<Vec<Option<f64>>, StoreError> {
        let column = self.frame.column(name).and_then(|column| column.cast(&DataType::Float64));
        let column = column.and_then(|column| column.f64().cloned()).map_err(|source| failed(&self.path, source))?;
        Ok(column.iter().collect())
    }
}

/// What `read` gives. A damaged file may make the Parquet reader panic; that is told as what it is.
fn guarded<T>(path: &Path, read: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
    // Nothing that the reader may have left half done is looked at again.
    crate::panics::caught(read).unwrap_or_else(|what| Err(StoreError::BadTable { path: path.to_owned(), what }))
}

/// Some columns of a table, or all: a table that is damaged is told as such, whatever the decoder makes of it.
pub(super) fn read_columns(path: &Path, file: File, columns: Option<Vec<String>>) -> Result<DataFrame, StoreError> {
    let bytes = file.metadata().map_err(StoreError::file("read", path))?.len();
    guarded(path, || {
        let mut reader = ParquetReader::new(file).with_columns(columns);
        let rows = reader.get_metadata().map_err(|source| failed(path, source))?.num_rows as u64;
        if rows > most_rows(bytes) {
            return Err(StoreError::TooManyRows { path: path.to_owned(), rows, bytes });
        }
        let frame = reader.finish().map_err(|source| failed(path, source))?;
        match frame.columns().iter().find(|column| !is_whole(column, frame.height())) {
            None => Ok(frame),
            Some(column) => {
                let what = format!("column `{}` has not as many rows as the table", column.name());
                Err(StoreError::BadTable { path: path.to_owned(), what })
            }
        }
    })
}

fn failed(path: &Path, source: polars::error::PolarsError) -> StoreError {
    StoreError::Table { path: path.to_owned(), source }
}

/// One row of `metrics.parquet`: metric, group, value.
pub type MetricRow = (String, String, Option<f64>);

/// Reads metric, group and value of a run's `metrics.parquet`.
///
/// # Errors
/// If the file cannot be read or is not that table.
pub fn read_metrics(path: &Path) -> Result<Vec<MetricRow>, StoreError> {
    metric_rows(&ReadTable::read(path, &METRIC_COLUMNS)?)
}

/// Columns that make a [`MetricRow`].
pub(super) const METRIC_COLUMNS: [&str; 3] = ["metric", "group", "value"];

/// The rows of a table with these columns, under present names.
pub(super) fn metric_rows(table: &ReadTable) -> Result<Vec<MetricRow>, StoreError> {
    let present = |column: &str, kind: &str| -> Result<Vec<String>, StoreError> {
        Ok(table.text(column)?.iter().map(|name| Names::present().name(kind, name).to_owned()).collect())
    };
    let named = present("metric", METRIC)?.into_iter().zip(present("group", GROUP)?);
    Ok(named.zip(table.number("value")?).map(|((metric, group), value)| (metric, group, value)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::find_table;

    fn metrics(values: &[Option<f64>]) -> Vec<Data> {
        let text = |word: &str| values.iter().map(|_| word.to_owned()).collect::<Data>();
        let ones = || values.iter().map(|_| 1.0).collect::<Data>();
        vec![text("dose"), text("minor"), values.iter().copied().collect(), ones(), ones(), ones()]
    }

    #[test]
    fn rows_come_back_and_bytes_are_the_same_twice() {
        let folder = tempfile::tempdir().unwrap();
        let (a, b) = (folder.path().join("a"), folder.path().join("b"));
        for path in [&a, &b] {
            write(path, find_table("metrics").unwrap(), metrics(&[Some(0.5), None])).unwrap();
        }
        assert_eq!(std::fs::read(&a).unwrap(), std::fs::read(&b).unwrap());
        let rows = read_metrics(&a).unwrap();
        assert_eq!(rows, [("dose".into(), "minor".into(), Some(0.5)), ("dose".into(), "minor".into(), None)]);
    }

    #[test]
    fn empty_and_null_columns_keep_their_types() {
        let folder = tempfile::tempdir().unwrap();
        for (name, values) in [("empty", &[][..]), ("null", &[None, None][..])] {
            let path = folder.path().join(name);
            write(&path, find_table("metrics").unwrap(), metrics(values)).unwrap();
            let frame = ParquetReader::new(File::open(&path).unwrap()).finish().unwrap();
            assert_eq!(format!("{:?}", frame.column("value").unwrap().dtype()), "Float64");
            assert_eq!(frame.width(), 6);
        }
    }

    #[test]
    fn rows_made_group_by_group_give_the_bytes_of_all_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let table = find_table("metrics").unwrap();
        for count in [0, 3, ROW_GROUP, 2 * ROW_GROUP + 1] {
            let value = |row: usize| (!row.is_multiple_of(7)).then_some(row as f64);
            let rows = Rows::new(count, |range| metrics(&range.map(value).collect::<Vec<_>>()));
            let path = folder.path().join(count.to_string());
            write_rows(&path, table, &rows).unwrap();
            assert_eq!(std::fs::read(&path).unwrap(), encode(table, rows.all()).unwrap());
            let read = ReadTable::read(&path, &["value"]).unwrap().number("value").unwrap();
            assert_eq!(read, (0..count).map(value).collect::<Vec<_>>());
        }
    }

    /// Rows of each row group of a file, and the keys of its notes.
    fn footer(path: &Path) -> (Vec<usize>, Vec<String>) {
        let mut reader = ParquetReader::new(File::open(path).unwrap());
        let metadata = reader.get_metadata().unwrap();
        let mut rows = Vec::new();
        for group in &metadata.row_groups {
            rows.push(group.num_rows());
        }
        let notes = metadata.key_value_metadata().iter().flatten();
        (rows, notes.map(|note| note.key.clone()).collect())
    }

    #[test]
    fn a_footer_has_the_notes_of_the_table_and_no_arrow_schema() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        let keys = ["writer", "table", "column:metric", "column:group", "column:value"];
        for count in [0, 2, ROW_GROUP + 1] {
            write(&path, find_table("metrics").unwrap(), metrics(&vec![Some(1.0); count])).unwrap();
            let (rows, notes) = footer(&path);
            assert_eq!(notes[..5], keys);
            assert_eq!(notes.len(), 8, "nothing but the table and its columns: {notes:?}");
            assert_eq!(rows.iter().sum::<usize>(), count);
            assert!(rows.iter().rev().skip(1).all(|&rows| rows == ROW_GROUP), "{rows:?}");
            std::fs::remove_file(&path).unwrap();
        }
        write_open(&path, "points", vec![("point".to_owned(), [0_u32].into_iter().collect())]).unwrap();
        assert_eq!(footer(&path).1, ["writer", "table"]);
    }

    #[test]
    fn columns_that_do_not_fit_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        let mut columns = metrics(&[Some(1.0)]);
        columns.swap(0, 2);
        assert!(matches!(write(&path, find_table("metrics").unwrap(), columns), Err(StoreError::Columns { .. })));
        assert!(!path.exists());
    }
}
