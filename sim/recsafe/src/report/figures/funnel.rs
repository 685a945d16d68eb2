//! The contact funnel: how many minors' contacts come how far.

use serde_json::json;

use super::{Figure, by_arm, tooltip};
use crate::compare::Outcome;
use crate::report::study::Study;

const STAGES: [&str; 7] = ["suggested", "found", "requested", "delivered", "accepted", "conversing", "escalated"];

pub(super) fn figure(study: &Study) -> Figure {
    let mut rows = Vec::new();
    for stage in STAGES {
        let outcome = Outcome::new(format!("funnel-{stage}"), "minor");
        for arm in study.arms() {
            if let Some(mean) = study.mean(&outcome, arm, 0) {
                rows.push(vec![json!(stage), json!(arm), json!(mean)]);
            }
        }
    }
    let unit = Study::words(&Outcome::new("funnel-delivered", "minor")).1;
    Figure {
        id: "funnel",
        section: "Unwanted contact",
        title: "How far predators' contacts with minors come, by arm".to_owned(),
        note: format!(
            "{unit}; mean over {} seeds. Square-root scale, so that the last stages can be seen.",
            study.seeds()
        ),
        spec: json!({
            "height": 300,
            "mark": { "type": "bar", "cornerRadiusEnd": 2 },
            "encoding": {
                "x": { "field": "stage", "type": "nominal", "sort": null, "title": null, "axis": { "labelAngle": -35 } },
                "xOffset": { "field": "arm", "sort": null },
                "y": { "field": "mean", "type": "quantitative", "title": unit, "scale": { "type": "sqrt" } },
                "color": by_arm(),
                "tooltip": tooltip(&[("stage", "stage"), ("arm", "arm"), ("mean", "mean")]),
            },
        }),
        columns: vec!["stage", "arm", "mean"],
        rows,
    }
}
