//! `require-mutual-follow`: first messages only between accounts that follow each other.

use recsafe_common::catalogue::Described;
use recsafe_common::observed::Observed;
use recsafe_common::settings;

use super::{Intervention, Message};

settings! {
    /// First messages are delivered between accounts that follow each other only, whatever their ages. Reaches the recipient; efficacy is
    /// one draw a sender, recipient and day.
    pub struct RequireMutualFollow {
        /// Whether an account may write as well to whom somebody follows whom it follows.
        pub allow_second_degree: bool = false, (), "", "assumed";
    }
}

impl Described for RequireMutualFollow {
    const TITLE: &'static str = "Mutual follow needed";
    const FAMILY: &'static str = "contact";
    const HOOKS: &'static [&'static str] = &["stops"];
}

impl Intervention for RequireMutualFollow {
    fn stops(&self, message: &Message, observed: &Observed) -> bool {
        let Message { from, to } = *message;
        !(observed.graph.mutual(from, to) || self.allow_second_degree && observed.graph.linked(from, to))
    }
}
