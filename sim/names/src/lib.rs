//! The names and ids that are used in files and commands.
//!
//! This is an internal crate of recsafe, and its names can change. Other programs should use the
//! crate `recsafe`.
//!
//! The table `names.csv` has an id, a current name and any older spellings for each thing. Ids
//! never change. Hashes of runs, keys of random draws and golden tests use ids, so they do not
//! change if a name changes. Readers of a results folder translate ids and older spellings into
//! current names. A name that is not in the table is its own id.
//!
//! ```
//! use recsafe_names::{Names, kind};
//!
//! let text = "kind,id,name,older\nmetric,dose,exposure-dose,harm-dose\n";
//! let names = Names::parse(text)?;
//! assert_eq!(names.id(kind::METRIC, "exposure-dose"), "dose");
//! assert_eq!(names.name(kind::METRIC, "dose"), "exposure-dose");
//! assert!(names.resolve(kind::METRIC, "harm-dose").is_old);
//! assert_eq!(names.id(kind::METRIC, "my-metric"), "my-metric");
//! # Ok::<(), recsafe_names::Fault>(())
//! ```

pub mod cells;
pub mod kind;
mod table;
mod tree;

pub use table::{Fault, Names, Resolved, Row};
