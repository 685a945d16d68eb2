//! Rules of a world: the world's settings and the policy of an arm, ready for use.

use std::ops::Deref;

use recsafe_common::catalogue::{Chosen, Kinds};
use recsafe_common::draw::Draws;
use recsafe_common::ids::AccountId;
use recsafe_common::observed::Observed;
use recsafe_people::behavior::reporting::report_factor;
use recsafe_people::people::People;
use recsafe_people::settings::{Behavior, Bots, Content, Harm, WorldSettings};
use recsafe_platform::interventions::{Deployed, Policy};
use recsafe_platform::ranking::{self, Ranker};
use recsafe_platform::settings::{Enforcement, Feed, PolicySettings, Search, Suggestions};
use recsafe_platform::suggestions::ranking::{self as people_ranking, PeopleRanker};

/// Invalid settings. A validated experiment never contains invalid settings.
#[derive(Debug, thiserror::Error)]
pub enum BadRules {
    /// Unknown ranker.
    #[error("unknown ranker `{0}`")]
    UnknownRanker(String),
    /// Ranker or intervention with an invalid knob, or unknown intervention.
    #[error("`{kind}` cannot be created: {source}")]
    Knob {
        /// Kind of the ranker or intervention.
        kind: String,
        /// Cause.
        source: serde_json::Error,
    },
}

/// Ranker with its name for messages.
#[derive(Debug)]
pub struct Named<T: ?Sized> {
    /// Kind, as in settings.
    pub kind: String,
    ranker: Box<T>,
    /// Whether the ranker is built in.
    is_shipped: bool,
}

impl<T: ?Sized> Named<T> {
    /// Gives a name to a ranker that is not built in.
    #[must_use]
    pub fn new(kind: &str, ranker: Box<T>) -> Self {
        Named { kind: kind.to_owned(), ranker, is_shipped: false }
    }

    /// Returns whether the ranker is built in. The scores of other rankers are checked.
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

/// Settings, rankers and rules of a world. The results of a day depend only on these rules, the
/// state of the world and the random draws.
#[derive(Debug)]
pub struct Rules {
    /// Settings of content.
    pub content: Content,
    /// Settings of automated accounts.
    pub bots: Bots,
    /// Settings of behaviour.
    pub behavior: Behavior,
    /// Thresholds of harm.
    pub harm: Harm,
    /// Settings of the feed.
    pub feed: Feed,
    /// Settings of people suggestions.
    pub people: Suggestions,
    /// Settings of search.
    pub search: Search,
    /// Settings of enforcement.
    pub enforcement: Enforcement,
    /// Ranker of the feed.
    pub ranker: Named<dyn Ranker>,
    /// Ranker of people suggestions.
    pub people_ranker: Named<dyn PeopleRanker>,
    /// Interventions of the policy.
    pub policy: Policy,
}

impl Rules {
    /// Creates the rules of a world under a policy.
    ///
    /// # Errors
    /// If a ranker, an intervention or a knob is unknown. A validated experiment has no unknown
    /// names.
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
    /// Returns the factor by which an account's propensity to report is multiplied. The factor
    /// depends on the role, the age and the policy.
    pub(super) fn report_factor(&self, people: &People, observed: &Observed, account: AccountId, draws: Draws) -> f64 {
        report_factor(people, &self.behavior, account)
            * self.policy.reporting(account, &observed.accounts, observed.day, draws)
    }
}

type Decode<T> = fn(&str, serde_json::Value) -> Option<Result<T, serde_json::Error>>;

/// Creates a built-in or registered ranker.
fn made<T: ?Sized>(chosen: &Chosen, decode: Decode<Box<T>>, registered: &Kinds<T>) -> Result<Named<T>, BadRules> {
    let ranker = decode(&chosen.kind, chosen.knobs())
        .ok_or_else(|| BadRules::UnknownRanker(chosen.kind.clone()))?
        .map_err(|source| BadRules::Knob { kind: chosen.kind.clone(), source })?;
    Ok(Named { kind: chosen.kind.clone(), ranker, is_shipped: registered.version(&chosen.kind).is_none() })
}
