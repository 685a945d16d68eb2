//! What takes a whole experiment to say: whether there are seeds enough, which assumptions matter, which policy is best.

pub mod enough_seeds;
pub mod optimise;
pub mod sensitivity;
