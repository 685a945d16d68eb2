//! Ids of a file and their numbers.

use std::collections::HashMap;

use super::{Cell, Refusal};

/// The ids met so far, numbered as they come.
#[derive(Clone, Debug, Default)]
pub struct Ids {
    integers: HashMap<i64, u32>,
    texts: HashMap<Box<str>, u32>,
}

impl Ids {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.integers.len() + self.texts.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of an id that was met before.
    #[must_use]
    pub fn get(&self, cell: Cell) -> Option<u32> {
        match cell {
            Cell::Missing => None,
            Cell::Integer(number) => self.integers.get(&number).copied(),
            Cell::Text(text) => self.texts.get(text).copied(),
        }
    }

    /// The number of an id, a new one if it is new; `most` may be met.
    ///
    /// # Errors
    /// If there are more than that.
    pub fn number(&mut self, cell: Cell, most: u32) -> Result<u32, Refusal> {
        if let Some(known) = self.get(cell) {
            return Ok(known);
        }
        let next = self.len() as u32;
        if next >= most {
            let what = format!("it has more than {most} ids, which is the most that can be simulated");
            return Err(Refusal::new(what, "take a part of it"));
        }
        match cell {
            Cell::Missing => {}
            Cell::Integer(number) => drop(self.integers.insert(number, next)),
            Cell::Text(text) => drop(self.texts.insert(text.into(), next)),
        }
        Ok(next)
    }

    /// For each number as it came, the one in order: whole numbers by value, then texts by bytes.
    #[must_use]
    pub fn in_order(&self) -> Vec<u32> {
        let mut integers: Vec<(i64, u32)> = self.integers.iter().map(|(&id, &came)| (id, came)).collect();
        integers.sort_unstable();
        let mut texts: Vec<(&str, u32)> = self.texts.iter().map(|(id, &came)| (&**id, came)).collect();
        texts.sort_unstable();
        let mut order = vec![0; self.len()];
        let sorted = integers.into_iter().map(|(_, came)| came).chain(texts.into_iter().map(|(_, came)| came));
        for (place, came) in sorted.enumerate() {
            order[came as usize] = place as u32;
        }
        order
    }

    /// The same ids under other numbers.
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
