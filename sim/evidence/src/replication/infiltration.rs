//! Infiltration: B. T. Truong, X. Lou, A. Flammini and F. Menczer, Quantifying the vulnerabilities
//! of the online public square to adversarial manipulation tactics, PNAS Nexus 3(7), 2024.

use super::worlds::{self, World};
use super::{About, Case, How, Order, Published, ReplicationError, Row};

/// Effect of automated accounts on the quality of feeds, by the number of people who follow them.
pub struct Infiltration;

const WORLD: World = World {
    file: "experiments/replications/infiltration.toml",
    text: include_str!("../../../../experiments/replications/infiltration.toml"),
    reduced: (4, 60),
    full_seeds: 10,
    axis: "population.bots.infiltration",
    metric: "feed-quality@all",
};

/// Published mean and standard deviation; the midpoint if a range was published. The tolerance is
/// 0.05.
const PUBLISHED: [Published; 4] = [
    row("quality.infiltration-0", 0.9026, 0.0034),
    row("quality.infiltration-0.001", 0.882, 0.010),
    row("quality.infiltration-0.01", 0.7755, 0.02),
    row("quality.infiltration-0.1", 0.439, 0.015),
];

const fn row(id: &'static str, published: f64, sd: f64) -> Published {
    Published { id, published, published_sd: Some(sd), tolerance: 0.05 }
}

impl Case for Infiltration {
    fn about(&self) -> &'static About {
        &About {
            name: "infiltration",
            title: "Infiltration",
            source: "Truong et al. 2024, PNAS Nexus 3(7)",
            measure: "mean quality of the posts in people's feeds",
            decimals: 3,
            parameters: "settings of experiments/replications/infiltration.toml, by --set PATH=VALUE",
        }
    }

    fn published(&self) -> &'static [Published] {
        &PUBLISHED
    }

    fn orders(&self) -> &'static [Order] {
        &[&[
            "quality.infiltration-0.1",
            "quality.infiltration-0.01",
            "quality.infiltration-0.001",
            "quality.infiltration-0",
        ]]
    }

    fn run(&self, how: &How) -> Result<Option<Vec<Row>>, ReplicationError> {
        let Some(points) = worlds::run(&WORLD, how)? else { return Ok(None) };
        let row = |(gamma, values): &(f64, Vec<f64>)| Row::of(format!("quality.infiltration-{gamma}"), values);
        Ok(Some(points.iter().filter_map(row).collect()))
    }
}
