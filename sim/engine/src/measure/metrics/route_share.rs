//! `route-share`: predators' contact requests delivered to minors found by one route / all of them.

use recsafe_people::contacts::Route;

use super::{Direction, Info, MINORS, Metric, PREDATORS};
use crate::measure::{Period, Ratio};

/// By which way contacting predators came across those whom they reach; the route is the group.
pub struct RouteShare;

impl Metric for RouteShare {
    fn info(&self) -> &'static Info {
        &Info {
            id: "route-share",
            title: "Share of a route",
            family: "contact",
            unit: "share of contacts delivered",
            direction: Direction::Neither,
            default_group: "suggestion",
            formula: "predators' contact requests delivered to minors found first by the route / all that were delivered; a pair tried again counts again",
            reading: "By which way predators come across the minors whom they reach; the group is the route: suggestion, search, feed, follower-list, return, known.",
            needs: &[PREDATORS, MINORS],
            ..Info::BASE
        }
    }

    fn groups(&self) -> Vec<String> {
        Route::ALL.iter().map(|route| route.name().to_owned()).collect()
    }

    fn values(&self, period: &Period) -> Vec<(String, Ratio)> {
        let Some(minors) = period.cut("minor") else { return Vec::new() };
        let routes = minors.contact().routes;
        let all = routes.iter().sum::<u64>() as f64;
        let share = |&route: &Route| {
            let ratio = Ratio::of(routes[route as usize] as f64, all);
            (route.name().to_owned(), ratio)
        };
        Route::ALL.iter().map(share).collect()
    }
}
