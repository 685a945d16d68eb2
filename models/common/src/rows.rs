//! Serde for a table of vectors, as `#[serde(with = "recsafe_common::rows")]`: its numbers, row by row.

use ndarray::Array2;
use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Error as _, Serialize, Serializer};

use crate::vector::DIM;

/// Writes the numbers.
///
/// # Errors
/// If they do not lie row by row in memory, or cannot be written.
pub fn serialize<S: Serializer>(rows: &Array2<f32>, serializer: S) -> Result<S::Ok, S::Error> {
    let numbers = rows.as_slice().ok_or_else(|| S::Error::custom("the rows do not lie one behind the other"))?;
    numbers.serialize(serializer)
}

/// Reads them again, [`DIM`] a row.
///
/// # Errors
/// If they cannot be read, or make no whole rows.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Array2<f32>, D::Error> {
    let numbers = Vec::<f32>::deserialize(deserializer)?;
    Array2::from_shape_vec((numbers.len() / DIM, DIM), numbers).map_err(D::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
    struct Holder {
        #[serde(with = "super")]
        rows: Array2<f32>,
    }

    #[test]
    fn rows_come_back_and_can_be_added_to_and_parts_of_rows_are_refused() {
        let held = Holder { rows: Array2::from_shape_fn((3, DIM), |(row, place)| row as f32 + 0.01 * place as f32) };
        let text = serde_json::to_string(&held).unwrap();
        let mut again: Holder = serde_json::from_str(&text).unwrap();
        assert_eq!(again, held);
        again.rows.push_row(ndarray::aview1(&[0.5; DIM])).unwrap();
        assert_eq!(again.rows.nrows(), 4);
        assert!(serde_json::from_str::<Holder>("{\"rows\": [0.5, 1.0]}").is_err());
    }
}
