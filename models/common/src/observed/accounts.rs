//! Accounts as the platform sees them.

use serde::{Deserialize, Serialize};

use crate::band::AgeBand;
use crate::classifier_score::ClassifierScore;
use crate::ids::{AccountId, Day};
use crate::messages::MessagesFrom;
use crate::observed::{Standing, Visibility};

/// What the platform sees of an account that joins: a row of [`ObservedAccounts`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ObservedAccount {
    /// Declared age band.
    pub declared_age: AgeBand,
    /// Whether the account is private.
    pub private: bool,
    /// Whose messages the account accepts.
    pub messages: MessagesFrom,
    /// Region, in [0, 1).
    pub region: f32,
    /// First day on the platform.
    pub joined: Day,
}

/// Facts that the platform sees about accounts, with one column per fact and one row per account.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ObservedAccounts {
    /// Declared age band.
    pub declared_age: Vec<AgeBand>,
    /// Age band that the platform uses: the declared band, unless age assurance found another band.
    pub band: Vec<AgeBand>,
    /// Whether the account is private. Follow requests to a private account need the holder's
    /// approval. Only followers see the account's posts and lists.
    pub private: Vec<bool>,
    /// Whose messages the account accepts.
    pub messages: Vec<MessagesFrom>,
    /// Region, uniform in [0, 1).
    pub region: Vec<f32>,
    /// First day on the platform.
    pub joined: Vec<Day>,
    /// The account's [`Standing`], which limits what the account can do.
    pub standing: Vec<Standing>,
    /// The account classifier's score; `None` until the first score.
    pub classifier_score: Vec<Option<ClassifierScore>>,
    /// Whether the recommenders exclude the account's actions from learning.
    pub excluded_from_training: Vec<bool>,
    /// Number of mutual follows with recently sanctioned accounts.
    pub lost_tie_count: Vec<u8>,
}

impl ObservedAccounts {
    /// Creates public accounts with these declared bands and without sanctions. The accounts accept
    /// messages from everyone and joined on day 0.
    #[must_use]
    pub fn stating(bands: &[AgeBand]) -> Self {
        let mut accounts = ObservedAccounts::default();
        for &declared_age in bands {
            let messages = MessagesFrom::Everyone;
            accounts.add(&ObservedAccount { declared_age, private: false, messages, region: 0.0, joined: 0 });
        }
        accounts
    }

    /// Adds an account without sanctions.
    pub fn add(&mut self, account: &ObservedAccount) {
        self.declared_age.push(account.declared_age);
        self.band.push(account.declared_age);
        self.private.push(account.private);
        self.messages.push(account.messages);
        self.region.push(account.region);
        self.joined.push(account.joined);
        self.standing.push(Standing::Active);
        self.classifier_score.push(None);
        self.lost_tie_count.push(0);
        self.excluded_from_training.push(false);
    }

    /// Returns whether the account can be used. A suspended or removed account cannot be used.
    #[inline]
    #[must_use]
    pub fn is_usable(&self, account: AccountId) -> bool {
        self.standing[account.row()].is_usable()
    }

    /// Returns whether the account has no sanction. Only such an account can be suggested and can
    /// message strangers.
    #[inline]
    #[must_use]
    pub fn is_free(&self, account: AccountId) -> bool {
        self.standing[account.row()] == Standing::Active
    }

    /// Returns who may see the account's posts.
    #[must_use]
    pub fn visibility(&self, account: AccountId) -> Visibility {
        match self.standing[account.row()] {
            Standing::Active if self.private[account.row()] => Visibility::Followers,
            Standing::Active => Visibility::Everyone,
            Standing::Limited => Visibility::Followers,
            Standing::Suspended | Standing::Removed => Visibility::Nobody,
        }
    }

    /// Returns whether the account classifier's score of an account is above `score`.
    #[inline]
    #[must_use]
    pub fn scores_above(&self, account: AccountId, score: f64) -> bool {
        self.classifier_score[account.row()].is_some_and(|own| f64::from(own) > score)
    }

    /// Returns the number of accounts.
    #[must_use]
    pub fn len(&self) -> usize {
        self.declared_age.len()
    }

    /// Returns whether there are no accounts.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.declared_age.is_empty()
    }

    /// Returns whether the platform treats the account as a minor, because of the declared age or
    /// of age assurance.
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
        accounts.classifier_score[0] = Some(1.5);
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
