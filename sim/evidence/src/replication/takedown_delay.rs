//! Takedown delay: B. T. Truong, S. Yang, J. Bollenbacher, D. Allen, A. Flammini and F. Menczer,
//! Delayed takedown of illegal content on social media makes moderation ineffective, 2025 (arXiv
//! 2502.08841).

use super::worlds::{self, World};
use super::{About, Case, How, Order, Published, ReplicationError, Row};

/// Prevalence of illegal content by the speed of takedown.
pub struct TakedownDelay;

const WORLD: World = World {
    file: "experiments/replications/takedown-delay.toml",
    text: include_str!("../../../../experiments/replications/takedown-delay.toml"),
    reduced: (4, 60),
    full_seeds: 10,
    axis: "enforcement.takedown_half_life",
    metric: "feed-prevalence@all",
};

/// Half-life so long that takedown has practically no effect.
const NEVER: f64 = 1e6;

/// Published mean and standard deviation. The tolerance is two standard deviations for prevalences,
/// and 0.06 for ratios.
const PUBLISHED: [Published; 7] = [
    level("prevalence.half-life-1", 0.00297, 0.0007),
    level("prevalence.half-life-2", 0.00488, 0.0012),
    level("prevalence.half-life-8", 0.00785, 0.0012),
    level("prevalence.never", 0.01031, 0.0013),
    ratio("ratio.half-life-1", 0.00297 / 0.01031),
    ratio("ratio.half-life-2", 0.00488 / 0.01031),
    ratio("ratio.half-life-8", 0.00785 / 0.01031),
];

const fn level(id: &'static str, published: f64, sd: f64) -> Published {
    Published { id, published, published_sd: Some(sd), tolerance: 2.0 * sd }
}

const fn ratio(id: &'static str, published: f64) -> Published {
    Published { id, published, published_sd: None, tolerance: 0.06 }
}

impl Case for TakedownDelay {
    fn about(&self) -> &'static About {
        &About {
            name: "takedown-delay",
            title: "Takedown delay",
            source: "Truong et al. 2025, arXiv 2502.08841",
            measure: "prevalence of illegal posts among the distinct posts in all feeds, and its ratio to the prevalence without takedown",
            decimals: 4,
            parameters: "settings of experiments/replications/takedown-delay.toml, by --set PATH=VALUE",
        }
    }

    fn published(&self) -> &'static [Published] {
        &PUBLISHED
    }

    fn orders(&self) -> &'static [Order] {
        &[&["prevalence.half-life-1", "prevalence.half-life-2", "prevalence.half-life-8", "prevalence.never"]]
    }

    fn run(&self, how: &How) -> Result<Option<Vec<Row>>, ReplicationError> {
        let Some(points) = worlds::run(&WORLD, how)? else { return Ok(None) };
        let points = one_without_takedown(points);
        let name = |days: f64| if days >= NEVER { "never".to_owned() } else { format!("half-life-{days}") };
        let never = points.iter().find(|(days, _)| *days >= NEVER).map(|(_, values)| values.clone());
        let levels = points.iter().filter_map(|(days, values)| Row::of(format!("prevalence.{}", name(*days)), values));
        let ratios = points.iter().filter(|(days, _)| *days < NEVER).filter_map(|(days, values)| {
            let pairs = values.iter().zip(never.as_ref()?).filter(|(_, whole)| **whole > 0.0);
            Row::of(format!("ratio.{}", name(*days)), &pairs.map(|(value, whole)| value / whole).collect::<Vec<f64>>())
        });
        Ok(Some(levels.chain(ratios).collect()))
    }
}

/// Keeps only the first of the points with practically no takedown.
fn one_without_takedown(mut points: worlds::Points) -> worlds::Points {
    let mut met = false;
    points.retain(|(days, _)| *days < NEVER || !std::mem::replace(&mut met, true));
    points
}
