//! Harm against cost: which arms no other beats on both.

use serde_json::json;

use super::{Figure, by_arm, tooltip};
use crate::compare::frontier;
use crate::report::study::Study;

pub(super) fn figure(study: &Study) -> Option<Figure> {
    let question = &study.compared.question;
    let arms = frontier(&study.compared.rows, question, &question.harm, &question.cost);
    let at_first: Vec<_> =
        arms.into_iter().filter(|arm| arm.point == 0 && arm.harm.is_some() && arm.cost.is_some()).collect();
    if at_first.len() < 2 {
        return None;
    }
    let on: Vec<&str> = at_first.iter().filter(|arm| arm.on_frontier).map(|arm| arm.arm.as_str()).collect();
    let (harm, cost) = (Study::words(&question.harm), Study::words(&question.cost));
    let axis = |words: (&str, &str)| format!("{} ({})", words.0, words.1);
    let point = json!({ "x": { "field": "cost", "type": "quantitative", "title": axis(cost), "scale": { "zero": false, "padding": 24 } },
        "y": { "field": "harm", "type": "quantitative", "title": axis(harm), "scale": { "zero": false, "padding": 24 } } });
    Some(Figure {
        id: "frontier",
        section: "Harm against cost",
        title: format!("Harm ({}) against cost ({}), arm by arm", question.harm, question.cost),
        note: format!(
            "On the frontier, filled: {}; no other arm is as good on both and better on one. Harm in {}, cost in {}; means over {} seeds, luck is not shown here.",
            on.join(", "),
            harm.1,
            cost.1,
            study.seeds()
        ),
        spec: json!({
            "height": 320,
            "encoding": point,
            "layer": [
                { "transform": [{ "filter": "datum.frontier" }], "mark": { "type": "point", "filled": true, "size": 140, "opacity": 1 }, "encoding": { "color": by_arm(), "tooltip": tooltip(&[("arm", "arm"), ("harm", "harm"), ("cost", "cost")]) } },
                { "transform": [{ "filter": "!datum.frontier" }], "mark": { "type": "point", "filled": false, "size": 140, "strokeWidth": 2 }, "encoding": { "color": by_arm(), "tooltip": tooltip(&[("arm", "arm"), ("harm", "harm"), ("cost", "cost")]) } },
                { "mark": { "type": "text", "dy": -13, "limit": 180 }, "encoding": { "text": { "field": "arm" } } },
            ],
        }),
        columns: vec!["arm", "harm", "cost", "frontier"],
        rows: at_first
            .iter()
            .map(|arm| vec![json!(arm.arm), json!(arm.harm), json!(arm.cost), json!(arm.on_frontier)])
            .collect(),
    })
}
