//! `delay-first-message`: first messages to minors wait for some days.

use recsafe_common::band::AgeBand;
use recsafe_common::catalogue::Described;
use recsafe_common::observed::Observed;
use recsafe_common::settings;

use super::{Intervention, Message};

settings! {
    /// A first message to an account of certain bands by somebody who is no mutual follow is held back for some days. If the sender
    /// is sanctioned or blocked meanwhile, it never arrives. Reaches the recipient; efficacy is one draw a sender, recipient and day.
    pub struct DelayFirstMessage {
        /// Days for which it is held back.
        pub days: u32 = 7, 1..=365, "days", "assumed";
        /// Bands of the recipients.
        pub bands: Vec<AgeBand> = vec![AgeBand::Under13, AgeBand::From13, AgeBand::From16], (), "bands", "assumed";
    }
}

impl Described for DelayFirstMessage {
    const TITLE: &'static str = "Delay of first messages";
    const FAMILY: &'static str = "contact";
    const HOOKS: &'static [&'static str] = &["holds-back"];
}

impl Intervention for DelayFirstMessage {
    fn acts_on(&self, band: AgeBand) -> bool {
        self.bands.contains(&band)
    }

    fn holds_back(&self, message: &Message, observed: &Observed) -> u32 {
        let Message { from, to } = *message;
        let held = self.bands.contains(&observed.accounts.band[to.row()]) && !observed.graph.mutual(from, to);
        if held { self.days } else { 0 }
    }
}
