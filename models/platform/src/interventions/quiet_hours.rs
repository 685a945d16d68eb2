//! `quiet-hours`: closes the feed at night.

use recsafe_common::catalogue::Described;
use recsafe_common::settings;

use super::Intervention;

settings! {
    /// The feed is closed during certain hours of the day, by default at night.
    ///
    /// Sessions that would start in these hours do not take place. `audience` and `coverage` select
    /// the account. Efficacy is drawn once per session: it is the share of these sessions that is
    /// prevented.
    pub struct QuietHours {
        /// First quiet hour.
        pub from: u32 = 22, 0..=23, "hour of the day", "assumed";
        /// Hour at which the feed opens again. An hour before `from` means the next day. If `until`
        /// equals `from`, the feed is always closed.
        pub until: u32 = 7, 0..=24, "hour of the day", "assumed";
    }
}

impl Described for QuietHours {
    const TITLE: &'static str = "Quiet hours";
    const FAMILY: &'static str = "use";
    const HOOKS: &'static [&'static str] = &["is-quiet"];
}

impl Intervention for QuietHours {
    fn is_quiet(&self, hour: u32) -> bool {
        if self.from < self.until {
            (self.from..self.until).contains(&hour)
        } else {
            hour >= self.from || hour < self.until
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_hours_may_go_past_midnight() {
        let quiet = |from, until| (0..24).filter(|&hour| QuietHours { from, until }.is_quiet(hour)).count();
        assert_eq!((quiet(22, 7), quiet(1, 5), quiet(0, 24)), (9, 4, 24));
    }
}
