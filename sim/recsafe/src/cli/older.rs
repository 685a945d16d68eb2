//! Older names in arguments: they are read as the present ones, with a note on standard error.

use recsafe_names::{Names, kind};
use recsafe_stats::OutcomeName;

/// The present name of what is called so, of one kind; `what`: what such a thing is.
pub(super) fn present(kind: &str, what: &str, name: &str) -> String {
    let found = Names::present().resolve(kind, name);
    if found.is_old {
        note(what, name, found.name);
    }
    found.name.to_owned()
}

/// Tells that something has another name now.
pub(super) fn note(what: &str, name: &str, present: &str) {
    eprintln!("note: the {what} `{name}` is now called `{present}`; the old name still works");
}

/// The present name of a metric.
fn metric(name: &str) -> String {
    present(kind::METRIC, "metric", name)
}

/// The present name of a group.
pub(super) fn group(name: &str) -> String {
    present(kind::GROUP, "group", name)
}

/// `METRIC` or `METRIC@GROUP` under present names.
pub(super) fn outcome(named: &str) -> String {
    let OutcomeName { metric: name, group: of } = named.into();
    OutcomeName { metric: metric(&name), group: of.as_deref().map(group) }.to_string()
}

/// Outcomes under present names.
pub(super) fn outcomes(named: &[String]) -> Vec<String> {
    named.iter().map(|named| outcome(named)).collect()
}

/// The present name of whatever can be explained, if it is called otherwise now.
pub(super) fn explained(named: &str) -> Option<String> {
    let names = Names::present();
    let OutcomeName { metric: name, .. } = named.into();
    if names.has(kind::METRIC, &name) {
        return Some(outcome(named)).filter(|present| present != named);
    }
    let kinds = [
        (kind::INTERVENTION.to_owned(), "intervention"),
        (kind::entry("feed.ranker"), "ranker"),
        (kind::entry("people.ranker"), "ranker"),
        (kind::value("probe.script"), "probe script"),
        (kind::PACKAGE.to_owned(), "policy package"),
        (kind::SETTING.to_owned(), "setting"),
    ];
    let found = kinds.iter().find(|(kind, _)| names.resolve(kind, named).is_old);
    found.map(|(kind, what)| present(kind, what, named)).or_else(|| section(names, named))
}

/// The present path of a table of settings, by one that is in it.
fn section(names: &Names, named: &str) -> Option<String> {
    let inside = |(old, name): (&str, &str)| {
        let rest = old.strip_prefix(named)?.strip_prefix('.')?;
        Some(name.strip_suffix(rest)?.strip_suffix('.')?.to_owned()).filter(|present| present != named)
    };
    let present = names.older(kind::SETTING).find_map(inside)?;
    note("table of settings", named, &present);
    Some(present)
}
