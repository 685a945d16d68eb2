//! Serde for arrays of any length, as `#[serde(with = "recsafe_common::long_array")]`. Serde
//! supports arrays of up to 32 items.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeTuple, Serializer};

/// Writes the items in order.
///
/// # Errors
/// Returns an error if an item cannot be written.
pub fn serialize<S: Serializer, T: Serialize, const N: usize>(
    items: &[T; N],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut tuple = serializer.serialize_tuple(N)?;
    items.iter().try_for_each(|item| tuple.serialize_element(item))?;
    tuple.end()
}

/// Reads `N` items.
///
/// # Errors
/// Returns an error if an item cannot be read, or if there are fewer than `N` items.
pub fn deserialize<'de, D, T, const N: usize>(deserializer: D) -> Result<[T; N], D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Copy + Default,
{
    deserializer.deserialize_tuple(N, Items(PhantomData))
}

struct Items<T, const N: usize>(PhantomData<T>);

impl<'de, T: Deserialize<'de> + Copy + Default, const N: usize> Visitor<'de> for Items<T, N> {
    type Value = [T; N];

    fn expecting(&self, text: &mut fmt::Formatter) -> fmt::Result {
        write!(text, "{N} items")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<[T; N], A::Error> {
        let mut items = [T::default(); N];
        for (index, item) in items.iter_mut().enumerate() {
            *item = sequence.next_element()?.ok_or_else(|| A::Error::invalid_length(index, &self))?;
        }
        Ok(items)
    }
}

#[cfg(test)]
mod tests {
    #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
    struct Holder<const N: usize> {
        #[serde(with = "super")]
        items: [u32; N],
    }

    #[test]
    fn a_long_array_comes_back_and_a_short_one_is_refused() {
        let holder = Holder { items: std::array::from_fn::<u32, 100, _>(|index| index as u32 * 7) };
        let text = serde_json::to_string(&holder).unwrap();
        assert_eq!(serde_json::from_str::<Holder<100>>(&text).unwrap(), holder);
        let message = serde_json::from_str::<Holder<101>>(&text).unwrap_err().to_string();
        assert!(message.contains("101 items"), "{message}");
    }
}
