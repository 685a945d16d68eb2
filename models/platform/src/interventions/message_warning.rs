//! `message-warning`: warns minors before they reply to an adult whom they do not follow.

use recsafe_common::band::AgeBand;
use recsafe_common::catalogue::Described;
use recsafe_common::observed::Observed;
use recsafe_common::settings;

use super::{Intervention, Message};

settings! {
    /// Minors are warned before they reply to an adult whom they do not follow, so they accept
    /// fewer messages from such adults.
    ///
    /// The warning multiplies the probability that the recipient accepts the message by
    /// `acceptance`. The size of this effect is assumed. The platform uses the declared ages of
    /// both accounts, or the results of age verification or age inference. `audience` and
    /// `coverage` select the recipient. Efficacy is drawn once per sender, recipient and day.
    pub struct MessageWarning {
        /// Factor on the probability that a message with a warning is accepted: 1 has no effect, 0
        /// prevents every acceptance.
        pub acceptance: f64 = 0.6, 0.0..=1.0, "ratio", "assumed";
        /// Age bands of the warned recipients, as known to the platform.
        pub bands: Vec<AgeBand> = vec![AgeBand::Under13, AgeBand::From13, AgeBand::From16], (), "age bands", "assumed";
    }
}

impl Described for MessageWarning {
    const TITLE: &'static str = "Warning before replying";
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
