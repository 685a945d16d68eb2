//! `daily-limit`: limits the feed slates of an account per day.

use recsafe_common::catalogue::Described;
use recsafe_common::ids::AccountId;
use recsafe_common::observed::Observed;
use recsafe_common::settings;

use super::Intervention;

settings! {
    /// Each account sees only a limited number of feed slates per day.
    ///
    /// `audience` and `coverage` select the account. Efficacy is drawn once per account and day: it
    /// is the share of days on which the limit holds. On the other days the holder is not limited.
    pub struct DailyLimit {
        /// Maximum number of feed slates per day; 0 closes the feed.
        pub slates: u32 = 3, 0..=1000, "slates per day", "assumed";
    }
}

impl Described for DailyLimit {
    const TITLE: &'static str = "Daily limit";
    const FAMILY: &'static str = "use";
    const HOOKS: &'static [&'static str] = &["slates-a-day"];
}

impl Intervention for DailyLimit {
    fn slates_a_day(&self, _: AccountId, _: &Observed) -> Option<u32> {
        Some(self.slates)
    }
}
