//! The map of topics: 64 fixed centres of topics on the unit sphere, and the centres of niches.
//! Some topics are youth topics.
//!
//! People and platform use the same map: the model assumes that a platform's topic model finds the
//! true topics. The map contains no information about anybody's interests or posts.

use serde::{Deserialize, Serialize};

use crate::vector::{DIM, Vector, dot, normalised};

/// Number of ordinary topics. The centres of 32 topics are the basis vectors. The centres of the
/// other 32 topics are the rows of a Hadamard matrix, divided by sqrt(32).
pub const TOPICS: usize = 64;
/// Maximum number of niches in a world.
pub const MOST_NICHES: usize = 8;
/// The twelve topics that minors prefer. The centres of these topics are basis vectors and thus
/// orthogonal. A niche can therefore be close to any three of the topics.
pub const YOUTH: [u8; 12] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

/// The centres of a world: topics first, then niches.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TopicMap {
    centres: Vec<Vector>,
}

impl TopicMap {
    /// Creates the map. Each number in the list creates a niche and is the cosine between the niche
    /// and three youth topics. The youth topics of niche n are 3n, 3n+1 and 3n+2, wrapping around.
    /// A cosine must be in [0, 1/sqrt(3)], because no unit vector has a larger cosine with each of
    /// three orthogonal vectors.
    #[must_use]
    pub fn new(niche_cosines: &[f64]) -> Self {
        let mut centres: Vec<Vector> = (0..TOPICS).map(topic).collect();
        centres.extend(niche_cosines.iter().enumerate().map(|(n, &cosine)| niche(n, cosine)));
        TopicMap { centres }
    }

    /// Returns the centre of a topic or niche.
    #[inline]
    #[must_use]
    pub fn centre(&self, topic_id: u8) -> &Vector {
        &self.centres[usize::from(topic_id)]
    }

    /// Returns the number of topics and niches.
    #[must_use]
    pub fn topic_count(&self) -> usize {
        self.centres.len()
    }

    /// Returns the number of niche `n` in the map.
    #[must_use]
    pub const fn niche(n: usize) -> u8 {
        (TOPICS + n) as u8
    }

    /// Returns the topic or niche with the closest centre. Among equally close centres, returns the
    /// lowest number.
    #[must_use]
    pub fn nearest(&self, vector: &Vector) -> u8 {
        let mut best = (0_u8, f32::NEG_INFINITY);
        for (topic_id, centre) in self.centres.iter().enumerate() {
            let closeness = dot(centre, vector);
            if closeness > best.1 {
                best = (topic_id as u8, closeness);
            }
        }
        best.0
    }
}

fn topic(n: usize) -> Vector {
    if n < DIM {
        return std::array::from_fn(|i| if i == n { 1.0 } else { 0.0 });
    }
    let length = (DIM as f32).sqrt();
    std::array::from_fn(|i| if ((n - DIM) & i).count_ones().is_multiple_of(2) { 1.0 / length } else { -1.0 / length })
}

/// Returns the youth topics near niche `n`.
#[must_use]
pub fn youth_near(n: usize) -> [u8; 3] {
    std::array::from_fn(|i| YOUTH[(3 * n + i) % YOUTH.len()])
}

fn niche(n: usize, cosine: f64) -> Vector {
    let near = youth_near(n);
    let rest = (1.0 - 3.0 * cosine * cosine).max(0.0).sqrt() as f32;
    let beyond: Vector = std::array::from_fn(|i| {
        let off = i >= YOUTH.len(); // orthogonal to all youth topics
        if !off {
            0.0
        } else if (((n + 1) * 7 + 3) & i).count_ones().is_multiple_of(2) {
            1.0
        } else {
            -1.0
        }
    });
    let beyond = normalised(&beyond);
    std::array::from_fn(|i| rest * beyond[i] + if near.contains(&(i as u8)) { cosine as f32 } else { 0.0 })
}
