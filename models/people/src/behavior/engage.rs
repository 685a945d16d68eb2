//! Reactions to a viewed post: time spent, like, reshare, hide, report, and follow of the post's
//! creator.

use recsafe_common::draw::{DrawPurpose, Draws, Stream};
use recsafe_common::ids::{AccountId, Day, PostIdentity};
use recsafe_common::key::About;

use super::happens;
use crate::settings::Behavior;

/// A post with the properties that affect its viewer's reactions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Viewed {
    /// Identity of the post, the same in every arm.
    pub identity: PostIdentity,
    /// Cosine between the viewer's interests and the post.
    pub affinity: f32,
    /// Quality in [0, 1].
    pub quality: f32,
    /// Severity in [0, 1].
    pub severity: f32,
    /// Whether the viewer follows the creator.
    pub follows: bool,
    /// Number of posts of the same topic that the viewer has seen today.
    pub seen_today: u32,
}

/// Traits of a viewer that affect reactions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Habits {
    /// Curiosity about unfamiliar and harmful posts, in [0, 1].
    pub curiosity: f32,
    /// Aversion to harmful posts, in [0, 1].
    pub aversion: f32,
    /// Readiness to report; the mean of adults is 1.
    pub report_propensity: f32,
}

/// A viewer's reaction to a post.
#[expect(clippy::struct_excessive_bools, reason = "independent yes-or-no facts about one view")]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Reaction {
    /// Whether the viewer liked the post.
    pub liked: bool,
    /// Whether the viewer reshared the post.
    pub shared: bool,
    /// Whether the viewer hid the post.
    pub hidden: bool,
    /// Whether the viewer reported the post.
    pub reported: bool,
    /// Whether the viewer followed the creator.
    pub followed: bool,
    /// Natural logarithm of the seconds spent on the post.
    pub log_seconds: f32,
}

impl Reaction {
    /// Returns whether the reaction is an engagement: a like or a reshare.
    #[must_use]
    pub fn engaged(&self) -> bool {
        self.liked || self.shared
    }
}

/// An account's random draws of one day, keyed by viewer and post. The key does not contain the
/// slate position, so the draws are the same at every position and in every arm.
#[derive(Clone, Copy, Debug)]
pub struct ViewerRng {
    view: Stream,
    like: Stream,
    share: Stream,
    hide: Stream,
    report: Stream,
    dwell: Stream,
    follow: Stream,
}

impl ViewerRng {
    /// Returns the draws of `account` on `day`.
    #[must_use]
    pub fn new(draws: Draws, account: AccountId, day: Day) -> Self {
        let stream = |purpose| draws.stream(purpose, account, day);
        ViewerRng {
            view: stream(DrawPurpose::View),
            like: stream(DrawPurpose::Like),
            share: stream(DrawPurpose::Share),
            hide: stream(DrawPurpose::Hide),
            report: stream(DrawPurpose::ReportPost),
            dwell: stream(DrawPurpose::Dwell),
            follow: stream(DrawPurpose::FollowCreator),
        }
    }

    /// Draws whether a slate position is viewed, with this probability.
    #[inline]
    #[must_use]
    pub fn views(&self, about: About, probability: f64) -> bool {
        self.view.about(about).chance(probability)
    }

    /// Draws whether a probe's script reacts to a post, with this probability.
    #[inline]
    #[must_use]
    pub fn script(&self, post: PostIdentity, probability: f64) -> bool {
        self.like.about(About::Post(post)).chance(probability)
    }
}

impl Habits {
    /// Returns the log odds of a like. [`crate::settings::Engage`] documents the equation.
    #[inline]
    #[must_use]
    pub fn like_odds(&self, behavior: &Behavior, post: &Viewed) -> f64 {
        let weights = &behavior.engage;
        let (affinity, severity) = (f64::from(post.affinity), f64::from(post.severity));
        let curiosity = f64::from(self.curiosity);
        weights.base
            + weights.affinity * affinity
            + weights.quality * f64::from(post.quality)
            + if post.follows { weights.social } else { 0.0 }
            + weights.curiosity * curiosity * (1.0 - affinity)
            + weights.harm_curiosity * curiosity * severity
            - weights.aversion * f64::from(self.aversion) * severity * severity
            - weights.topic_fatigue * f64::from(post.seen_today.min(weights.topic_fatigue_cap))
    }

