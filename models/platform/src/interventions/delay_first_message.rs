//! `delay-first-message`: holds first messages to minors for some days.

use recsafe_common::band::AgeBand;
use recsafe_common::catalogue::Described;
use recsafe_common::observed::Observed;
use recsafe_common::settings;

use super::{Intervention, Message};

settings! {
    /// First messages to minors from strangers are held for some days before they are delivered.
    ///
    /// Strangers are all accounts except mutual follows. If the sender is sanctioned or blocked in
    /// the meantime, the message is never delivered. `audience` and `coverage` select the
    /// recipient. Efficacy is drawn once per sender, recipient and day.
    pub struct DelayFirstMessage {
        /// Days between sending and delivery.
        pub days: u32 = 7, 1..=365, "days", "assumed";
        /// Age bands of the protected recipients, as known to the platform.
        pub bands: Vec<AgeBand> = vec![AgeBand::Under13, AgeBand::From13, AgeBand::From16], (), "age bands", "assumed";
    }
}

impl Described for DelayFirstMessage {
    const TITLE: &'static str = "Delay first messages";
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
