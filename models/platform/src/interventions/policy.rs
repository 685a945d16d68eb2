//! A policy: interventions in order, each with its roll-out.

use std::fmt;

use recsafe_common::band::AgeBand;
use recsafe_common::catalogue::Chosen;
use recsafe_common::draw::{DrawPurpose, Draws, mix};
use recsafe_common::ids::{AccountId, Day};
use recsafe_common::key::{About, Use, Who};
use recsafe_common::observed::{Observed, ObservedAccounts};
use recsafe_common::setting::Knobs;
use recsafe_names::Names;
use recsafe_names::kind::INTERVENTION;

use super::applied::Applied;
use super::{AgeCheck, Efficacy, Flaggers, Intervention, Targeting, Wave, decode, entries, registry};
use crate::candidates::Candidates;
use crate::enforcement::Review;
use crate::ranking::{Ranker, RankerError, refuse_unusable};
use crate::request::{Request, View};
use crate::slate::{Filled, Pick};

/// One intervention of a policy with its roll-out.
#[derive(Debug)]
pub struct Deployed {
    /// Kind of the intervention.
    pub kind: String,
    /// When the intervention is active, which accounts it reaches, and how often it works.
    pub targeting: Targeting,
    rule: Box<dyn Intervention>,
    key: u64,
    applied: Applied,
    /// Whether the intervention can change scores. If so, the scores before and after the
    /// intervention are compared until the intervention is recorded as applied.
    adjusts: bool,
    /// Whether the intervention can reorder slates.
    reranks: bool,
    /// Whether the scores are checked after the intervention. Scores always stay finite after
    /// interventions that ship with recsafe.
    checked: bool,
}

impl Deployed {
    /// Creates an intervention and its roll-out from a kind and knobs.
    ///
    /// # Errors
    /// Returns an error if a knob is invalid or the kind is unknown. Interventions from experiment
    /// files that passed the checks never cause this error.
    pub fn new(chosen: &Chosen) -> Result<Self, serde_json::Error> {
        let common: Vec<&str> = Targeting::fields().iter().map(|field| field.name).collect();
        let (targeting, knobs) = chosen
            .knobs
            .clone()
            .into_iter()
            .partition::<serde_json::Map<_, _>, _>(|(key, _)| common.contains(&key.as_str()));
        let targeting: Targeting = serde_json::from_value(targeting.into())?;
        let unknown = || serde::de::Error::custom(format!("unknown intervention `{}`", chosen.kind));
        let rule = decode(&chosen.kind, knobs.into()).ok_or_else(unknown)??;
        let listed = entries().into_iter().find(|entry| entry.id == chosen.kind);
        let has = |hook: &str| listed.as_ref().is_some_and(|entry| entry.hooks.contains(&hook));
        let checked = registry().version(&chosen.kind).is_some();
        let (adjusts, reranks) = (has("adjust"), has("rerank"));
        Ok(Deployed { adjusts, reranks, checked, ..Deployed::of(&chosen.kind, targeting, rule) })
    }

    /// Deploys an existing intervention, which need not be in the catalogue. The random draws
    /// depend on the roll-out's name. Without a name, the draws depend on the id of `kind`, which
    /// does not change when the kind is renamed.
    #[must_use]
    pub fn of(kind: &str, targeting: Targeting, rule: Box<dyn Intervention>) -> Self {
        let key = name_key(targeting.name.as_deref().unwrap_or_else(|| Names::present().id(INTERVENTION, kind)));
        Deployed {
            kind: kind.to_owned(),
            targeting,
            rule,
            key,
            applied: Applied::default(),
            adjusts: true,
            reranks: true,
            checked: true,
        }
    }

    /// Returns the name of the roll-out, or the kind if the roll-out has no name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.targeting.name.as_deref().unwrap_or(&self.kind)
    }

    /// Returns the intervention without its roll-out.
    #[must_use]
    pub fn rule(&self) -> &dyn Intervention {
        self.rule.as_ref()
    }

    /// Returns the number that identifies the intervention in its policy.
    pub(super) fn number(&self) -> u64 {
        self.key
    }

    /// If `applies` is true, records that the intervention applied today. Returns `applies`.
    #[inline]
    pub(super) fn noted(&self, applies: bool) -> bool {
        if applies {
            self.applied.note();
        }
        applies
    }

    /// Records that the intervention applied if the value after it differs from the value before
    /// it. Returns the value after the intervention.
    pub(super) fn changed<T: PartialEq + Copy>(&self, before: T, after: T) -> T {
        self.noted(before != after);
        after
    }

    /// Returns whether the intervention reaches an account on a day. The account's draw never
    /// changes, so reach is nested: an account that is reached at a low coverage is also reached at
    /// every higher coverage.
    pub(super) fn reaches(&self, account: AccountId, accounts: &ObservedAccounts, day: Day, draws: Draws) -> bool {
        self.reaches_band(account, accounts.band[account.row()], accounts, day, draws)
    }

    fn reaches_band(
        &self,
        account: AccountId,
        band: AgeBand,
        accounts: &ObservedAccounts,
        day: Day,
        draws: Draws,
    ) -> bool {
        let reach = self.targeting.reach(day);
        reach > 0.0
            && self.targeting.is_meant_for(account, band, accounts, day)
            && draws.at(DrawPurpose::Coverage, account, About::Rule(self.key), 0).chance(reach)
    }

    pub(super) fn efficacy(&self, request: &Request) -> Efficacy {
        self.efficacy_for(request.viewer, request.day, request.draws)
    }

    /// Returns the efficacy draws for an account on a day.
    pub(super) fn efficacy_for(&self, account: AccountId, day: Day, draws: Draws) -> Efficacy {
        let stream = draws.stream(DrawPurpose::Efficacy, Who::Ruled(account, self.key), day);
        Efficacy::new(stream, self.targeting.efficacy)
    }
}

