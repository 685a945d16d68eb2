//! Ids of a file and their indices.

use std::collections::HashMap;

use super::{Cell, Refusal};

/// The ids found so far, numbered in order of appearance.
#[derive(Clone, Debug, Default)]
pub struct Ids {
    integers: HashMap<i64, u32>,
    texts: HashMap<Box<str>, u32>,
}

impl Ids {
    /// Returns the number of ids.
    #[must_use]
    pub fn len(&self) -> usize {
        self.integers.len() + self.texts.len()
    }

    /// Returns whether there are no ids.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the index of a known id.
    #[must_use]
    pub fn get(&self, cell: Cell) -> Option<u32> {
        match cell {
            Cell::Missing => None,
            Cell::Integer(number) => self.integers.get(&number).copied(),
            Cell::Text(text) => self.texts.get(text).copied(),
        }
    }

    /// Returns the index of an id. A new id is added.
    ///
    /// # Errors
    /// If there would be more than `most` ids.
    pub fn number(&mut self, cell: Cell, most: u32) -> Result<u32, Refusal> {
        if let Some(known) = self.get(cell) {
            return Ok(known);
        }
        let next = self.len() as u32;
        if next >= most {
            let what = format!("it has more than {most} ids, the maximum number of accounts");
            return Err(Refusal::new(what, "use a part of the file"));
        }
        match cell {
            Cell::Missing => {}
            Cell::Integer(number) => drop(self.integers.insert(number, next)),
            Cell::Text(text) => drop(self.texts.insert(text.into(), next)),
        }
        Ok(next)
    }

    /// Returns the index in sorted order for each index in order of appearance. Integers come
    /// first, in order of value. Texts come after integers, in order of bytes.
    #[must_use]
    pub fn in_order(&self) -> Vec<u32> {
        let mut integers: Vec<(i64, u32)> = self.integers.iter().map(|(&id, &came)| (id, came)).collect();
        integers.sort_unstable();
        let mut texts: Vec<(&str, u32)> = self.texts.iter().map(|(id, &came)| (&**id, came)).collect();
        texts.sort_unstable();
        let mut order = vec![0; self.len()];
        let sorted = integers.into_iter().map(|(_, came)| came).chain(texts.into_iter().map(|(_, came)| came));
        for (index, came) in sorted.enumerate() {
            order[came as usize] = index as u32;
        }
        order
    }

    /// Returns the same ids with other indices.
    #[must_use]
    pub(super) fn renumbered(mut self, order: &[u32]) -> Ids {
        let numbers = self.integers.values_mut().chain(self.texts.values_mut());
        numbers.for_each(|number| *number = order[*number as usize]);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_put_in_order() {
        let mut ids = Ids::default();
        for (came, text) in ["b", "10", "9", "a", "-1", "b"].into_iter().enumerate() {
            assert_eq!(ids.number(Cell::of(text), 5), Ok((came % 5) as u32));
        }
        assert_eq!(ids.in_order(), [4, 2, 1, 3, 0]);
        assert!(ids.number(Cell::of("new"), 5).is_err());
        let order = ids.in_order();
        let ids = ids.renumbered(&order);
        assert_eq!((ids.get(Cell::Integer(-1)), ids.get(Cell::Text("b"))), (Some(0), Some(4)));
    }
}
