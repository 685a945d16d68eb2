//! `age-appropriate-sources`: who may be a source for the feeds of accounts that state an age below 18.

use recsafe_common::band::AgeBand;
use recsafe_common::catalogue::Described;
use recsafe_common::key::Use;
use recsafe_common::{choices, settings};

use super::{Efficacy, Intervention};
use crate::candidates::Candidates;
use crate::request::{Request, View};

choices! {
    /// Whose posts may be shown to those who state an age below 18.
    pub enum Sources {
        /// Accounts that the viewer follows, and accounts that state an age below 18.
        Peers = "peers",
        /// Accounts that the viewer follows.
        Followed = "followed",
    }
}

settings! {
    /// Viewers who state an age below 18 see posts of certain creators only. Goes by stated ages on both sides: minors who
    /// state 18 or over are not protected, adults who state less count as peers.
    pub struct AgeAppropriateSources {
        /// Whose posts they may see.
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
        candidates.retain(|slot, _, follows| {
            follows
                || (peers && view.observed.accounts.passes_for_minor(rows[slot as usize].creator))
                || !efficacy.works_on(Use::Slot(slot))
        });
    }
}
