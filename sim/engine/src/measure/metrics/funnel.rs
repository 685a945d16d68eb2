//! `funnel-...`: predators' contacts that reached a stage. Each stage has a metric.

use recsafe_people::contacts::Stage;

use super::{Direction, Info, Metric, PREDATORS};
use crate::measure::{Group, GroupWindow, Ratio};

/// Rate of predators' contacts that reached one stage.
pub struct Funnel {
    stage: Stage,
    info: Info,
}

const fn funnel(stage: Stage, id: &'static str, title: &'static str, reading: &'static str) -> Funnel {
    let info = Info {
        id,
        title,
        family: "contact",
        unit: "contacts per 1,000 account-days",
        direction: Direction::LowerIsBetter,
        default_group: "minor",
        factor: 1000.0,
        formula: "predators' contacts that reached the stage / account-days x 1,000. A pair of accounts counts once per attempt.",
        reading,
        moved_by: &[PREDATORS],
        ..Info::BASE
    };
    Funnel { stage, info }
}

/// Stage `suggested`.
pub const SUGGESTED: Funnel = funnel(
    Stage::Suggested,
    "funnel-suggested",
    "Funnel: suggested",
    "How often people suggestions show a minor to a predator for the first time.",
);
/// Stage `found`.
pub const FOUND: Funnel =
    funnel(Stage::Found, "funnel-found", "Funnel: found", "How often a predator discovers a minor.");
/// Stage `requested`.
pub const REQUESTED: Funnel = funnel(
    Stage::Requested,
    "funnel-requested",
    "Funnel: requested",
    "How often a predator sends a first message to a minor.",
);
/// Stage `delivered`.
pub const DELIVERED: Funnel = funnel(
    Stage::Delivered,
    "funnel-delivered",
    "Funnel: delivered",
    "How often a predator's first message reaches a minor.",
);
/// Stage `accepted`.
pub const ACCEPTED: Funnel = funnel(
    Stage::Accepted,
    "funnel-accepted",
    "Funnel: accepted",
    "How often a minor answers a predator's first message.",
);
/// Stage `conversing`.
pub const CONVERSING: Funnel = funnel(
    Stage::Conversing,
    "funnel-conversing",
    "Funnel: conversing",
    "How often a minor's answer to a predator leads to a conversation.",
);
/// Stage `escalated`.
pub const ESCALATED: Funnel = funnel(
    Stage::Escalated,
    "funnel-escalated",
    "Funnel: escalated",
    "How often a conversation between a predator and a minor escalates.",
);

impl Metric for Funnel {
    fn info(&self) -> &'static Info {
        let all = [&SUGGESTED, &FOUND, &REQUESTED, &DELIVERED, &ACCEPTED, &CONVERSING, &ESCALATED];
        &all[self.stage as usize].info
    }

    fn measure(&self, window: &GroupWindow) -> Ratio {
        let contacts = window.contact().stages[self.stage as usize];
        Ratio::of(contacts as f64, window.account_days())
    }

    fn applies(&self, group: &Group) -> bool {
        group.is_of_minors() || group.is_findable_probe()
    }
}
