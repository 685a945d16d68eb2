//! `similar`: posts close to the platform's profile of the viewer.
//!
//! The source uses an inverted file, as is common in industry (Sivic and Zisserman 2003; Jégou,
//! Douze and Schmid 2011). The source selects the topics whose centres are closest to the profile,
//! and draws posts from these topics. The ranker decides the order within the slate.

use recsafe_common::draw::DrawPurpose;
use recsafe_common::key::Part;
use recsafe_common::vector::{Packed, Query};
use recsafe_common::wide::{LANES, Work, wide};

use super::CandidateGenerator;
use crate::request::{MAX_TOPICS, Request, View};

/// Number of topics that posts are drawn from.
const PROBED: usize = 4;
/// Factor in the exponent of a topic's weight (assumed). The number of posts drawn from a topic is
/// proportional to exp(8 cosine).
const SHARPNESS: f32 = 8.0;
/// Maximum number of draws per requested post. After these draws the topic is treated as exhausted.
const TRIES: usize = 2;

pub(super) fn gather(generator: &mut CandidateGenerator, request: &Request, view: &View, count: usize) {
    let nearest = wide(Nearest { query: &request.query, centres: view.index.centres() });
    let weights = nearest.map(|(closeness, _)| libm::expf(SHARPNESS * (closeness - nearest[0].0)));
    let sum: f32 = weights.iter().sum();
    let draws = request.draws_for(DrawPurpose::Candidates);
    for ((_, topic_id), weight) in nearest.into_iter().zip(weights) {
        let posts = view.index.posts_of_topic(topic_id);
        let wanted = (count as f32 * weight / sum).round() as usize;
        let mut draw = draws.about(Part::Region(topic_id));
        let wanted = wanted.min(posts.len());
        let suggestion_request = (request.viewer, view);
        generator.try_add_drawn(suggestion_request, (wanted, TRIES * wanted), || posts[draw.below(posts.len())]);
    }
}

/// The work of finding the closest topics, for [`wide`]. The result lists the topics with their
/// cosines, closest first.
struct Nearest<'a> {
    query: &'a Query,
    centres: &'a [Packed],
}

impl Work for Nearest<'_> {
    type Out = [(f32, usize); PROBED];

    #[expect(clippy::inline_always, reason = "only inlined code is compiled for wider registers")]
    #[inline(always)]
    fn run(self) -> Self::Out {
        let mut closeness = [f32::NEG_INFINITY; MAX_TOPICS];
        for (closeness, centres) in closeness.chunks_mut(LANES).zip(self.centres.chunks(LANES)) {
            let last = centres.len() - 1; // an incomplete last block repeats its first centre
            let mut block = [&centres[0]; LANES];
            for (index, centre) in block.iter_mut().zip(centres) {
                *index = centre;
            }
            let dots = self.query.dots(&block);
            closeness[..=last].copy_from_slice(&dots[..=last]);
        }
        let mut best = [(f32::NEG_INFINITY, 0); PROBED];
        for (topic_id, &near) in closeness.iter().enumerate().take(self.centres.len()) {
            if near > best[PROBED - 1].0 {
                let index = best.iter().position(|&(other, _)| near > other).unwrap_or(PROBED - 1);
                best[index..].rotate_right(1);
                best[index] = (near, topic_id);
            }
        }
        best
    }
}
