//! Interval between checkpoints. A checkpoint is the saved state of an unfinished run.

use std::str::FromStr;
use std::time::Duration;

/// Interval of checkpoints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Every {
    /// At the end of a day, if this time has passed since the last checkpoint.
    Time(Duration),
    /// After this number of simulated days.
    Days(u32),
}

/// Valid values of `output.checkpoint_every`, as a regular expression for editors.
pub const PATTERN: &str = "^[1-9][0-9]{0,5} ?(s|min|h|day|days)$";

/// Valid values of `output.checkpoint_every`, in words.
pub const FORM: &str = "a whole number from 1 to 999,999 followed by s, min, h or days, such as \"10min\" or \"5days\"";

/// Maximum number before the unit.
const MOST: u64 = 999_999;

/// Error: the text is not an interval.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an interval: write {FORM}")]
pub struct NotAnInterval(pub String);

impl FromStr for Every {
    type Err = NotAnInterval;

    fn from_str(text: &str) -> Result<Self, NotAnInterval> {
        let refused = || NotAnInterval(text.to_owned());
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = text.split_at(digits);
        let number: u64 =
            number.parse().ok().filter(|n| !number.starts_with('0') && (1..=MOST).contains(n)).ok_or_else(refused)?;
        let unit = unit.strip_prefix(' ').unwrap_or(unit);
        match unit {
            "s" => Ok(Every::Time(Duration::from_secs(number))),
            "min" => Ok(Every::Time(Duration::from_mins(number))),
            "h" => Ok(Every::Time(Duration::from_hours(number))),
            "day" | "days" => Ok(Every::Days(number as u32)),
            _ => Err(refused()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_days_are_told_apart() {
        assert_eq!("10min".parse(), Ok(Every::Time(Duration::from_mins(10))));
        assert_eq!("90 s".parse(), Ok(Every::Time(Duration::from_secs(90))));
        assert_eq!("2h".parse(), Ok(Every::Time(Duration::from_hours(2))));
        assert_eq!("1day".parse(), Ok(Every::Days(1)));
        assert_eq!("5days".parse(), Ok(Every::Days(5)));
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "10", "min", "0days", "1.5h", "-1s", "5 weeks", "1000000s", "99999999999999999999s", "5  days"]
        {
            assert_eq!(text.parse::<Every>(), Err(NotAnInterval(text.to_owned())));
        }
    }
}
