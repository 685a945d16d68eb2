//! Age bands, the only representation of age in the model.

use crate::choices;

choices! {
    /// An age band. An account has a true band and a declared band. The platform sees only the
    /// declared band.
    pub enum AgeBand {
        /// Under 13 years.
        Under13 = "under-13",
        /// 13 to 15 years.
        From13 = "13-15",
        /// 16 or 17 years.
        From16 = "16-17",
        /// 18 years or older.
        Adult = "18+",
    }
}

impl AgeBand {
    /// Returns whether this band is below 18 years.
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
