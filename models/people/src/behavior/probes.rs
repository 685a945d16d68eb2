//! Probe scripts: the behaviour of test accounts, as used by auditors and investigators.
//!
//! Probes are simulated by the same code as other accounts. The script only replaces a person's
//! reactions.

use recsafe_common::catalogue::Entry;
use recsafe_common::setting::{Field, Knobs};
use recsafe_common::{choices, settings};

use super::{Reaction, Viewed, ViewerRng};

choices! {
    /// What a probe does.
    pub enum Script {
        /// Does nothing: listed in the account table but never active. Shows that an additional
        /// account does not change the random draws of others.
        Passive = "passive",
        /// Likes benign posts at random and ignores harmful posts and niches. The baseline of an
        /// audit.
        Control = "control",
        /// Likes the first `clicks` harmful posts that it sees, then only scrolls.
        Clicker = "clicker",
        /// Spends a long time on each post of a niche, and does nothing else.
        Lingerer = "lingerer",
        /// Public, with the declared age 13 to 15. Posts benign posts and accepts follow requests,
        /// but never sends or answers messages.
        MinorDecoy = "minor-decoy",
    }
}

settings! {
    /// A group of probes. Probes join on day 0, declare an age of 13 to 15, and are counted
    /// separately from the population.
    pub struct Probe {
        /// What the probes do.
        pub script: Script = Script::Passive, (), "", "";
        /// Number of probes in the group.
        pub count: u32 = 1, 1..=100_000, "accounts", "assumed";
        /// Number of harmful posts that a `clicker` probe likes before it stops clicking.
        pub clicks: u32 = 5, 0..=1000, "likes", "assumed";
        /// Mean number of sessions per day, with one draw per day; `passive` has no sessions.
        pub activity: f64 = 1.0, 0.0..=50.0, "sessions per day", "assumed";
        /// Benign posts per day of a `minor-decoy`; other scripts post nothing.
        pub posts: f64 = 0.5, 0.0..=50.0, "posts per day", "assumed";
    }
}

/// Probability that `control` likes a benign post (assumed).
const CONTROL_LIKES: f64 = 0.2;
/// Logarithm of the seconds that `lingerer` spends on a post. People spend less than e^8 s on
/// almost all posts.
const LINGERING: f32 = 8.0;

impl Script {
    /// Returns a title.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Script::Passive => "Passive probe",
            Script::Control => "Control probe",
            Script::Clicker => "Clicking probe",
            Script::Lingerer => "Lingering probe",
            Script::MinorDecoy => "Decoy of a minor",
        }
    }

    /// Returns a description for lists.
    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            Script::Passive => {
                "Does nothing. It is in the table of accounts but never active. It shows that an additional account does not change the random draws of others."
            }
            Script::Control => {
                "Likes benign posts at random, and ignores harmful posts and niches. It is the baseline of an audit."
            }
            Script::Clicker => "Likes the first `clicks` harmful posts that it sees, then only scrolls.",
            Script::Lingerer => "Spends a long time on each post of a niche, and does nothing else.",
            Script::MinorDecoy => {
                "Declares an age of 13 to 15, posts benign posts in public and accepts follow requests, but never sends or answers messages. It shows who discovers and contacts it."
            }
        }
    }

    /// Returns the script's reaction to a post. `clicked` is the number of harmful posts liked so
    /// far.
    #[must_use]
    pub fn react(self, clicks: u32, clicked: u32, kind: PostKind, rng: &ViewerRng, post: &Viewed) -> Reaction {
        let nothing = Reaction { log_seconds: f32::NEG_INFINITY, ..Reaction::default() };
        match self {
            Script::Control => {
                Reaction { liked: kind.is_benign() && rng.script(post.identity, CONTROL_LIKES), ..nothing }
            }
            Script::Clicker => Reaction { liked: kind.harmful && clicked < clicks, ..nothing },
            Script::Lingerer if kind.in_niche => Reaction { log_seconds: LINGERING, ..nothing },
            Script::Lingerer | Script::MinorDecoy | Script::Passive => nothing,
        }
    }
}

