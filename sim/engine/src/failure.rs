//! What keeps a day from being lived to its end: a ranker without scores, or a rule without a slate.

use std::error::Error;
use std::fmt;

use recsafe_common::ids::{AccountId, Day};

/// A ranker or a rule from elsewhere that failed on a day, or gave what cannot be used. Those of the catalogues never do.
#[derive(Debug, thiserror::Error)]
#[error("day {day}, {}: {by}: {source}", Whose(*account, *among))]
pub struct DayError {
    /// The day; negative in the warm-up.
    pub day: Day,
    /// The account that was served.
    pub account: AccountId,
    /// Of how many accounts that were served in step it is the first; any of them may be meant. 1 where it is known which.
    pub among: usize,
    /// What failed, such as "ranker `hot`".
    pub by: String,
    /// What it says.
    pub source: Box<dyn Error + Send + Sync>,
}

/// Accounts, in words.
struct Whose(AccountId, usize);

impl fmt::Display for Whose {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match *self {
            Whose(account, 1) => write!(f, "account {}", account.0),
            Whose(account, among) => write!(f, "one of {among} accounts from {} on", account.0),
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
        assert_eq!(failed(12).to_string(), "day 3, one of 12 accounts from 217 on: ranker `hot`: no scores");
    }
}
