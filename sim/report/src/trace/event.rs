//! An event on a day.

use serde::Serialize;

/// Topic of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Topic {
    /// Arrival or removal.
    Presence,
    /// A step of a contact.
    Contact,
    /// A decision of the platform.
    Platform,
}

/// An event of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Event {
    /// The day; negative in the warm-up.
    pub day: i32,
    /// The topic.
    pub topic: Topic,
    /// Whether the event is important. If a week has too many contact steps, the unimportant steps
    /// are only counted.
    pub is_main: bool,
    /// A sentence without the full stop.
    pub text: String,
}
