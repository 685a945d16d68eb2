//! Benches of the engine. Each bench counts its work in its own unit, such as accounts or requests,
//! and runs at several sizes. `make bench` runs them and prints one table.
//!
//! A size is a number of accounts in the default world: 10,000 and 100,000, and 1,000,000 with
//! `RECSAFE_BENCH=all`.
#![allow(missing_docs, reason = "criterion's macros make functions without any")]
#![allow(clippy::expect_used, reason = "a bench may fail")]

mod days;
mod requests;
mod start;
mod worlds;

use criterion::{Criterion, criterion_group, criterion_main};

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).without_plots();
    targets = start::generation, requests::requests, days::phases, days::writing
}
criterion_main!(benches);
