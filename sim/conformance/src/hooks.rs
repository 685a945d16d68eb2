//! Checks of an intervention's answers at its hooks, one by one.

use std::fmt::Debug;

use recsafe_common::band::AgeBand;
use recsafe_common::ids::AccountId;
use recsafe_platform::candidates::Candidates;
use recsafe_platform::enforcement::{Detection, Review, SanctionPolicy};
use recsafe_platform::interventions::{Intervention, Message};
use recsafe_platform::settings::Enforcement;
use recsafe_platform::slate::{Shown, TopicCaps};
use recsafe_platform::suggestions::Suggestion;

use super::cases::{Case, always, cases, filled, reranked, some_scores};
use super::ranker::{asked, asks_for_something};
use super::report::{Property, Report};
use super::subject::Subject;
use super::{named, variants};

const ANSWERS: Property = (
    "answers",
    "its answers at hooks are valid: shares are in [0, 1], scores are finite, and candidates are only removed",
);
const TWICE: Property =
    ("asked-twice", "equal requests get equal answers, also from a second instance with the same knobs");
const ENDS: Property = ("knob-ends", "its answers are valid with knobs at the ends of their ranges");

const LEAVES: Property =
    ("leaves-alone", "it does nothing if either account is in an age band that it should leave alone");

/// Runs the checks. Returns whether the intervention can be used in a world.
pub(super) fn check(subject: &Subject<dyn Intervention>, report: &mut Report) -> bool {
    let cases = cases();
    let first = report.check(ANSWERS, || {
        let rule = subject.plain()?;
        Ok((answers(rule.as_ref(), &cases)?, rule))
    });
    let Some((before, rule)) = first else {
        report.skip(&[TWICE, ENDS, LEAVES], "its answers are invalid with default knobs");
        return false;
    };
    report.check(TWICE, || {
        let alike = subject.plain()?;
        // The second instance answers in reverse order, so each question follows a different
        // question than before.
        let backwards: Result<Vec<String>, String> =
            cases.iter().rev().map(|case| answer(alike.as_ref(), case)).collect();
        let again =
            answers(rule.as_ref(), &cases)? == before && backwards?.into_iter().rev().eq(before.iter().cloned());
        if again { Ok(()) } else { Err("the answer differs from the first call".to_owned()) }
    });
    report.check(LEAVES, || {
        for variant in variants::alone(&subject.entry.knobs) {
            let rule = subject.make(&variant.knobs)?;
            let found: Result<Vec<()>, String> = cases.iter().map(|case| leaves_alone(rule.as_ref(), case)).collect();
            found.map_err(|problem| format!("{}: {problem}", variant.name))?;
        }
        cases.iter().try_for_each(|case| leaves_alone(rule.as_ref(), case))
    });
    named::check(subject, &cases, report);
    report.check(ENDS, || at_ends(subject, &cases)).is_some()
}

/// Checks that the intervention does nothing to accounts in age bands that the intervention
/// declares to leave alone.
fn leaves_alone(rule: &dyn Intervention, case: &Case) -> Result<(), String> {
    let observed = &case.observed;
    let band = |id: AccountId| observed.accounts.band[id.row()];
    let ids = || (0..observed.accounts.len() as u32).map(AccountId);
    for id in ids().filter(|id| !rule.acts_on(band(*id))) {
        let does =
            rule.slates_a_day(id, observed).is_some() || rule.mutes(id, observed) || rule.makes_private(band(id));
        sensible("acts-on", (id, band(id)), !does)?;
    }
    for (other, reached) in ids().flat_map(|other| ids().map(move |reached| (other, reached))) {
        if other == reached || rule.acts_on(band(reached)) && rule.acts_towards(band(other)) {
            continue;
        }
        let message = Message { from: other, to: reached };
        let does = rule.hides(&Suggestion { viewer: other, suggested: reached, slot: 0 }, observed)
            || rule.unlists(other, reached, observed)
            || rule.hides_list(other, reached, observed)
            || rule.holds_back(&message, observed) > 0
            || rule.stops(&message, observed)
            || rule.acceptance(&message, observed) != 1.0;
        sensible("acts-towards", (band(other), band(reached)), !does)?;
    }
    if rule.acts_on(case.request.band) {
        return Ok(());
    }
    let mut left = case.candidates.clone();
    rule.eligible(always(case), &case.request, &case.view(), &mut left);
    let before = some_scores(case);
    let mut scores = before.clone();
    rule.adjust(always(case), &case.request, &case.view(), &case.candidates, &mut scores);
    let slate = (filled(case).slate, reranked(rule, case)?);
    let same = left.post_indices == case.candidates.post_indices && scores == before && slate.0 == slate.1;
    sensible("acts-on", case.request.band, same).map(|_| ())
}

