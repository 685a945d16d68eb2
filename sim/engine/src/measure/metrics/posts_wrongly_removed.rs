//! `posts-wrongly-removed`: posts taken down or demoted that do not violate / posts that do not violate x 10,000.

use super::{Direction, Info, Metric};
use crate::measure::{Cut, Group, Ratio};

/// How many harmless posts are taken down.
pub struct PostsWronglyRemoved;

impl Metric for PostsWronglyRemoved {
    fn info(&self) -> &'static Info {
        &Info {
            id: "posts-wrongly-removed",
            title: "Posts wrongly removed",
            family: "cost",
            unit: "per 10,000 posts",
            direction: Direction::LowerIsBetter,
            default_group: "all",
            factor: 10_000.0,
            formula: "posts of the group taken down or demoted that do not violate / posts of the group that do not violate x 10,000",
            reading: "How many harmless posts are hit by the errors of enforcement.",
            ..Info::BASE
        }
    }

    fn measure(&self, cut: &Cut) -> Ratio {
        let counts = cut.enforcement();
        let wrong = counts.posts_acted - counts.posts_acted_rightly;
        let benign = counts.posts - counts.violating_posts;
        Ratio::of(wrong as f64, benign as f64)
    }

    fn applies(&self, group: &Group) -> bool {
        group.is_population()
    }
}
