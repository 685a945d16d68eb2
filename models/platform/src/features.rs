//! Features of a candidate, used by the predictors of the value model and by the bandit.

/// Number of features, including the constant.
pub const FEATURES: usize = 8;
/// Features of a candidate: 1, similarity, log engagement rate, whether the viewer follows the
/// creator, whether the post is co-engaged, age in weeks, log hide rate of the post, log hide rate
/// of its creator.
pub type Features = [f32; FEATURES];
