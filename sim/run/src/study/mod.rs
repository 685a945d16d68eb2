//! What takes many runs of an experiment to say: whether there are seeds enough, which policy is best.

pub mod enough_seeds;
pub mod optimise;
