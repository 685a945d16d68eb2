//! Features of a candidate, used by the predictors of the value model and by the bandit.

/// Number of features, including the constant.
pub const FEATURES: usize = 8;
/// Features of a candidate, in this order: the constant 1, the similarity, the log engagement rate,
/// whether the viewer follows the creator, whether the post is co-engaged, the age in weeks, the
/// log hide rate of the post, and the log hide rate of the creator.
pub type Features = [f32; FEATURES];
