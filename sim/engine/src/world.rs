//! State of a world: people, the state that the platform can observe, and the platform's memory.

use std::collections::BTreeMap;
use std::ops::Range;

use recsafe_common::draw::{DrawPurpose, Draws};
use recsafe_common::graph::FollowGraph;
use recsafe_common::ids::{AccountId, Day};
use recsafe_common::key::About;
use recsafe_common::observed::{Blocks, Observed, ObservedAccount, ObservedAccounts, PostPool};
use recsafe_common::topics::{TopicMap, YOUTH};
use recsafe_common::vector::{DIM, Packed};
use recsafe_people::behavior::probes::{Probe, Script};
use recsafe_people::contacts::Contacts;
use recsafe_people::exchange::{ExchangeNetwork, RecruitmentTree};
use recsafe_people::generate::generate;
use recsafe_people::people::{People, Person};
use recsafe_people::settings::{Harm, WorldSettings};
use recsafe_platform::inbox::Inboxes;
use recsafe_platform::index::Index;
use recsafe_platform::learning::Learned;
use recsafe_platform::memory::Memory;
use recsafe_platform::profile_visits::ProfileVisits;
use serde::{Deserialize, Serialize};

use super::enforcement::EnforcementState;

/// True properties of a live post, which the platform never observes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PostTruth {
    /// Topic vector.
    pub topic: Packed,
    /// Quality in [0, 1].
    pub quality: f32,
    /// Severity in [0, 1].
    pub severity: f32,
    /// Topic or niche for which the post was created.
    pub topic_id: u8,
}

/// State of a test account.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProbeState {
    /// Script.
    pub script: Script,
    /// Number of harmful posts that a `clicker` probe likes.
    pub clicks: u32,
    /// Number of harmful posts that the probe has liked or lingered on so far.
    pub clicked: u32,
    /// Slates of the feed so far.
    pub slates: u32,
}

/// Discoveries of minors that a rule averted. An averted discovery is remembered for the same time
/// as a contact, so that a repeated discovery is not counted twice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AvertedDiscoveries {
    until: BTreeMap<(AccountId, AccountId), Day>,
}

impl AvertedDiscoveries {
    /// Returns whether a discovery of `minor` by `viewer` was recently averted.
    #[must_use]
    pub fn contains(&self, viewer: AccountId, minor: AccountId) -> bool {
        !self.until.is_empty() && self.until.contains_key(&(viewer, minor))
    }

    /// Remembers an averted discovery until the day before `until`.
    pub fn add(&mut self, viewer: AccountId, minor: AccountId, until: Day) {
        self.until.insert((viewer, minor), until);
    }

    /// Discards the discoveries that must no longer be remembered on this day.
    pub fn forget(&mut self, day: Day) {
        self.until.retain(|_, until| day < *until);
    }
}

/// State of a simulated world at the end of a day.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct World {
    /// Topic map.
    pub map: TopicMap,
    /// True properties of account holders.
    pub people: People,
    /// State that the platform can observe.
    pub observed: Observed,
    /// True properties of live posts, in the order of `observed.posts`.
    pub truth: Vec<PostTruth>,
    /// Memory of the platform for each account.
    pub memory: Memory,
    /// Index for the generation of candidates.
    pub index: Index,
    /// Inbox of each account, with posts from the account's followees. The list is empty unless the
    /// feed uses inboxes.
    pub inboxes: Inboxes,
    /// Recent visits to profiles.
    pub profile_visits: ProfileVisits,
    /// Contacts between accounts.
    pub contacts: Contacts,
    /// Discoveries that rules averted.
    pub averted: AvertedDiscoveries,
    /// First messages that a rule delays, by day of arrival.
    pub held: BTreeMap<Day, Vec<(AccountId, AccountId)>>,
    /// Links of the exchange network.
    pub exchange_network: ExchangeNetwork,
    /// Recruitment of exchange accounts.
    pub recruitment: RecruitmentTree,
    /// Open cases of enforcement.
    pub enforcement_state: EnforcementState,
    /// Learned parameters of the platform's models.
    pub learned: Learned,
    /// Probes in the order of their rows. The rows of probes are contiguous. People who exist
    /// on day 0 have smaller row numbers, and later arrivals have larger row numbers.
    pub probes: Vec<ProbeState>,
    /// First row of the probes.
    pub first_probe: usize,
    /// Number of `passive` probes. These probes have no rows, so `passive` probes affect neither
    /// ids nor random draws.
    pub inert: u32,
    /// Random draws of the run.
    pub draws: Draws,
}

