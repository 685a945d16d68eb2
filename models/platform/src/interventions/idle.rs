//! Detection of interventions that cannot apply in a run. The detection uses the knobs, the
//! roll-out and the world.
//!
//! An intervention is reported only if there is no doubt. It is possible that an intervention that
//! is not reported never applies.

use recsafe_common::band::AgeBand;

use super::{Audience, Deployed, Hook, Intervention, entries};
use crate::enforcement::{Detection, Review, SanctionPolicy};
use crate::settings::Enforcement;
use crate::slate::TopicCaps;

/// Actions and events of accounts that some hooks need. A hook that needs an action or event is
/// called only if the action or event occurs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occurrence {
    /// Accounts view the feed.
    Feed,
    /// Accounts view people suggestions.
    Suggestions,
    /// Accounts search for posts or accounts.
    Searches,
    /// Accounts search for other accounts.
    AccountSearches,
    /// Accounts open follower lists.
    FollowerLists,
    /// Accounts send first messages.
    Messages,
    /// Accounts sell or buy in the exchange network.
    Exchange,
    /// Users come back after removal.
    Returns,
}

impl Occurrence {
    /// Returns the message for a world in which this event never happens.
    #[must_use]
    pub fn absent(self) -> &'static str {
        match self {
            Occurrence::Feed => "nobody looks at the feed",
            Occurrence::Suggestions => "nobody looks at people suggestions",
            Occurrence::Searches => "nobody searches",
            Occurrence::AccountSearches => "nobody searches for accounts",
            Occurrence::FollowerLists => "nobody opens follower lists",
            Occurrence::Messages => "nobody sends first messages",
            Occurrence::Exchange => "there are no exchange accounts",
            Occurrence::Returns => "nobody comes back after removal",
        }
    }
}

/// The facts about a run that decide whether an intervention can apply.
#[derive(Clone, Debug)]
pub struct RunFacts<'a> {
    /// Number of measured days.
    pub days: u32,
    /// Age bands that accounts can declare.
    pub declared_age: Vec<AgeBand>,
    /// Age bands that the platform can assign to accounts: the declared bands, and the results of
    /// age verification and age inference.
    pub bands: Vec<AgeBand>,
    /// Whether accounts join during the run.
    pub newcomers: bool,
    /// Events that never happen.
    pub never: Vec<Occurrence>,
    /// The platform's own enforcement settings, which some interventions change.
    pub enforcement: &'a Enforcement,
}

impl Audience {
    /// Returns whether accounts of an age band can belong to this audience.
    fn has(self, band: AgeBand) -> bool {
        match self {
            Audience::Minors => band.is_minor(),
            Audience::Under16 => matches!(band, AgeBand::Under13 | AgeBand::From13),
            Audience::Adults => !band.is_minor(),
            Audience::Everyone | Audience::Flagged | Audience::New => true,
        }
    }
}

impl Deployed {
    /// Returns the reason why the intervention cannot apply in a run, or `None` if the intervention
    /// can apply.
    #[must_use]
    pub fn idle(&self, run_facts: &RunFacts) -> Option<String> {
        self.idle_by_rollout(run_facts)
            .or_else(|| self.idle_by_days(run_facts))
            .or_else(|| self.idle_by_bands(run_facts))
            .or_else(|| self.idle_by_hooks(run_facts))
    }

    fn idle_by_rollout(&self, run_facts: &RunFacts) -> Option<String> {
        let zero = [
            ("coverage", self.targeting.coverage),
            ("efficacy", self.targeting.efficacy),
            ("regions", self.targeting.regions),
        ];
        let zero = zero.into_iter().find(|(_, share)| *share == 0.0);
        if let Some((knob, _)) = zero {
            return Some(format!("its `{knob}` is 0"));
        }
        let nobody = self.targeting.audience == Audience::New && !run_facts.newcomers;
        nobody.then(|| "its `audience` is \"new\", but no account joins in this world".to_owned())
    }

