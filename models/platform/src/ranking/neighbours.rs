//! `neighbours`: posts with engagements by the accounts that are most similar to the viewer.

use std::cmp::Reverse;

use recsafe_common::catalogue::Described;
use recsafe_common::draw::DrawPurpose;
use recsafe_common::ids::AccountId;
use recsafe_common::key::Part;
use recsafe_common::settings;

use super::Ranker;
use crate::candidates::Candidates;
use crate::learning::age_in_weeks;
use crate::request::{Request, View};

settings! {
    /// Posts that accounts similar to the viewer engaged with. The score is a weighted share: among
    /// the `neighbours` most similar accounts, the share that engaged with the post. The weight of
    /// an account is its similarity to the viewer. The similarity of two accounts is the cosine |A
    /// n B| / sqrt(|A| |B|). A and B are the sets of live posts that the two accounts engaged with
    /// until yesterday (user-based collaborative filtering; Resnick et al. 1994, Herlocker et al.
    /// 1999). Ties among accounts and among posts are broken at random. Without personalisation the
    /// score does not depend on similar accounts.
    pub struct Neighbours {
        /// Number of similar accounts. Accounts that engaged with none of the posts that the viewer
        /// engaged with are not used.
        pub neighbours: u32 = 10, 1..=10_000, "accounts", "Ribeiro, Veselovsky and West 2023";
        /// Score per unit of ln(1 + decayed engagements). The default is small, so that popularity
        /// only orders posts with equal shares.
        pub popularity: f64 = 0.001, 0.0..=10.0, "score", "assumed";
        /// Score subtracted per week since the post appeared.
        pub recency: f64 = 0.0, 0.0..=10.0, "score per week", "assumed";
    }
}

impl Described for Neighbours {
    const TITLE: &'static str = "Similar accounts";
    const FAMILY: &'static str = "feed";
    const HOOKS: &'static [&'static str] = &["score", "learns-engagements"];
}

/// Scale of the random numbers that break ties; far below the weight of one neighbour.
const TIE: f32 = 1e-6;

/// An account and its cosine with the viewer. The cosine is multiplied by the square root of the
/// number of posts that the viewer engaged with. This square root is the same for all accounts.
type Alike = (AccountId, f32);

/// Returns all accounts that engaged with at least one of the same posts as the viewer.
fn alike(viewer: AccountId, view: &View) -> Vec<Alike> {
    let engagements = &view.learned.engagements;
    let mut common = vec![0_u32; view.observed.accounts.len()];
    let mut found = Vec::new();
    for other in engagements.posts(viewer).flat_map(|post| engagements.accounts(post)) {
        if other != viewer {
            if common[other.row()] == 0 {
                found.push(other);
            }
            common[other.row()] += 1;
        }
    }
    let cosine = |other: AccountId| common[other.row()] as f32 / (engagements.posts(other).len() as f32).sqrt();
    found.into_iter().map(|other| (other, cosine(other))).collect()
}

impl Neighbours {
    /// Returns the most similar accounts, most similar first, with ties broken at random.
    fn asked(&self, request: &Request, view: &View) -> Vec<Alike> {
        let mut all = if request.personalised { alike(request.viewer, view) } else { Vec::new() };
        let draws = request.draws_for(DrawPurpose::Ranking);
        // Cosines are positive, so sorting by their bits is the same as sorting by their values.
        let rank = |&(other, cosine): &Alike| (Reverse(cosine.to_bits()), draws.about(Part::Asked(other)).bits());
        let most = self.neighbours as usize;
        if all.len() > most {
            all.select_nth_unstable_by_key(most, rank);
            all.truncate(most);
        }
        all.sort_unstable_by_key(rank);
        all
    }

    /// Returns one number per live post: the weighted share of the neighbours that engaged with the
    /// post. The share is in [0, 1]. The order is that of the post columns.
    fn shares(&self, request: &Request, view: &View) -> Vec<f32> {
        let asked = self.asked(request, view);
        let whole: f32 = asked.iter().map(|(_, cosine)| cosine).sum();
        let mut shares = vec![0.0_f32; view.observed.posts.len()];
        for (other, cosine) in asked {
            let posts = view.learned.engagements.posts(other);
            for post_index in posts.filter_map(|post| view.observed.posts.index_of(post)) {
                shares[post_index] += cosine / whole;
            }
        }
        shares
    }
}

impl Ranker for Neighbours {
    fn score(&self, request: &Request, view: &View, candidates: &Candidates, scores: &mut Vec<f32>) {
        let (shares, rows) = (self.shares(request, view), view.observed.posts.rows());
        let draws = request.draws_for(DrawPurpose::Ranking);
        let (popularity, recency) = (self.popularity as f32, self.recency as f32);
        scores.clear();
        scores.extend(candidates.post_indices.iter().map(|&post_index| {
            let row = &rows[post_index as usize];
            let tie = TIE * draws.about(Part::PostIndex(post_index)).unit() as f32;
            let rest = popularity * libm::logf(1.0 + row.popularity) - recency * age_in_weeks(row.day, request.day);
            shares[post_index as usize] + rest + tie
        }));
    }

    fn learns_engagements(&self) -> bool {
        true
    }
}
