//! A small sample life for tests.

use recsafe_stats::rows::ExposureRow;

use super::contact::Suggested;
use super::event::{Event, Topic};
use super::life::{Life, Run};
use super::who::Who;

/// Returns the impression of a viewed post.
pub(super) fn impression(day: i32, severity: f32) -> ExposureRow {
    ExposureRow {
        account: 5,
        day,
        session: 0,
        request: 0,
        slot: 0,
        surface: "feed".into(),
        source: "followed".into(),
        post: 1,
        creator: 3,
        severity,
        viewed: true,
        engaged: false,
    }
}

/// Returns the life of a minor over ten days, without recorded impressions.
pub(super) fn life() -> Life {
    let text = |word: &str| word.to_owned();
    let run = Run { arm: text("as-is"), point: 0, seed: 1, days: 10, threshold: 0.5, exposures: 0.01, contacts: 0.01 };
    let who = Who {
        account: 5,
        role: text("minor"),
        band: text("13-15"),
        declared_band: text("18+"),
        present_at_start: true,
        standing: text("active"),
        accepts_messages_from: text("everyone"),
        views: 20,
        harmful_views: 2,
        dose: 1.5,
        first_harmful_day: Some(3),
        ..Who::default()
    };
    let step = "Contact by account 7 (predator): found (route: suggestion)";
    Life {
        run,
        who,
        impressions: Vec::new(),
        suggested: vec![Suggested { day: -1, to_it: false, role: text("predator"), other: 7 }],
        events: vec![Event { day: 2, topic: Topic::Contact, is_main: true, text: text(step) }],
        slates: Vec::new(),
        without: Vec::new(),
    }
}
