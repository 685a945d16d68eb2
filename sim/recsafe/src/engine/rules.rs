//! The rules under which a world lives: world settings and one arm's policy, ready for use.

use recsafe_common::catalogue::Chosen;
use recsafe_people::settings::{Behavior, Content, Harm};
use recsafe_platform::interventions::{Deployed, Policy};
use recsafe_platform::ranking::{self, Ranker};
use recsafe_platform::settings::{Enforcement, Feed};

/// Settings that do not make sense together; a checked experiment never has them.
#[derive(Debug, thiserror::Error)]
pub enum BadRules {
    /// A ranker that no catalogue has.
    #[error("unknown ranker `{0}`")]
    UnknownRanker(String),
    /// A knob that does not fit.
    #[error("a knob of `{kind}` does not fit: {source}")]
    Knob {
        /// Ranker or intervention.
        kind: String,
        /// What is wrong.
        source: serde_json::Error,
    },
}

/// Everything that decides what happens in a world, but its state and luck.
#[derive(Debug)]
pub struct Rules {
    /// What is posted.
    pub content: Content,
    /// What account holders do.
    pub behavior: Behavior,
    /// What counts as harmful.
    pub harm: Harm,
    /// How the feed is made.
    pub feed: Feed,
    /// What the platform detects.
    pub enforcement: Enforcement,
    /// The feed's ranker.
    pub ranker: Box<dyn Ranker>,
    /// The rules that the policy adds.
    pub policy: Policy,
}

impl Rules {
    /// Rules from settings.
    ///
    /// # Errors
    /// If a ranker, an intervention or a knob is unknown; a checked experiment never fails here.
    pub fn new(
        content: &Content,
        behavior: &Behavior,
        harm: &Harm,
        feed: &Feed,
        enforcement: &Enforcement,
        interventions: &[Chosen],
    ) -> Result<Self, BadRules> {
        let chosen = &feed.ranker.0;
        let ranker = ranking::decode(&chosen.kind, chosen.knobs())
            .ok_or_else(|| BadRules::UnknownRanker(chosen.kind.clone()))?
            .map_err(|source| BadRules::Knob { kind: chosen.kind.clone(), source })?;
        let deployed = interventions
            .iter()
            .map(|chosen| Deployed::new(chosen).map_err(|source| BadRules::Knob { kind: chosen.kind.clone(), source }));
        Ok(Rules {
            content: content.clone(),
            behavior: behavior.clone(),
            harm: harm.clone(),
            feed: feed.clone(),
            enforcement: enforcement.clone(),
            ranker,
            policy: Policy::new(deployed.collect::<Result<_, _>>()?),
        })
    }
}
