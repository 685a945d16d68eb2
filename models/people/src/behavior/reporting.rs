//! Reporting: readiness to report, and mistaken reports.

use recsafe_common::draw::{Draw, DrawPurpose, Draws};
use recsafe_common::ids::{AccountId, Day};
use recsafe_common::key::About;

use crate::people::People;
use crate::role::Role;
use crate::settings::Behavior;

/// Returns a factor that multiplies an account's readiness to report. The factor depends on the
/// role: minors report more, and probes never report.
#[must_use]
pub fn report_factor(people: &People, behavior: &Behavior, account: AccountId) -> f64 {
    match people.role[account.row()] {
        Role::Probe => 0.0,
        _ if people.is_minor(account) => behavior.report_minors,
        _ => 1.0,
    }
}

/// Draws whether the holder makes a mistaken report today. If so, returns the draw for the choice
/// of the reported account. `report_factor` multiplies the holder's readiness to report.
#[must_use]
pub fn reports_mistakenly(
    people: &People,
    behavior: &Behavior,
    account: AccountId,
    report_factor: f64,
    day: Day,
    draws: Draws,
) -> Option<Draw> {
    let chance = behavior.false_reports * report_factor * f64::from(people.report_propensity[account.row()]);
    let mut draw = draws.at(DrawPurpose::MistakenReport, account, About::Nothing, day);
    draw.chance(chance.min(1.0)).then_some(draw)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::Person;
    use recsafe_common::band::AgeBand;
    use recsafe_common::topics::TopicMap;

    const MINOR: AccountId = AccountId(0);
    const ADULT: AccountId = AccountId(1);
    const PROBE: AccountId = AccountId(2);

    fn people() -> People {
        let map = TopicMap::new(&[]);
        let mut people = People::new();
        for (role, band) in
            [(Role::Minor, AgeBand::From16), (Role::User, AgeBand::Adult), (Role::Probe, AgeBand::From13)]
        {
            people.add(&Person { role, band, report_propensity: 2.0, ..Person::probe(1.0, 0.0, map.centre(0), &map) });
        }
        people
    }

    #[test]
    fn minors_report_more_readily_and_probes_never() {
        let behavior = Behavior { report_minors: 2.5, ..Behavior::default() };
        let found = [MINOR, ADULT, PROBE].map(|account| report_factor(&people(), &behavior, account));
        assert_eq!(found, [2.5, 1.0, 0.0]);
    }

    #[test]
    fn mistaken_reports_are_as_frequent_as_the_product_of_their_factors() {
        let (people, behavior) = (people(), Behavior { false_reports: 0.1, ..Behavior::default() });
        let found = |report_factor| {
            let reports =
                |&day: &Day| reports_mistakenly(&people, &behavior, ADULT, report_factor, day, Draws::new(2)).is_some();
            (0..20_000).filter(reports).count()
        };
        for (report_factor, probability) in [(1.0, 0.2), (3.0, 0.6)] {
            let error = (probability * (1.0 - probability) / 20_000.0_f64).sqrt();
            assert!(
                (found(report_factor) as f64 / 20_000.0 - probability).abs() < 5.0 * error,
                "{} at {probability}",
                found(report_factor)
            );
        }
        assert_eq!((found(0.0), found(50.0)), (0, 20_000));
    }
}
