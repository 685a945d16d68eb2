//! `no-personalisation`: profile and own history enter neither candidates nor scores.

use recsafe_common::catalogue::Described;
use recsafe_common::settings;

use super::Intervention;

settings! {
    /// Profile and own history enter neither candidates nor scores: `similar` and `co-engaged` give their places to `trending`
    /// and `fresh`, similarity counts for nothing, and the profile learns nothing more. Follows still count.
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
