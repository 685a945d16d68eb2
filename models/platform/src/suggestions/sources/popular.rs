//! `popular`: the most followed accounts.

use crate::request::View;
use crate::suggestions::AccountCandidates;

pub(super) fn gather(view: &View, count: usize, candidates: &mut AccountCandidates) {
    for &account in view.index.popular().iter().take(count) {
        let index = candidates.add(account);
        candidates.popularity[index] = libm::logf(1.0 + view.observed.graph.followers(account).len() as f32);
    }
}
