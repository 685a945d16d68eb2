//! Statistics of simulated experiments, on plain slices.
//!
//! The unit of replication is the *run*: two arms are compared seed by seed ([`Paired`]), never account by account.
//! Beside that stand the adjustment for several comparisons ([`holm`]), times until an event ([`Survival`]) and
//! concentration ([`gini`], [`top_share`]). [`design`] chooses points of a sweep, [`sensitivity`] says what they tell.
//!
//! Inputs are finite numbers; what is not defined for them is `None`, never NaN or infinity.

mod bootstrap;
mod concentration;
pub mod design;
mod fieller;
mod holm;
mod interval;
mod moments;
mod non_negative;
mod normal;
mod paired;
mod relative;
mod seeds_needed;
pub mod sensitivity;
mod splitmix;
mod student;
mod survival;

pub use bootstrap::{RESAMPLES, bias_corrected};
pub use concentration::{gini, top_share};
pub use fieller::fieller;
pub use holm::holm;
pub use interval::{CONFIDENCE, Interval, mean_interval};
pub use moments::{covariance, mean, variance};
pub use non_negative::non_negative_least_squares;
pub use paired::{Better, Paired};
pub use relative::{RelativeChange, probability_at_least, probability_at_most, relative_change};
pub use seeds_needed::{MOST_SEEDS, PRECISION, seeds_needed};
pub use survival::{Estimate, Lifetime, Survival};
