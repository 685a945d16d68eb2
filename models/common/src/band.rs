//! Age bands: the only form in which age exists here.

use crate::choices;

choices! {
    /// An age band. An account has a true one, which only people know, and a stated one, which the platform sees.
    pub enum AgeBand {
        /// Younger than 13.
        Under13 = "under-13",
        /// 13, 14 or 15 years.
        From13 = "13-15",
        /// 16 or 17 years.
        From16 = "16-17",
        /// 18 years or older.
        Adult = "18+",
    }
}

impl AgeBand {
    /// Whether this band is below 18 years.
    #[must_use]
    pub const fn is_minor(self) -> bool {
        !matches!(self, AgeBand::Adult)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_band_below_18_is_of_minors_and_the_last_is_not() {
        assert_eq!(AgeBand::ALL.iter().map(|band| band.is_minor()).collect::<Vec<_>>(), [true, true, true, false]);
    }
}
