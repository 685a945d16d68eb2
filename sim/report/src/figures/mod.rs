//! Figures of a report, one per file. Each figure has a descriptive title, a chart, and the table
//! of its data.

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

/// A chart and the table of its data.
pub(super) struct Figure {
    /// Id in the page: letters and dashes.
    pub id: &'static str,
    /// Heading of the page's section.
    pub section: &'static str,
    /// Description in one sentence.
    pub title: String,
    /// Unit and number of runs.
    pub note: String,
    /// Vega-Lite specification without data; the page adds the rows as `data`.
    pub spec: Json,
    /// Columns of the table.
    pub columns: Vec<&'static str>,
    /// Rows of the table.
    pub rows: Vec<Vec<Json>>,
}

/// Returns every figure that the study has data for, in the order of the page.
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

/// Returns the number of seeds, or the range: `n = 6 seeds`.
fn seeds(rows: &[&Comparison]) -> String {
    let (least, most) = (rows.iter().map(|row| row.n).min(), rows.iter().map(|row| row.n).max());
    match (least, most) {
        (Some(least), Some(most)) if least == most => format!("n = {most} seeds"),
        (Some(least), Some(most)) => format!("n = {least} to {most} seeds"),
        _ => String::new(),
    }
}

/// Returns the cells of a relative change: the change and its interval in %, and the number of
/// seeds.
fn change_cells(row: &Comparison) -> Vec<Json> {
    let per_cent = |share: Option<f64>| share.map_or(Json::Null, |share| json!(100.0 * share));
    vec![per_cent(row.relative), per_cent(row.relative_low), per_cent(row.relative_high), json!(row.n)]
}

/// Returns the cells of a level with its interval.
fn level_cells(level: Level) -> Vec<Json> {
    let (low, high) = level.interval.unzip();
    vec![json!(level.mean), json!(low), json!(high)]
}

/// Encodes arms by colour. Each arm has the same colour in every figure.
fn by_arm() -> Json {
    let key = json!({ "orient": "top", "title": null, "columns": 2, "symbolType": "circle", "symbolOpacity": 1 });
    json!({ "field": "arm", "type": "nominal", "title": null, "scale": { "range": "arms" }, "legend": key })
}

/// Formats tooltips; numbers have three digits.
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
