//! Posting: the posts of an account on a day.
//!
//! Draws are keyed by creator and sequence number, and draws do not depend on interests that drift.
//! So an account makes the same posts on a day in every arm.

use rand_distr::Distribution;
use recsafe_common::draw::{Draw, DrawPurpose, Draws};
use recsafe_common::ids::{AccountId, Day};
use recsafe_common::key::About;
use recsafe_common::topics::{TOPICS, TopicMap};
use recsafe_common::vector::{DIM, Vector, normalised};

use crate::behavior::reshare_one::{self, acts_today};
use crate::generate::beta;
use crate::people::People;
use crate::role::Role;
use crate::settings::{Behavior, Bots, Content, HarmBy};

/// The settings that determine posts.
#[derive(Clone, Copy, Debug)]
pub struct PostingSettings<'a> {
    /// Properties of posts.
    pub content: &'a Content,
    /// Who posts, and how often.
    pub behavior: &'a Behavior,
    /// Properties of bots' posts.
    pub bots: &'a Bots,
}

/// A new post.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NewPost {
    /// Account that makes the post.
    pub creator: AccountId,
    /// Number of the post among its creator's posts, counted from 0.
    pub sequence: u32,
    /// Topic or niche of the post.
    pub topic_id: u8,
    /// Topic vector of length 1.
    pub topic: Vector,
    /// Quality in [0, 1], by default Beta(3, 3).
    pub quality: f32,
    /// Severity in [0, 1]; 0 for most posts.
    pub severity: f32,
}

/// Adds an account's posts of `day` to `posts`.
///
/// The number of posts is Poisson with the account's rate. Under `reshare-one`, the number of posts
/// is the number of acts that are posts. If the account has not posted before, its initial posts
/// are added. Sequence numbers continue from `people.posted`.
pub fn posts_today(
    people: &People,
    account: AccountId,
    day: Day,
    settings: &PostingSettings,
    map: &TopicMap,
    draws: Draws,
    posts: &mut Vec<NewPost>,
) {
    let Some(count) = count_today(people, account, day, settings, draws) else { return };
    let first = people.posted[account.row()];
    let count = count + if first == 0 { settings.content.initial_posts } else { 0 };
    posts.extend((first..first + count).map(|sequence| post(people, account, sequence, settings, map, draws)));
}

/// Returns the number of posts of an account today; `None` if the account never posts.
fn count_today(people: &People, account: AccountId, day: Day, settings: &PostingSettings, draws: Draws) -> Option<u32> {
    if reshare_one::acts(people, settings.behavior, account) {
        let resharing = &settings.behavior.reshare_one;
        let acts = acts_today(people.activity[account.row()], account, day, draws);
        let posts = (0..acts).filter(|&number| reshare_one::posts(resharing, account, number, day, draws));
        return Some(posts.count() as u32);
    }
    let rate = people.posting[account.row()];
    (rate > 0.0).then(|| draws.at(DrawPurpose::PostCount, account, About::Nothing, day).poisson(f64::from(rate)))
}

fn post(
    people: &People,
    account: AccountId,
    sequence: u32,
    settings: &PostingSettings,
    map: &TopicMap,
    draws: Draws,
) -> NewPost {
    let content = settings.content;
    let mut draw = draws.at(DrawPurpose::PostContent, account, About::Nth(sequence), 0);
    let (topic_id, by_creator) = subject(people, account, content, &mut draw);
    let severity = match content.harm_assignment {
        HarmBy::Independent if people.role[account.row()] != Role::Probe => borderline(content, &mut draw),
        HarmBy::Account if people.role[account.row()] != Role::Probe => by_account(account, content, &mut draw, draws),
        _ => by_creator,
    };
    let quality = quality(content, &mut draw) as f32;
    let quality = if people.role[account.row()] == Role::Bot { settings.bots.quality as f32 } else { quality };
    NewPost {
        creator: account,
        sequence,
        topic_id,
        topic: scattered(map.centre(topic_id), content.topic_noise, &mut draw),
        quality,
        severity,
    }
}

/// Returns the topic of a post, and its severity if the creator determines it.
fn subject(people: &People, account: AccountId, content: &Content, draw: &mut Draw) -> (u8, f32) {
    let row = account.row();
    if people.intents[row].is_exchange() {
        let niches: Vec<usize> = (0..content.niche.len()).filter(|&niche| content.niche[niche].exchange).collect();
        if !niches.is_empty() {
            return (TopicMap::niche(niches[draw.below(niches.len())]), (0.8 + 0.2 * draw.beta(2, 2)) as f32);
        }
    }
    if let Some(niche) = people.creates[row]
        && draw.chance(content.niche_posts)
    {
        let niche = usize::from(niche);
        return (TopicMap::niche(niche), beta(draw, &content.niche[niche].severity));
    }
    let topic_id = ordinary_topic(people, account, draw);
    if people.role[row] == Role::Probe {
        return (topic_id, 0.0); // probes post only benign posts
    }
    (topic_id, borderline(content, draw))
}

