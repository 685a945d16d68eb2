//! `require-mutual-follow`: allows first messages only between accounts that follow each other.

use recsafe_common::catalogue::Described;
use recsafe_common::observed::Observed;
use recsafe_common::settings;

use super::{Intervention, Message};

settings! {
    /// First messages are delivered only between accounts that follow each other.
    ///
    /// The rule applies to accounts of all ages. `audience` and `coverage` select the recipient.
    /// Efficacy is drawn once per sender, recipient and day.
    pub struct RequireMutualFollow {
        /// Whether an account is also allowed to send first messages to its own followers, and to
        /// the followees of its followees.
        pub allow_second_degree: bool = false, (), "", "assumed";
    }
}

impl Described for RequireMutualFollow {
    const TITLE: &'static str = "Require a mutual follow";
    const FAMILY: &'static str = "contact";
    const HOOKS: &'static [&'static str] = &["stops"];
}

impl Intervention for RequireMutualFollow {
    fn stops(&self, message: &Message, observed: &Observed) -> bool {
        let Message { from, to } = *message;
        !(observed.graph.mutual(from, to) || self.allow_second_degree && observed.graph.linked(from, to))
    }
}
