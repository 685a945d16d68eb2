//! What the heads of the value model, and the bandit, know of a candidate.

/// Number of features that a head weighs, the constant included.
pub const FEATURES: usize = 8;
/// What a head knows of one candidate: 1, similarity, log engagement rate, follows, co-engaged, age in weeks, log hide rate
/// of the post, log hide rate of its creator.
pub type Features = [f32; FEATURES];
