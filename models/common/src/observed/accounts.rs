//! Accounts as the platform knows them.

use serde::{Deserialize, Serialize};

use crate::band::AgeBand;
use crate::ids::{AccountId, Day};
use crate::messages::MessagesFrom;
use crate::observed::{Standing, Visibility};
use crate::signal::Signal;

/// One account as the platform knows it when it joins: a row of [`ObservedAccounts`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ObservedAccount {
    /// Age band as stated.
    pub stated: AgeBand,
    /// Whether it is private.
    pub private: bool,
    /// From whom it takes messages.
    pub messages: MessagesFrom,
    /// Region, in [0, 1).
    pub region: f32,
    /// First day on the platform.
    pub joined: Day,
}

/// One column for each thing that an account states or shows; all of one length.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ObservedAccounts {
    /// Age band as stated.
    pub stated: Vec<AgeBand>,
    /// Age band that the platform goes by: as stated, unless a check of age found another.
    pub band: Vec<AgeBand>,
    /// Whether follow requests need an answer, and only followers are shown its posts and lists.
    pub private: Vec<bool>,
    /// From whom it takes messages.
    pub messages: Vec<MessagesFrom>,
    /// Region, uniform in [0, 1).
    pub region: Vec<f32>,
    /// First day on the platform.
    pub joined: Vec<Day>,
    /// What it may do.
    pub standing: Vec<Standing>,
    /// The account classifier's score; none before it was scored first.
    pub signal: Vec<Option<Signal>>,
    /// Whether what the account does teaches the recommenders nothing.
    pub muted: Vec<bool>,
    /// Mutual follows with accounts that were sanctioned of late: what ties an account to these.
    pub implicated: Vec<u8>,
}

impl ObservedAccounts {
    /// Public accounts in good standing that state these bands and take messages from everyone, there since day 0.
    #[must_use]
    pub fn stating(bands: &[AgeBand]) -> Self {
        let mut accounts = ObservedAccounts::default();
        for &stated in bands {
            let messages = MessagesFrom::Everyone;
            accounts.add(&ObservedAccount { stated, private: false, messages, region: 0.0, joined: 0 });
        }
        accounts
    }

    /// Adds an account in good standing.
    pub fn add(&mut self, account: &ObservedAccount) {
        self.stated.push(account.stated);
        self.band.push(account.stated);
        self.private.push(account.private);
        self.messages.push(account.messages);
        self.region.push(account.region);
        self.joined.push(account.joined);
        self.standing.push(Standing::Active);
        self.signal.push(None);
        self.implicated.push(0);
        self.muted.push(false);
    }

    /// Whether the account can be used: it is neither suspended nor removed.
    #[inline]
    #[must_use]
    pub fn is_usable(&self, account: AccountId) -> bool {
        self.standing[account.row()].is_usable()
    }

    /// Whether the account may be suggested, and write to strangers: it is under no sanction.
    #[inline]
    #[must_use]
    pub fn is_free(&self, account: AccountId) -> bool {
        self.standing[account.row()] == Standing::Active
    }

    /// Who may be shown the account's posts.
    #[must_use]
    pub fn visibility(&self, account: AccountId) -> Visibility {
        match self.standing[account.row()] {
            Standing::Active if self.private[account.row()] => Visibility::Followers,
            Standing::Active => Visibility::Everyone,
            Standing::Limited => Visibility::Followers,
            Standing::Suspended | Standing::Removed => Visibility::Nobody,
        }
    }

    /// Whether the account classifier's score of an account is above this.
    #[inline]
    #[must_use]
    pub fn scores_above(&self, account: AccountId, score: f64) -> bool {
        self.signal[account.row()].is_some_and(|own| f64::from(own) > score)
    }

    /// Number of accounts.
    #[must_use]
    pub fn len(&self) -> usize {
        self.stated.len()
    }

    /// Whether there is no account.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.stated.is_empty()
    }

    /// Whether the platform takes the account's holder for a minor: by the age stated, or by what a check of age found.
    #[inline]
    #[must_use]
    pub fn passes_for_minor(&self, account: AccountId) -> bool {
        self.band[account.row()].is_minor()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: AccountId = AccountId(0);

    #[test]
    fn only_a_score_above_the_threshold_is_above_it_and_an_account_without_one_has_none() {
        let mut accounts = ObservedAccounts::stating(&[AgeBand::Adult]);
        assert!(!accounts.scores_above(ONE, f64::NEG_INFINITY));
        accounts.signal[0] = Some(1.5);
        assert!(accounts.scores_above(ONE, 1.25));
        assert!(!accounts.scores_above(ONE, 1.5));
    }

    #[test]
    fn a_standing_says_what_an_account_may_do_and_who_sees_its_posts() {
        let mut accounts = ObservedAccounts::stating(&[AgeBand::Adult]);
        let mut found = Vec::new();
        for &standing in Standing::ALL {
            for private in [false, true] {
                (accounts.standing[0], accounts.private[0]) = (standing, private);
                found.push((accounts.is_usable(ONE), accounts.is_free(ONE), accounts.visibility(ONE)));
            }
        }
        assert_eq!(
            found,
            [
                (true, true, Visibility::Everyone),
                (true, true, Visibility::Followers),
                (true, false, Visibility::Followers),
                (true, false, Visibility::Followers),
                (false, false, Visibility::Nobody),
                (false, false, Visibility::Nobody),
                (false, false, Visibility::Nobody),
                (false, false, Visibility::Nobody),
            ]
        );
    }

    #[test]
    fn an_account_passes_for_a_minor_by_the_band_that_the_platform_goes_by() {
        let mut accounts = ObservedAccounts::stating(&[AgeBand::Adult, AgeBand::From13]);
        assert_eq!([0, 1].map(|row| accounts.passes_for_minor(AccountId(row))), [false, true]);
        accounts.band.swap(0, 1);
        assert_eq!([0, 1].map(|row| accounts.passes_for_minor(AccountId(row))), [true, false]);
    }
}
