//! Columns of tables that contain names, with the kind of the names.

use crate::Names;
use crate::kind::{self, GROUP, METRIC};

/// Role of an account.
pub const ROLE: &str = "role";
/// Age band.
pub const AGE_BAND: &str = "age-band";
/// Status of an account on the platform, such as limited.
pub const STANDING: &str = "standing";
/// Setting that determines from whom an account accepts messages.
pub const MESSAGES: &str = "messages";
/// Route by which an account was discovered.
pub const ROUTE: &str = "route";
/// End of a contact.
pub const CONTACT_END: &str = "contact-end";
/// Action of the platform.
pub const ACTION: &str = "action";
/// Cause of an action.
pub const ACTION_SOURCE: &str = "action-source";
/// Decision.
pub const DECISION: &str = "decision";
/// Script of a probe. These names are also values of a setting.
pub const SCRIPT: &str = "value:probe.script";
/// Surface that shows posts.
pub const SURFACE: &str = "surface";
/// Candidate source.
pub const CANDIDATE_SOURCE: &str = "candidate-source";

/// Columns that contain names: id of the table, id of the column, and kind of the names.
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

/// Returns the kind of the names in a column of a run's table, or `None` if the column does not
/// contain names. Accepts any spelling of the table and the column.
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
