//! What takes a whole experiment to say: how its arms compare, whether there are seeds enough.

mod compared;
pub mod enough_seeds;

pub use compared::{Compared, outcome};
