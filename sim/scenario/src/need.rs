//! Requirements of metrics. Before a run it is checked whether a metric can have a value, and
//! whether it can differ between arms.

use recsafe_people::behavior::probes::Script;
use recsafe_people::generate::Members;
use recsafe_platform::interventions::{Occurrence, entries};

/// Kind of account that exists when the measured days begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Adults without harmful intent.
    Users,
    /// Minors.
    Minors,
    /// Minors in one age band: under 13, 13 to 15, or 16 and 17.
    MinorsOf(usize),
    /// Minors who declare an age below 18.
    StatedMinors,
    /// Minors who declare an age of 18 or over.
    StatedAdults,
    /// Predators.
    Predators,
    /// Predators who look for minors.
    Contacting,
    /// Exchange accounts.
    Exchange,
    /// Automated accounts.
    Bots,
}

impl Who {
    /// Returns whether the world has such accounts.
    #[must_use]
    pub fn are_in(self, members: &Members) -> bool {
        let count = match self {
            Who::Users => members.users,
            Who::Minors => members.all_minors(),
            Who::MinorsOf(band) => members.minors.get(band).copied().unwrap_or(0),
            Who::StatedMinors => usize::from(members.stated_by_minors[..3].contains(&true)),
            Who::StatedAdults => usize::from(members.stated_by_minors[3]),
            Who::Predators => members.predators,
            Who::Contacting => members.contacting,
            Who::Exchange => members.exchange,
            Who::Bots => members.bots,
        };
        count > 0
    }

    /// Returns the name of these accounts in messages.
    #[must_use]
    pub fn named(self) -> &'static str {
        match self {
            Who::Users => "ordinary adults",
            Who::Minors => "minors",
            Who::MinorsOf(0) => "minors under 13",
            Who::MinorsOf(1) => "minors aged 13 to 15",
            Who::MinorsOf(_) => "minors aged 16 and 17",
            Who::StatedMinors => "minors who declare an age below 18",
            Who::StatedAdults => "minors who declare 18 or over",
            Who::Predators => "predators",
            Who::Contacting => "predators who look for minors",
            Who::Exchange => "exchange accounts",
            Who::Bots => "bots",
        }
    }
}

/// Requirement of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// At least this number of measured days.
    Days(u32),
    /// Accounts of a kind.
    Accounts(Who),
    /// Active probes with a script.
    Probes(Script),
    /// An activity of people.
    Happens(Occurrence),
    /// Inboxes.
    Inboxes,
    /// An arm with a chronological or random feed and without interventions.
    Reference,
    /// An arm with an intervention that runs at this hook.
    Rule(&'static str),
}

impl Need {
    /// Returns which accounts a world must contain for this group, or `None` if every world
    /// contains them. For a part of a group that is not listed, returns the accounts of the whole
    /// group.
    #[must_use]
    pub fn of_group(group: &str) -> Option<Need> {
        let who = match group {
            "user" => Who::Users,
            "minor" => Who::Minors,
            "minor:under-13" => Who::MinorsOf(0),
            "minor:13-15" => Who::MinorsOf(1),
            "minor:16-17" => Who::MinorsOf(2),
            "minor:declared-minor" => Who::StatedMinors,
            "minor:declared-adult" => Who::StatedAdults,
            "predator" => Who::Predators,
            "contacting" => Who::Contacting,
            "exchange" => Who::Exchange,
            "bot" => Who::Bots,
            _ => {
                let script = Script::ALL.iter().find(|script| script.name() == group);
                let probes = script.map(|script| Need::Probes(*script));
                return probes.or_else(|| Need::of_group(group.rsplit_once(':')?.0));
            }
        };
        Some(Need::Accounts(who))
    }

    /// Returns the message for a requirement that is not met.
    #[must_use]
    pub fn lacking(self, days: u32) -> String {
        match self {
            Need::Days(needed) => format!("it needs {needed} measured days, but the experiment has {days}"),
            Need::Accounts(who) => format!("there are no {} in this world", who.named()),
            Need::Probes(Script::Passive) => "`passive` probes do nothing that can be measured".to_owned(),
            Need::Probes(script) => format!("there are no `{}` probes", script.name()),
            Need::Happens(happening) => happening.absent().to_owned(),
            Need::Inboxes => "there are no inboxes".to_owned(),
            Need::Reference => "no arm without interventions has a chronological or random feed".to_owned(),
            Need::Rule(hook) => format!("no arm has an intervention of the kind `{}`", rules_at(hook).join("`, `")),
        }
    }

    /// Describes the requirement. Returns `None` if every ordinary world meets the requirement.
    #[must_use]
    pub fn needed(self) -> Option<String> {
        Some(match self {
            Need::Days(days) => format!("{days} measured days"),
            Need::Accounts(who) => who.named().to_owned(),
            Need::Probes(script) => format!("`{}` probes", script.name()),
            Need::Happens(_) => return None,
            Need::Inboxes => "inboxes (`feed.quotas.inbox` above 0)".to_owned(),
            Need::Reference => "an arm with a chronological or random feed and without interventions".to_owned(),
            Need::Rule(hook) => format!("an intervention of the kind `{}`", rules_at(hook).join("`, `")),
        })
    }

    /// Returns how to meet the requirement.
    #[must_use]
    pub fn help(self) -> String {
        let remedy = match self {
            Need::Days(days) => format!("set `experiment.days` to {days} or more"),
            Need::Accounts(Who::Predators) => "set `population.predators` above 0".to_owned(),
            Need::Accounts(Who::Contacting | Who::Exchange) => {
                "set `population.predators` and `behavior.intents` above 0".to_owned()
            }
            Need::Accounts(Who::Bots) => "set `population.bots.share` above 0".to_owned(),
            Need::Accounts(Who::Users) => "lower the other shares of `population`".to_owned(),
            Need::Accounts(_) => "set `population.minors` above 0".to_owned(),
            Need::Probes(Script::Passive) => return "name another outcome".to_owned(),
            Need::Probes(script) => format!("add [[probe]] with script = \"{}\"", script.name()),
            Need::Happens(_) => "set `behavior.sessions` above 0".to_owned(),
            Need::Inboxes => "set `feed.quotas.inbox` above 0".to_owned(),
            Need::Reference => "add an arm with set = { \"feed.ranker\" = { kind = \"chronological\" } }".to_owned(),
            Need::Rule(hook) => {
                format!("add an intervention such as `{}` to an arm", rules_at(hook).first().unwrap_or(&""))
            }
        };
        format!("{remedy}, or name another outcome")
    }
}

/// Returns the message for a world that lacks a group, or `None` if every world has the group.
#[must_use]
pub fn want_of_group(group: &str) -> Option<String> {
    Need::of_group(group).map(|need| need.lacking(0))
}

/// Returns the kinds of interventions that run at a hook.
#[must_use]
pub fn rules_at(hook: &str) -> Vec<&'static str> {
    entries().into_iter().filter(|entry| entry.hooks.contains(&hook)).map(|entry| entry.id).collect()
}
