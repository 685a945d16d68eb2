//! Policy settings: what the platform's operator may change.

mod enforcement;
mod feed;
mod people;
mod policy;
mod search;

pub use enforcement::Enforcement;
pub use feed::{Feed, Quotas, RankerChoice};
pub use people::{PeopleRankerChoice, Suggestions};
pub use policy::PolicySettings;
pub use search::Search;
