//! The executor: warm-ups and runs over all cores, seed by seed, so that an experiment cut short is a smaller balanced one.
//!
//! A *unit* is one warm-up with the runs that start from it. Several small worlds go side by side, one thread each; big
//! worlds go one after the other on all threads. At most one snapshot more than there are workers is held at a time.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// What the executor is to do: the units in order, each with the numbers of its runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// Runs of each unit, units and runs in the order in which they are wanted.
    pub units: Vec<Vec<usize>>,
    /// Workers that go side by side.
    pub workers: usize,
}

/// What a unit's warm-up and its runs do. `S` is the snapshot between them.
pub trait Work: Sync {
    /// The state that a warm-up leaves.
    type Snapshot: Clone + Send + Sync;
    /// Why something failed.
    type Error: Send;

    /// Makes a unit's snapshot; `None` if it was told to stop.
    ///
    /// # Errors
    /// Whatever went wrong; nothing new is begun then.
    fn warm_up(&self, unit: usize) -> Result<Option<Self::Snapshot>, Self::Error>;

    /// Makes one run; false if it was told to stop.
    ///
    /// # Errors
    /// Whatever went wrong; nothing new is begun then.
    fn run(&self, unit: usize, run: usize, snapshot: Self::Snapshot) -> Result<bool, Self::Error>;
}

enum State<S> {
    Waiting,
    Warming,
    Ready(Arc<S>),
    Done,
}

struct Board<S, E> {
    units: Vec<State<S>>,
    begun: Vec<usize>,
    failure: Option<E>,
}

enum Next<S> {
    WarmUp(usize),
    Run(usize, usize, Arc<S>),
    Wait,
    Nothing,
}

/// Does the work. `stop` may be raised at any time; what is under way then ends as soon as it looks at it.
///
/// # Errors
/// The first failure of any worker.
pub fn execute<W: Work>(schedule: &Schedule, work: &W, stop: &AtomicBool) -> Result<(), W::Error> {
    let units = schedule.units.iter().map(|runs| if runs.is_empty() { State::Done } else { State::Waiting }).collect();
    let board = Mutex::new(Board { units, begun: vec![0; schedule.units.len()], failure: None });
    let changed = Condvar::new();
    std::thread::scope(|scope| {
        for _ in 0..schedule.workers.max(1) {
            scope.spawn(|| worker(schedule, work, stop, &board, &changed));
        }
    });
    match board.into_inner().unwrap_or_else(PoisonError::into_inner).failure {
        Some(failure) => Err(failure),
        None => Ok(()),
    }
}

type Shared<W> = Mutex<Board<<W as Work>::Snapshot, <W as Work>::Error>>;

fn lock<W: Work>(board: &Shared<W>) -> MutexGuard<'_, Board<W::Snapshot, W::Error>> {
    board.lock().unwrap_or_else(PoisonError::into_inner) // a worker that panicked leaves the board as it was between two steps
}

fn worker<W: Work>(schedule: &Schedule, work: &W, stop: &AtomicBool, board: &Shared<W>, changed: &Condvar) {
    loop {
        let mut guard = lock::<W>(board);
        let next = loop {
            match if stop.load(Ordering::Relaxed) { Next::Nothing } else { guard.next(schedule) } {
                Next::Wait => guard = changed.wait(guard).unwrap_or_else(PoisonError::into_inner),
                next => break next,
            }
        };
        drop(guard);
        let outcome = match next {
            Next::WarmUp(unit) => work.warm_up(unit).map(|made| {
                lock::<W>(board).units[unit] = made.map_or(State::Done, |snapshot| State::Ready(Arc::new(snapshot)));
            }),
            // The last run of a unit takes the snapshot over, the others copy it.
            Next::Run(unit, run, snapshot) => work.run(unit, run, Arc::unwrap_or_clone(snapshot)).map(|_| ()),
            Next::Wait | Next::Nothing => {
                changed.notify_all();
                return;
            }
        };
        if let Err(failure) = outcome {
            stop.store(true, Ordering::Relaxed);
            lock::<W>(board).failure.get_or_insert(failure);
        }
        changed.notify_all();
    }
}

impl<S, E> Board<S, E> {
    fn next(&mut self, schedule: &Schedule) -> Next<S> {
        for (unit, runs) in schedule.units.iter().enumerate() {
            if let State::Ready(snapshot) = &self.units[unit] {
                let place = self.begun[unit];
                let snapshot = Arc::clone(snapshot);
                self.begun[unit] += 1;
                if self.begun[unit] == runs.len() {
                    self.units[unit] = State::Done;
                }
                return Next::Run(unit, runs[place], snapshot);
            }
        }
        let open = self.units.iter().filter(|state| matches!(state, State::Warming | State::Ready(_))).count();
        match self.units.iter().position(|state| matches!(state, State::Waiting)) {
            Some(unit) if open < schedule.workers.max(1) => {
                self.units[unit] = State::Warming;
                Next::WarmUp(unit)
            }
            Some(_) => Next::Wait,
            None if open > 0 => Next::Wait,
            None => Next::Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Log(Mutex<Vec<String>>, usize);

    impl Work for Log {
        type Snapshot = usize;
        type Error = String;

        fn warm_up(&self, unit: usize) -> Result<Option<usize>, String> {
            self.0.lock().unwrap().push(format!("warm {unit}"));
            Ok(Some(unit))
        }

        fn run(&self, unit: usize, run: usize, snapshot: usize) -> Result<bool, String> {
            assert_eq!(unit, snapshot);
            self.0.lock().unwrap().push(format!("run {run}"));
            if run == self.1 { Err(format!("run {run} failed")) } else { Ok(true) }
        }
    }

    fn schedule(workers: usize) -> Schedule {
        Schedule { units: vec![vec![0, 1], vec![], vec![2, 3]], workers }
    }

    #[test]
    fn one_worker_goes_unit_by_unit() {
        let log = Log(Mutex::default(), usize::MAX);
        execute(&schedule(1), &log, &AtomicBool::new(false)).unwrap();
        assert_eq!(*log.0.lock().unwrap(), ["warm 0", "run 0", "run 1", "warm 2", "run 2", "run 3"]);
    }

    #[test]
    fn many_workers_do_everything_once() {
        let log = Log(Mutex::default(), usize::MAX);
        execute(&schedule(5), &log, &AtomicBool::new(false)).unwrap();
        let mut done = log.0.into_inner().unwrap();
        done.sort();
        assert_eq!(done, ["run 0", "run 1", "run 2", "run 3", "warm 0", "warm 2"]);
    }

    #[test]
    fn a_failure_ends_the_work_and_is_told() {
        let log = Log(Mutex::default(), 1);
        assert_eq!(execute(&schedule(1), &log, &AtomicBool::new(false)), Err("run 1 failed".to_owned()));
        assert_eq!(log.0.lock().unwrap().last().unwrap(), "run 1");
    }

    #[test]
    fn nothing_begins_after_a_stop() {
        let log = Log(Mutex::default(), usize::MAX);
        execute(&schedule(3), &log, &AtomicBool::new(true)).unwrap();
        assert!(log.0.lock().unwrap().is_empty());
    }
}
