//! Checks of a ranker of people suggestions.

use recsafe_common::draw::{Draw, DrawPurpose, Draws};
use recsafe_common::ids::AccountId;
use recsafe_common::key::{About, Who};
use recsafe_engine::{Named, Rules};
use recsafe_platform::suggestions::ranking::PeopleRanker;
use recsafe_platform::suggestions::{AccountCandidates, SuggestionRequest};

use super::report::{Property, Report};
use super::scores::{self, Question};
use super::subject::Subject;
use super::{knobs, lives};

const SOURCES: Property = ("sources", "it uses at least one candidate source");
/// Number of random candidate lists.
const RANDOM: u64 = 24;

impl Subject<dyn PeopleRanker> {
    /// Runs every check.
    pub fn check(&self) -> Report {
        let mut report = Report::new(self.entry.id);
        if !knobs::check(self, &mut report) {
            return report;
        }
        let cases = cases();
        let questions: Vec<Question<dyn PeopleRanker>> = cases.iter().map(question).collect();
        let usable = scores::check(self, &questions, 0.0, &mut report);
        report.check(SOURCES, || {
            let none = self.plain()?.sources().is_empty();
            if none { Err("it has no candidate source".to_owned()) } else { Ok(()) }
        });
        if usable {
            lives::check(&mut report, |test_world| {
                let people_ranker = Named::new(self.entry.id, self.plain()?);
                Ok(Rules { people_ranker, ..test_world.rules()? })
            });
        } else {
            report.skip(&lives::PROPERTIES, "its scores are unusable");
        }
        report
    }
}

/// A candidate list and the account that requests it.
struct Case {
    name: &'static str,
    suggestion_request: SuggestionRequest,
    candidates: AccountCandidates,
}

fn question(case: &Case) -> Question<'_, dyn PeopleRanker> {
    Question {
        name: case.name,
        candidates: case.candidates.len(),
        ask: Box::new(|ranker, scores| ranker.try_score(&case.suggestion_request, &case.candidates, scores)),
    }
}

/// Returns every case. Each call returns the same cases.
fn cases() -> Vec<Case> {
    let special = [
        ("no candidate", 0, 1.0),
        ("one candidate", 1, 1.0),
        ("no evidence about any account", 30, 0.0),
        ("maximum evidence", 30, 1e6),
    ];
    let special = special.into_iter().zip(0..).map(|((name, count, most), seed)| Case::new(name, count, most, seed));
    let random = (1000..1000 + RANDOM).map(|seed| {
        let count = draw(seed, 0).below(50) as u32;
        Case::new("random candidates", count, 5.0, seed)
    });
    special.chain(random).collect()
}

fn draw(seed: u64, about: u64) -> Draw {
    Draws::new(seed).at(DrawPurpose::SuggestionRanking, Who::Case(about), About::Nothing, 0)
}

impl Case {
    fn new(name: &'static str, count: u32, most: f32, seed: u64) -> Self {
        let mut draw = draw(seed, 1);
        let mut candidates = AccountCandidates::default();
        candidates.start(2 * count as usize + 1);
        for account in 1..=count {
            let index = candidates.add(AccountId(2 * account));
            for column in [&mut candidates.ties, &mut candidates.audience, &mut candidates.popularity] {
                column[index] = if draw.chance(0.4) { 0.0 } else { most * draw.unit() as f32 };
            }
        }
        candidates.settle();
        let suggestion_request = SuggestionRequest {
            viewer: AccountId(0),
            day: 3,
            visit: draw.below(3) as u32,
            draws: Draws::new(draw.bits()),
        };
        Case { name, suggestion_request, candidates }
    }
}
