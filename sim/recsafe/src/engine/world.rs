//! A world: its people, what can be observed of them, and what the platform remembers.

use std::collections::BTreeMap;

use recsafe_common::draw::{Decides, Draws};
use recsafe_common::graph::FollowGraph;
use recsafe_common::ids::{AccountId, Day};
use recsafe_common::observed::{Blocks, Observed, ObservedAccounts, PostPool};
use recsafe_common::topics::{TopicMap, YOUTH};
use recsafe_common::vector::{DIM, Packed};
use recsafe_people::behavior::probes::{Probe, Script};
use recsafe_people::contacts::Contacts;
use recsafe_people::people::{People, Person};
use recsafe_people::settings::Harm;
use recsafe_platform::attention::Attention;
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
    /// Harmful posts liked, or lingered on, so far.
    pub clicked: u32,
    /// Slates of the feed so far.
    pub slates: u32,
}

/// Finds of minors that a rule prevented, remembered for as long as a contact is, so that each counts once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LostFinds {
    until: BTreeMap<(AccountId, AccountId), Day>,
}

impl LostFinds {
    /// Whether this find of `minor` by `viewer` was lost of late.
    #[must_use]
    pub fn contains(&self, viewer: AccountId, minor: AccountId) -> bool {
        !self.until.is_empty() && self.until.contains_key(&(viewer, minor))
    }

    /// Remembers a find that was lost, up to and without a day.
    pub fn add(&mut self, viewer: AccountId, minor: AccountId, until: Day) {
        self.until.insert((viewer, minor), until);
    }

    /// Forgets what is past.
    pub fn forget(&mut self, day: Day) {
        self.until.retain(|_, until| day < *until);
    }
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
    /// Who paid attention to whom of late.
    pub attention: Attention,
    /// Who tried to reach whom.
    pub contacts: Contacts,
    /// Finds that rules prevented.
    pub lost: LostFinds,
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
            messages: people.messages.clone(),
            region: people.region.clone(),
            joined: vec![Day::MIN; accounts],
        };
        World {
            memory: Memory::new(accounts),
            index: Index::new(accounts, &map),
            attention: Attention::new(accounts),
            contacts: Contacts::new(accounts),
            lost: LostFinds::default(),
            observed: Observed { day: 0, accounts: seen, posts: PostPool::default(), graph, blocks: Blocks::default() },
            map,
            people,
            truth: Vec::new(),
            heads: Heads::default(),
            probes: Vec::new(),
            draws,
        }
    }

    /// Lets probes enter on day 0. Nobody else's row, follow or luck changes. `control` follows ten popular accounts that an auditor
    /// would call benign: none of their live posts is harmful.
    ///
    /// # Errors
    /// Never in practice: rows of one length fit the columns' shape.
    pub fn add_probes(&mut self, groups: &[Probe], harm: &Harm) -> Result<(), ndarray::ShapeError> {
        let popular = self.popular_accounts(10, harm);
        let (inert, active): (Vec<&Probe>, Vec<&Probe>) =
            groups.iter().partition(|group| group.script == Script::Inert);
        // Those that do nothing come last: nobody's id, not even another probe's, depends on them.
        for group in active.into_iter().chain(inert) {
            for _ in 0..group.count {
                let id = self.add_probe(group)?;
                if group.script == Script::Control {
                    for &followee in &popular {
                        self.observed.graph.follow(id, followee);
                    }
                }
            }
        }
        Ok(())
    }

    fn add_probe(&mut self, group: &Probe) -> Result<AccountId, ndarray::ShapeError> {
        let activity = if group.script == Script::Inert { 0.0 } else { group.activity as f32 };
        let person = if group.script == Script::MinorDecoy {
            let topic = YOUTH[self.draws.at(Decides::Probe, self.people.len() as u64, 0, 0).below(YOUTH.len())];
            Person::probe(activity, group.posts as f32, self.map.centre(topic), &self.map)
        } else {
            Person::probe(activity, 0.0, &[0.0; DIM], &self.map)
        };
        let id = self.people.add(&person)?;
        let accounts = &mut self.observed.accounts;
        accounts.stated.push(person.stated);
        accounts.private.push(person.private);
        accounts.messages.push(person.messages);
        accounts.region.push(person.region);
        accounts.joined.push(0);
        self.observed.graph.add_account();
        self.memory.add_account()?;
        self.index.add_account();
        self.attention.add_account();
        self.contacts.add_account();
        self.probes.push(ProbeState { script: group.script, clicks: group.clicks, clicked: 0, slates: 0 });
        Ok(id)
    }

    /// The most followed accounts without a harmful live post, most first; of equals the lower id.
    fn popular_accounts(&self, count: usize, harm: &Harm) -> Vec<AccountId> {
        let mut benign = vec![true; self.people.len()];
        for (row, truth) in self.observed.posts.rows().iter().zip(&self.truth) {
            benign[row.creator.row()] &= f64::from(truth.severity) < harm.threshold;
        }
        let mut ids: Vec<AccountId> = self.people.ids().filter(|id| benign[id.row()]).collect();
        ids.sort_by_key(|&id| (std::cmp::Reverse(self.observed.graph.followers(id).len()), id));
        ids.truncate(count);
        ids
    }

    /// Scripts of the probes, in the order of their rows.
    #[must_use]
    pub fn scripts(&self) -> Vec<Script> {
        self.probes.iter().map(|probe| probe.script).collect()
    }

    /// Accounts that can be suggested: everybody before the first probe that does nothing at all.
    #[must_use]
    pub fn findable(&self) -> usize {
        self.people.len() - self.probes.iter().filter(|probe| probe.script == Script::Inert).count()
    }

    /// The first row of the probes: people stand before it.
    #[must_use]
    pub fn first_probe(&self) -> usize {
        self.people.len() - self.probes.len()
    }
}
