//! `minor-suggestion-ratio`: share of minors among suggestions to contacting predators, relative to
//! ordinary adults.

use recsafe_scenario::{Need, Who};

use super::minors_suggested::share;
use super::{Direction, Info, MINORS, Metric};
use crate::measure::{Period, Ratio};

/// How many times as often minors are suggested to contacting predators as to ordinary adults.
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
            formula: "share of minors among suggestions to contacting predators / share of minors among suggestions to users; contacting:declared counts only minors who declare an age below 18",
            reading: "1: minors are suggested to predators as often as to ordinary adults. Above 1: the suggestions have learned from the behaviour of predators.",
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
