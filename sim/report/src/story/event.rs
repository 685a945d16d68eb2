//! Something that has a day.

use serde::Serialize;

/// What an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Topic {
    /// It comes or goes.
    Presence,
    /// A step of a contact.
    Contact,
    /// A decision of the platform.
    Platform,
}

/// Something that happened to an account on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Event {
    /// The day; negative in the warm-up.
    pub day: i32,
    /// What it is about.
    pub topic: Topic,
    /// Whether it is told even where there are too many to tell: what a predator comes to, as far as it matters most.
    pub is_main: bool,
    /// A sentence without its full stop.
    pub text: String,
}