    fn idle_by_days(&self, run_facts: &RunFacts) -> Option<String> {
        let last = run_facts.days as i32 - 1;
        if self.targeting.start_day > last {
            return Some(format!("its `start_day` is {}, but the last day is {last}", self.targeting.start_day));
        }
        let comes = |day: i32| self.targeting.reach(day) > 0.0 && self.rule().wave(day).is_some();
        let late = self.hooks() == ["wave"] && !(0..=last).any(comes);
        late.then(|| format!("it is not active on its `day`, or the run ends before that day (last day: {last})"))
    }

    fn idle_by_bands(&self, run_facts: &RunFacts) -> Option<String> {
        let (rule, audience) = (self.rule(), self.targeting.audience);
        if self.hooks().iter().all(|hook| matches!(*hook, "reviews")) {
            return None; // the intervention does not depend on accounts
        }
        let of_age = self.hooks().contains(&"checks-age");
        let seen = if of_age { &run_facts.declared_age } else { &run_facts.bands };
        let word = if of_age { "declare" } else { "are treated as" };
        let named = |bands: Vec<&str>| if bands.is_empty() { "none".to_owned() } else { bands.join(", ") };
        let names = |fits: &dyn Fn(AgeBand) -> bool| {
            named(AgeBand::ALL.iter().filter(|band| fits(**band)).map(|band| band.name()).collect())
        };
        if !seen.iter().any(|band| audience.has(*band)) {
            let bands = named(seen.iter().map(|band| band.name()).collect());
            return Some(format!(
                "its `audience` is \"{}\", but all accounts of this world {word} {bands}",
                audience.name()
            ));
        }
        if !seen.iter().any(|band| audience.has(*band) && rule.acts_on(*band)) {
            let bands = names(&|band| rule.acts_on(band));
            return Some(match audience {
                Audience::Everyone | Audience::Flagged | Audience::New => {
                    format!("it acts on accounts that {word} {bands}, but this world has none")
                }
                _ => format!(
                    "its `audience` is \"{}\", but it acts only on accounts that {word} {bands}",
                    audience.name()
                ),
            });
        }
        let alone = !run_facts.bands.iter().any(|band| rule.acts_towards(*band));
        alone.then(|| {
            let bands = names(&|band| rule.acts_towards(band));
            format!("it acts only if the other account is treated as {bands}, but this world has no such account")
        })
    }

    fn idle_by_hooks(&self, run_facts: &RunFacts) -> Option<String> {
        let hooks = self.hooks();
        if hooks.is_empty() {
            return None;
        }
        let never = |hook: &&str| {
            Hook::named(hook).and_then(|hook| hook.at).filter(|happening| run_facts.never.contains(happening))
        };
        let reasons: Vec<Occurrence> = hooks.iter().filter_map(never).collect();
        if reasons.len() == hooks.len() {
            return reasons.first().map(|happening| happening.absent().to_owned());
        }
        let quiet = hooks.iter().all(|hook| says_nothing(self.rule(), hook, run_facts));
        quiet.then(|| "its knobs have no effect".to_owned())
    }

    /// Returns the hooks that the catalogue lists for this intervention. The list is empty if the
    /// intervention is in no catalogue.
    fn hooks(&self) -> &'static [&'static str] {
        entries().into_iter().find(|entry| entry.id == self.kind).map_or(&[], |entry| entry.hooks)
    }
}

