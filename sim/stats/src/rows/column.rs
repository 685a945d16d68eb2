//! Columns of tables and their values.

use std::borrow::Cow;

/// Type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 32-bit unsigned integer.
    U32,
    /// 32-bit signed integer.
    I32,
    /// 64-bit unsigned integer.
    U64,
    /// 32-bit floating point.
    F32,
    /// 64-bit floating point.
    F64,
    /// Boolean.
    Bool,
    /// Text.
    Text,
}

/// One column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Name of the column.
    pub name: &'static str,
    /// Type of the values.
    pub kind: Kind,
    /// Whether values can be null.
    pub nullable: bool,
    /// Unit, or an empty string.
    pub unit: &'static str,
    /// Description.
    pub about: &'static str,
}

impl Column {
    /// Creates a column of values of type `T`. `about` is the text of a doc comment.
    pub(super) const fn new<T: Value>(name: &'static str, unit: &'static str, about: &'static str) -> Column {
        Column { name, kind: T::KIND, nullable: T::NULLABLE, unit, about: about.trim_ascii() }
    }

    /// Returns the column with this name from another table. Compilation fails if the types differ.
    pub(super) const fn same<T: Value>(columns: &[Column], name: &str) -> Column {
        let mut index = 0;
        while !equal(columns[index].name, name) {
            index += 1;
        }
        let found = columns[index];
        assert!(
            found.kind as u8 == T::KIND as u8 && found.nullable == T::NULLABLE,
            "the column has a different type in the other table"
        );
        found
    }
}

/// Compares two strings; `==` is not available in constants.
const fn equal(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut same = 0;
    while same < a.len() && same < b.len() && a[same] == b[same] {
        same += 1;
    }
    same == a.len() && same == b.len()
}

/// One table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Table {
    /// Name of the table.
    pub name: &'static str,
    /// Description of a row.
    pub about: &'static str,
    /// Columns of the table.
    pub columns: &'static [Column],
}

impl Table {
    /// Returns the name of the table's file.
    #[must_use]
    pub fn file(&self) -> String {
        format!("{}.parquet", self.name)
    }
}

/// One value of a column, when a row is written or read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    /// No value.
    Null,
    /// 32-bit unsigned integer.
    U32(u32),
    /// 32-bit signed integer.
    I32(i32),
    /// 64-bit unsigned integer.
    U64(u64),
    /// 32-bit floating point.
    F32(f32),
    /// 64-bit floating point.
    F64(f64),
    /// Boolean.
    Bool(bool),
    /// Text.
    Text(&'a str),
}

/// A text: a static string when a row is written, and an owned string when a row is read.
pub type Name = Cow<'static, str>;

/// Type of a value in a column.
pub trait Value: Sized {
    /// Type of the column.
    const KIND: Kind;
    /// Whether values can be null.
    const NULLABLE: bool = false;

    /// Returns the value as a cell.
    fn cell(&self) -> Cell<'_>;

    /// Returns the value of a cell, or `None` if the type differs.
    fn of(cell: Cell<'_>) -> Option<Self>;
}

macro_rules! numbers {
    ($($type:ty: $kind:ident),*) => { $(
        impl Value for $type {
            const KIND: Kind = Kind::$kind;

            fn cell(&self) -> Cell<'_> {
                Cell::$kind(*self)
            }

            fn of(cell: Cell<'_>) -> Option<Self> {
                if let Cell::$kind(value) = cell { Some(value) } else { None }
            }
        }
    )* };
}

numbers!(u32: U32, i32: I32, u64: U64, f32: F32, f64: F64, bool: Bool);

macro_rules! texts {
    ($($type:ty),*) => { $(
        impl Value for $type {
            const KIND: Kind = Kind::Text;

            fn cell(&self) -> Cell<'_> {
                Cell::Text(self)
            }

            fn of(cell: Cell<'_>) -> Option<Self> {
                if let Cell::Text(text) = cell { Some(text.to_owned().into()) } else { None }
            }
        }
    )* };
}

texts!(String, Name);

impl<T: Value> Value for Option<T> {
    const KIND: Kind = T::KIND;
    const NULLABLE: bool = true;

    fn cell(&self) -> Cell<'_> {
        self.as_ref().map_or(Cell::Null, T::cell)
    }

    fn of(cell: Cell<'_>) -> Option<Self> {
        if cell == Cell::Null { Some(None) } else { T::of(cell).map(Some) }
    }
}
