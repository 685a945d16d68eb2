//! `posts-wrongly-removed`: posts taken down or demoted by mistake.

use super::{Direction, Info, Metric};
use crate::measure::{Group, GroupWindow, Ratio};

/// Posts taken down or demoted by mistake.
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
            formula: "non-violating posts that were taken down or demoted / non-violating posts x 10,000. Only posts by the group count.",
            reading: "Number of harmless posts, per 10,000, that enforcement takes down or demotes by mistake.",
            ..Info::BASE
        }
    }

    fn measure(&self, window: &GroupWindow) -> Ratio {
        let counts = window.enforcement();
        let wrong = counts.posts_acted - counts.posts_acted_rightly;
        let benign = counts.posts - counts.violating_posts;
        Ratio::of(wrong as f64, benign as f64)
    }

    fn applies(&self, group: &Group) -> bool {
        group.is_population()
    }
}
