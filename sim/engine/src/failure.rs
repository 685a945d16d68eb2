//! Failures of rankers and rules during a day.

use std::error::Error;
use std::fmt;

use recsafe_common::ids::{AccountId, Day};

/// Failure or invalid result of a ranker or rule from another crate. Built-in rankers and rules
/// never fail.
#[derive(Debug, thiserror::Error)]
#[error("day {day}, {}: {by}: {source}", Whose(*account, *among))]
pub struct DayError {
    /// Day; negative in the warm-up.
    pub day: Day,
    /// Account that was served when the failure happened.
    pub account: AccountId,
    /// Number of accounts of which one caused the failure, if accounts are served in step. The
    /// field `account` is the first of these accounts. The number is 1 if the account is known.
    pub among: usize,
    /// Name of the ranker or rule that failed, such as "ranker `hot`".
    pub by: String,
    /// Cause of the failure.
    pub source: Box<dyn Error + Send + Sync>,
}

/// Accounts of which one caused a failure, as text for messages.
struct Whose(AccountId, usize);

impl fmt::Display for Whose {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match *self {
            Whose(account, 1) => write!(f, "account {}", account.0),
            Whose(account, among) => write!(f, "one of {among} accounts starting with {}", account.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_when_for_whom_and_what_failed() {
        let failed = |among| DayError {
            day: 3,
            account: AccountId(217),
            among,
            by: "ranker `hot`".to_owned(),
            source: "no scores".into(),
        };
        assert_eq!(failed(1).to_string(), "day 3, account 217: ranker `hot`: no scores");
        assert_eq!(failed(12).to_string(), "day 3, one of 12 accounts starting with 217: ranker `hot`: no scores");
    }
}
