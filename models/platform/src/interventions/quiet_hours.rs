//! `quiet-hours`: no feed at night.

use recsafe_common::catalogue::Described;
use recsafe_common::settings;

use super::Intervention;

settings! {
    /// An account gets no feed in a part of the day: sessions that would start then do not take place. Efficacy is one draw a session: with
    /// it below 1 that share of them is prevented.
    pub struct QuietHours {
        /// First quiet hour.
        pub from: u32 = 22, 0..=23, "hour of the day", "assumed";
        /// First hour that is not quiet any more; if it is not after `from`, on the next day.
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
