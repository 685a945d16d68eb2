//! World settings: accounts, follows, posts, behaviour and the definition of harm.
//!
//! Each section of the experiment file has one module. The doc comments of its fields are printed
//! by `recsafe explain`, together with unit, range, default and source.

mod behavior;
mod bots;
mod contact;
mod content;
mod exchange;
mod files;
mod following;
mod graph;
mod harm;
mod population;
mod resharing;
mod returning;
mod searching;
mod world;

pub use behavior::{Behavior, Engage, Intents, Kind};
pub use bots::{Bots, Targets};
pub use contact::Contact;
pub use content::{Content, HarmBy, Niche};
pub use exchange::Exchange;
pub use files::{Delimiter, GraphFile, InteractionsFile, OnBadRow};
pub use following::Following;
pub use graph::{Graph, Growth};
pub use harm::Harm;
pub use population::Population;
pub use resharing::Resharing;
pub use returning::Return;
pub use searching::Searching;
pub use world::WorldSettings;
