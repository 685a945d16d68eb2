//! Probe scripts: what test accounts do, as auditors and investigators use them. One line each in the list below.
//!
//! A probe goes through the same code as any account; its script only replaces what a person would feel like doing.

use recsafe_common::catalogue::Entry;
use recsafe_common::setting::Knobs;
use recsafe_common::{choices, settings};

use super::{Luck, Reaction, Viewed};

choices! {
    /// What a probe is told to do.
    pub enum Script {
        /// Nothing: it stands in the account table and is never active. Shows that a further account changes nobody else's luck.
        Passive = "passive",
        /// Likes benign posts at random, leaves harmful ones and niches alone: the benchmark of an audit.
        Control = "control",
        /// Likes the first harmful posts that it is shown, as many as `clicks` says, then scrolls on.
        Clicker = "clicker",
        /// Lingers on every post in a niche, and does nothing else.
        Lingerer = "lingerer",
        /// Public, stated 13 to 15, posts benign posts, accepts follow requests; never writes first and never answers.
        MinorDecoy = "minor-decoy",
    }
}

settings! {
    /// A group of probes. They enter on day 0, state 13 to 15, and are counted apart from the population.
    pub struct Probe {
        /// What they are told to do.
        pub script: Script = Script::Passive, (), "", "";
        /// How many of them.
        pub count: u32 = 1, 1..=100_000, "accounts", "assumed";
        /// Harmful posts that a `clicker` probe likes before it stops.
        pub clicks: u32 = 5, 0..=1000, "likes", "assumed";
        /// Sessions a day, one draw each day; `passive` has none.
        pub activity: f64 = 1.0, 0.0..=50.0, "sessions a day", "assumed";
        /// Benign posts a day of a `minor-decoy`; other scripts post nothing.
        pub posts: f64 = 0.5, 0.0..=50.0, "posts a day", "assumed";
    }
}

/// Probability that `control` likes a benign post (assumed).
const CONTROL_LIKES: f64 = 0.2;
/// Looks long enough to be among anybody's longest: e^8 seconds, in log seconds.
const LINGERING: f32 = 8.0;

impl Script {
    /// What it does, for lists.
    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            Script::Passive => {
                "does nothing: in the account table, never active; shows that a further account changes nobody else's luck"
            }
            Script::Control => {
                "likes benign posts at random, leaves harmful ones and niches alone: the benchmark of an audit"
            }
            Script::Clicker => {
                "likes the first harmful posts that it is shown, as many as `clicks` says, then scrolls on"
            }
            Script::Lingerer => "lingers on every post in a niche, and does nothing else",
            Script::MinorDecoy => {
                "public, stated 13 to 15, posts benign posts, accepts follow requests; never writes first and never answers: shows who finds and contacts it"
            }
        }
    }

    /// What the script does with a post. `clicked`: harmful posts liked so far.
    #[must_use]
    pub fn react(self, clicks: u32, clicked: u32, kind: PostKind, luck: &Luck, post: &Viewed) -> Reaction {
        let nothing = Reaction { log_seconds: f32::NEG_INFINITY, ..Reaction::default() };
        match self {
            Script::Control => {
                Reaction { liked: kind.is_benign() && luck.script(post.identity, CONTROL_LIKES), ..nothing }
            }
            Script::Clicker => Reaction { liked: kind.harmful && clicked < clicks, ..nothing },
            Script::Lingerer if kind.in_niche => Reaction { log_seconds: LINGERING, ..nothing },
            Script::Lingerer | Script::MinorDecoy | Script::Passive => nothing,
        }
    }
}

/// What a script goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PostKind {
    /// Whether the post's severity reaches the threshold.
    pub harmful: bool,
    /// Whether it was made for a niche.
    pub in_niche: bool,
}

impl PostKind {
    /// Whether an auditor would call it benign: neither harmful nor made for a niche.
    #[must_use]
    pub const fn is_benign(self) -> bool {
        !self.harmful && !self.in_niche
    }
}

/// The scripts, as lists and checks show them.
#[must_use]
pub fn entries() -> Vec<Entry> {
    let entry = |&script: &Script| Entry {
        id: script.name(),
        title: script.name(),
        about: script.about(),
        family: "probe",
        hooks: &[],
        knobs: Probe::fields(),
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

    /// Reactions to this many posts of a kind, after `clicked` of 5 clicks.
    fn reactions(script: Script, clicked: u32, kind: PostKind) -> Vec<Reaction> {
        let luck = Luck::new(Draws::new(3), AccountId(7), 0);
        let nth = |sequence| PostIdentity { creator: AccountId(0), sequence };
        let post =
            Viewed { identity: nth(0), affinity: 0.9, quality: 0.9, severity: 0.5, follows: false, seen_today: 0 };
        (0..10_000).map(|n| script.react(5, clicked, kind, &luck, &Viewed { identity: nth(n), ..post })).collect()
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
