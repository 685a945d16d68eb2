//! `daily-limit`: so many slates of the feed a day.

use recsafe_common::catalogue::Described;
use recsafe_common::ids::AccountId;
use recsafe_common::observed::Observed;
use recsafe_common::settings;

use super::Intervention;

settings! {
    /// An account gets so many slates of the feed a day, and no more. Efficacy is one draw an account and day: with it below 1 that
    /// share of days is limited, on the others the holder goes on.
    pub struct DailyLimit {
        /// Most slates a day.
        pub slates: u32 = 3, 0..=1000, "slates a day", "assumed";
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