fn at_ends(subject: &Subject<dyn Intervention>, cases: &[Case]) -> Result<(), String> {
    let knobs = &subject.entry.knobs;
    for variant in variants::alone(knobs).into_iter().chain(variants::together(knobs)) {
        let rule = subject.make(&variant.knobs)?;
        answers(rule.as_ref(), cases).map_err(|problem| format!("{}: {problem}", variant.name))?;
    }
    Ok(())
}

fn answers(rule: &dyn Intervention, cases: &[Case]) -> Result<Vec<String>, String> {
    cases.iter().map(|case| answer(rule, case)).collect()
}

/// Returns all answers of the intervention in one case, as text.
fn answer(rule: &dyn Intervention, case: &Case) -> Result<String, String> {
    let feed = (candidates_left(rule, case)?, scores(rule, case)?, profile(rule)?, (caps(rule)?, slate(rule, case)?));
    let all = (feed, accounts(rule, case)?, enforcement(rule)?, checks(rule)?);
    Ok(format!("{all:?}"))
}

/// Returns `answer` if `is_valid` is true, or an error that shows the answer.
fn sensible<T: Debug>(hook: &str, answer: T, is_valid: bool) -> Result<T, String> {
    if is_valid { Ok(answer) } else { Err(format!("`{hook}` answers {answer:?}")) }
}

fn is_share(number: f64) -> bool {
    (0.0..=1.0).contains(&number)
}

fn is_factor(number: f64) -> bool {
    number.is_finite() && number >= 0.0
}

fn candidates_left(rule: &dyn Intervention, case: &Case) -> Result<Vec<u32>, String> {
    let mut left = case.candidates.clone();
    rule.eligible(always(case), &case.request, &case.view(), &mut left);
    let all = &case.candidates;
    let rows = |of: &Candidates| {
        let columns = of.post_indices.iter().copied().zip(of.sources.iter().copied()).zip(of.follows.iter().copied());
        columns.collect::<Vec<_>>()
    };
    let mut before = rows(all).into_iter();
    let taken_away_only = rows(&left).iter().all(|row| before.any(|other| other == *row));
    let columns = left.sources.len() == left.post_indices.len() && left.follows.len() == left.post_indices.len();
    sensible("eligible", left.post_indices, taken_away_only && columns)
}

/// Returns the scores after the intervention's adjustment, and the scores of its ranker.
fn scores(rule: &dyn Intervention, case: &Case) -> Result<[Vec<f32>; 2], String> {
    let mut adjusted = some_scores(case);
    rule.adjust(always(case), &case.request, &case.view(), &case.candidates, &mut adjusted);
    let finite = |scores: &[f32]| scores.iter().all(|score| score.is_finite());
    let holds = finite(&adjusted);
    let adjusted = sensible("adjust", adjusted, holds)?;
    let mut own = Vec::new();
    if let Some(ranker) = rule.ranker() {
        asks_for_something(ranker)?;
        asked(ranker, case, &mut own).map_err(|error| format!("`ranker` fails: {error}"))?;
        let holds = finite(&own) && own.len() == case.candidates.len();
        own = sensible("ranker", own, holds)?;
    }
    Ok([adjusted, own])
}

fn profile(rule: &dyn Intervention) -> Result<(Vec<f64>, bool), String> {
    let steps: Vec<f64> = [0.0, 0.058, 1.0].map(|step| rule.personalisation(step)).into();
    let holds = steps.iter().copied().all(is_share);
    Ok((sensible("personalisation", steps, holds)?, rule.resets_profile()))
}

fn caps(rule: &dyn Intervention) -> Result<Vec<TopicCaps>, String> {
    let given = [TopicCaps::default(), TopicCaps { slate: 1, day: 1 }];
    let caps: Vec<TopicCaps> = given.iter().map(|&caps| rule.caps(caps)).collect();
    let narrower = |(now, before): (&TopicCaps, &TopicCaps)| now.slate <= before.slate && now.day <= before.day;
    let holds = caps.iter().zip(&given).all(narrower);
    sensible("caps", caps, holds)
}

/// Returns the slate after the intervention.
fn slate(rule: &dyn Intervention, case: &Case) -> Result<Vec<Shown>, String> {
    reranked(rule, case).map_err(|problem| format!("`rerank` returns an invalid slate: {problem}"))
}