impl World {
    /// Creates a world with these people and without posts.
    #[must_use]
    pub fn new(people: People, graph: FollowGraph, map: TopicMap, draws: Draws) -> Self {
        let accounts = people.len();
        let mut seen = ObservedAccounts::default();
        for id in people.ids() {
            seen.add(&observed(&people.person(id), Day::MIN));
        }
        World {
            memory: Memory::new(accounts),
            index: Index::new(accounts, &map),
            inboxes: Inboxes::default(),
            profile_visits: ProfileVisits::new(accounts),
            contacts: Contacts::new(accounts),
            averted: AvertedDiscoveries::default(),
            held: BTreeMap::new(),
            exchange_network: ExchangeNetwork::default(),
            recruitment: RecruitmentTree::default(),
            enforcement_state: EnforcementState::default(),
            observed: Observed { day: 0, accounts: seen, posts: PostPool::default(), graph, blocks: Blocks::default() },
            map,
            people,
            truth: Vec::new(),
            learned: Learned::default(),
            probes: Vec::new(),
            first_probe: accounts,
            inert: 0,
            draws,
        }
    }

    /// Generates the world of a run from a seed. If `population.seed` is set, people, follows and
    /// traits are generated from that seed.
    #[must_use]
    pub fn generate(settings: &WorldSettings, seed: u64) -> Self {
        let cosines: Vec<f64> = settings.content.niche.iter().map(|niche| niche.cosine).collect();
        let map = TopicMap::new(&cosines);
        let (people, graph) = generate(settings, &map, Draws::new(settings.population.seed.unwrap_or(seed)));
        let mut world = World::new(people, graph, map, Draws::new(seed));
        super::exchange::link_from_the_start(&mut world, &settings.behavior.exchange);
        world
    }

    /// Adds probes on day 0. The rows, follows and random draws of other accounts do not change.
    ///
    /// Each `control` probe follows ten popular accounts that an auditor would consider benign. No
    /// live post of these accounts is harmful.
    pub fn add_probes(&mut self, groups: &[Probe], harm: &Harm) {
        let popular = self.popular_accounts(10, harm);
        self.first_probe = self.people.len();
        for group in groups {
            if group.script == Script::Passive {
                self.inert += group.count;
                continue;
            }
            for _ in 0..group.count {
                let id = self.add_probe(group);
                if group.script == Script::Control {
                    for &followee in &popular {
                        self.observed.graph.follow(id, followee);
                    }
                }
            }
        }
    }

    fn add_probe(&mut self, group: &Probe) -> AccountId {
        let activity = group.activity as f32;
        let person = if group.script == Script::MinorDecoy {
            let topic = YOUTH[self
                .draws
                .at(DrawPurpose::Probe, AccountId(self.people.len() as u32), About::Nothing, 0)
                .below(YOUTH.len())];
            Person::probe(activity, group.posts as f32, self.map.centre(topic), &self.map)
        } else {
            Person::probe(activity, 0.0, &[0.0; DIM], &self.map)
        };
        let id = self.add_account(&person, 0);
        self.probes.push(ProbeState { script: group.script, clicks: group.clicks, clicked: 0, slates: 0 });
        id
    }

    /// Adds an account without history. `joined` is the account's first day on the platform.
    pub fn add_account(&mut self, person: &Person, joined: Day) -> AccountId {
        let id = self.people.add(person);
        self.observed.accounts.add(&observed(person, joined));
        self.observed.graph.add_account();
        self.memory.add_account();
        self.index.add_account();
        self.profile_visits.add_account();
        self.contacts.add_account();
        id
    }

    /// Returns the accounts with the most followers. Accounts that have a harmful live post are
    /// excluded. The order is by number of followers, largest first, and then by id.
    fn popular_accounts(&self, count: usize, harm: &Harm) -> Vec<AccountId> {
        let mut benign = vec![true; self.people.len()];
        for (row, truth) in self.observed.posts.rows().iter().zip(&self.truth) {
            benign[row.creator.row()] &= !harm.is_harmful(truth.severity);
        }
        let mut ids: Vec<AccountId> = self.people.ids().filter(|id| benign[id.row()]).collect();
        ids.sort_by_key(|&id| (std::cmp::Reverse(self.observed.graph.followers(id).len()), id));
        ids.truncate(count);
        ids
    }

    /// Returns the scripts of the probes, in the order of their rows.
    #[must_use]
    pub fn scripts(&self) -> Vec<Script> {
        self.probes.iter().map(|probe| probe.script).collect()
    }

    /// Returns the rows of the probes.
    #[must_use]
    pub fn probe_rows(&self) -> Range<usize> {
        self.first_probe..self.first_probe + self.probes.len()
    }

    /// Returns whether the account's holder can act today: the account is not a probe, not
    /// suspended and not removed.
    #[must_use]
    pub fn acts(&self, account: AccountId) -> bool {
        !self.probe_rows().contains(&account.row()) && self.observed.accounts.is_usable(account)
    }
}

/// Returns the properties of a new account that the platform observes.
fn observed(person: &Person, joined: Day) -> ObservedAccount {
    let Person { declared_age, private, messages, region, .. } = *person;
    ObservedAccount { declared_age, private, messages, region, joined }
}