/// Draws the severity of a post that belongs to no niche. With some probability the post is
/// borderline; otherwise the severity is 0.
fn borderline(content: &Content, draw: &mut Draw) -> f32 {
    if draw.chance(content.borderline) { beta(draw, &content.borderline_severity) } else { 0.0 }
}

/// Draws the severity for worlds in which each account has its own share of harmful posts. These
/// shares come from a mixture of two Beta distributions.
fn by_account(account: AccountId, content: &Content, draw: &mut Draw, draws: Draws) -> f32 {
    let mut own = draws.at(DrawPurpose::HarmShare, account, About::Nothing, 0);
    let makes_much = own.chance(content.harmful_creators);
    let parameters = if makes_much { &content.harm_share_harmful_creators } else { &content.harm_share_others };
    let parameter = |index: usize| parameters.get(index).copied().unwrap_or(1.0);
    let share = rand_distr::Beta::new(parameter(0), parameter(1)).map_or(0.0, |beta| beta.sample(&mut own));
    if draw.chance(share) { beta(draw, &content.borderline_severity) } else { 0.0 }
}

/// Draws quality q from Beta(3, 3), or from a density proportional to e^(rate q) on [0, 1]. The
/// second distribution is sampled by inversion.
fn quality(content: &Content, draw: &mut Draw) -> f64 {
    match content.quality_rate {
        None => draw.beta(3, 3),
        Some(rate) => libm::log1p(draw.unit() * libm::expm1(rate)) / rate,
    }
}

/// Draws one of the account's ordinary topics by weight. Niches are excluded, because an interest
/// in a niche does not make an account post there.
pub(crate) fn ordinary_topic(people: &People, account: AccountId, draw: &mut Draw) -> u8 {
    let row = account.row();
    let ordinary = |index: &usize| usize::from(people.centres[row][*index]) < TOPICS;
    let weights = people.weights[row];
    let total: f32 = (0..3).filter(ordinary).map(|index| weights[index]).sum();
    let mut target = draw.unit() as f32 * total;
    let mut chosen = 0;
    for index in (0..3).filter(ordinary) {
        chosen = people.centres[row][index];
        if target < weights[index] {
            break;
        }
        target -= weights[index];
    }
    chosen
}

/// Returns normalise(centre + spread e / sqrt(d)), where e is a standard normal vector.
pub(crate) fn scattered(centre: &Vector, spread: f64, draw: &mut Draw) -> Vector {
    let step = spread / (DIM as f64).sqrt();
    normalised(&std::array::from_fn(|i| centre[i] + (step * draw.normal()) as f32))
}

/// Returns the features of a topic vector that the platform sees: normalise(x + noise e / sqrt(d)),
/// where e is a standard normal vector.
#[must_use]
pub fn features(topic: &Vector, noise: f64, mut draw: Draw) -> Vector {
    scattered(topic, noise, &mut draw)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::Person;
    use recsafe_common::key::Who;

    #[test]
    fn ordinary_topics_are_drawn_by_weight_and_niches_never() {
        let map = TopicMap::new(&[0.5]);
        let niche = TopicMap::niche(0);
        for (centres, expected) in [([3, 9, 40], [0.5, 0.3, 0.2]), ([niche, 9, 40], [0.0, 0.6, 0.4])] {
            let mut people = People::new();
            let weights = [0.5, 0.3, 0.2];
            people.add(&Person { centres, weights, ..Person::probe(1.0, 0.0, map.centre(3), &map) });
            let mut found = [0.0_f64; 3];
            for number in 0..40_000 {
                let mut draw = Draws::new(9).at(DrawPurpose::PostContent, Who::Nobody, About::Nth(number), 0);
                let topic_id = ordinary_topic(&people, AccountId(0), &mut draw);
                found[centres.iter().position(|&centre| centre == topic_id).unwrap()] += 1.0 / 40_000.0;
            }
            for (share, expected) in found.iter().zip(expected) {
                let error = (expected * (1.0 - expected) / 40_000.0_f64).sqrt();
                assert!((share - expected).abs() <= 5.0 * error, "{centres:?}: {found:?}");
            }
        }
    }
}
