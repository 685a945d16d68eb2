//! Decisions of the platform about an account, from `actions.parquet`.

use recsafe_platform::enforcement::Kind;
use recsafe_stats::rows::{ActionRow, Tables};
use recsafe_text::counted;

use super::event::{Event, Topic};
use super::rows::about;

/// Reads the decisions by day. Returns `None` if the run has no such table.
pub(super) fn read<T: Tables>(tables: &T, account: u32) -> Result<Option<Vec<Event>>, T::Error> {
    let Some(rows) = about::<ActionRow, T>(tables, &["target"], account)? else { return Ok(None) };
    let event = |row: &ActionRow| {
        let what = what(&row.kind, row.post, &row.decision);
        let why = why(&row.source, row.waited_days);
        let truth = truth(&row.kind, row.post.is_some(), row.truly_violating);
        Event { day: row.day, topic: Topic::Platform, is_main: true, text: format!("{what}{why}; {truth}") }
    };
    let mut events: Vec<Event> = rows.iter().map(event).collect();
    events.sort_by_key(|event| event.day);
    Ok(Some(events))
}

/// Describes the action and its target.
fn what(kind: &str, post: Option<u32>, decision: &str) -> String {
    let whom = post.map_or("the account".to_owned(), |post| format!("its post {post}"));
    let Some(kind) = named(kind) else { return format!("The platform decides on {whom}: {kind}, {decision}") };
    match kind {
        Kind::PostRemoved => format!("The platform removes {whom}"),
        Kind::Demoted => format!("The platform demotes {whom}"),
        Kind::Limited => "The platform limits the account".to_owned(),
        Kind::Suspended => "The platform suspends the account".to_owned(),
        Kind::Removed => "The platform removes the account".to_owned(),
        Kind::NetworkRemoved => "The platform removes the account because of its network ties".to_owned(),
        Kind::ReportedToAuthorities => "The platform reports the account to the authorities".to_owned(),
        Kind::Dismissed => format!("A reviewer takes no action on {whom}"),
        Kind::Appeal => format!("Its appeal is {decision}"),
    }
}

fn named(kind: &str) -> Option<Kind> {
    Kind::ALL.iter().copied().find(|known| known.name() == kind)
}

/// Describes the source of the decision and its delay.
fn why(source: &str, waited: i32) -> String {
    let led = match source {
        "appeal" => String::new(),
        source => format!(", triggered by: {source}"),
    };
    if waited > 0 { format!("{led}, after waiting {}", counted(waited as u64, "day")) } else { led }
}

/// Describes whether the decision was right. For an appeal, describes only whether the rules were
/// violated.
fn truth(kind: &str, is_post: bool, violating: bool) -> String {
    let subject = if is_post { "the post" } else { "the account" };
    let truth = if violating { "violates the rules" } else { "does not violate the rules" };
    let right = match (named(kind), violating) {
        (Some(Kind::Dismissed), true) => " (a missed violation)",
        (Some(Kind::Dismissed | Kind::Appeal), _) | (_, true) => "",
        (_, false) => " (a wrong decision)",
    };
    format!("ground truth: {subject} {truth}{right}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_are_named() {
        assert_eq!(what("post-removed", Some(3), "confirmed"), "The platform removes its post 3");
        assert_eq!(what("appeal", None, "granted"), "Its appeal is granted");
        assert_eq!(why("report", 2), ", triggered by: report, after waiting 2 days");
        assert_eq!(
            truth("suspended", false, false),
            "ground truth: the account does not violate the rules (a wrong decision)"
        );
        assert_eq!(truth("dismissed", true, true), "ground truth: the post violates the rules (a missed violation)");
        assert_eq!(truth("dismissed", true, false), "ground truth: the post does not violate the rules");
    }
}
