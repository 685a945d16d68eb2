//! Infiltration: bots follow bots, and people follow bots with some probability (Truong et al.
//! 2024).

use recsafe_common::draw::{Draw, DrawPurpose, Draws};
use recsafe_common::ids::AccountId;
use recsafe_common::key::About;

use super::{Follows, in_order};
use crate::settings::{Bots, Targets};

/// Adds two kinds of follows: bots follow bots, and people follow bots. `aside` marks the bots.
pub(super) fn infiltrate(aside: &[bool], settings: &Bots, follows: &mut Follows, draws: Draws) {
    let bots: Vec<u32> = (0..aside.len() as u32).filter(|&id| aside[id as usize]).collect();
    if bots.is_empty() {
        return;
    }
    let people = match settings.targets {
        Targets::Random => in_order(aside, draws),
        Targets::Hubs => most_followed(aside, follows, draws),
    };
    for &bot in &bots {
        let mut draw = draws.at(DrawPurpose::Infiltration, AccountId(bot), About::Nothing, 0);
        follow_bots(bot, &bots, settings.followees as usize, follows, &mut draw);
        match settings.targets {
            Targets::Random => struck(people.len(), settings.infiltration, &mut draw, |position| {
                follows[people[position] as usize].push(bot);
            }),
            Targets::Hubs => {
                let count = (settings.infiltration * people.len() as f64).round() as usize;
                people.iter().take(count).for_each(|&person| follows[person as usize].push(bot));
            }
        }
    }
}

/// Lets a bot follow up to `wanted` other bots.
fn follow_bots(bot: u32, bots: &[u32], wanted: usize, follows: &mut Follows, draw: &mut Draw) {
    let own = &mut follows[bot as usize];
    while own.len() < wanted.min(bots.len() - 1) {
        let other = bots[draw.below(bots.len())];
        if other != bot && !own.contains(&other) {
            own.push(other);
        }
    }
}

/// Draws each index below `count` with this probability, and calls `each` with every drawn index.
/// Only the distances between drawn indices are drawn, from a geometric distribution.
fn struck(count: usize, probability: f64, draw: &mut Draw, mut each: impl FnMut(usize)) {
    if probability >= 1.0 {
        return (0..count).for_each(each);
    }
    if probability <= 0.0 {
        return;
    }
    let rate = -libm::log1p(-probability);
    let mut position = (draw.exponential() / rate) as usize;
    while position < count {
        each(position);
        position += 1 + (draw.exponential() / rate) as usize;
    }
}

/// Returns the people in descending order of their numbers of followers. Ties are in random order.
fn most_followed(aside: &[bool], follows: &Follows, draws: Draws) -> Vec<u32> {
    let mut followers = vec![0_u32; aside.len()];
    follows.iter().flatten().for_each(|&to| followers[to as usize] += 1);
    let mut people = in_order(aside, draws);
    people.sort_by_key(|&id| std::cmp::Reverse(followers[id as usize]));
    people
}

#[cfg(test)]
mod tests {
    use super::*;
    use recsafe_common::key::Who;

    #[test]
    fn places_are_struck_with_their_probability() {
        let mut draw = Draws::new(1).at(DrawPurpose::Infiltration, Who::Nobody, About::Nothing, 0);
        let mut hits = vec![0_u32; 10];
        for _ in 0..20_000 {
            struck(10, 0.3, &mut draw, |position| hits[position] += 1);
        }
        assert!(hits.iter().all(|hits| (5_700..6_300).contains(hits)), "{hits:?} in 20,000 trials at 0.3");
        let mut all = 0;
        struck(10, 1.0, &mut draw, |_| all += 1);
        struck(10, 0.0, &mut draw, |_| all += 100);
        assert_eq!(all, 10);
    }

    #[test]
    fn hubs_come_first() {
        let draws = Draws::new(2);
        let aside = [vec![false; 50], vec![true; 5]].concat();
        let mut follows: Follows = (0..55).map(|id| if id < 20 { vec![30, 31] } else { Vec::new() }).collect();
        let settings = Bots { infiltration: 0.04, targets: Targets::Hubs, followees: 2, ..Bots::default() };
        infiltrate(&aside, &settings, &mut follows, draws);
        for person in [30, 31] {
            assert_eq!(follows[person], [50, 51, 52, 53, 54], "a hub follows every bot");
        }
        assert!((50..55).all(|bot| follows[bot].len() == 2 && follows[bot].iter().all(|&it| it >= 50)));
        assert_eq!(follows.iter().flatten().filter(|&&to| to >= 50).count(), 2 * 5 + 5 * 2);
    }
}
