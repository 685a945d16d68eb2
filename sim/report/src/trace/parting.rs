//! Divergence of one account's life between two arms.

use std::collections::BTreeMap;

use recsafe_stats::rows::{ExposureRow, ProbeRow};
use recsafe_text::listed;
use serde::Serialize;

use super::event::{Event, Topic};
use super::life::Life;
use super::week::week_of;

/// The first day on which an account's data differs between two arms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Parting {
    /// The day; negative in the warm-up.
    pub day: i32,
    /// Week of this day; 0 for the warm-up.
    pub week: u32,
    /// The differences on this day.
    pub what: Vec<String>,
}

impl Parting {
    /// Returns the divergence as a sentence.
    pub(super) fn sentence(&self) -> String {
        format!("The traces diverge on day {}, in {}.", self.day, listed(&self.what))
    }
}

/// Returns the divergence, or `None` if no dated data differs.
#[must_use]
pub fn parting(one: &Life, other: &Life) -> Option<Parting> {
    let both = [one, other];
    let shown =
        both.map(|life| by_day(life.impressions.iter().map(|it| (it.day, (position_key(it), &it.source, post(it))))));
    let done = both.map(|life| by_day(life.impressions.iter().map(|it| (it.day, (post(it), it.viewed, it.engaged)))));
    let slates = both.map(|life| by_day(life.slates.iter().map(|it| (it.day, looked(it)))));
    let suggested = both.map(|life| by_day(life.suggested.iter().map(|it| (it.day, it))));
    let of = |topic: Topic| both.map(|life| by_day(events(life, topic)));
    let days = [
        ("impressions", first_difference(&shown)),
        ("views and engagement", first_difference(&done)),
        ("probe slates", first_difference(&slates)),
        ("suggestions", first_difference(&suggested)),
        ("contact steps", first_difference(&of(Topic::Contact))),
        ("decisions of the platform", first_difference(&of(Topic::Platform))),
        ("presence", first_difference(&of(Topic::Presence))),
    ];
    let day = days.iter().filter_map(|(_, day)| *day).min()?;
    let what = days.iter().filter(|(_, at)| *at == Some(day)).map(|(what, _)| (*what).to_owned()).collect();
    Some(Parting { day, week: week_of(day), what })
}

fn position_key(it: &ExposureRow) -> [u32; 3] {
    [it.session, it.request, it.slot]
}

fn post(it: &ExposureRow) -> [u32; 2] {
    [it.creator, it.post]
}

fn looked(it: &ProbeRow) -> [u32; 4] {
    [it.clicks_so_far, it.views, it.harmful, it.severe]
}

fn events(life: &Life, topic: Topic) -> impl Iterator<Item = (i32, &Event)> {
    life.events.iter().filter(move |event| event.topic == topic).map(|event| (event.day, event))
}

/// Groups dated items by day, in order.
fn by_day<T>(dated: impl Iterator<Item = (i32, T)>) -> BTreeMap<i32, Vec<T>> {
    let mut days: BTreeMap<i32, Vec<T>> = BTreeMap::new();
    for (day, what) in dated {
        days.entry(day).or_default().push(what);
    }
    days
}

/// Returns the first day whose items differ.
fn first_difference<T: PartialEq>([one, other]: &[BTreeMap<i32, Vec<T>>; 2]) -> Option<i32> {
    let differs = |day: &&i32| one.get(day) != other.get(day);
    one.keys().chain(other.keys()).filter(differs).min().copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::samples::{impression, life};

    #[test]
    fn equal_lives_do_not_part() {
        assert_eq!(parting(&life(), &life()), None);
    }

    #[test]
    fn the_first_day_that_differs_counts() {
        let (mut one, mut other) = (life(), life());
        one.impressions = vec![impression(0, 0.1), impression(8, 0.1)];
        other.impressions = one.impressions.clone();
        other.impressions[1].post = 9;
        let found = parting(&one, &other).unwrap();
        assert_eq!((found.day, found.week), (8, 2));
        assert_eq!(found.sentence(), "The traces diverge on day 8, in impressions and views and engagement.");
        other.events.clear();
        assert_eq!(parting(&one, &other).map(|it| it.what), Some(vec!["contact steps".to_owned()]));
    }
}
