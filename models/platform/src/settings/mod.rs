//! Policy settings: what the platform's operator may change.

mod enforcement;
mod feed;

pub use enforcement::Enforcement;
pub use feed::{Feed, Quotas, RankerChoice};
