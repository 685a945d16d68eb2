//! What takes a whole experiment to say: how its arms compare, whether there are seeds enough, which assumptions matter, which policy is best.

mod compared;
pub mod enough_seeds;
pub mod optimise;
pub mod sensitivity;

pub use compared::Compared;
