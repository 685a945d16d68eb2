//! Contacts of an account, from `contacts.parquet`: suggestions and later steps.

use recsafe_people::contacts::Stage;
use recsafe_people::role::Role;
use recsafe_stats::rows::{ContactRow, Tables};
use recsafe_text::listed;
use serde::Serialize;

use super::event::{Event, Topic};
use super::rows::about;

/// The first suggestion of one of two accounts to the other.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Suggested {
    /// The day; negative in the warm-up.
    pub day: i32,
    /// `true` if the other account was suggested to this account, `false` for the reverse.
    pub to_it: bool,
    /// The other account's role.
    pub role: String,
    /// The other account.
    pub other: u32,
}

/// Contacts of an account by day.
pub(super) struct Contacts {
    pub suggested: Vec<Suggested>,
    /// Steps after the suggestion.
    pub steps: Vec<Event>,
}

/// Reads the contacts of an account. Returns `None` if the run has no such table.
pub(super) fn read<T: Tables>(tables: &T, account: u32) -> Result<Option<Contacts>, T::Error> {
    let Some(rows) = about::<ContactRow, T>(tables, &["from", "to"], account)? else { return Ok(None) };
    let contacts: Vec<Contact> = rows.into_iter().map(|row| Contact::of(row, account)).collect();
    let mut suggested: Vec<Suggested> = contacts.iter().filter_map(Contact::suggested).collect();
    let mut steps: Vec<Event> = contacts.iter().flat_map(Contact::steps).collect();
    suggested.sort();
    steps.sort_by_key(|step| step.day);
    Ok(Some(Contacts { suggested, steps }))
}

const PREDATOR: &str = Role::Predator.name();

/// One row of the table, from the perspective of the account.
struct Contact {
    /// Whether the account initiates the contact.
    outgoing: bool,
    own_role: String,
    other: u32,
    role: String,
    attempt: u32,
    route: String,
    /// The stages reached, with their days.
    stages: Vec<(Stage, i32)>,
    ended: Option<(String, i32)>,
}

impl Contact {
    fn of(row: ContactRow, account: u32) -> Contact {
        let outgoing = row.from == account;
        let stages = Stage::ALL.iter().zip(row.days()).filter_map(|(&stage, day)| Some((stage, day?))).collect();
        let (from_role, to_role) = (row.from_role.into_owned(), row.to_role.into_owned());
        let (own_role, role) = if outgoing { (from_role, to_role) } else { (to_role, from_role) };
        Contact {
            outgoing,
            own_role,
            other: if outgoing { row.to } else { row.from },
            role,
            attempt: row.attempt,
            route: row.route.unwrap_or_default().into_owned(),
            stages,
            ended: row.end_day.map(|day| (row.ended.unwrap_or_default().into_owned(), day)),
        }
    }

    fn suggested(&self) -> Option<Suggested> {
        let (_, day) = self.stages.iter().find(|(stage, _)| *stage == Stage::Suggested)?;
        Some(Suggested { day: *day, to_it: self.outgoing, role: self.role.clone(), other: self.other })
    }

    /// Returns the steps after the suggestion, grouped by day, and the end of the contact.
    fn steps(&self) -> Vec<Event> {
        let further = self.stages.iter().filter(|(stage, _)| *stage > Stage::Suggested);
        let mut by_day: Vec<(i32, Vec<Stage>)> = Vec::new();
        for &(stage, day) in further {
            match by_day.last_mut().filter(|(last, _)| *last == day) {
                Some((_, stages)) => stages.push(stage),
                None => by_day.push((day, vec![stage])),
            }
        }
        let mut steps: Vec<Event> = by_day.iter().map(|(day, stages)| self.step(*day, stages)).collect();
        if let Some(first) = steps.first_mut() {
            first.text.push_str(&self.way());
        }
        if let (Some(last), Some((how, day))) = (steps.last_mut(), &self.ended) {
            if last.day == *day {
                last.text = format!("{}; contact ends: {how}", last.text);
            } else {
                let text = format!("Contact with {} ends: {how}", self.other());
                steps.push(Event { day: *day, topic: Topic::Contact, is_main: self.is_main(&[]), text });
            }
        }
        steps
    }

    fn step(&self, day: i32, stages: &[Stage]) -> Event {
        let names: Vec<String> = stages.iter().map(|stage| stage.name().to_owned()).collect();
        let text = if self.outgoing {
            format!("Contact with {1}: {0}", listed(&names), self.other())
        } else {
            format!("Contact by account {} ({}): {}", self.other, self.role, listed(&names))
        };
        Event { day, topic: Topic::Contact, is_main: self.is_main(stages), text }
    }

    /// Returns whether the contact is important. For a predator, a contact is important if it was
    /// accepted. For any other account, a contact is important if it is with a predator.
    fn is_main(&self, stages: &[Stage]) -> bool {
        if self.own_role == PREDATOR { stages.last() >= Some(&Stage::Accepted) } else { self.role == PREDATOR }
    }

    fn other(&self) -> String {
        format!("account {} ({})", self.other, self.role)
    }

    /// Describes the route of the contact and the number of the attempt.
    fn way(&self) -> String {
        let by = if self.route.is_empty() { String::new() } else { format!("route: {}", self.route) };
        let again = if self.attempt > 1 { format!("attempt {}", self.attempt) } else { String::new() };
        let parts: Vec<String> = [by, again].into_iter().filter(|part| !part.is_empty()).collect();
        if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) }
    }
}

#[cfg(test)]
mod tests {
    use recsafe_stats::rows::Read;

    use super::*;

    fn contact(outgoing: bool) -> Contact {
        Contact {
            outgoing,
            own_role: "minor".to_owned(),
            other: 7,
            role: "predator".to_owned(),
            attempt: 2,
            route: "search".to_owned(),
            stages: vec![(Stage::Suggested, -1), (Stage::Found, 2), (Stage::Requested, 4), (Stage::Delivered, 4)],
            ended: Some(("blocked".to_owned(), 5)),
        }
    }

    #[test]
    fn days_of_a_row_stand_in_the_order_of_the_stages() {
        let days = ContactRow::COLUMNS[6..].iter().map(|column| column.name);
        let stages: Vec<String> = Stage::ALL.iter().map(|stage| format!("{}_day", stage.name())).collect();
        assert_eq!(days.take(stages.len()).collect::<Vec<_>>(), stages);
    }

    #[test]
    fn steps_of_a_day_stand_together() {
        let parts: Vec<(i32, String)> = contact(false).steps().into_iter().map(|it| (it.day, it.text)).collect();
        let expected = [
            (2, "Contact by account 7 (predator): found (route: search, attempt 2)"),
            (4, "Contact by account 7 (predator): requested and delivered"),
            (5, "Contact with account 7 (predator) ends: blocked"),
        ];
        assert_eq!(parts, expected.map(|(day, text)| (day, text.to_owned())));
    }

    #[test]
    fn a_suggestion_alone_is_no_step() {
        let only =
            Contact { stages: vec![(Stage::Suggested, 3)], ended: Some(("expired".to_owned(), 9)), ..contact(true) };
        assert_eq!(only.steps(), []);
        let expected = Suggested { day: 3, to_it: true, role: "predator".to_owned(), other: 7 };
        assert_eq!(only.suggested(), Some(expected));
    }
}
