//! `route-share`: share of contacts per route of discovery.

use recsafe_people::contacts::Route;

use super::{Direction, Info, MINORS, Metric, PREDATORS};
use crate::measure::{Period, Ratio};

/// Share of delivered contact requests per route of discovery. The group is the route.
pub struct RouteShare;

impl Metric for RouteShare {
    fn info(&self) -> &'static Info {
        &Info {
            id: "route-share",
            title: "Share of contacts by route",
            family: "contact",
            unit: "share of delivered contact requests",
            direction: Direction::Neither,
            default_group: "suggestion",
            formula: "predators' contact requests that reach a minor whom the predator first discovered by this route / all predators' contact requests that reach a minor. Repeated attempts count again.",
            reading: "How predators discover the minors whom they reach. The group is the route: suggestion, search, feed, follower-list, return (the two knew each other before a removal) or known (the two follow each other).",
            needs: &[PREDATORS, MINORS],
            ..Info::BASE
        }
    }

    fn groups(&self) -> Vec<String> {
        Route::ALL.iter().map(|route| route.name().to_owned()).collect()
    }

    fn values(&self, period: &Period) -> Vec<(String, Ratio)> {
        let Some(minors) = period.window("minor") else { return Vec::new() };
        let routes = minors.contact().routes;
        let all = routes.iter().sum::<u64>() as f64;
        let share = |&route: &Route| {
            let ratio = Ratio::of(routes[route as usize] as f64, all);
            (route.name().to_owned(), ratio)
        };
        Route::ALL.iter().map(share).collect()
    }
}
