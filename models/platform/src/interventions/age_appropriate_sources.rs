//! `age-appropriate-sources`: limits the creators whose posts appear in the feeds of minors.

use recsafe_common::band::AgeBand;
use recsafe_common::catalogue::Described;
use recsafe_common::key::Use;
use recsafe_common::{choices, settings};

use super::{Efficacy, Intervention};
use crate::candidates::Candidates;
use crate::request::{Request, View};

choices! {
    /// Creators whose posts minors still see.
    pub enum Sources {
        /// Accounts that the viewer follows, and accounts that the platform treats as minors.
        Peers = "peers",
        /// Accounts that the viewer follows.
        Followed = "followed",
    }
}

settings! {
    /// The feeds of minors contain only posts by followed accounts and, by default, by peers.
    ///
    /// Peers are accounts that the platform treats as minors. The platform uses the declared ages
    /// of viewer and creator, or the results of age verification or age inference. So minors who
    /// are treated as adults are not protected, and adults who declare an age below 18 count as
    /// peers. `audience` and `coverage` select the viewer. Efficacy is drawn once per viewer, post
    /// and day.
    pub struct AgeAppropriateSources {
        /// Creators whose posts minors still see.
        pub from: Sources = Sources::Peers, (), "", "assumed";
    }
}

impl Described for AgeAppropriateSources {
    const TITLE: &'static str = "Age-appropriate sources";
    const FAMILY: &'static str = "feed";
    const HOOKS: &'static [&'static str] = &["eligible"];
}

impl Intervention for AgeAppropriateSources {
    fn acts_on(&self, band: AgeBand) -> bool {
        band.is_minor()
    }

    fn eligible(&self, efficacy: Efficacy, request: &Request, view: &View, candidates: &mut Candidates) {
        if !request.band.is_minor() {
            return;
        }
        let rows = view.observed.posts.rows();
        let peers = self.from == Sources::Peers;
        candidates.retain(|post_index, _, follows| {
            follows
                || (peers && view.observed.accounts.passes_for_minor(rows[post_index as usize].creator))
                || !efficacy.works_on(Use::PostIndex(post_index))
        });
    }
}