/// Returns a number for a name (FNV-1a, then mixed). Do not change this function: random draws
/// depend on the numbers.
fn name_key(name: &str) -> u64 {
    mix(name.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)))
}

/// Unusable output of an intervention: scores that are not finite, or an invalid slate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleError {
    /// Name of the intervention.
    pub rule: String,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for RuleError {}

/// The interventions that reach one account on one day, as indices in the policy.
pub type Active = Vec<u16>;

/// Interventions in order.
#[derive(Debug, Default)]
pub struct Policy {
    rules: Vec<Deployed>,
}

impl Policy {
    /// Creates a policy of these interventions.
    #[must_use]
    pub fn new(rules: Vec<Deployed>) -> Self {
        Policy { rules }
    }

    /// Returns the interventions, in order.
    #[must_use]
    pub fn rules(&self) -> &[Deployed] {
        &self.rules
    }

    /// Returns whether each intervention applied since the last call, in the order of the policy.
    /// Clears these records.
    ///
    /// An intervention applied if one of its answers about a reached account changed the outcome of
    /// the earlier interventions. Answers for uses in which the intervention did not work are
    /// ignored. A limit is recorded as applied wherever the limit is in force, even if the account
    /// stays below the limit.
    #[must_use]
    pub fn take_applied(&self) -> Vec<bool> {
        self.rules.iter().map(|rule| rule.applied.take()).collect()
    }

    /// Returns whether there are no interventions.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Writes the interventions that reach the account today into `active`.
    pub fn activate(
        &self,
        account: AccountId,
        accounts: &ObservedAccounts,
        day: Day,
        draws: Draws,
        active: &mut Active,
    ) {
        active.clear();
        let reaching = self.rules.iter().enumerate().filter(|(_, rule)| rule.reaches(account, accounts, day, draws));
        active.extend(reaching.map(|(index, _)| index as u16));
    }

    /// Returns the intervention with this number.
    fn numbered(&self, number: u64) -> Option<&Deployed> {
        self.rules.iter().find(|rule| rule.key == number)
    }

