//! Harm against cost, with the arms on the frontier.

use recsafe_analysis::frontier;
use serde_json::{Value as Json, json};

use super::{Figure, by_arm, tooltip};
use crate::study::Study;

/// Labels every second arm in the order of costs. Half of the labels are above their points and
/// half below, so that neighbouring labels do not overlap.
fn name(of_two: u8, dy: i32) -> Json {
    json!({
        "transform": [
            { "window": [{ "op": "row_number", "as": "place" }], "sort": [{ "field": "cost" }] },
            { "filter": format!("datum.place % 2 == {of_two}") },
        ],
        "mark": { "type": "text", "dy": dy, "limit": 180 },
        "encoding": { "text": { "field": "arm" } },
    })
}

pub(super) fn figure(study: &Study) -> Option<Figure> {
    let question = &study.compared.question;
    let arms = frontier(&study.compared.rows, question, &question.harm, &question.cost);
    let at_first: Vec<_> =
        arms.into_iter().filter(|arm| arm.point == 0 && arm.harm.is_some() && arm.cost.is_some()).collect();
    if at_first.len() < 2 {
        return None;
    }
    let on: Vec<&str> = at_first.iter().filter(|arm| arm.on_frontier).map(|arm| arm.arm.as_str()).collect();
    let (harm, cost) = (study.words(&question.harm), study.words(&question.cost));
    let axis = |words: (&str, &str)| format!("{} ({})", words.0, words.1);
    let point = json!({ "x": { "field": "cost", "type": "quantitative", "title": axis(cost), "scale": { "zero": false, "padding": 24 } },
        "y": { "field": "harm", "type": "quantitative", "title": axis(harm), "scale": { "zero": false, "padding": 24 } } });
    Some(Figure {
        id: "frontier",
        section: "Harm and cost",
        title: format!("{} ({}) and {} ({}) by arm", harm.0, question.harm, cost.0.to_lowercase(), question.cost),
        note: format!(
            "Filled points are on the frontier: {}. For each of these arms, no other arm is at least as good on both outcomes and better on one. Harm in {}, cost in {}; means over {} seeds, without intervals.",
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
                name(0, -13),
                name(1, 18),
            ],
        }),
        columns: vec!["arm", "harm", "cost", "frontier"],
        rows: at_first
            .iter()
            .map(|arm| vec![json!(arm.arm), json!(arm.harm), json!(arm.cost), json!(arm.on_frontier)])
            .collect(),
    })
}
