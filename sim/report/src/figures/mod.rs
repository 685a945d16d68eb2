//! Figures of a report: each with a title that says what it shows, a picture, and the table behind it. One file a figure.

mod bands;
mod burden;
mod by_day;
mod changes;
mod enforcement;
mod flood;
mod frontier;
mod funnel;
mod sweep;

use recsafe_analysis::Comparison;
use serde_json::{Value as Json, json};

use super::level::Level;
use super::study::Study;

/// A picture and the table behind it.
pub(super) struct Figure {
    /// Its name in the page: letters and dashes.
    pub id: &'static str,
    /// The heading that it stands under.
    pub section: &'static str,
    /// What it shows, in one sentence.
    pub title: String,
    /// Unit and number of runs.
    pub note: String,
    /// Vega-Lite specification without data; the rows come in as `data`.
    pub spec: Json,
    /// Columns of the table.
    pub columns: Vec<&'static str>,
    /// Its rows.
    pub rows: Vec<Vec<Json>>,
}

/// Every figure that the study has data for, in the order of the page.
pub(super) fn all(study: &Study) -> Vec<Figure> {
    let made = [
        Some(changes::figure(study)),
        frontier::figure(study),
        by_day::figure(study),
        Some(funnel::figure(study)),
        Some(flood::figure(study)),
        bands::figure(study),
        burden::who(study),
        Some(enforcement::queue(study)),
        Some(enforcement::survival(study)),
        sweep::figure(study),
        burden::cost(study),
    ];
    made.into_iter().flatten().filter(|figure| !figure.rows.is_empty()).collect()
}

/// `n = 6 seeds`, or what there is of them.
fn seeds(rows: &[&Comparison]) -> String {
    let (least, most) = (rows.iter().map(|row| row.n).min(), rows.iter().map(|row| row.n).max());
    match (least, most) {
        (Some(least), Some(most)) if least == most => format!("n = {most} seeds"),
        (Some(least), Some(most)) => format!("n = {least} to {most} seeds"),
        _ => String::new(),
    }
}

/// A change with its interval, as a row that pictures share: relative in per cent, with the verdict in words.
fn change_cells(row: &Comparison) -> Vec<Json> {
    let per_cent = |share: Option<f64>| share.map_or(Json::Null, |share| json!(100.0 * share));
    vec![per_cent(row.relative), per_cent(row.relative_low), per_cent(row.relative_high), json!(row.n)]
}

/// A level with its interval, as cells that pictures share.
fn level_cells(level: Level) -> Vec<Json> {
    let (low, high) = level.interval.unzip();
    vec![json!(level.mean), json!(low), json!(high)]
}

/// Colour by arm: the page gives each arm one colour, the same in every figure.
fn by_arm() -> Json {
    let key = json!({ "orient": "top", "title": null, "columns": 2, "symbolType": "circle", "symbolOpacity": 1 });
    json!({ "field": "arm", "type": "nominal", "title": null, "scale": { "range": "arms" }, "legend": key })
}

/// Three digits for a tooltip.
fn tooltip(fields: &[(&str, &str)]) -> Json {
    fields
        .iter()
        .map(|(field, title)| {
            let text = ["arm", "group", "verdict", "metric", "stage", "path"].contains(field);
            if text {
                json!({ "field": field, "type": "nominal", "title": title })
            } else {
                json!({ "field": field, "type": "quantitative", "title": title, "format": ".3~g" })
            }
        })
        .collect()
}
