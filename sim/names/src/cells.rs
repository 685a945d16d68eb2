//! Words in tables: which columns hold names, and of which kind.

use crate::Names;
use crate::kind::{self, GROUP, METRIC};

/// Who an account is.
pub const ROLE: &str = "role";
/// How old.
pub const AGE_BAND: &str = "age-band";
/// What the platform lets it do.
pub const STANDING: &str = "standing";
/// From whom an account takes messages.
pub const MESSAGES: &str = "messages";
/// How an account was come across.
pub const ROUTE: &str = "route";
/// How a contact ended.
pub const CONTACT_END: &str = "contact-end";
/// What the platform did.
pub const ACTION: &str = "action";
/// What led to that.
pub const ACTION_SOURCE: &str = "action-source";
/// What was decided.
pub const DECISION: &str = "decision";
/// What a probe is told to do: words of a setting too.
pub const SCRIPT: &str = "value:probe.script";
/// Where posts are shown.
pub const SURFACE: &str = "surface";
/// What found a post.
pub const CANDIDATE_SOURCE: &str = "candidate-source";

/// Columns that hold names, by ids of the table and the column, with the kind of the names.
const CELLS: [(&str, &str, &str); 20] = [
    ("metrics", "metric", METRIC),
    ("metrics", "group", GROUP),
    ("daily", "metric", METRIC),
    ("daily", "group", GROUP),
    ("accounts", "role", ROLE),
    ("accounts", "band", AGE_BAND),
    ("accounts", "stated_band", AGE_BAND),
    ("accounts", "script", SCRIPT),
    ("accounts", "standing", STANDING),
    ("accounts", "messages", MESSAGES),
    ("contacts", "from_role", ROLE),
    ("contacts", "to_role", ROLE),
    ("contacts", "route", ROUTE),
    ("contacts", "ended", CONTACT_END),
    ("actions", "kind", ACTION),
    ("actions", "source", ACTION_SOURCE),
    ("actions", "decision", DECISION),
    ("probes", "script", SCRIPT),
    ("exposures", "surface", SURFACE),
    ("exposures", "source", CANDIDATE_SOURCE),
];

/// The kind of the names in a column of a run's table, by any spelling of both; none if it holds no names.
#[must_use]
pub fn kind_of(names: &Names, table: &str, column: &str) -> Option<&'static str> {
    let table = names.id(kind::TABLE, table);
    let of_table = kind::column(table);
    let column = names.id(&of_table, column);
    CELLS.iter().find(|cell| (cell.0, cell.1) == (table, column)).map(|cell| cell.2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_that_was_renamed_holds_what_it_held() {
        let rows = "table,accounts,people,\ncolumn:accounts,stated_band,declared_band,band_stated\n";
        let names = Names::parse(&format!("kind,id,name,older\n{rows}")).unwrap();
        for (table, column) in [("accounts", "stated_band"), ("people", "declared_band"), ("people", "band_stated")] {
            assert_eq!(kind_of(&names, table, column), Some(AGE_BAND), "{table}.{column}");
        }
        assert_eq!(kind_of(&names, "accounts", "account"), None);
    }
}
