//! An account's life by week.

use std::collections::BTreeMap;

use recsafe_text::{counted, listed};
use serde::Serialize;

use super::audit::Looked;
use super::event::{Event, Topic};
use super::life::Life;
use super::shown::Shown;

/// Days per week.
const DAYS: i32 = 7;

/// Maximum number of contact steps that a week lists.
const MOST: usize = 12;

/// Data about one week, or about the warm-up if the account had contacts in the warm-up.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Week {
    /// Number of the week within the measured days, from 1; 0 is the warm-up.
    pub week: u32,
    /// First day of the week; `None` for the warm-up.
    pub first_day: Option<i32>,
    /// Last day of the week.
    pub last_day: i32,
    /// Impressions; `None` if they were not recorded.
    pub shown: Option<Shown>,
    /// Slates that the account viewed as a probe.
    pub looked: Option<Looked>,
    /// Number of accounts first suggested to this account in the week, by role.
    pub suggested_to_it: BTreeMap<String, u64>,
    /// Number of accounts to which this account was first suggested in the week, by role.
    pub suggested_to_others: BTreeMap<String, u64>,
    /// Events.
    pub events: Vec<Event>,
}

/// Returns the warm-up, if there is data about it, and the weeks of the measured days.
#[must_use]
pub fn weeks(life: &Life) -> Vec<Week> {
    let last = (life.run.days + DAYS - 1) / DAYS;
    let warm_up = Some(week(life, 0)).filter(|week| !week.is_empty());
    warm_up.into_iter().chain((1..=last).map(|number| week(life, number))).collect()
}

/// Returns the number of the week that contains a day.
pub(super) fn week_of(day: i32) -> u32 {
    if day < 0 { 0 } else { (day / DAYS + 1) as u32 }
}

fn week(life: &Life, number: i32) -> Week {
    let is_in = |day: i32| week_of(day) == number as u32;
    let suggested = |to_it: bool| {
        let mut roles: BTreeMap<String, u64> = BTreeMap::new();
        for it in life.suggested.iter().filter(|it| it.to_it == to_it && is_in(it.day)) {
            *roles.entry(it.role.clone()).or_default() += 1;
        }
        roles
    };
    let shown = || Shown::of(life.impressions.iter().filter(|it| is_in(it.day)), life.run.threshold);
    Week {
        week: number as u32,
        first_day: (number > 0).then_some((number - 1) * DAYS),
        last_day: (number * DAYS - 1).min(life.run.days - 1),
        shown: (number > 0 && life.is_sampled()).then(shown),
        looked: Looked::of(life.slates.iter().filter(|slate| is_in(slate.day))),
        suggested_to_it: suggested(true),
        suggested_to_others: suggested(false),
        events: life.events.iter().filter(|event| is_in(event.day)).cloned().collect(),
    }
}

impl Week {
    /// Returns whether there is no data.
    pub(super) fn is_empty(&self) -> bool {
        let shown = self.shown.as_ref().is_some_and(|shown| shown.shown > 0);
        let suggested = self.suggested_to_it.len() + self.suggested_to_others.len() > 0;
        !shown && !suggested && self.looked.is_none() && self.events.is_empty()
    }

    /// Returns the heading: `Week 2, days 7 to 13`.
    pub(super) fn heading(&self) -> String {
        self.first_day.map_or("Warm-up".to_owned(), |first| {
            let days = if first == self.last_day { "day" } else { "days" };
            let until = if first == self.last_day { String::new() } else { format!(" to {}", self.last_day) };
            format!("Week {}, {days} {first}{until}", self.week)
        })
    }

    /// Returns the week as sentences.
    pub(super) fn sentences(&self) -> Vec<String> {
        let shown = self.shown.as_ref().map(Shown::sentences).unwrap_or_default();
        let looked = self.looked.as_ref().map(Looked::sentence);
        let to_it = people(&self.suggested_to_it).map(|who| format!("Accounts first suggested to it: {who}."));
        let to_others = people(&self.suggested_to_others).map(|who| format!("It is first suggested to {who}."));
        let counts = shown.into_iter().chain(looked).chain(to_it).chain(to_others);
        let sentences: Vec<String> = counts.chain(self.told_events()).collect();
        if sentences.is_empty() { vec!["The tables have no data.".to_owned()] } else { sentences }
    }

    /// Returns the events by day. If there are too many contact steps, important steps are listed
    /// first, and the remaining steps are only counted.
    fn told_events(&self) -> Vec<String> {
        let mut steps: Vec<usize> =
            (0..self.events.len()).filter(|&at| self.events[at].topic == Topic::Contact).collect();
        steps.sort_by_key(|&at| !self.events[at].is_main);
        let omitted = steps.split_off(steps.len().min(MOST));
        let listed = self.events.iter().enumerate().filter(|(at, _)| !omitted.contains(at));
        let more = (!omitted.is_empty())
            .then(|| format!("{} not listed.", counted(omitted.len() as u64, "more contact step")));
        listed.map(|(_, event)| format!("Day {}: {}.", event.day, event.text)).chain(more).collect()
    }
}

/// Returns `2 minors and 1 predator`, or `None` if there are no accounts.
fn people(roles: &BTreeMap<String, u64>) -> Option<String> {
    let words: Vec<String> = roles.iter().map(|(role, number)| counted(*number, role)).collect();
    (!words.is_empty()).then(|| listed(&words))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::samples::{impression, life};

    #[test]
    fn days_fall_into_weeks() {
        assert_eq!([-3, 0, 6, 7].map(week_of), [0, 1, 1, 2]);
        let mut life = life();
        life.impressions = vec![impression(0, 0.0), impression(7, 0.9), impression(9, 0.6)];
        let weeks = weeks(&life);
        let shown: Vec<_> = weeks.iter().map(|week| week.shown.as_ref().map(|shown| shown.harmful)).collect();
        assert_eq!(shown, [None, Some(0), Some(2)], "the warm-up, in which it was suggested, and two weeks");
        assert_eq!((weeks[2].first_day, weeks[2].last_day), (Some(7), 9));
    }

    #[test]
    fn many_steps_are_not_told_one_by_one() {
        let mut life = life();
        let step = |is_main| Event { day: 1, topic: Topic::Contact, is_main, text: format!("main: {is_main}") };
        life.events = (0..20).map(|at| step(at == 19)).collect();
        let sentences = weeks(&life).remove(1).sentences();
        assert_eq!((sentences.len(), sentences[MOST - 1].as_str()), (MOST + 1, "Day 1: main: true."));
        assert_eq!(sentences[MOST], "8 more contact steps not listed.");
    }
}
