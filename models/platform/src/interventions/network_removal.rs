//! `network-removal`: removes accounts with ties to sanctioned accounts.

use recsafe_common::catalogue::Described;
use recsafe_common::settings;

use super::{Intervention, Spread};

settings! {
    /// Accounts with ties to a newly sanctioned account can be removed too.
    ///
    /// A tie is a mutual follow. On the day after an account is limited, suspended or removed,
    /// accounts with a tie to this account can be removed. The classifier score of the tied account
    /// must be at least `min_score`. The probability of removal is 1 - (1 - `per_tie`)^n, where n
    /// is the tied account's number of ties to recently sanctioned accounts. Every 30 days, n is
    /// halved and rounded down. A tie is weak evidence, so some ordinary accounts are removed by
    /// mistake. `audience` and `coverage` select the tied account. Efficacy is drawn once per
    /// account and never again.
    pub struct NetworkRemoval {
        /// Probability of removal per tie.
        pub per_tie: f64 = 0.3, 0.0..=1.0, "probability", "assumed";
        /// Lowest classifier score at which a tied account can be removed.
        pub min_score: f64 = 1.0, -10.0..=20.0, "standard deviations", "assumed";
    }
}

impl Described for NetworkRemoval {
    const TITLE: &'static str = "Network removal";
    const FAMILY: &'static str = "enforcement";
    const HOOKS: &'static [&'static str] = &["spreads"];
}

impl Intervention for NetworkRemoval {
    fn spreads(&self) -> Option<Spread> {
        Some(Spread { per_tie: self.per_tie, least_signal: self.min_score })
    }
}
