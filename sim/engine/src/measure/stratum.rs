//! Strata: parts of the population with separate counts. A group consists of one or more strata.

use recsafe_common::band::AgeBand;
use recsafe_common::ids::AccountId;
use recsafe_people::behavior::probes::Script;
use recsafe_people::people::People;
use recsafe_people::role::Role;
use serde::{Deserialize, Serialize};

/// Number of strata. Users and bots have one stratum each. Predators are divided by intent, and
/// probes by script. Minors are divided by age band, and also by whether they declare 18 or over.
pub const STRATA: usize = FIRST_PROBE as usize + Script::ALL.len();

/// Stratum of an account, which never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Stratum(u8);

const USER: Stratum = Stratum(0);
const FIRST_PREDATOR: u8 = 1;
const FIRST_MINOR: u8 = FIRST_PREDATOR + 4;
const BOT: Stratum = Stratum(FIRST_MINOR + 6);
const FIRST_PROBE: u8 = BOT.0 + 1;

fn predator(contacting: bool, exchange: bool) -> Stratum {
    Stratum(FIRST_PREDATOR + 2 * u8::from(contacting) + u8::from(exchange))
}

fn minor(band: AgeBand, states_adult: bool) -> Stratum {
    Stratum(FIRST_MINOR + 2 * band as u8 + u8::from(states_adult))
}

fn probe(script: Script) -> Stratum {
    Stratum(FIRST_PROBE + script as u8)
}

/// Rows and scripts of the probes.
#[derive(Clone, Copy, Debug)]
pub struct Probes<'a> {
    /// First row of a probe. The rows of probes are contiguous.
    pub first: usize,
    /// Scripts, in the order of the rows.
    pub scripts: &'a [Script],
}

impl Stratum {
    /// Returns the stratum of each account.
    #[must_use]
    pub fn column(people: &People, probes: &Probes) -> Vec<Stratum> {
        let script = |id: AccountId| probes.scripts.get(id.row().wrapping_sub(probes.first)).copied();
        people.ids().map(|id| Stratum::of(people, id, script(id).unwrap_or(Script::Passive))).collect()
    }

    /// Returns the stratum of an account. `script` is used only for probes.
    #[must_use]
    pub fn of(people: &People, id: AccountId, script: Script) -> Stratum {
        match people.role[id.row()] {
            Role::User => USER,
            Role::Predator => predator(people.is_contacting_predator(id), people.intents[id.row()].is_exchange()),
            Role::Minor => minor(people.band[id.row()], !people.declared_age[id.row()].is_minor()),
            Role::Bot => BOT,
            Role::Probe => probe(script),
        }
    }

    /// Returns whether the accounts of the stratum are minors of the population.
    #[inline]
    #[must_use]
    pub const fn is_minor(self) -> bool {
        FIRST_MINOR <= self.0 && self.0 < BOT.0
    }

    /// Returns whether the accounts of the stratum are minors of the population who declare an age
    /// below 18.
    #[inline]
    #[must_use]
    pub const fn states_minor(self) -> bool {
        self.is_minor() && (self.0 - FIRST_MINOR).is_multiple_of(2)
    }

    /// Returns whether the accounts of the stratum are probes.
    #[inline]
    #[must_use]
    pub const fn is_probe(self) -> bool {
        FIRST_PROBE <= self.0
    }

    /// Returns the index of the stratum in an array of length [`STRATA`].
    #[inline]
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// Named part of the population, as in tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Name: `all`, a role, a role with an age band, `minor:declared-adult`, `contacting`,
    /// `exchange`, or the script of a probe.
    pub name: String,
    /// Strata.
    pub strata: Vec<Stratum>,
}

impl Group {
    /// Returns all groups in the order of the tables. `all` excludes bots and probes.
    #[must_use]
    pub fn all() -> Vec<Group> {
        let minors = [AgeBand::Under13, AgeBand::From13, AgeBand::From16];
        let of_bands = |bands: &[AgeBand], states: &[bool]| {
            bands.iter().flat_map(|&band| states.iter().map(move |&adult| minor(band, adult))).collect::<Vec<_>>()
        };
        let group = |name: &str, strata: Vec<Stratum>| Group { name: name.to_owned(), strata };
        let predators = |contacting: &[bool]| {
            contacting.iter().flat_map(|&seeks| [predator(seeks, false), predator(seeks, true)]).collect::<Vec<_>>()
        };
        let every_minor = of_bands(&minors, &[false, true]);
        let mut groups = vec![
            group("all", [vec![USER], predators(&[false, true]), every_minor.clone()].concat()),
            group("user", vec![USER]),
            group("minor", every_minor),
        ];
        groups.extend(
            minors.iter().map(|&band| group(&format!("minor:{}", band.name()), of_bands(&[band], &[false, true]))),
        );
        groups.push(group("minor:declared-minor", of_bands(&minors, &[false])));
        groups.push(group("minor:declared-adult", of_bands(&minors, &[true])));
        groups.push(group("predator", predators(&[false, true])));
        groups.push(group("contacting", predators(&[true])));
        groups.push(group("exchange", [false, true].map(|seeks| predator(seeks, true)).to_vec()));
        groups.push(group("bot", vec![BOT]));
        groups.extend(Script::ALL.iter().map(|&script| group(script.name(), vec![probe(script)])));
        groups
    }

    /// Returns whether the group is a part of the population. All other groups are scripts of
    /// probes.
    #[must_use]
    pub fn is_population(&self) -> bool {
        self.strata.iter().all(|stratum| stratum.0 < FIRST_PROBE)
    }

    /// Returns whether all accounts of the group are predators.
    #[must_use]
    pub fn is_of_predators(&self) -> bool {
        self.strata.iter().all(|stratum| (FIRST_PREDATOR..FIRST_MINOR).contains(&stratum.0))
    }

    /// Returns whether all accounts of the group are minors of the population.
    #[must_use]
    pub fn is_of_minors(&self) -> bool {
        self.strata.iter().all(|stratum| stratum.is_minor())
    }

    /// Returns whether no account of the group is a minor of the population.
    #[must_use]
    pub fn is_without_minors(&self) -> bool {
        !self.strata.iter().any(|stratum| stratum.is_minor())
    }

    /// Returns whether the group is a script of probes that predators can discover and contact.
    /// Such probes declare an age of 13 to 15.
    #[must_use]
    pub fn is_findable_probe(&self) -> bool {
        !self.is_population() && self.name != Script::Passive.name()
    }
}
