//! Cases as a table for a terminal.

use comfy_table::{Attribute, Cell, Color};

use super::Docked;
use crate::compare::{Appearance, align_right, plain_table, trimmed, wrapped};

/// A case as a table: published and obtained side by side, and which orders hold.
#[must_use]
pub fn table(docked: &Docked, appearance: Appearance) -> String {
    let mut table = plain_table(appearance);
    table.set_header(["row", "published", "sd", "obtained", "sd", "n", "difference", "tolerance", "verdict"]);
    let number = |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.*}", docked.decimals));
    for row in &docked.rows {
        let difference = row.difference.map_or("-".to_owned(), |it| format!("{it:+.*}", docked.decimals));
        table.add_row([
            Cell::new(&row.row),
            Cell::new(number(row.published)),
            Cell::new(number(row.published_sd)),
            Cell::new(number(Some(row.obtained))),
            Cell::new(number(row.sd)),
            Cell::new(row.n),
            Cell::new(difference),
            Cell::new(number(row.tolerance)),
            verdict(row.met, appearance.colour),
        ]);
    }
    align_right(&mut table, &[1, 2, 3, 4, 5, 6, 7]);
    let heading = format!("{}: {} ({}).", docked.title, docked.measure, docked.source);
    let orders = docked.orders.iter().map(|order| {
        let holds = if order.met { "holds" } else { "does not hold" };
        wrapped(&format!("Order {}: {holds}.", order.rising.join(" < ")), appearance.width) + "\n"
    });
    let (published, met) = docked.score();
    format!(
        "{}\n\n{}\n{}Met: {met} of {published}.\n",
        wrapped(&heading, appearance.width),
        trimmed(&table),
        orders.collect::<String>()
    )
}

fn verdict(met: Option<bool>, colour: bool) -> Cell {
    match met {
        Some(true) if colour => Cell::new("met").fg(Color::Green).add_attribute(Attribute::Bold),
        Some(false) if colour => Cell::new("missed").fg(Color::Red).add_attribute(Attribute::Bold),
        Some(true) => Cell::new("met"),
        Some(false) => Cell::new("missed"),
        None => Cell::new("-"),
    }
}
