//! `profile-reset-after-hide`: hiding a post makes the platform forget what it learned of the viewer.

use recsafe_common::catalogue::Described;
use recsafe_common::settings;

use super::Intervention;

settings! {
    /// When a viewer hides a post, the platform forgets what it learned of the viewer: the profile and the likes by which
    /// co-engaged posts are found. Reaches the viewer; efficacy is one draw a request.
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
