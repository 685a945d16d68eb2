//! Posting: today's posts, and what the platform observes of these posts.

use recsafe_common::classifier_score;
use recsafe_common::draw::DrawPurpose;
use recsafe_common::ids::{AccountId, Day};
use recsafe_common::key::About;
use recsafe_common::observed::PostRow;
use recsafe_common::vector::Packed;
use recsafe_people::posting::{NewPost, PostingSettings, features, posts_today};
use recsafe_platform::enforcement::Detection;

use super::day_log::MOST_POSTS;
use super::{PostTruth, Rules, World, by_account};
use crate::measure::Recorder;

/// Drops posts whose lifetime is over, adds today's posts, and updates the platform's index.
///
/// # Panics
/// If the world has more live posts than [`MOST_POSTS`].
pub(super) fn post(world: &mut World, rules: &Rules, recorder: &mut Recorder) {
    let day = world.observed.day;
    let window = rules.content.post_lifetime_days as Day;
    let dropped = world.observed.posts.drop_before(day - window + 1);
    world.truth.drain(..dropped);

    let (people, map, draws) = (&world.people, &world.map, world.draws);
    let settings = PostingSettings { content: &rules.content, behavior: &rules.behavior, bots: &rules.bots };
    let made = by_account(people.len(), |account, made| {
        if !world.observed.accounts.is_usable(account) {
            return;
        }
        let mut posts = Vec::new();
        posts_today(people, account, day, &settings, map, draws, &mut posts);
        made.extend(posts.into_iter().map(|post| (post, observe(&post, world, rules))));
    });
    for (post, row) in made {
        world.people.posted[post.creator.row()] = post.sequence + 1;
        world.people.posted_severe[post.creator.row()] |= rules.harm.is_severe(post.severity);
        recorder.posted(post.creator, rules.harm.is_harmful(post.severity));
        world.truth.push(PostTruth {
            topic: Packed::new(&post.topic),
            quality: post.quality,
            severity: post.severity,
            topic_id: post.topic_id,
        });
        world.observed.posts.push(row, post.sequence);
    }
    let live = world.observed.posts.len();
    assert!(live <= MOST_POSTS, "the world has {live} live posts; at most {MOST_POSTS} are supported");
    let accounts = &world.observed.accounts;
    world.observed.posts.renew_visibility(|creator| accounts.visibility(creator));
    world.index.follow_pool(dropped, &world.observed.posts);
    world.index.rebuild(&world.observed, window);
}

/// Returns what the platform observes of a new post: noisy features, the nearest topic, and the
/// classifier score.
fn observe(post: &NewPost, world: &World, rules: &Rules) -> PostRow {
    let draw = |purpose| world.draws.at(purpose, post.creator, About::Nth(post.sequence), 0);
    let seen = features(&post.topic, rules.content.feature_noise, draw(DrawPurpose::PostFeatures));
    let violates = rules.harm.is_harmful(post.severity);
    let noise = draw(DrawPurpose::PostSignal).normal();
    PostRow {
        features: Packed::new(&seen),
        creator: post.creator,
        popularity: 0.0,
        engagement: 0.0,
        hides: 0.0,
        creator_hides: 0.0,
        classifier_score: classifier_score::score(
            violates,
            detection_of(world, rules, post.creator).content_d_prime,
            noise,
        ),
        day: world.observed.day as i16,
        topic_id: world.map.nearest(&seen),
    }
}

/// Returns the classifiers that apply to an account and its posts today.
pub(super) fn detection_of(world: &World, rules: &Rules, account: AccountId) -> Detection {
    let mut detection = Detection::new(&rules.enforcement);
    let observed = &world.observed;
    rules.policy.detects(&mut detection, account, &observed.accounts, observed.day, world.draws);
    detection
}
