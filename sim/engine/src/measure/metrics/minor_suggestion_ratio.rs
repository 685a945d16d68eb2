//! `minor-suggestion-ratio`: share of minors among the accounts suggested to predators who contact
//! minors, relative to the share for ordinary adults.

use recsafe_scenario::{Need, Who};

use super::minors_suggested::share;
use super::{Direction, Info, MINORS, Metric};
use crate::measure::{Period, Ratio};

/// Share of minors among the accounts suggested to predators who contact minors, divided by the
/// share for ordinary adults.
pub struct MinorSuggestionRatio;

impl Metric for MinorSuggestionRatio {
    fn info(&self) -> &'static Info {
        &Info {
            id: "minor-suggestion-ratio",
            title: "Minor suggestion ratio",
            family: "contact",
            unit: "ratio",
            direction: Direction::LowerIsBetter,
            default_group: "contacting",
            formula: "share of minors among the accounts suggested to predators who contact minors / share of minors among the accounts suggested to ordinary adults. In the group contacting:declared, only minors who declare an age below 18 count as minors.",
            reading: "1: minors are suggested to predators as often as to ordinary adults. Above 1: minors are suggested to predators more often, because the suggestions have learned from predators' behaviour.",
            needs: &[Need::Accounts(Who::Users), MINORS],
            ..Info::BASE
        }
    }

    fn groups(&self) -> Vec<String> {
        vec!["contacting".to_owned(), "contacting:declared".to_owned()]
    }

    fn values(&self, period: &Period) -> Vec<(String, Ratio)> {
        let (Some(seekers), Some(users)) = (period.window("contacting"), period.window("user")) else {
            return Vec::new();
        };
        let (seekers, users) = (seekers.contact(), users.contact());
        let skew = |stated| {
            let of = |counts| share(counts, stated).value();
            of(&seekers)
                .zip(of(&users))
                .map_or(Ratio::UNDEFINED, |(numerator, denominator)| Ratio::of(numerator, denominator))
        };
        self.groups().into_iter().zip([skew(false), skew(true)]).collect()
    }
}
