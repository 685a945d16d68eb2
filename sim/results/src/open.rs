//! Tables whose columns differ between results folders. Swept settings are such columns.

use polars::prelude::{Column as Series, IntoColumn, NamedFrom, PlSmallStr, Series as PolarsSeries};

/// The values of a column.
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
    /// Booleans.
    Bool(Vec<Option<bool>>),
    /// Texts.
    Text(Vec<Option<String>>),
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

from_values!(U32: u32, I32: i32, U64: u64, F32: f32, F64: f64, Bool: bool, Text: String);

impl Data {
    /// Returns the values of a setting: as numbers if all are numbers, otherwise as texts.
    #[must_use]
    pub fn of_json(values: &[&serde_json::Value]) -> Data {
        if values.iter().all(|value| value.is_number()) {
            values.iter().map(|value| value.as_f64()).collect()
        } else {
            values.iter().map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned)).collect()
        }
    }

    pub(super) fn column(self, name: &str) -> Series {
        let name = PlSmallStr::from_str(name);
        match self {
            Data::U32(values) => PolarsSeries::new(name, values),
            Data::I32(values) => PolarsSeries::new(name, values),
            Data::U64(values) => PolarsSeries::new(name, values),
            Data::F32(values) => PolarsSeries::new(name, values),
            Data::F64(values) => PolarsSeries::new(name, values),
            Data::Bool(values) => PolarsSeries::new(name, values),
            Data::Text(values) => PolarsSeries::new(name, values),
        }
        .into_column()
    }
}
