//! Kinds of names. Two rows of the same kind have no spelling in common.

/// Dotted path of a setting, or of a key that is stored next to the settings of a run.
pub const SETTING: &str = "setting";
/// Metric.
pub const METRIC: &str = "metric";
/// Group: the part of an outcome after `@`.
pub const GROUP: &str = "group";
/// Table of a results folder.
pub const TABLE: &str = "table";
/// Command of the program. The name of a subcommand begins with the command and a space.
pub const COMMAND: &str = "command";
/// Built-in policy package.
pub const PACKAGE: &str = "package";

/// Returns the kind of the values of a setting, by the setting's id.
#[must_use]
pub fn value(setting: &str) -> String {
    format!("value:{setting}")
}

/// Returns the kind of the entries of a catalogue, such as rankers, by the id of the setting that
/// selects an entry.
#[must_use]
pub fn entry(setting: &str) -> String {
    format!("entry:{setting}")
}

/// Intervention: an entry of the catalogue for an arm's `interventions`.
pub const INTERVENTION: &str = "entry:interventions";

/// Returns the kind of the dotted paths of the knobs of a catalogue entry, by its id. The knobs
/// that all entries share belong to the entry `*`.
#[must_use]
pub fn knob(setting: &str, entry: &str) -> String {
    format!("knob:{setting}.{entry}")
}

/// Returns the kind of the names of a table's columns, by the table's id.
#[must_use]
pub fn column(table: &str) -> String {
    format!("column:{table}")
}
