//! The truth of the simulated world.
pub mod settings;