/// Returns whether it is certain that an intervention never changes anything at a hook.
fn says_nothing(rule: &dyn Intervention, hook: &str, run_facts: &RunFacts) -> bool {
    match hook {
        "personalisation" => [0.058, 1.0].iter().all(|step| rule.personalisation(*step) == *step),
        "caps" => rule.caps(TopicCaps::default()) == TopicCaps::default(),
        "filters-searches" => rule.filters_searches().is_none_or(|it| it.recall == 0.0 && it.mistaken == 0.0),
        "is-quiet" => !(0..24).any(|hour| rule.is_quiet(hour)),
        "detects" => {
            let before = Detection::new(run_facts.enforcement);
            let mut after = before;
            rule.detects(&mut after);
            after == before
        }
        "reviews" => {
            let before = Review::new(run_facts.enforcement);
            let mut after = before;
            rule.reviews(&mut after, 1.0);
            after == before
        }
        "sanctions" => {
            let before = SanctionPolicy::new(run_facts.enforcement);
            let mut after = before;
            rule.sanctions(&mut after);
            after == before
        }
        "reporting" => rule.reporting() == 1.0,
        "flaggers" => rule.flaggers().is_none_or(|it| it.reports == 0.0),
        "spreads" => rule.spreads().is_none_or(|it| it.per_tie == 0.0),
        "wave" => (0..run_facts.days as i32).filter_map(|day| rule.wave(day)).all(|it| it.share == 0.0),
        "checks-age" => rule.checks_age().is_none_or(|it| it.share == 0.0 || it.caught == [0.0; 4] && !it.asks),
        "barrier" => rule.barrier().is_none_or(|it| it.detection == 0.0),
        "makes-private" => !AgeBand::ALL.iter().any(|band| rule.makes_private(*band)),
        _ => false,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;
    use recsafe_common::catalogue::Chosen;
    use serde_json::{Value as Json, json};

    fn rule(kind: &str, knobs: &Json) -> Deployed {
        let mut chosen = Chosen::plain(kind);
        chosen.knobs = knobs.as_object().unwrap().clone();
        Deployed::new(&chosen).unwrap()
    }

    fn there(enforcement: &Enforcement) -> RunFacts<'_> {
        let all = AgeBand::ALL.to_vec();
        RunFacts { days: 28, declared_age: all.clone(), bands: all, newcomers: true, never: Vec::new(), enforcement }
    }

    /// Returns why an intervention cannot apply in a run. All events happen in the run, unless
    /// `change` changes the facts about the run.
    fn idle(kind: &str, knobs: &Json, change: impl Fn(&mut RunFacts)) -> Option<String> {
        let enforcement = Enforcement::default();
        let mut run_facts = there(&enforcement);
        change(&mut run_facts);
        rule(kind, knobs).idle(&run_facts)
    }

    #[test]
    fn every_rule_may_apply_where_everybody_is_and_everything_happens() {
        for entry in entries() {
            assert_eq!(idle(entry.id, &json!({}), |_| ()), None, "{}", entry.id);
        }
    }

    #[test]
    fn every_rule_is_idle_at_coverage_efficacy_or_regions_0_and_if_it_starts_after_the_last_day() {
        for entry in entries() {
            for knob in ["coverage", "efficacy", "regions"] {
                let why = idle(entry.id, &json!({ knob: 0.0 }), |_| ());
                assert_eq!(why, Some(format!("its `{knob}` is 0")), "{}", entry.id);
            }
            let why = idle(entry.id, &json!({ "start_day": 28 }), |_| ());
            assert_eq!(why.as_deref(), Some("its `start_day` is 28, but the last day is 27"), "{}", entry.id);
            assert_eq!(idle(entry.id, &json!({ "start_day": 5 }), |_| ()), None, "{}", entry.id);
        }
    }

    #[test]
    fn a_rule_for_minors_that_is_rolled_out_to_adults_reaches_nobody() {
        let protects = [
            "restrict-messages",
            "message-warning",
            "delay-first-message",
            "hide-follower-lists",
            "private-by-default",
            "hide-minors-from-suggestions",
            "limit-search-of-minors",
            "parental-controls",
            "age-appropriate-sources",
        ];
        for kind in protects {
            let why = idle(kind, &json!({ "audience": "adults" }), |_| ()).unwrap();
            assert!(why.starts_with("its `audience` is \"adults\""), "{kind}: {why}");
            assert_eq!(idle(kind, &json!({ "audience": "minors" }), |_| ()), None, "{kind}");
        }
        let bands = json!({ "audience": "under-16", "bands": ["16-17"] });
        assert!(idle("restrict-messages", &bands, |_| ()).is_some());
        assert!(idle("age-assurance", &json!({ "audience": "minors" }), |_| ()).is_some());
        assert_eq!(idle("age-assurance", &json!({ "audience": "adults" }), |_| ()), None);
    }

    #[test]
    fn a_rule_for_minors_reaches_nobody_where_nobody_is_taken_for_one() {
        let adults = |run_facts: &mut RunFacts| {
            (run_facts.declared_age, run_facts.bands) = (vec![AgeBand::Adult], vec![AgeBand::Adult]);
        };
        let why = idle("restrict-messages", &json!({}), adults).unwrap();
        assert!(why.contains("under-13, 13-15, 16-17, but this world has none"), "{why}");
        assert!(idle("message-rate-limit", &json!({ "audience": "minors" }), adults).is_some());
        assert_eq!(idle("message-rate-limit", &json!({}), adults), None);
        let found = |run_facts: &mut RunFacts| {
            adults(run_facts);
            run_facts.bands.push(AgeBand::From16); // assigned by an age check
        };
        assert_eq!(idle("restrict-messages", &json!({}), found), None);
        let minors = |run_facts: &mut RunFacts| run_facts.bands = vec![AgeBand::From13];
        assert!(idle("hide-minors-from-suggestions", &json!({}), minors).unwrap().contains("18+"));
    }

    #[test]
    fn a_rule_is_idle_where_nothing_happens_at_any_of_its_hooks() {
        let without = |happening| move |run_facts: &mut RunFacts<'_>| run_facts.never.push(happening);
        for (kind, happening) in [
            ("demote-predicted-harm", Occurrence::Feed),
            ("daily-limit", Occurrence::Feed),
            ("hide-minors-from-suggestions", Occurrence::Suggestions),
            ("block-niche-search", Occurrence::Searches),
            ("limit-search-of-minors", Occurrence::AccountSearches),
            ("hide-follower-lists", Occurrence::FollowerLists),
            ("message-rate-limit", Occurrence::Messages),
            ("removal-wave", Occurrence::Exchange),
            ("ban-evasion-detection", Occurrence::Returns),
        ] {
            assert_eq!(idle(kind, &json!({}), without(happening)).as_deref(), Some(happening.absent()), "{kind}");
        }
        let one_of_two = idle("hide-flagged-accounts", &json!({}), without(Occurrence::Suggestions));
        assert_eq!(one_of_two, None, "it still hides accounts from searches");
        let new = |run_facts: &mut RunFacts| run_facts.newcomers = false;
        assert!(idle("daily-limit", &json!({ "audience": "new" }), new).unwrap().contains("no account joins"));
    }

    #[test]
    fn a_wave_on_a_day_on_which_it_does_not_act_never_comes() {
        for knobs in [json!({ "day": 28 }), json!({ "day": 3, "start_day": 4 }), json!({ "day": 9, "end_day": 9 })] {
            assert!(idle("removal-wave", &knobs, |_| ()).unwrap().contains("its `day`"), "{knobs}");
        }
        assert_eq!(idle("removal-wave", &json!({ "day": 27 }), |_| ()), None);
    }

    #[test]
    fn knobs_that_leave_everything_as_it_is_are_known() {
        for (kind, knobs) in [
            ("dampen-personalisation", json!({ "factor": 1.0 })),
            ("report-button", json!({ "report_rate_factor": 1.0 })),
            ("review-capacity", json!({ "capacity_factor": 1.0 })),
            ("classifier", json!({ "content_d_prime_gain": 0.0, "account_d_prime_gain": 0.0 })),
            ("strikes", json!({ "strikes": 3, "immediate_removal": 0.5 })),
            ("network-removal", json!({ "per_tie": 0.0 })),
            ("trusted-flaggers", json!({ "reports": 0.0 })),
            ("block-niche-search", json!({ "recall": 0.0, "false_positive_rate": 0.0 })),
            ("ban-evasion-detection", json!({ "detection": 0.0 })),
        ] {
            let why = idle(kind, &knobs, |_| ());
            assert_eq!(why.as_deref(), Some("its knobs have no effect"), "{kind}");
        }
        assert!(idle("private-by-default", &json!({ "bands": [] }), |_| ()).is_some());
    }
}