/// Returns the intervention's answers about accounts and pairs of accounts.
fn accounts(rule: &dyn Intervention, case: &Case) -> Result<String, String> {
    let observed = &case.observed;
    let ids = || (0..observed.accounts.len() as u32).map(AccountId);
    let each: Vec<_> = ids().map(|id| (rule.slates_a_day(id, observed), rule.mutes(id, observed))).collect();
    let mut pairs = Vec::new();
    for (from, to) in ids().flat_map(|from| ids().map(move |to| (from, to))).filter(|(from, to)| from != to) {
        let message = Message { from, to };
        let acceptance = rule.acceptance(&message, observed);
        let acceptance = sensible("acceptance", acceptance, is_factor(acceptance))?;
        pairs.push((
            rule.hides(&Suggestion { viewer: from, suggested: to, slot: 0 }, observed),
            rule.unlists(from, to, observed),
            rule.hides_list(from, to, observed),
            rule.holds_back(&message, observed),
            rule.stops(&message, observed),
            acceptance.to_bits(),
        ));
    }
    let private: Vec<bool> = AgeBand::ALL.iter().map(|&band| rule.makes_private(band)).collect();
    let quiet: Vec<bool> = (0..24).map(|hour| rule.is_quiet(hour)).collect();
    let filter = rule.filters_searches();
    let filters = filter.is_none_or(|filter| is_share(filter.recall) && is_share(filter.mistaken));
    let filter = sensible("filters-searches", filter, filters)?;
    Ok(format!("{:?}", (each, pairs, private, quiet, filter, rule.messages_a_day())))
}

/// Returns the intervention's changes to classifiers, review, sanctions and removals.
fn enforcement(rule: &dyn Intervention) -> Result<String, String> {
    let settings = Enforcement::default();
    let mut detection = Detection::new(&settings);
    rule.detects(&mut detection);
    let holds = is_factor(detection.content_d_prime)
        && is_factor(detection.account_d_prime)
        && detection.content_threshold.is_finite()
        && detection.account_threshold.is_finite()
        && detection.account_rescore_days > 0;
    let detection = sensible("detects", detection, holds)?;
    let reviews: Result<Vec<Review>, String> = [0.3, 1.0].iter().map(|&strength| review(rule, strength)).collect();
    let mut sanction_policy = SanctionPolicy::new(&settings);
    rule.sanctions(&mut sanction_policy);
    let sanction_policy = sensible(
        "sanctions",
        sanction_policy,
        is_share(sanction_policy.immediate_removal) && sanction_policy.strikes > 0,
    )?;
    let reporting = sensible("reporting", rule.reporting(), is_factor(rule.reporting()))?;
    Ok(format!("{:?}", (detection, reviews?, sanction_policy, reporting)))
}

fn review(rule: &dyn Intervention, strength: f64) -> Result<Review, String> {
    let mut review = Review::new(&Enforcement::default());
    rule.reviews(&mut review, strength);
    let finite = [review.base, review.skill, review.trust].iter().all(|number| number.is_finite());
    sensible("reviews", review, is_factor(review.capacity) && is_factor(review.noise) && finite)
}

/// Returns the intervention's other additions: flaggers, spread, waves, age checks and barriers.
fn checks(rule: &dyn Intervention) -> Result<String, String> {
    let (flaggers, spread, barrier) = (rule.flaggers(), rule.spreads(), rule.barrier());
    let holds = flaggers.is_none_or(|it| is_factor(it.reports) && is_share(it.precision));
    let flaggers = sensible("flaggers", flaggers, holds)?;
    let holds = spread.is_none_or(|it| is_share(it.per_tie) && it.least_signal.is_finite());
    let spread = sensible("spreads", spread, holds)?;
    let holds = barrier.is_none_or(|it| is_share(it.detection) && is_share(it.mistaken));
    let barrier = sensible("barrier", barrier, holds)?;
    let waves: Vec<_> = (0..60).filter_map(|day| rule.wave(day)).collect();
    let holds = waves.iter().all(|wave| is_share(wave.share) && is_share(wave.mistaken));
    let waves = sensible("wave", waves, holds)?;
    let age = rule.checks_age();
    let holds = age.is_none_or(|it| is_share(it.share) && it.caught.iter().chain(&it.again).all(|&p| is_share(p)));
    let age = sensible("checks-age", age, holds)?;
    Ok(format!("{:?}", (flaggers, spread, barrier, waves, age)))
}