    /// Draws the viewer's reaction to a post.
    #[inline]
    #[must_use]
    pub fn react(&self, behavior: &Behavior, rng: &ViewerRng, post: &Viewed) -> Reaction {
        let (odds, about) = (self.like_odds(behavior, post), About::Post(post.identity));
        let liked = happens(odds, &mut rng.like.about(about));
        let shared = happens(odds + behavior.share, &mut rng.share.about(about));
        let hide_odds = behavior.hide + behavior.hide_aversion * f64::from(self.aversion) * f64::from(post.severity);
        let hidden = !liked && happens(hide_odds, &mut rng.hide.about(about));
        let report_propensity = (behavior.report * f64::from(self.report_propensity)).min(1.0);
        let noise = rng.dwell.about(about).normal();
        Reaction {
            liked,
            shared,
            hidden,
            reported: hidden && rng.report.about(about).chance(report_propensity),
            followed: liked && !post.follows && rng.follow.about(about).chance(behavior.follow_creator),
            log_seconds: (behavior.dwell + behavior.dwell_index * odds + behavior.dwell_sd * noise) as f32,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::behavior::logistic;
    use proptest::prelude::*;

    const fn nth(sequence: u32) -> PostIdentity {
        PostIdentity { creator: AccountId(0), sequence }
    }

    const POST: Viewed =
        Viewed { identity: nth(3), affinity: 0.5, quality: 0.5, severity: 0.0, follows: false, seen_today: 0 };
    const HABITS: Habits = Habits { curiosity: 0.3, aversion: 0.7, report_propensity: 1.0 };

    #[test]
    fn log_odds_are_the_documented_sum() {
        let post = Viewed { severity: 0.6, follows: true, seen_today: 20, ..POST };
        let expected =
            -5.0 + 6.0 * 0.5 + 1.0 * 0.5 + 0.5 + 0.3 * 0.3 * 0.5 + 8.2 * 0.3 * 0.6 - 5.5 * 0.7 * 0.36 - 0.05 * 8.0;
        assert!((HABITS.like_odds(&Behavior::default(), &post) - expected).abs() < 1e-6);
    }

    #[test]
    fn few_hide_harmless_posts_and_three_in_ten_of_these_report_them() {
        let rng = ViewerRng::new(Draws::new(1), AccountId(0), 0);
        let reactions: Vec<Reaction> = (0..200_000)
            .map(|n| HABITS.react(&Behavior::default(), &rng, &Viewed { identity: nth(n), ..POST }))
            .collect();
        let hides = reactions.iter().filter(|reaction| reaction.hidden).count();
        // Without likes there would be 200,000 / (1 + e^6.5) = 300 hides. A viewer who likes a post
        // does not hide it, so about three quarters of the hides remain.
        assert!((170..280).contains(&hides), "about 225, not {hides}");
        let reports = reactions.iter().filter(|reaction| reaction.reported).count();
        assert!((0.2..0.4).contains(&(reports as f64 / hides as f64)), "{reports} of {hides}");
    }

    proptest! {
        #[test]
        fn who_dislikes_harm_more_likes_it_less(severity in 0.0_f32..=1.0, curiosity in 0.0_f32..=1.0, less in 0.0_f32..=1.0, more in 0.0_f32..=1.0) {
            let (less, more) = (less.min(more), less.max(more));
            let odds = |aversion| Habits { curiosity, aversion, report_propensity: 1.0 }.like_odds(&Behavior::default(), &Viewed { severity, ..POST });
            prop_assert!(odds(more) <= odds(less));
        }

        #[test]
        fn saturation_never_makes_a_like_likelier(seen in 0_u32..300) {
            let odds = |seen_today| HABITS.like_odds(&Behavior::default(), &Viewed { seen_today, ..POST });
            prop_assert!(odds(seen + 1) <= odds(seen));
        }
    }

    /// Fails unless `found` / 50,000 is within five standard errors of `probability`.
    fn assert_share(found: usize, probability: f64, what: &str) {
        let error = (probability * (1.0 - probability) / 50_000.0_f64).sqrt();
        let share = found as f64 / 50_000.0;
        assert!((share - probability).abs() <= 5.0 * error, "{what}: {share}, not {probability}");
    }

    #[test]
    fn reactions_have_the_documented_probabilities() {
        let behavior = Behavior {
            share: -1.0,
            hide: -2.0,
            hide_aversion: 3.0,
            report: 0.4,
            follow_creator: 0.3,
            dwell: 1.5,
            dwell_index: 0.2,
            dwell_sd: 0.7,
            ..Behavior::default()
        };
        let (rng, post) = (ViewerRng::new(Draws::new(6), AccountId(0), 0), Viewed { severity: 0.5, ..POST });
        let habits = Habits { report_propensity: 0.5, ..HABITS };
        let reactions: Vec<Reaction> =
            (0..50_000).map(|n| habits.react(&behavior, &rng, &Viewed { identity: nth(n), ..post })).collect();
        let count = |holds: &dyn Fn(&Reaction) -> bool| reactions.iter().filter(|reaction| holds(reaction)).count();
        let odds = habits.like_odds(&behavior, &post);
        let (like, hide) = (logistic(odds), logistic(-2.0 + 3.0 * 0.7 * 0.5));
        assert_share(count(&|reaction| reaction.liked), like, "likes");
        assert_share(count(&|reaction| reaction.shared), logistic(odds - 1.0), "shares");
        assert_share(count(&|reaction| reaction.hidden), (1.0 - like) * hide, "hides");
        assert_share(count(&|reaction| reaction.reported), (1.0 - like) * hide * 0.4 * 0.5, "reports");
        assert_share(count(&|reaction| reaction.followed), like * 0.3, "follows");
        assert_eq!(count(&|reaction| reaction.liked && reaction.hidden), 0, "viewers who like a post do not hide it");
        assert_eq!(count(&|reaction| reaction.reported && !reaction.hidden), 0, "viewers who report a post hide it");
        let seconds =
            |power| reactions.iter().map(|r| (f64::from(r.log_seconds) - 1.5 - 0.2 * odds).powi(power)).sum::<f64>();
        assert!((seconds(1) / 50_000.0).abs() < 5.0 * 0.7 / 50_000.0_f64.sqrt());
        assert!((seconds(2) / 50_000.0 / 0.49 - 1.0).abs() < 0.05);
        let followed = Viewed { follows: true, ..post };
        assert!((0..5_000).all(|n| !habits.react(&behavior, &rng, &Viewed { identity: nth(n), ..followed }).followed));
    }

    #[test]
    fn views_and_scripts_happen_as_often_as_they_should() {
        let rng = ViewerRng::new(Draws::new(7), AccountId(0), 0);
        assert_share((0..50_000).filter(|&n| rng.views(About::Post(nth(n)), 0.3)).count(), 0.3, "views");
        assert_share((0..50_000).filter(|&n| rng.script(nth(n), 0.2)).count(), 0.2, "script");
    }
}
