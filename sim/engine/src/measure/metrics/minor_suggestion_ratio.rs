//! `minor-suggestion-ratio`: `minors-suggested` of contacting predators / of users.

use recsafe_scenario::{Need, Who};

use super::minors_suggested::share;
use super::{Direction, Info, MINORS, Metric};
use crate::measure::{Period, Ratio};

/// How much more often people suggestions put minors before contacting predators than before ordinary adults.
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
            formula: "share of minors among suggestions to contacting predators / the same among suggestions to users; contacting:declared counts only minors who state an age below 18",
            reading: "1: predators are shown minors as often as anybody. Above 1: suggestions have learned from what predators do.",
            needs: &[Need::Accounts(Who::Users), MINORS],
            ..Info::BASE
        }
    }

    fn groups(&self) -> Vec<String> {
        vec!["contacting".to_owned(), "contacting:declared".to_owned()]
    }

    fn values(&self, period: &Period) -> Vec<(String, Ratio)> {
        let (Some(seekers), Some(users)) = (period.cut("contacting"), period.cut("user")) else { return Vec::new() };
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
