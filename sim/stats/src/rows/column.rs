//! Columns of tables, and the values in them.

use std::borrow::Cow;

/// Type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 32 bits, 0 and above.
    U32,
    /// 32 bits with a sign.
    I32,
    /// 64 bits, 0 and above.
    U64,
    /// Floating point, 32 bits.
    F32,
    /// Floating point, 64 bits.
    F64,
    /// True or false.
    Bool,
    /// Text.
    Text,
}

/// One column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub kind: Kind,
    /// Whether it may be null.
    pub nullable: bool,
    /// Unit, or an empty text.
    pub unit: &'static str,
    /// What it says.
    pub about: &'static str,
}

impl Column {
    /// A column of values of the type `T`. `about`: lines of a doc comment.
    pub(super) const fn new<T: Value>(name: &'static str, unit: &'static str, about: &'static str) -> Column {
        Column { name, kind: T::KIND, nullable: T::NULLABLE, unit, about: about.trim_ascii() }
    }

    /// The column of this name among those of another table, if it is of the same type; else the program does not compile.
    pub(super) const fn same<T: Value>(columns: &[Column], name: &str) -> Column {
        let mut place = 0;
        while !equal(columns[place].name, name) {
            place += 1;
        }
        let found = columns[place];
        assert!(found.kind as u8 == T::KIND as u8 && found.nullable == T::NULLABLE, "it is of another type there");
        found
    }
}

/// Whether two texts are the same; `==` is not for constants.
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
    /// Its name.
    pub name: &'static str,
    /// What a row is.
    pub about: &'static str,
    /// Its columns.
    pub columns: &'static [Column],
}

impl Table {
    /// The name of its file.
    #[must_use]
    pub fn file(&self) -> String {
        format!("{}.parquet", self.name)
    }
}

/// One value of a column, on its way into a table or out of one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    /// Nothing.
    Null,
    /// 32 bits, 0 and above.
    U32(u32),
    /// 32 bits with a sign.
    I32(i32),
    /// 64 bits, 0 and above.
    U64(u64),
    /// Floating point, 32 bits.
    F32(f32),
    /// Floating point, 64 bits.
    F64(f64),
    /// True or false.
    Bool(bool),
    /// Text.
    Text(&'a str),
}

/// A text that the program knows when it writes it, and not when it reads it.
pub type Name = Cow<'static, str>;

/// What a column may hold.
pub trait Value: Sized {
    /// The column's type.
    const KIND: Kind;
    /// Whether it may be null.
    const NULLABLE: bool = false;

    /// The value as a cell.
    fn cell(&self) -> Cell<'_>;

    /// The value in a cell; none if it is no such value.
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