/// The properties of a post that a script reacts to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PostKind {
    /// Whether the post's severity reaches the harm threshold.
    pub harmful: bool,
    /// Whether the post belongs to a niche.
    pub in_niche: bool,
}

impl PostKind {
    /// Returns whether an auditor would call the post benign: neither harmful nor in a niche.
    #[must_use]
    pub const fn is_benign(self) -> bool {
        !self.harmful && !self.in_niche
    }
}

/// Returns the scripts as catalogue entries.
#[must_use]
pub fn entries() -> Vec<Entry> {
    let knobs = |script: Script| -> Vec<Field> {
        let of_script = |field: Field| match field.name {
            "script" => Field { default: script.name().into(), ..field },
            _ => field,
        };
        Probe::fields().into_iter().map(of_script).collect()
    };
    let entry = |&script: &Script| Entry {
        id: script.name(),
        title: script.title(),
        about: script.about(),
        family: "probe",
        hooks: &[],
        knobs: knobs(script),
        version: None,
    };
    Script::ALL.iter().map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use recsafe_common::draw::Draws;
    use recsafe_common::ids::{AccountId, PostIdentity};

    const BENIGN: PostKind = PostKind { harmful: false, in_niche: false };
    const NICHE: PostKind = PostKind { harmful: false, in_niche: true };
    const HARMFUL: PostKind = PostKind { harmful: true, in_niche: false };

    /// Returns the reactions to 10,000 posts of a kind, after `clicked` of 5 clicks.
    fn reactions(script: Script, clicked: u32, kind: PostKind) -> Vec<Reaction> {
        let rng = ViewerRng::new(Draws::new(3), AccountId(7), 0);
        let nth = |sequence| PostIdentity { creator: AccountId(0), sequence };
        let post =
            Viewed { identity: nth(0), affinity: 0.9, quality: 0.9, severity: 0.5, follows: false, seen_today: 0 };
        (0..10_000).map(|n| script.react(5, clicked, kind, &rng, &Viewed { identity: nth(n), ..post })).collect()
    }

    fn likes(script: Script, clicked: u32, kind: PostKind) -> usize {
        reactions(script, clicked, kind).iter().filter(|reaction| reaction.liked).count()
    }

    #[test]
    fn control_likes_a_fifth_of_benign_posts_and_nothing_else() {
        let liked = likes(Script::Control, 0, BENIGN);
        assert!((1_800..2_200).contains(&liked), "{liked} of 10,000");
        assert_eq!([NICHE, HARMFUL].map(|kind| likes(Script::Control, 0, kind)), [0, 0]);
    }

    #[test]
    fn curious_likes_harmful_posts_until_its_clicks_are_spent() {
        assert_eq!([0, 4, 5, 6].map(|clicked| likes(Script::Clicker, clicked, HARMFUL)), [10_000, 10_000, 0, 0]);
        assert_eq!([BENIGN, NICHE].map(|kind| likes(Script::Clicker, 0, kind)), [0, 0]);
    }

    #[test]
    fn interested_lingers_in_niches_alone_and_no_other_script_lingers() {
        for &script in Script::ALL {
            for kind in [BENIGN, NICHE, HARMFUL] {
                let lingers = script == Script::Lingerer && kind == NICHE;
                let expected = if lingers { LINGERING } else { f32::NEG_INFINITY };
                let found = reactions(script, 0, kind);
                assert!(found.iter().all(|reaction| reaction.log_seconds == expected), "{script:?}, {kind:?}");
            }
        }
        for script in [Script::Passive, Script::Lingerer, Script::MinorDecoy] {
            assert_eq!([BENIGN, NICHE, HARMFUL].map(|kind| likes(script, 0, kind)), [0; 3], "{script:?}");
        }
    }
}
