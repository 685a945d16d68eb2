//! Studies that need several experiments: the necessary number of seeds, and the search for the
//! best policy.

pub mod enough_seeds;
pub mod optimise;
