//! Table of cases for a terminal.

use recsafe_text::table::{Appearance, Cell, Column, Table, wrapped};

use super::Docked;

/// Returns a case as a table: published and obtained values side by side, and the orders that are
/// met.
#[must_use]
pub fn table(docked: &Docked, appearance: Appearance) -> String {
    let numbers = ["published", "sd", "obtained", "sd", "n", "difference", "tolerance"].map(Column::numbers);
    let mut table = Table::new([Column::words("row")].into_iter().chain(numbers).chain([Column::words("verdict")]));
    let number = |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.*}", docked.decimals));
    for row in &docked.rows {
        let difference = row.difference.map_or("-".to_owned(), |it| format!("{it:+.*}", docked.decimals));
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
    let heading = format!("{}: {} ({}).", docked.title, docked.measure, docked.source);
    let orders = docked.orders.iter().map(|order| {
        let holds = if order.met { "met" } else { "missed" };
        wrapped(&format!("Order {}: {holds}.", order.rising.join(" < ")), appearance) + "\n"
    });
    let (published, met) = docked.score();
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
