//! Names and canonical ids: everything that files and commands name has an id that never changes, a present name, and perhaps older spellings.
//!
//! An internal crate of recsafe: its names change as the program needs. Programs of others use the crate `recsafe`.
//!
//! One table, `names.csv`, holds them. A name may be changed; hashes of runs, keys of draws and golden tests are made of ids, so they stay. What
//! reads a results folder turns ids and older spellings into present names. A name that the table does not have is its own id.
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
