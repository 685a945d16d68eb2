//! Trace of one account, from the tables of a run.
//!
//! `rows` selects an account's rows from a table. `who`, `shown`, `contact`, `platform` and `audit`
//! each describe one table in sentences. `life` combines these tables, and `week` groups the data
//! by week. `parting` finds where two arms diverge, and `page` prints the result. `find` lists the
//! accounts with the most data.

mod audit;
mod contact;
mod event;
mod find;
mod life;
mod page;
mod parting;
mod platform;
mod rows;
#[cfg(test)]
mod samples;
mod shown;
mod week;
mod who;

pub use audit::Looked;
pub use contact::Suggested;
pub use event::{Event, Topic};
pub use find::{Candidate, candidates_table, find};
pub use life::{Life, Run, TraceError, last_account};
pub use page::{Look, page};
pub use parting::{Parting, parting};
pub use shown::Shown;
pub use week::{Week, weeks};
pub use who::Who;
