//! Kinds: what a name is a name of. Two rows of one kind never claim one spelling.

/// Dotted path of a setting, or of a key that stands beside settings in what is kept of a run.
pub const SETTING: &str = "setting";
/// A metric.
pub const METRIC: &str = "metric";
/// A group, the part behind `@` of an outcome.
pub const GROUP: &str = "group";
/// A table of a results folder.
pub const TABLE: &str = "table";
/// A command of the program; a command below another is named with it, by a space.
pub const COMMAND: &str = "command";
/// A policy package that comes with the program.
pub const PACKAGE: &str = "package";

/// Words that a setting may be, by the setting's id.
#[must_use]
pub fn value(setting: &str) -> String {
    format!("value:{setting}")
}

/// Entries of a catalogue, such as rankers, by the id of the setting that chooses one.
#[must_use]
pub fn entry(setting: &str) -> String {
    format!("entry:{setting}")
}

/// Interventions: the catalogue behind an arm's `interventions`.
pub const INTERVENTION: &str = "entry:interventions";

/// Dotted paths of the knobs of one entry of a catalogue, by its id; `*` stands for those that every entry has.
#[must_use]
pub fn knob(setting: &str, entry: &str) -> String {
    format!("knob:{setting}.{entry}")
}

/// Columns of a table, by the table's id.
#[must_use]
pub fn column(table: &str) -> String {
    format!("column:{table}")
}
