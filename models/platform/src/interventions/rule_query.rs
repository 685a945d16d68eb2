//! Combined answers of several interventions. A query selects the interventions for a use, tests
//! whether each intervention works in this use, and combines their answers.
//!
//! A use is one occasion on which interventions can work, such as one feed request or one message.

use recsafe_common::draw::Draws;
use recsafe_common::ids::{AccountId, Day};
use recsafe_common::key::Use;
use recsafe_common::observed::{Observed, ObservedAccounts};

use super::policy::{Active, Deployed, Policy};
use super::{Barrier, Intervention, Spread};
use crate::request::Request;
use crate::suggestions::{Suggestion, SuggestionRequest};

/// The interventions that can apply in one use, and a test of whether an intervention applies. The
/// test checks that the intervention reaches the account concerned and works in this use.
pub(super) struct RuleQuery<R, W> {
    rules: R,
    works: W,
}

impl Policy {
    /// Returns the interventions that reach the viewer of a request.
    pub(super) fn request<'a>(
        &'a self,
        active: &Active,
        request: &Request,
    ) -> RuleQuery<impl Iterator<Item = &'a Deployed>, impl Fn(&Deployed) -> bool> {
        RuleQuery { rules: self.active(active), works: |rule: &Deployed| rule.efficacy(request).works_for(request) }
    }

    /// Returns the interventions for one event of an account today. The argument `used`
    /// distinguishes the event from all other events of the account on that day.
    pub(super) fn today<'a>(
        &'a self,
        account: AccountId,
        observed: &Observed,
        draws: Draws,
        used: Use,
    ) -> RuleQuery<impl Iterator<Item = &'a Deployed>, impl Fn(&Deployed) -> bool> {
        let works = move |rule: &Deployed| {
            rule.reaches(account, &observed.accounts, observed.day, draws)
                && rule.efficacy_for(account, observed.day, draws).works_on(used)
        };
        RuleQuery { rules: self.rules().iter(), works }
    }

    /// Returns the interventions for a lasting effect on an account. Each effect lasts as long as
    /// its intervention reaches the account. Efficacy is drawn once per account.
    pub(super) fn for_good<'a>(
        &'a self,
        account: AccountId,
        accounts: &ObservedAccounts,
        day: Day,
        draws: Draws,
        used: Use,
    ) -> RuleQuery<impl Iterator<Item = &'a Deployed>, impl Fn(&Deployed) -> bool> {
        let works = move |rule: &Deployed| {
            rule.reaches(account, accounts, day, draws) && rule.efficacy_for(account, 0, draws).works_on(used)
        };
        RuleQuery { rules: self.rules().iter(), works }
    }

    /// Returns the interventions for a slate position of people suggestions. The interventions
    /// reach the suggested account. Efficacy is drawn for the viewer, not for the suggested
    /// account.
    pub(super) fn for_suggestion<'a>(
        &'a self,
        suggestion: &Suggestion,
        observed: &Observed,
        request: &SuggestionRequest,
        used: Use,
    ) -> RuleQuery<impl Iterator<Item = &'a Deployed>, impl Fn(&Deployed) -> bool> {
        let SuggestionRequest { day, draws, .. } = *request;
        let works = move |rule: &Deployed| {
            rule.reaches(suggestion.suggested, &observed.accounts, day, draws)
                && rule.efficacy_for(suggestion.viewer, day, draws).works_on(used)
        };
        RuleQuery { rules: self.rules().iter(), works }
    }
}

