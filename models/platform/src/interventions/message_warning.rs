//! `message-warning`: recipients are warned before they answer a stranger.

use recsafe_common::band::AgeBand;
use recsafe_common::catalogue::Described;
use recsafe_common::observed::Observed;
use recsafe_common::settings;

use super::{Intervention, Message};

settings! {
    /// Recipients of certain stated bands are warned before they answer an account of stated age 18 or over that they do not follow,
    /// and accept less often. Reaches the recipient; efficacy is one draw a sender, recipient and day.
    pub struct MessageWarning {
        /// Factor on the probability that such a message is accepted.
        pub acceptance: f64 = 0.6, 0.0..=1.0, "ratio", "assumed";
        /// Stated bands of the recipients who are warned.
        pub bands: Vec<AgeBand> = vec![AgeBand::Under13, AgeBand::From13, AgeBand::From16], (), "stated bands", "assumed";
    }
}

impl Described for MessageWarning {
    const TITLE: &'static str = "Warning before answering";
    const FAMILY: &'static str = "contact";
    const HOOKS: &'static [&'static str] = &["acceptance"];
}

impl Intervention for MessageWarning {
    fn acts_on(&self, band: AgeBand) -> bool {
        self.bands.contains(&band)
    }

    fn acts_towards(&self, band: AgeBand) -> bool {
        !band.is_minor()
    }

    fn acceptance(&self, message: &Message, observed: &Observed) -> f64 {
        let Message { from, to } = *message;
        let warned = self.bands.contains(&observed.accounts.band[to.row()])
            && !observed.accounts.passes_for_minor(from)
            && !observed.graph.contains(to, from);
        if warned { self.acceptance } else { 1.0 }
    }
}
