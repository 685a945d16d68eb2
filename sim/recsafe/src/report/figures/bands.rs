//! Exposure by age band, and of minors whose stated age is an adult's.

use serde_json::json;

use super::{Figure, by_arm, tooltip};
use crate::compare::Outcome;
use crate::report::study::Study;

const GROUPS: [(&str, &str); 5] = [
    ("minor:under-13", "under 13"),
    ("minor:13-15", "13 to 15"),
    ("minor:16-17", "16 to 17"),
    ("minor:stated-minor", "state a minor's age"),
    ("minor:stated-adult", "state an adult's age"),
];

pub(super) fn figure(study: &Study) -> Figure {
    let unit = Study::words(&Outcome::new("dose", "minor")).1;
    let mut rows = Vec::new();
    for (group, words) in GROUPS {
        for arm in study.arms() {
            if let Some(mean) = study.mean(&Outcome::new("dose", group), arm, 0) {
                rows.push(vec![json!(words), json!(arm), json!(mean)]);
            }
        }
    }
    Figure {
        id: "age-bands",
        section: "Whom it reaches",
        title: "Dose of harmful content by true age band, and by stated age".to_owned(),
        note: format!(
            "{unit}; mean over {} seeds. A rule for minors goes by the age stated, and misses those who state an adult's.",
            study.seeds()
        ),
        spec: json!({
            "height": { "step": 13 },
            "mark": { "type": "point", "filled": true, "size": 80, "opacity": 1 },
            "encoding": {
                "y": { "field": "group", "type": "nominal", "sort": null, "title": null, "axis": { "labelLimit": 160, "grid": true, "tickBand": "extent" } },
                "yOffset": { "field": "arm", "sort": null },
                "x": { "field": "mean", "type": "quantitative", "title": unit, "scale": { "zero": true } },
                "color": by_arm(),
                "tooltip": tooltip(&[("group", "minors who are"), ("arm", "arm"), ("mean", "mean")]),
            },
        }),
        columns: vec!["group", "arm", "mean"],
        rows,
    }
}
