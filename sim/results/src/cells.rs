//! Conversion between rows and Polars columns, by the declarations in `recsafe_stats::rows`.

use std::path::Path;

use polars::error::PolarsResult;
use polars::prelude::{
    BooleanChunked, BooleanChunkedBuilder, ChunkCompareEq, ChunkFull, ChunkedBuilder, Column as Series, DataFrame,
    DataType, Float32Type, Float64Type, Int32Type, IntoColumn, IntoSeries, PlSmallStr, PrimitiveChunkedBuilder,
    StringChunked, StringChunkedBuilder, UInt32Type, UInt64Type,
};
use polars::prelude::{Float32Chunked, Float64Chunked, Int32Chunked, UInt32Chunked, UInt64Chunked};
use recsafe_names::Names;
use recsafe_names::cells::kind_of;
use recsafe_stats::rows::{Cell, Column, Kind, Read, Row};

use super::StoreError;

/// Converts at most `most` of the next rows to columns, in the order of the table. Cells are added
/// one by one, so no rows are kept in memory.
pub(super) fn columns<R: Row>(rows: impl Iterator<Item = R>, most: usize) -> Vec<Series> {
    let room = rows.size_hint().0.min(most);
    let mut columns: Vec<Growing> = R::COLUMNS.iter().map(|column| Growing::new(column, room)).collect();
    for row in rows.take(most) {
        for (column, cell) in columns.iter_mut().zip(row.cells()) {
            column.push(cell);
        }
    }
    columns.into_iter().map(Growing::finish).collect()
}

macro_rules! kinds {
    ($($kind:ident: $builder:ty, $column:ty, $type:ident, $values:ident;)*) => {
        /// A column under construction.
        enum Growing {
            $($kind($builder),)*
        }

        impl Growing {
            fn new(column: &Column, room: usize) -> Growing {
                let name = PlSmallStr::from_static(column.name);
                match column.kind {
                    $(Kind::$kind => Growing::$kind(<$builder>::new(name, room)),)*
                }
            }

            fn push(&mut self, cell: Cell) {
                match (self, cell) {
                    $(
                        (Growing::$kind(column), Cell::$kind(value)) => column.append_value(value),
                        (Growing::$kind(column), Cell::Null) => column.append_null(),
                    )*
                    (_, cell) => unreachable!("a cell has the type of its column: {cell:?}"),
                }
            }

            fn finish(self) -> Series {
                match self {
                    $(Growing::$kind(column) => column.finish().into_series().into_column(),)*
                }
            }
        }

        /// A column to read from.
        enum Grown {
            $($kind($column),)*
        }

        impl Grown {
            /// Returns a column of a table. Casts numbers to the declared type if all numbers fit.
            fn of(frame: &DataFrame, column: &Column) -> PolarsResult<Grown> {
                let found = frame.column(column.name)?;
                match column.kind {
                    $(Kind::$kind => Ok(Grown::$kind(as_type(found, &DataType::$type)?.$values()?.clone())),)*
                }
            }

            fn cell(&self, row: usize) -> Cell<'_> {
                match self {
                    $(Grown::$kind(column) => column.get(row).map_or(Cell::Null, Cell::$kind),)*
                }
            }
        }
    };
}

kinds! {
    U32: PrimitiveChunkedBuilder<UInt32Type>, UInt32Chunked, UInt32, u32;
    I32: PrimitiveChunkedBuilder<Int32Type>, Int32Chunked, Int32, i32;
    U64: PrimitiveChunkedBuilder<UInt64Type>, UInt64Chunked, UInt64, u64;
    F32: PrimitiveChunkedBuilder<Float32Type>, Float32Chunked, Float32, f32;
    F64: PrimitiveChunkedBuilder<Float64Type>, Float64Chunked, Float64, f64;
    Bool: BooleanChunkedBuilder, BooleanChunked, Boolean, bool;
    Text: StringChunkedBuilder, StringChunked, String, str;
}

/// Casts a column to a type. Fails if a value does not fit, or if numbers would become texts.
fn as_type(column: &Series, to: &DataType) -> PolarsResult<Series> {
    if *to == DataType::String { Ok(column.clone()) } else { column.strict_cast(to) }
}

/// Converts the rows of a table that was read from `path`.
///
/// # Errors
/// If a column is missing, or has a value that is not valid in this row.
pub(super) fn rows<R: Read>(path: &Path, frame: &DataFrame) -> Result<Vec<R>, StoreError> {
    let damaged = |what: String| StoreError::BadTable { path: path.to_owned(), what };
    let columns = R::COLUMNS.iter().map(|column| Grown::of(frame, column)).collect::<PolarsResult<Vec<_>>>();
    let columns = columns.map_err(|source| StoreError::Table { path: path.to_owned(), source })?;
    let mut cells = Vec::with_capacity(columns.len());
    let row = |row: usize| {
        cells.clear();
        cells.extend(columns.iter().map(|column| column.cell(row)));
        R::read(&cells).map_err(|place| damaged(misfit(row, R::COLUMNS[place].name, cells[place])))
    };
    (0..frame.height()).map(row).collect()
}

/// Replaces older names with current names in the columns that contain names.
pub(super) fn put_present_words(frame: &mut DataFrame, table: &str) -> PolarsResult<()> {
    let names = Names::present();
    let renamed = |column: &Series| {
        let kind = kind_of(names, table, column.name()).filter(|kind| names.renames(kind))?;
        let words = column.str().ok()?;
        let is_old = words.iter().flatten().any(|word| names.resolve(kind, word).is_old);
        let present = |word: Option<&'_ str>| word.map(|word| names.name(kind, word).to_owned());
        is_old.then(|| {
            let words: StringChunked = words.iter().map(present).collect();
            words.with_name(column.name().clone()).into_series().into_column()
        })
    };
    let renamed: Vec<Series> = frame.columns().iter().filter_map(renamed).collect();
    for column in renamed {
        frame.with_column(column)?;
    }
    Ok(())
}

fn misfit(row: usize, column: &str, cell: Cell) -> String {
    match cell {
        Cell::Null => format!("`{column}` has nulls"),
        Cell::Text(text) => format!("row {row}: {text:?} is not a valid {column}"),
        other => format!("row {row}: {other:?} is not a valid {column}"),
    }
}

/// Returns a mask of the rows that have this value in at least one of the columns `keys`.
pub(super) fn holding(frame: &DataFrame, keys: &[&str], value: Cell) -> PolarsResult<BooleanChunked> {
    let mut found = BooleanChunked::full(PlSmallStr::EMPTY, false, frame.height());
    for key in keys {
        let column = frame.column(key)?;
        let is_it = match value {
            Cell::Text(text) => column.str()?.equal(text),
            Cell::U32(number) => as_type(column, &DataType::UInt32)?.u32()?.equal(number),
            other => unreachable!("rows are looked up by names and ids: {other:?}"),
        };
        found = &found | &is_it;
    }
    Ok(found)
}
