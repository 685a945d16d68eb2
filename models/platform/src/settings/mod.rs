//! Policy settings: everything that the platform's operator decides.

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
