//! The memory estimate of a world is close to its real size, and the size of a world does not
//! increase from day to day.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use recsafe_config::{Experiment, Input};
use recsafe_engine::RecordShares;
use recsafe_engine::measure::metrics;
use recsafe_engine::{Scenario, Simulation, World};
use recsafe_run::memory::{RunMemory, WorldMemory};
use recsafe_run::scenario;

/// Counts allocated bytes, current and maximum.
struct Counting;

static NOW: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

fn more(bytes: usize) {
    MOST.fetch_max(NOW.fetch_add(bytes, Relaxed) + bytes, Relaxed);
}

// SAFETY: all calls are forwarded to the system allocator, and the counters do not touch its
// memory.
#[expect(unsafe_code, reason = "an allocator cannot be written otherwise")]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        more(layout.size());
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Relaxed);
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        more(size);
        NOW.fetch_sub(layout.size(), Relaxed);
        unsafe { System.realloc(at, layout, size) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

const KEPT: RecordShares = RecordShares { exposures: 0.01, contacts: 0.01 };

fn experiment(accounts: u32, warm: u32, days: u32, more: &str) -> Experiment {
    let text = format!(
        "[experiment]\nname = \"m\"\nwarm_up_days = {warm}\ndays = {days}\n{more}\n[population]\naccounts = {accounts}\n"
    );
    Experiment::read(&Input { text, metrics: metrics::known(), ..Input::default() }).unwrap()
}

/// Simulates the days before `end`.
fn live(simulation: &mut Simulation, end: i32) {
    while simulation.day() < end {
        simulation.step().unwrap();
    }
}

/// Returns the allocated size of a copy.
fn bytes<T: Clone>(it: &T) -> f64 {
    let before = NOW.load(Relaxed);
    let copy = it.clone();
    let bytes = NOW.load(Relaxed) - before;
    drop(copy);
    bytes as f64
}

// There is only one test, because the counter would include memory of other tests that run in
// parallel.
#[test]
fn estimates_hold_and_nothing_grows_with_days() {
    let (accounts, days) = (3_000, 14);
    let experiment = experiment(accounts, 7, days, "");
    let settings = &experiment.arms[0].points[0];
    let scenario = Scenario { record_shares: KEPT, ..scenario(&experiment, 0, 0) };
    let start = NOW.load(Relaxed);
    let mut simulation = Simulation::new(&scenario, 1).unwrap();
    live(&mut simulation, 0);
    let held = (NOW.load(Relaxed) - start) as f64;
    let warm_estimate = WorldMemory::of(settings, 7).unwrap();
    within("a warm world", warm_estimate.total(), held);
    let lists = bytes(&simulation.world().observed.graph) - f64::from(accounts) * 48.0; // a copy has no spare capacity: 8 bytes per follow instead of 10
    within("its follows", warm_estimate.follows * 0.8, lists);

    live(&mut simulation, days as i32 - 1);
    MOST.store(0, Relaxed);
    live(&mut simulation, days as i32);
    let most = (MOST.load(Relaxed) - start) as f64;
    let world = WorldMemory::of(settings, 7 + days).unwrap();
    within("its world", world.total(), bytes(simulation.world()) * 1.1); // a copy has no spare capacity
    within("the last day of a run", world.total() + RunMemory::of(&experiment, settings).total(), most);
    drop(simulation);

    does_not_grow_with_days();
}

fn within(what: &str, estimate: f64, counted: f64) {
    let ratio = estimate / counted;
    println!("{what}: estimate {estimate:.0}, counted {counted:.0}, ratio {ratio:.2}");
    assert!((0.75..1.25).contains(&ratio), "{what}: estimate {estimate:.0}, counted {counted:.0}, ratio {ratio:.2}");
}

/// A world drops finished state and state that is older than the window. So the world has the same
/// size after 30 and after 60 days. No account arrives or leaves in this world.
fn does_not_grow_with_days() {
    let experiment = experiment(600, 60, 30, "[enforcement]\nconstant_hazard = 0.0\n");
    let mut simulation = Simulation::new(&scenario(&experiment, 0, 0), 1).unwrap();
    live(&mut simulation, -30);
    let size = |world: &World| postcard::to_stdvec(world).unwrap().len() as f64;
    let (accounts, small) = (simulation.world().people.len(), size(simulation.world()));
    let posts = simulation.world().observed.posts.len() as f64;
    live(&mut simulation, 0);
    let grown = size(simulation.world()) / small;
    let posts = simulation.world().observed.posts.len() as f64 / posts;
    println!("after 60 days {grown:.3} times the bytes and {posts:.3} times the posts of 30 days, {accounts} accounts");
    assert!((0.9..1.1).contains(&posts), "{posts:.3} times as many live posts");
    assert!((0.95..1.05).contains(&grown), "{grown:.3} times as large after twice the days");
}
