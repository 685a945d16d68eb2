//! `no-personalisation`: feeds without profile and history.

use recsafe_common::catalogue::Described;
use recsafe_common::settings;

use super::Intervention;

settings! {
    /// The feed ignores the viewer's profile and history, but still uses follows.
    ///
    /// The candidate sources `similar` and `co-engaged` give their quotas to `trending` and
    /// `fresh`. Similarity does not affect scores, and the profile stops learning. `audience` and
    /// `coverage` select the viewer. Efficacy is drawn once per feed request.
    pub struct NoPersonalisation {}
}

impl Described for NoPersonalisation {
    const TITLE: &'static str = "No personalisation";
    const FAMILY: &'static str = "feed";
    const HOOKS: &'static [&'static str] = &["personalisation"];
}

impl Intervention for NoPersonalisation {
    fn personalisation(&self, _: f64) -> f64 {
        0.0
    }
}
