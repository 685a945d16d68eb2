//! Enforcement: the review queue by day, and how long predators' accounts last.

use serde_json::json;

use super::{Figure, by_arm, tooltip};
use crate::report::study::{QUEUE, Study};

/// The queue by day.
pub(super) fn queue(study: &Study) -> Figure {
    let daily = study.daily(QUEUE);
    Figure {
        id: "queue",
        section: "Enforcement",
        title: "Cases that wait for a reviewer at the end of each day".to_owned(),
        note: format!("Cases; mean over {} seeds.", study.seeds()),
        spec: line("day", "measured day", "mean", "cases that wait", "line"),
        columns: vec!["arm", "day", "mean", "seeds"],
        rows: daily.iter().map(|row| vec![json!(row.arm), json!(row.day), json!(row.mean), json!(row.seeds)]).collect(),
    }
}

/// The survival curve.
pub(super) fn survival(study: &Study) -> Figure {
    let share = |share: f64| json!(100.0 * share);
    Figure {
        id: "survival",
        section: "Enforcement",
        title: "Share of predators' accounts that are still there after so many days".to_owned(),
        note: format!(
            "Per cent; Kaplan-Meier curve over the accounts of all {} seeds together, returns counted from their arrival.",
            study.seeds()
        ),
        spec: line("day", "days on the platform within the measured ones", "share", "still there, %", "step-after"),
        columns: vec!["arm", "day", "share", "error"],
        rows: study
            .survival
            .iter()
            .map(|at| vec![json!(at.arm), json!(at.day), share(at.share), share(at.error)])
            .collect(),
    }
}

fn line(x: &str, x_title: &str, y: &str, y_title: &str, interpolate: &str) -> serde_json::Value {
    let interpolate = if interpolate == "line" { "linear" } else { interpolate };
    json!({
        "height": 240,
        "mark": { "type": "line", "strokeWidth": 2, "interpolate": interpolate },
        "encoding": {
            "x": { "field": x, "type": "quantitative", "title": x_title, "axis": { "tickMinStep": 1 } },
            "y": { "field": y, "type": "quantitative", "title": y_title, "scale": { "zero": true } },
            "color": by_arm(),
            "tooltip": tooltip(&[("arm", "arm"), (x, x_title), (y, y_title)]),
        },
    })
}
