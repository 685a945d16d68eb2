//! `profile-reset-after-hide`: hiding a post resets what the platform learned about the viewer.

use recsafe_common::catalogue::Described;
use recsafe_common::settings;

use super::Intervention;

settings! {
    /// When a viewer hides a post, the platform forgets what it learned about the viewer.
    ///
    /// The profile is reset, and so are the likes from which the source `co-engaged` finds posts.
    /// `audience` and `coverage` select the viewer. Efficacy is drawn once per feed request.
    pub struct ProfileResetAfterHide {}
}

impl Described for ProfileResetAfterHide {
    const TITLE: &'static str = "Profile reset after a hide";
    const FAMILY: &'static str = "feed";
    const HOOKS: &'static [&'static str] = &["resets-profile"];
}

impl Intervention for ProfileResetAfterHide {
    fn resets_profile(&self) -> bool {
        true
    }
}
