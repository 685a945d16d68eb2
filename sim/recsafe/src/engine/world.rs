//! A world: its people, what can be observed of them, and what the platform remembers.

use recsafe_common::band::AgeBand;
use recsafe_common::draw::Draws;
use recsafe_common::graph::FollowGraph;
use recsafe_common::ids::{AccountId, Day};
use recsafe_common::observed::{Observed, ObservedAccounts, PostPool};
use recsafe_common::topics::TopicMap;
use recsafe_common::vector::{DIM, Packed};
use recsafe_people::behavior::probes::{Probe, Script};
use recsafe_people::people::{People, Person};
use recsafe_platform::index::Index;
use recsafe_platform::learning::Heads;
use recsafe_platform::memory::Memory;

/// The truth about a live post, which the platform never sees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PostTruth {
    /// Topic vector.
    pub topic: Packed,
    /// Quality in [0, 1].
    pub quality: f32,
    /// Severity in [0, 1].
    pub severity: f32,
    /// Topic or niche that it was made for.
    pub region: u8,
}

/// A test account beside the people.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ProbeState {
    /// What it is told to do.
    pub script: Script,
    /// Harmful posts that `curious` likes.
    pub clicks: u32,
    /// Harmful posts liked so far.
    pub clicked: u32,
}

/// The state of a simulated world at the end of a day.
#[derive(Clone, Debug)]
pub struct World {
    /// The topic map.
    pub map: TopicMap,
    /// The truth about account holders.
    pub people: People,
    /// What the platform can observe.
    pub observed: Observed,
    /// The truth about live posts, in the order of `observed.posts`.
    pub truth: Vec<PostTruth>,
    /// What the platform remembers of each account.
    pub memory: Memory,
    /// Lists by which candidates are found.
    pub index: Index,
    /// What the platform has learned.
    pub heads: Heads,
    /// Probes; they stand behind the people in every column.
    pub probes: Vec<ProbeState>,
    /// The run's luck.
    pub draws: Draws,
}

impl World {
    /// The world of these people at the beginning, nothing posted yet.
    #[must_use]
    pub fn new(people: People, graph: FollowGraph, map: TopicMap, draws: Draws) -> Self {
        let accounts = people.len();
        let seen = ObservedAccounts {
            stated: people.stated.clone(),
            private: people.private.clone(),
            region: people.region.clone(),
            joined: vec![Day::MIN; accounts],
        };
        World {
            memory: Memory::new(accounts),
            index: Index::new(accounts, &map),
            observed: Observed { day: 0, accounts: seen, posts: PostPool::default(), graph },
            map,
            people,
            truth: Vec::new(),
            heads: Heads::default(),
            probes: Vec::new(),
            draws,
        }
    }

    /// Lets probes enter on day 0. Nobody else's row, follow or luck changes.
    ///
    /// # Errors
    /// Never in practice: rows of one length fit the columns' shape.
    pub fn add_probes(&mut self, groups: &[Probe]) -> Result<(), ndarray::ShapeError> {
        let popular = self.popular_accounts(10);
        for group in groups {
            for _ in 0..group.count {
                let activity = if group.script == Script::Inert { 0.0 } else { group.activity as f32 };
                let person = Person::probe(AgeBand::From13, AgeBand::From13, false, activity, &[0.0; DIM], &self.map);
                let id = self.people.add(&person)?;
                self.observed.accounts.stated.push(person.stated);
                self.observed.accounts.private.push(person.private);
                self.observed.accounts.region.push(person.region);
                self.observed.accounts.joined.push(0);
                self.observed.graph.add_account();
                self.memory.add_account()?;
                self.index.add_account();
                self.probes.push(ProbeState { script: group.script, clicks: group.clicks, clicked: 0 });
                if group.script == Script::Control {
                    for &followee in &popular {
                        self.observed.graph.follow(id, followee);
                    }
                }
            }
        }
        Ok(())
    }

    /// The most followed accounts, most first; of equals the lower id.
    fn popular_accounts(&self, count: usize) -> Vec<AccountId> {
        let mut ids: Vec<AccountId> = self.people.ids().collect();
        ids.sort_by_key(|&id| (std::cmp::Reverse(self.observed.graph.followers(id).len()), id));
        ids.truncate(count);
        ids
    }

    /// Scripts of the probes, in the order of their rows.
    #[must_use]
    pub fn scripts(&self) -> Vec<Script> {
        self.probes.iter().map(|probe| probe.script).collect()
    }

    /// The first row of the probes: people stand before it.
    #[must_use]
    pub fn first_probe(&self) -> usize {
        self.people.len() - self.probes.len()
    }
}