    /// Returns the interventions in `active`.
    pub(super) fn active<'a>(&'a self, active: &Active) -> impl Iterator<Item = &'a Deployed> {
        active.iter().map(|&index| &self.rules[usize::from(index)])
    }

    /// Returns whether the ranker of any intervention needs factors of accounts and posts.
    #[must_use]
    pub fn learns_factors(&self) -> bool {
        self.rules.iter().filter_map(|rule| rule.rule.ranker()).any(Ranker::learns_factors)
    }

    /// Returns whether the ranker of any intervention needs the record of all engagements.
    #[must_use]
    pub fn learns_engagements(&self) -> bool {
        self.rules.iter().filter_map(|rule| rule.rule.ranker()).any(Ranker::learns_engagements)
    }

    /// Returns whether any intervention closes the feed of any account in some hour.
    #[must_use]
    pub fn has_quiet_hours(&self) -> bool {
        self.rules.iter().any(|rule| (0..24).any(|hour| rule.rule.is_quiet(hour)))
    }

    /// Returns the groups of outside experts, each with the number of its intervention. Coverage
    /// times efficacy scales the number of their reports.
    #[must_use]
    pub fn flaggers(&self, day: Day) -> Vec<(u64, Flaggers)> {
        let scaled = |rule: &Deployed| {
            let flaggers = rule.rule.flaggers()?;
            Some((rule.key, Flaggers { reports: flaggers.reports * rule.targeting.strength(day), ..flaggers }))
        };
        self.rules.iter().filter_map(scaled).collect()
    }

    /// Returns whether an account is in the audience of the intervention with this number.
    #[must_use]
    pub fn is_meant_for(&self, number: u64, account: AccountId, observed: &Observed) -> bool {
        let (accounts, day) = (&observed.accounts, observed.day);
        self.numbered(number).is_some_and(|rule| {
            rule.noted(rule.targeting.is_meant_for(account, accounts.band[account.row()], accounts, day))
        })
    }

    /// Lets every intervention remove candidates.
    pub fn eligible(&self, active: &Active, request: &Request, view: &View, candidates: &mut Candidates) {
        for rule in self.active(active) {
            let before = candidates.len();
            rule.rule.eligible(rule.efficacy(request), request, view, candidates);
            rule.noted(candidates.len() != before);
        }
    }

    /// Lets every intervention change scores.
    ///
    /// # Errors
    /// Returns an error if a score is not finite after an intervention that does not ship with
    /// recsafe.
    pub fn adjust(
        &self,
        active: &Active,
        request: &Request,
        view: &View,
        candidates: &Candidates,
        scores: &mut [f32],
    ) -> Result<(), RuleError> {
        for rule in self.active(active) {
            let before = (rule.adjusts && !rule.applied.is_noted()).then(|| scores.to_vec());
            rule.rule.adjust(rule.efficacy(request), request, view, candidates, scores);
            rule.noted(before.is_some_and(|before| before != scores));
            if rule.checked {
                let refused = |error: RankerError| RuleError { rule: rule.name().to_owned(), what: error.to_string() };
                refuse_unusable(scores, candidates.len()).map_err(refused)?;
            }
        }
        Ok(())
    }

    /// Lets each intervention reorder the slate if the intervention works in this request. Returns
    /// whether any intervention changed the slate.
    ///
    /// # Errors
    /// Returns an error if an intervention returns an invalid slate.
    pub fn rerank(
        &self,
        active: &Active,
        request: &Request,
        view: &View,
        filled: &Filled,
        picks: &mut Vec<Pick>,
    ) -> Result<bool, RuleError> {
        let mut changed = false;
        for rule in self.active(active).filter(|rule| rule.reranks && rule.efficacy(request).works_for(request)) {
            let before = picks.clone();
            rule.rule.rerank(request, view, filled, picks);
            if rule.noted(*picks != before) {
                let refused = |what| RuleError { rule: rule.name().to_owned(), what };
                filled.check(picks).map_err(refused)?;
                changed = true;
            }
        }
        Ok(changed)
    }

    /// Returns whether the ranker of any intervention scores many requests at once.
    #[must_use]
    pub fn batches(&self) -> bool {
        self.rules.iter().filter_map(|rule| rule.rule.ranker()).any(Ranker::batches)
    }

    /// Lets every intervention change how the review queue is processed today. Coverage times
    /// efficacy scales the change.
    pub fn reviews(&self, review: &mut Review, day: Day) {
        for rule in &self.rules {
            let strength = rule.targeting.strength(day);
            if strength > 0.0 {
                let before = *review;
                rule.rule.reviews(review, strength);
                rule.changed(before, *review);
            }
        }
    }

    /// Returns the removal waves of a day, each with the number of its intervention. A wave lists
    /// only accounts that its intervention reaches.
    #[must_use]
    pub fn waves(&self, day: Day) -> Vec<(u64, Wave)> {
        self.rules.iter().filter_map(|rule| Some((rule.key, rule.rule.wave(day)?))).collect()
    }

    /// Returns whether the wave with this number reaches an account today and works for this
    /// account.
    #[must_use]
    pub fn wave_reaches(&self, wave: u64, account: AccountId, observed: &Observed, draws: Draws) -> bool {
        let asked = self.for_good(account, &observed.accounts, observed.day, draws, Use::Enforcement);
        self.numbered(wave).is_some_and(|rule| rule.noted(asked.works(rule)))
    }

    /// Returns the age checks that reach an account by its declared age. Each check comes with the
    /// number of its intervention, and with a flag that tells whether the check reaches the account
    /// today for the first time.
    pub fn age_checks<'a>(
        &'a self,
        account: AccountId,
        accounts: &'a ObservedAccounts,
        day: Day,
        draws: Draws,
    ) -> impl Iterator<Item = (u64, AgeCheck, bool)> + 'a {
        let (declared_age, joined) = (accounts.declared_age[account.row()], accounts.joined[account.row()]);
        self.rules.iter().filter_map(move |rule| {
            let check = rule.rule.checks_age()?;
            let reaches = |day| rule.reaches_band(account, declared_age, accounts, day, draws);
            let works = reaches(day) && rule.efficacy_for(account, 0, draws).works_on(Use::AgeCheck);
            rule.noted(works).then(|| (rule.key, check, day == joined || !reaches(day - 1)))
        })
    }

    /// Returns whether any intervention checks ages.
    #[must_use]
    pub fn checks_age(&self) -> bool {
        self.rules.iter().any(|rule| rule.rule.checks_age().is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::enforcement::{Detection, SanctionPolicy};
    use crate::interventions::{Audience, Barrier, Message, QueryFilter, Spread};
    use crate::slate::TopicCaps;
    use crate::suggestions::{Suggestion, SuggestionRequest};

    fn reached(coverage: f64) -> Vec<u32> {
        let mut chosen = Chosen::plain("no-personalisation");
        chosen.knobs.insert("coverage".to_owned(), coverage.into());
        let policy = Policy::new(vec![Deployed::new(&chosen).unwrap()]);
        let accounts = ObservedAccounts::stating(&[AgeBand::Adult; 1000]);
        let mut active = Active::new();
        (0..1000)
            .filter(|&id| {
                policy.activate(AccountId(id), &accounts, 0, Draws::new(5), &mut active);
                !active.is_empty()
            })
            .collect()
    }

    #[test]
    fn reach_is_nested() {
        let (few, many) = (reached(0.2), reached(0.6));
        assert!(few.iter().all(|id| many.contains(id)));
        assert!((150..250).contains(&few.len()) && (540..660).contains(&many.len()));
        assert_eq!(reached(1.0).len(), 1000);
        assert_eq!(reached(0.0).len(), 0);
    }

    /// An intervention that answers at every hook that concerns an account.
    #[derive(Debug)]
    struct Everything;

    const FLAGGERS: Flaggers = Flaggers { reports: 8.0, precision: 0.9 };

    impl Intervention for Everything {
        fn slates_a_day(&self, _: AccountId, _: &Observed) -> Option<u32> {
            Some(3)
        }
        fn is_quiet(&self, hour: u32) -> bool {
            hour == 22
        }
        fn hides(&self, _: &Suggestion, _: &Observed) -> bool {
            true
        }
        fn unlists(&self, _: AccountId, _: AccountId, _: &Observed) -> bool {
            true
        }
        fn filters_searches(&self) -> Option<QueryFilter> {
            Some(QueryFilter { recall: 0.5, mistaken: 0.0 })
        }
        fn mutes(&self, _: AccountId, _: &Observed) -> bool {
            true
        }
        fn hides_list(&self, _: AccountId, _: AccountId, _: &Observed) -> bool {
            true
        }
        fn holds_back(&self, _: &Message, _: &Observed) -> u32 {
            2
        }
        fn stops(&self, _: &Message, _: &Observed) -> bool {
            true
        }
        fn messages_a_day(&self) -> Option<u32> {
            Some(4)
        }
        fn acceptance(&self, _: &Message, _: &Observed) -> f64 {
            0.5
        }
        fn detects(&self, detection: &mut Detection) {
            detection.content_threshold += 1.0;
        }
        fn reviews(&self, review: &mut Review, strength: f64) {
            review.capacity += strength;
        }
        fn reporting(&self) -> f64 {
            3.0
        }
        fn sanctions(&self, sanction_policy: &mut SanctionPolicy) {
            sanction_policy.strikes += 1;
        }
        fn flaggers(&self) -> Option<Flaggers> {
            Some(FLAGGERS)
        }
        fn spreads(&self) -> Option<Spread> {
            Some(Spread { per_tie: 0.1, least_signal: 0.0 })
        }
        fn wave(&self, day: Day) -> Option<Wave> {
            (day == 5).then_some(Wave { share: 0.5, mistaken: 0.0 })
        }
        fn checks_age(&self) -> Option<AgeCheck> {
            Some(AgeCheck { share: 1.0, caught: [0.5; 4], again: [0.5; 4], retries: 1, asks: true })
        }
        fn barrier(&self) -> Option<Barrier> {
            Some(Barrier { detection: 0.5, mistaken: 0.1 })
        }
        fn makes_private(&self, _: AgeBand) -> bool {
            true
        }
    }

    /// An intervention whose ranker uses factors.
    #[derive(Debug)]
    struct Factors;

    impl Intervention for Factors {
        fn ranker(&self) -> Option<&dyn Ranker> {
            Some(&crate::ranking::factorization::Factorization { recency: 0.1 })
        }
    }

    /// Returns a policy with one intervention of type `Everything` per roll-out.
    fn everything(rollouts: &[Targeting]) -> Policy {
        let rule = |(index, targeting): (usize, &Targeting)| {
            Deployed::of(&format!("rule {index}"), targeting.clone(), Box::new(Everything))
        };
        Policy::new(rollouts.iter().enumerate().map(rule).collect())
    }

    /// Returns a platform on day 5 with accounts that declare these age bands.
    fn platform(declared_age: &[AgeBand]) -> Observed {
        Observed {
            day: 5,
            accounts: ObservedAccounts::stating(declared_age),
            posts: recsafe_common::observed::PostPool::default(),
            graph: recsafe_common::graph::FollowGraph::new(declared_age.len()),
            blocks: recsafe_common::observed::Blocks::default(),
        }
    }

    const DRAWS: Draws = Draws::new(8);
    /// The other account in messages, suggestions and searches.
    const OTHER: AccountId = AccountId(0);

    /// Returns how often each hook of the policy acts on an account. The counts are derived from
    /// the sums and products of the answers.
    fn acts(policy: &Policy, account: AccountId, observed: &Observed) -> Vec<(&'static str, usize)> {
        let (accounts, day) = (&observed.accounts, observed.day);
        let message = Message { from: OTHER, to: account };
        let settings = crate::settings::Enforcement::default();
        let mut detection = Detection::new(&settings);
        policy.detects(&mut detection, account, accounts, day, DRAWS);
        let mut sanction_policy = SanctionPolicy::new(&settings);
        policy.sanctions(&mut sanction_policy, account, observed, DRAWS);
        let factors = |product: f64, factor: f64| (libm::log(product) / libm::log(factor)).round() as usize;
        vec![
            ("slates_a_day", usize::from(policy.slates_a_day(account, observed, DRAWS) == Some(3))),
            ("is_quiet", usize::from(policy.is_quiet(22, account, 0, observed, DRAWS))),
            ("filters_searches", policy.filters_searches(account, 0, observed, DRAWS).count()),
            ("mutes", usize::from(policy.mutes(account, observed, DRAWS))),
            ("hides_list", usize::from(policy.hides_list(OTHER, account, observed, DRAWS))),
            ("holds_back", usize::from(policy.holds_back(&message, observed, DRAWS) == 2)),
            ("stops", usize::from(policy.stops(&message, observed, DRAWS))),
            ("acceptance", factors(policy.acceptance(&message, observed, DRAWS), 0.5)),
            ("messages_a_day", usize::from(policy.messages_a_day(account, observed, DRAWS) == Some(4))),
            (
                "makes_private",
                usize::from(policy.makes_private(accounts.band[account.row()], account, observed, DRAWS)),
            ),
            ("detects", (detection.content_threshold - settings.content_threshold).round() as usize),
            ("reporting", factors(policy.reporting(account, accounts, day, DRAWS), 3.0)),
            ("sanctions", (sanction_policy.strikes - settings.strikes) as usize),
            ("spreads", usize::from(policy.spreads(account, observed, DRAWS).is_some())),
            ("age_checks", policy.age_checks(account, accounts, day, DRAWS).count()),
            ("barrier", factors(1.0 - policy.barrier(account, observed, DRAWS).detection, 0.5)),
            (
                "wave_reaches",
                policy.waves(5).iter().filter(|(wave, _)| policy.wave_reaches(*wave, account, observed, DRAWS)).count(),
            ),
        ]
    }

    /// Hooks whose combined answer is either a yes/no or the answer of a single intervention. At
    /// all other hooks, the answers of all interventions are combined.
    const ONE_OF_ALL: [&str; 9] = [
        "slates_a_day",
        "is_quiet",
        "mutes",
        "hides_list",
        "holds_back",
        "stops",
        "messages_a_day",
        "makes_private",
        "spreads",
    ];

    #[test]
    fn rules_act_on_whom_they_reach_and_on_nobody_else() {
        let observed = platform(&[AgeBand::Adult, AgeBand::From13, AgeBand::Adult]);
        let minors = Targeting { audience: Audience::Minors, ..Targeting::default() };
        let two = everything(&[minors.clone(), minors.clone()]);
        for (point, times) in acts(&two, AccountId(1), &observed) {
            assert_eq!(times, if ONE_OF_ALL.contains(&point) { 1 } else { 2 }, "{point} of a minor");
        }
        for policy in [two, Policy::default(), everything(&[Targeting { start_day: 6, ..Targeting::default() }])] {
            for (point, times) in acts(&policy, AccountId(2), &observed) {
                assert_eq!(times, 0, "{point} of somebody who is not reached");
            }
        }
        assert!(!everything(&[minors]).is_quiet(21, AccountId(1), 0, &observed, DRAWS), "no other hour is quiet");
    }

    #[test]
    fn rules_work_in_the_share_of_uses_set_and_each_by_luck_of_its_own() {
        let observed = platform(&[AgeBand::From13; 8_000]);
        let half = Targeting { efficacy: 0.5, ..Targeting::default() };
        let policy = everything(&[half.clone(), half]);
        let mut counts = std::collections::BTreeMap::<&str, [u32; 3]>::new();
        for account in 0..8_000 {
            for (point, times) in acts(&policy, AccountId(account), &observed) {
                counts.entry(point).or_default()[times] += 1;
            }
        }
        assert_eq!(counts.len(), 17);
        for (point, [none, one, both]) in counts {
            let expected = if ONE_OF_ALL.contains(&point) { [2_000, 6_000, 0] } else { [2_000, 4_000, 2_000] };
            for (found, expected) in [none, one, both].into_iter().zip(expected) {
                assert!(found.abs_diff(expected) <= 225, "{point}: {:?}, five standard errors off", [none, one, both]);
            }
        }
    }

    #[test]
    fn every_search_session_viewer_and_sender_has_luck_of_its_own() {
        let observed = platform(&[AgeBand::From13; 2]);
        let policy = everything(&[Targeting { efficacy: 0.5, ..Targeting::default() }]);
        let unlists = |number, day| {
            let observed = Observed { day, ..observed.clone() };
            policy.unlists(OTHER, AccountId(1), &observed, number, DRAWS)
        };
        for number in 1..=8 {
            let same = (0..2_000).filter(|&day| unlists(0, day) == unlists(number, day)).count();
            assert!((890..1_110).contains(&same), "searches 0 and {number} agree on {same} of 2,000 days");
        }
        let quiet =
            |session, day| policy.is_quiet(22, AccountId(1), session, &Observed { day, ..observed.clone() }, DRAWS);
        let same = (0..2_000).filter(|&day| quiet(0, day) == quiet(1, day)).count();
        assert!((890..1_110).contains(&same), "two sessions agree on {same} of 2,000 days");
        let on = |day| Observed { day, ..observed.clone() };
        let hidden = |viewer, day| policy.hides_list(AccountId(viewer), AccountId(1), &on(day), DRAWS);
        let same = (0..2_000).filter(|&day| hidden(2, day) == hidden(3, day)).count();
        assert!((890..1_110).contains(&same), "two viewers agree on {same} of 2,000 days");
        let stopped = |from, day| policy.stops(&Message { from: AccountId(from), to: AccountId(1) }, &on(day), DRAWS);
        let same = (0..2_000).filter(|&day| stopped(2, day) == stopped(3, day)).count();
        assert!((890..1_110).contains(&same), "two senders agree on {same} of 2,000 days");
    }

    #[test]
    fn what_goes_for_all_accounts_is_scaled_by_coverage_and_efficacy() {
        let targeting = Targeting { coverage: 0.5, efficacy: 0.5, start_day: 3, ..Targeting::default() };
        let policy = everything(&[targeting]);
        let capacity = |day| {
            let mut review = Review::new(&crate::settings::Enforcement::default());
            let before = review.capacity;
            policy.reviews(&mut review, day);
            review.capacity - before
        };
        assert!((capacity(3) - 0.25).abs() < 1e-9);
        assert_eq!(capacity(2), 0.0);
        assert_eq!(
            [2, 3].map(|day| policy.flaggers(day)[0].1),
            [0.0, 2.0].map(|reports| Flaggers { reports, ..FLAGGERS })
        );
        assert_eq!((policy.waves(5).len(), policy.waves(4).len()), (1, 0));
        assert_eq!((policy.has_quiet_hours(), Policy::default().has_quiet_hours()), (true, false));
        assert_eq!((policy.checks_age(), Policy::default().checks_age()), (true, false));
        assert_eq!((policy.is_empty(), Policy::default().is_empty()), (false, true));
    }

    #[test]
    fn an_account_is_new_to_a_check_of_age_on_the_day_on_which_it_reaches_it_first() {
        let mut observed = platform(&[AgeBand::Adult; 2]);
        observed.accounts.joined[1] = 7;
        let policy = everything(&[Targeting { start_day: 5, ..Targeting::default() }]);
        let is_new = |account, day| {
            policy.age_checks(AccountId(account), &observed.accounts, day, DRAWS).map(|check| check.2).next()
        };
        assert_eq!([4, 5, 6].map(|day| is_new(0, day)), [None, Some(true), Some(false)]);
        assert_eq!([7, 8].map(|day| is_new(1, day)), [Some(true), Some(false)]);
    }

    #[test]
    fn what_a_rules_ranker_needs_is_learned() {
        let needs = |rule: Box<dyn Intervention>| {
            let policy = Policy::new(vec![Deployed::of("rule", Targeting::default(), rule)]);
            (policy.learns_factors(), policy.learns_engagements())
        };
        assert_eq!(needs(Box::new(Everything)), (false, false), "it has no ranker");
        assert_eq!(needs(Box::new(Factors)), (true, false));
    }

    /// An intervention that answers at one hook only.
    #[derive(Debug)]
    struct Only(&'static str);

    impl Only {
        fn at<T>(&self, point: &str, says: T, nothing: T) -> T {
            if self.0 == point { says } else { nothing }
        }
    }

    impl Intervention for Only {
        fn slates_a_day(&self, account: AccountId, observed: &Observed) -> Option<u32> {
            self.at("slates_a_day", Everything.slates_a_day(account, observed), None)
        }
        fn is_quiet(&self, hour: u32) -> bool {
            self.at("is_quiet", Everything.is_quiet(hour), false)
        }
        fn filters_searches(&self) -> Option<QueryFilter> {
            self.at("filters_searches", Everything.filters_searches(), None)
        }
        fn mutes(&self, account: AccountId, observed: &Observed) -> bool {
            self.at("mutes", Everything.mutes(account, observed), false)
        }
        fn hides_list(&self, viewer: AccountId, owner: AccountId, observed: &Observed) -> bool {
            self.at("hides_list", Everything.hides_list(viewer, owner, observed), false)
        }
        fn holds_back(&self, message: &Message, observed: &Observed) -> u32 {
            self.at("holds_back", Everything.holds_back(message, observed), 0)
        }
        fn stops(&self, message: &Message, observed: &Observed) -> bool {
            self.at("stops", Everything.stops(message, observed), false)
        }
        fn acceptance(&self, message: &Message, observed: &Observed) -> f64 {
            self.at("acceptance", Everything.acceptance(message, observed), 1.0)
        }
        fn messages_a_day(&self) -> Option<u32> {
            self.at("messages_a_day", Everything.messages_a_day(), None)
        }
        fn makes_private(&self, declared_age: AgeBand) -> bool {
            self.at("makes_private", Everything.makes_private(declared_age), false)
        }
        fn detects(&self, detection: &mut Detection) {
            if self.0 == "detects" {
                Everything.detects(detection);
            }
        }
        fn reporting(&self) -> f64 {
            self.at("reporting", Everything.reporting(), 1.0)
        }
        fn sanctions(&self, sanction_policy: &mut SanctionPolicy) {
            if self.0 == "sanctions" {
                Everything.sanctions(sanction_policy);
            }
        }
        fn spreads(&self) -> Option<Spread> {
            self.at("spreads", Everything.spreads(), None)
        }
        fn checks_age(&self) -> Option<AgeCheck> {
            self.at("age_checks", Everything.checks_age(), None)
        }
        fn barrier(&self) -> Option<Barrier> {
            self.at("barrier", Everything.barrier(), None)
        }
        fn wave(&self, day: Day) -> Option<Wave> {
            self.at("wave_reaches", Everything.wave(day), None)
        }
    }

    #[test]
    fn a_rule_applied_where_it_said_something_about_somebody_whom_it_reaches_and_nowhere_else() {
        let observed = platform(&[AgeBand::Adult, AgeBand::From13, AgeBand::Adult]);
        let minors = Targeting { audience: Audience::Minors, ..Targeting::default() };
        let applied = |point: &'static str, account: u32| {
            let rule = |name: &str, rule: Box<dyn Intervention>| Deployed::of(name, minors.clone(), rule);
            let policy = Policy::new(vec![rule("nothing", Box::new(Nothing)), rule("only", Box::new(Only(point)))]);
            let _ = acts(&policy, AccountId(account), &observed);
            let applied = policy.take_applied();
            assert_eq!(policy.take_applied(), [false, false], "a mark is taken once");
            applied
        };
        for (point, _) in acts(&everything(&[Targeting::default()]), AccountId(1), &observed) {
            assert_eq!(applied(point, 1), [false, true], "{point} of a minor");
            assert_eq!(applied(point, 2), [false, false], "{point} of somebody who is not reached");
        }
    }

    /// Returns the `number`-th request of the first account on day 5.
    fn request(number: u32) -> Request {
        Request {
            viewer: OTHER,
            day: 5,
            number,
            band: AgeBand::Adult,
            query: recsafe_common::vector::Query::new(&[0.0; recsafe_common::vector::DIM]),
            personalised: true,
            shown_today: [0; crate::request::MAX_TOPICS],
            draws: DRAWS,
        }
    }

    #[test]
    fn rules_on_the_feed_work_in_the_share_of_requests_set() {
        let rule = |kind: &str, knobs: serde_json::Value| {
            let mut chosen = Chosen::plain(kind);
            chosen.knobs = knobs.as_object().unwrap().clone();
            Deployed::new(&chosen).unwrap()
        };
        for (efficacy, expected) in [(1.0, 2_000..2_001), (0.5, 890..1_111), (0.0, 0..1)] {
            let policy = Policy::new(vec![
                rule("no-personalisation", serde_json::json!({ "efficacy": efficacy })),
                rule("frequency-cap", serde_json::json!({ "efficacy": efficacy })),
                rule("chronological-feed", serde_json::json!({ "efficacy": efficacy })),
                rule("profile-reset-after-hide", serde_json::json!({ "efficacy": efficacy })),
            ]);
            let active: Active = vec![0, 1, 2, 3];
            let count = |works: &dyn Fn(&Request) -> bool| (0..2_000).filter(|&n| works(&request(n))).count();
            for (what, found) in [
                ("step", count(&|request| policy.personalisation(0.1, &active, request) == 0.0)),
                ("caps", count(&|request| policy.caps(TopicCaps::default(), &active, request) != TopicCaps::default())),
                ("ranker", count(&|request| policy.ranker(&active, request).is_some())),
                ("reset", count(&|request| policy.resets_profile(&active, request))),
            ] {
                assert!(expected.contains(&found), "{what}: {found} of 2,000 requests at {efficacy}");
            }
            assert_eq!(policy.personalisation(0.1, &Active::new(), &request(0)), 0.1, "it does not reach the viewer");
        }
    }

    /// An intervention that removes candidates and changes scores.
    #[derive(Debug)]
    struct Sieve;

    impl Intervention for Sieve {
        fn eligible(&self, _: Efficacy, _: &Request, _: &View, candidates: &mut Candidates) {
            candidates.clear();
        }
        fn adjust(&self, _: Efficacy, _: &Request, _: &View, _: &Candidates, scores: &mut [f32]) {
            for score in scores {
                *score += 1.0;
            }
        }
    }

    #[test]
    fn rules_that_reach_the_viewer_act_on_its_candidates_and_scores() {
        let observed = platform(&[AgeBand::From13; 2]);
        let index = crate::index::Index::new(2, &recsafe_common::topics::TopicMap::new(&[]));
        let (profile_visits, learned) =
            (crate::profile_visits::ProfileVisits::new(2), crate::learning::Learned::default());
        let view = view(&observed, &index, &profile_visits, &learned);
        let rule = |name: &str| Deployed::of(name, Targeting::default(), Box::new(Sieve));
        let policy = Policy::new(vec![rule("one"), rule("other")]);
        for (active, score, left) in [(vec![], 0.5, 1), (vec![1], 1.5, 0), (vec![0, 1], 2.5, 0)] {
            let (mut candidates, mut scores) = (Candidates::default(), [0.5]);
            candidates.push(0, crate::candidates::Source::Random, false);
            policy.adjust(&active, &request(0), &view, &candidates, &mut scores).unwrap();
            policy.eligible(&active, &request(0), &view, &mut candidates);
            assert_eq!((scores[0], candidates.len()), (score, left), "{active:?}");
            assert_eq!(policy.take_applied(), [0, 1].map(|position| active.contains(&position)), "{active:?}");
        }
    }

    fn view<'a>(
        observed: &'a Observed,
        index: &'a crate::index::Index,
        profile_visits: &'a crate::profile_visits::ProfileVisits,
        learned: &'a crate::learning::Learned,
    ) -> View<'a> {
        View { observed, index, inboxes: crate::inbox::Inboxes::NONE, profile_visits, learned, content_threshold: 2.0 }
    }

    /// An intervention that answers at no hook.
    #[derive(Debug)]
    struct Nothing;

    impl Intervention for Nothing {}

    #[test]
    fn a_rule_changes_nothing_where_it_says_nothing() {
        let observed = platform(&[AgeBand::From13; 2]);
        let policy = Policy::new(vec![Deployed::of("nothing", Targeting::default(), Box::new(Nothing))]);
        for (point, times) in acts(&policy, AccountId(1), &observed) {
            assert_eq!(times, 0, "{point}");
        }
        let index = crate::index::Index::new(2, &recsafe_common::topics::TopicMap::new(&[]));
        let (profile_visits, learned) =
            (crate::profile_visits::ProfileVisits::new(2), crate::learning::Learned::default());
        let view = view(&observed, &index, &profile_visits, &learned);
        let suggestion_request = SuggestionRequest { viewer: OTHER, day: 5, visit: 0, draws: DRAWS };
        let suggestion = Suggestion { viewer: OTHER, suggested: AccountId(1), slot: 0 };
        let hides = |policy: &Policy| policy.hides(&suggestion, view.observed, &suggestion_request);
        assert!(!hides(&policy) && hides(&everything(&[Targeting::default()])));
        let unlists = |policy: &Policy| policy.unlists(OTHER, AccountId(1), &observed, 0, DRAWS);
        assert!(!unlists(&policy) && unlists(&everything(&[Targeting::default()])));
        let active: Active = vec![0];
        assert_eq!(policy.personalisation(0.1, &active, &request(0)), 0.1);
        assert_eq!(policy.caps(TopicCaps::default(), &active, &request(0)), TopicCaps::default());
        assert!(!policy.resets_profile(&active, &request(0)));
        assert!(!policy.has_quiet_hours() && !policy.checks_age() && policy.flaggers(5).is_empty());
        let mut review = Review::new(&crate::settings::Enforcement::default());
        let before = review;
        policy.reviews(&mut review, 5);
        assert_eq!(review, before);
    }
}
