//! Table of cases for a terminal.

use recsafe_text::table::{Appearance, Cell, Column, Table, wrapped};

use super::CaseResult;

/// Returns a case as a table: published and obtained values side by side, and the orders that are
/// met.
#[must_use]
pub fn table(case_result: &CaseResult, appearance: Appearance) -> String {
    let numbers = ["published", "sd", "obtained", "sd", "n", "difference", "tolerance"].map(Column::numbers);
    let mut table = Table::new([Column::words("row")].into_iter().chain(numbers).chain([Column::words("verdict")]));
    let number = |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.*}", case_result.decimals));
    for row in &case_result.rows {
        let difference = row.difference.map_or("-".to_owned(), |it| format!("{it:+.*}", case_result.decimals));
        table.row([
            row.row.as_str().into(),
            number(row.published).into(),
            number(row.published_sd).into(),
            number(Some(row.obtained)).into(),
            number(row.sd).into(),
            row.n.to_string().into(),
            difference.into(),
            number(row.tolerance).into(),
            verdict(row.met),
        ]);
    }
    let heading = format!("{}: {} ({}).", case_result.title, case_result.measure, case_result.source);
    let orders = case_result.orders.iter().map(|order| {
        let holds = if order.met { "met" } else { "missed" };
        wrapped(&format!("Order {}: {holds}.", order.rising.join(" < ")), appearance) + "\n"
    });
    let (published, met) = case_result.score();
    format!(
        "{}\n\n{}\n{}Met: {met} of {published}.\n",
        wrapped(&heading, appearance),
        table.draw(appearance),
        orders.collect::<String>()
    )
}

fn verdict(met: Option<bool>) -> Cell {
    met.map_or("-".into(), |met| Cell::judged(if met { "met" } else { "missed" }, met))
}
