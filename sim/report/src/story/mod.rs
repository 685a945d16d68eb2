//! The story of one account, told from the tables of a run.
//!
//! `rows` picks what a table has of the account; `who`, `shown`, `contact`, `platform` and `audit` make sentences of one table each;
//! `life` is all of it, `week` sets it week by week, `parting` finds where two arms part, `page` prints it. `find` says whose story
//! is long.

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
pub use life::{Life, Run, StoryError, last_account};
pub use page::{Look, page};
pub use parting::{Parting, parting};
pub use shown::Shown;
pub use week::{Week, weeks};
pub use who::Who;

/// A number with its noun: `1 post`, `2 posts`.
fn counted(number: u64, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_noun_has_its_number() {
        assert_eq!([counted(1, "post"), counted(0, "post")], ["1 post", "0 posts"]);
    }
}