impl<'a, R: Iterator<Item = &'a Deployed>, W: Fn(&Deployed) -> bool> RuleQuery<R, W> {
    /// Returns each intervention that works and has an answer, together with the answer. If
    /// `changes` is true for an answer, records that the intervention applied.
    fn answers<T>(
        self,
        ask: impl Fn(&'a dyn Intervention) -> Option<T>,
        changes: impl Fn(&T) -> bool,
    ) -> impl Iterator<Item = (&'a Deployed, T)> {
        let RuleQuery { rules, works } = self;
        rules.filter_map(move |rule| {
            let answer = ask(rule.rule()).filter(|_| works(rule))?;
            rule.noted(changes(&answer));
            Some((rule, answer))
        })
    }

    /// Returns the answers of all interventions that work. Records that these interventions
    /// applied.
    fn effective_answers<T>(self, ask: impl Fn(&'a dyn Intervention) -> Option<T>) -> impl Iterator<Item = T> {
        self.answers(ask, |_| true).map(|(_, answer)| answer)
    }

    /// Returns whether any intervention says yes. Stops at the first yes.
    pub(super) fn any(self, ask: impl Fn(&'a dyn Intervention) -> bool) -> bool {
        self.effective_answers(|rule| ask(rule).then_some(())).next().is_some()
    }

    /// Returns the lowest of the limits that interventions set.
    pub(super) fn least(self, ask: impl Fn(&'a dyn Intervention) -> Option<u32>) -> Option<u32> {
        self.effective_answers(ask).min()
    }

    /// Returns the longest of the times that interventions set.
    pub(super) fn longest(self, ask: impl Fn(&'a dyn Intervention) -> u32) -> u32 {
        self.effective_answers(|rule| Some(ask(rule)).filter(|days| *days > 0)).max().unwrap_or(0)
    }

    /// Returns the product of the factors that interventions set.
    pub(super) fn product(self, ask: impl Fn(&'a dyn Intervention) -> f64) -> f64 {
        self.effective_answers(|rule| Some(ask(rule)).filter(|factor| *factor != 1.0)).product()
    }

    /// Returns the last intervention that has an answer, together with the answer.
    pub(super) fn last<T>(self, ask: impl Fn(&'a dyn Intervention) -> Option<T>) -> Option<(&'a Deployed, T)> {
        self.answers(ask, |_| true).last()
    }

    /// Returns the answer of each intervention with the intervention's number.
    pub(super) fn each<T>(self, ask: impl Fn(&'a dyn Intervention) -> Option<T>) -> impl Iterator<Item = (u64, T)> {
        self.answers(ask, |_| true).map(|(rule, answer)| (rule.number(), answer))
    }

    /// Returns the spread with the highest probability.
    pub(super) fn likeliest(self, ask: impl Fn(&'a dyn Intervention) -> Option<Spread>) -> Option<Spread> {
        let spreads = self.answers(ask, |spread| spread.per_tie > 0.0).map(|(_, spread)| spread);
        spreads.max_by(|a, b| a.per_tie.total_cmp(&b.per_tie))
    }

    /// Combines all barriers into one barrier. The barriers detect returns independently of each
    /// other.
    pub(super) fn all(self, ask: impl Fn(&'a dyn Intervention) -> Option<Barrier>) -> Barrier {
        let none = Barrier { detection: 0.0, mistaken: 0.0 };
        let barriers = self.answers(ask, |barrier| barrier.detection > 0.0);
        barriers.fold(none, |all, (_, one)| Barrier {
            detection: 1.0 - (1.0 - all.detection) * (1.0 - one.detection),
            mistaken: all.mistaken.max(one.mistaken),
        })
    }

    /// Passes a value through the interventions, one after the other, and returns the result.
    pub(super) fn in_turn<T: PartialEq + Copy>(self, value: T, ask: impl Fn(&dyn Intervention, T) -> T) -> T {
        let RuleQuery { rules, works } = self;
        rules.filter(|rule| works(rule)).fold(value, |value, rule| rule.changed(value, ask(rule.rule(), value)))
    }

    /// Lets the interventions change a value in place, one after the other.
    pub(super) fn change<T: PartialEq + Copy>(self, value: &mut T, ask: impl Fn(&dyn Intervention, &mut T)) {
        let RuleQuery { rules, works } = self;
        for rule in rules.filter(|rule| works(rule)) {
            let before = *value;
            ask(rule.rule(), value);
            rule.changed(before, *value);
        }
    }

    /// Returns whether an intervention works in this use. The method is for callers that query the
    /// interventions themselves.
    pub(super) fn works(&self, rule: &Deployed) -> bool {
        (self.works)(rule)
    }
}
