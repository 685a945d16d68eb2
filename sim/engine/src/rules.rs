//! The rules under which a world lives: world settings and one arm's policy, ready for use.

use std::ops::Deref;

use recsafe_common::catalogue::{Chosen, Kinds};
use recsafe_common::draw::Draws;
use recsafe_common::ids::AccountId;
use recsafe_common::observed::Observed;
use recsafe_people::behavior::reporting::eagerness;
use recsafe_people::people::People;
use recsafe_people::settings::{Behavior, Bots, Content, Harm, WorldSettings};
use recsafe_platform::interventions::{Deployed, Policy};
use recsafe_platform::ranking::{self, Ranker};
use recsafe_platform::settings::{Enforcement, Feed, PolicySettings, Search, Suggestions};
use recsafe_platform::suggestions::ranking::{self as people_ranking, PeopleRanker};

/// Settings that do not make sense together; a checked experiment never has them.
#[derive(Debug, thiserror::Error)]
pub enum BadRules {
    /// A ranker that no catalogue has.
    #[error("unknown ranker `{0}`")]
    UnknownRanker(String),
    /// A ranker or an intervention with a knob that does not fit, or an intervention that no catalogue has.
    #[error("`{kind}` cannot be made: {source}")]
    Knob {
        /// Ranker or intervention.
        kind: String,
        /// What is wrong.
        source: serde_json::Error,
    },
}

/// A ranker, and how messages call it.
#[derive(Debug)]
pub struct Named<T: ?Sized> {
    /// Its kind.
    pub kind: String,
    ranker: Box<T>,
    /// Whether it comes with recsafe.
    is_shipped: bool,
}

impl<T: ?Sized> Named<T> {
    /// A ranker from elsewhere, under this name.
    #[must_use]
    pub fn new(kind: &str, ranker: Box<T>) -> Self {
        Named { kind: kind.to_owned(), ranker, is_shipped: false }
    }

    /// Whether it comes with recsafe. Scores of others are checked.
    #[must_use]
    pub const fn is_shipped(&self) -> bool {
        self.is_shipped
    }
}

impl<T: ?Sized> Deref for Named<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.ranker
    }
}

/// Everything that decides what happens in a world, but its state and luck.
#[derive(Debug)]
pub struct Rules {
    /// What is posted.
    pub content: Content,
    /// Automated accounts.
    pub bots: Bots,
    /// What account holders do.
    pub behavior: Behavior,
    /// What counts as harmful.
    pub harm: Harm,
    /// How the feed is made.
    pub feed: Feed,
    /// How people suggestions are made.
    pub people: Suggestions,
    /// How searches are answered.
    pub search: Search,
    /// What the platform detects.
    pub enforcement: Enforcement,
    /// The feed's ranker. Any will do, in a catalogue or not.
    pub ranker: Named<dyn Ranker>,
    /// The ranker of people suggestions.
    pub people_ranker: Named<dyn PeopleRanker>,
    /// The rules that the policy adds.
    pub policy: Policy,
}

impl Rules {
    /// The rules of a world under a policy.
    ///
    /// # Errors
    /// If a ranker, an intervention or a knob is unknown; a checked experiment never fails here.
    pub fn new(world: &WorldSettings, policy: &PolicySettings) -> Result<Self, BadRules> {
        let deployed = policy
            .interventions
            .iter()
            .map(|chosen| Deployed::new(chosen).map_err(|source| BadRules::Knob { kind: chosen.kind.clone(), source }));
        Ok(Rules {
            content: world.content.clone(),
            bots: world.population.bots.clone(),
            behavior: world.behavior.clone(),
            harm: world.harm.clone(),
            feed: policy.feed.clone(),
            people: policy.people.clone(),
            search: policy.search.clone(),
            enforcement: policy.enforcement.clone(),
            ranker: made(&policy.feed.ranker.0, ranking::decode, ranking::registry())?,
            people_ranker: made(&policy.people.ranker.0, people_ranking::decode, people_ranking::registry())?,
            policy: Policy::new(deployed.collect::<Result<_, _>>()?),
        })
    }
}

impl Rules {
    /// How readily an account reports, beside its own readiness: by what it is, times what the policy adds.
    pub(super) fn eagerness(&self, people: &People, observed: &Observed, account: AccountId, draws: Draws) -> f64 {
        eagerness(people, &self.behavior, account)
            * self.policy.reporting(account, &observed.accounts, observed.day, draws)
    }
}

type Decode<T> = fn(&str, serde_json::Value) -> Option<Result<T, serde_json::Error>>;

/// A ranker out of its catalogue, shipped or registered.
fn made<T: ?Sized>(chosen: &Chosen, decode: Decode<Box<T>>, registered: &Kinds<T>) -> Result<Named<T>, BadRules> {
    let ranker = decode(&chosen.kind, chosen.knobs())
        .ok_or_else(|| BadRules::UnknownRanker(chosen.kind.clone()))?
        .map_err(|source| BadRules::Knob { kind: chosen.kind.clone(), source })?;
    Ok(Named { kind: chosen.kind.clone(), ranker, is_shipped: registered.version(&chosen.kind).is_none() })
}
