//! What a warm-up and a run do, and what they leave behind.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use cpu_time::{ProcessTime, ThreadTime};
use recsafe_config::{Experiment, Plan};

use super::executor::Work;
use super::profile::Profile;
use super::progress::Progress;
use super::{RunError, in_plan_order, tables};
use crate::engine::lifetime::{Lived, generate_world, measure, warm_up};
use crate::engine::phase::Times;
use crate::engine::{DayCounts, Rules, World};
use crate::measure::Kept;
use crate::store::{COPIED, DONE, Folder, Manifest, RunEntry, RunFiles, StoreError, WarmUpEntry};

/// All runs of an experiment.
pub(super) struct Runs<'a> {
    pub experiment: &'a Experiment,
    pub plan: &'a Plan,
    /// The runs that are simulated, each with the runs that have the same files.
    pub copies: &'a BTreeMap<usize, Vec<usize>>,
    pub folder: &'a Folder,
    pub manifest: &'a Mutex<Manifest>,
    pub progress: &'a Progress,
    pub stop: &'a AtomicBool,
    /// Threads of one worker.
    pub threads: usize,
    /// Spans of time, if they are wanted.
    pub profile: Option<Profile>,
    /// Days that each warm-up has behind it, for messages.
    pub warmed: Vec<AtomicU32>,
    /// Days that each run has behind it, for messages.
    pub reached: Vec<AtomicU32>,
}

impl Runs<'_> {
    fn pool(&self) -> Result<rayon::ThreadPool, RunError> {
        Ok(rayon::ThreadPoolBuilder::new().num_threads(self.threads).build()?)
    }

    fn kept(&self) -> Kept {
        let output = &self.experiment.output;
        Kept { exposures: output.exposures, contacts: output.contacts }
    }

    fn goes_on(&self) -> bool {
        !self.stop.load(Ordering::Relaxed)
    }

    /// Changes the manifest and saves it.
    fn note(&self, change: impl FnOnce(&mut Manifest)) -> Result<(), RunError> {
        let mut manifest = self.manifest.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut manifest);
        in_plan_order(self.experiment, self.plan, &mut manifest);
        let impressions: u64 = manifest.runs.iter().map(|run| run.impressions).sum();
        let account_days: f64 = manifest.runs.len() as f64
            * f64::from(self.experiment.about.days)
            * f64::from(self.experiment.arms[0].points[0].population.accounts);
        manifest.impressions_per_account_day = (account_days > 0.0).then(|| impressions as f64 / account_days);
        Ok(manifest.save(self.folder.path())?)
    }

    /// Keeps what was simulated: for the run itself, and for every run of the same hash.
    fn keep(&self, run: usize, lived: &Lived, spent: Spent) -> Result<(), RunError> {
        let Spent { wall: wall_s, cpu: cpu_s, phases: phases_s } = spent;
        let impressions_per_s = lived.impressions as f64 / wall_s.max(1e-9);
        let own = RunEntry {
            status: DONE.to_owned(),
            impressions: lived.impressions,
            impressions_per_s,
            wall_s,
            cpu_s,
            phases_s,
            peak_bytes: peak_bytes(),
            ..self.entry(run)
        };
        let done = self.keep_as(own, |files| tables::write(lived, files))?;
        let place = self.folder.run_path(&done.arm, done.point, done.seed);
        for &copy in self.copies.get(&run).into_iter().flatten() {
            let (impressions, peak_bytes) = (done.impressions, done.peak_bytes);
            let own = RunEntry { status: COPIED.to_owned(), impressions, peak_bytes, ..self.entry(copy) };
            self.keep_as(own, |files| files.same_as(&done, &place))?;
        }
        Ok(())
    }

    /// Takes a day into the profile, if there is one.
    fn lived(&self, (lane, name): (usize, &str), day: u32, counts: &DayCounts) {
        if let Some(profile) = &self.profile {
            profile.day(lane, name, day, counts);
        }
    }

    /// Takes something else into the profile, if there is one.
    fn profiled(&self, what: &str, (lane, name): (usize, &str), began: Instant) {
        if let Some(profile) = &self.profile {
            profile.other(lane, what, name, began);
        }
    }

    /// Which run it is, as the manifest names it.
    fn entry(&self, run: usize) -> RunEntry {
        let planned = &self.plan.runs[run];
        RunEntry {
            arm: self.experiment.arms[planned.arm].name.clone(),
            point: planned.point as u32,
            seed: planned.seed,
            hash: planned.hash.clone(),
            ..RunEntry::default()
        }
    }

    /// Writes a run's files and notes it.
    fn keep_as(
        &self,
        entry: RunEntry,
        write: impl FnOnce(&mut RunFiles) -> Result<(), StoreError>,
    ) -> Result<RunEntry, RunError> {
        let mut files = self.folder.begin_run(entry)?;
        write(&mut files)?;
        let entry = files.keep()?;
        self.note(|manifest| manifest.runs.push(entry.clone()))?;
        self.progress.run_finished();
        Ok(entry)
    }
}

impl Work for Runs<'_> {
    type Snapshot = World;
    type Error = RunError;

    fn warm_up(&self, unit: usize) -> Result<Option<World>, RunError> {
        let planned = &self.plan.warm_ups[unit];
        let settings = &self.experiment.arms[planned.arm].points[planned.point];
        let rules = Rules::new(settings, &self.experiment.before[planned.point])?;
        let world = settings.of_world();
        let name = run_name(self.experiment, self.plan, unit, None);
        let (line, lane) = (self.progress.line(&name, u64::from(settings.warm_up_days)), lane());
        let pool = self.pool()?;
        pool.install(|| {
            let (began, used) = (Instant::now(), Clock::start(self.threads));
            let generated = generate_world(&world, planned.seed);
            let generation_s = began.elapsed().as_secs_f64();
            self.profiled("generation", (lane, &name), began);
            let mut times = Times::default();
            let warmed = warm_up(generated, &rules, settings.warm_up_days, self.kept(), &mut |day| {
                line.day(day.impressions);
                times.add_all(&day.times);
                let number = self.warmed[unit].fetch_add(1, Ordering::Relaxed);
                self.lived((lane, &name), number, day);
                self.goes_on()
            })?;
            let Some((world, impressions)) = warmed else { return Ok(None) };
            let entry = WarmUpEntry {
                seed: planned.seed,
                world: planned.hash.clone(),
                impressions,
                generation_s,
                wall_s: began.elapsed().as_secs_f64() - generation_s,
                cpu_s: used.seconds(),
                phases_s: seconds(&times),
            };
            self.note(|manifest| {
                manifest.warm_ups.retain(|known| known.world != entry.world);
                manifest.warm_ups.push(entry);
            })?;
            Ok(Some(world))
        })
    }

    fn run(&self, unit: usize, run: usize, world: World) -> Result<bool, RunError> {
        let planned = &self.plan.runs[run];
        let arm = &self.experiment.arms[planned.arm];
        let settings = &arm.points[planned.point];
        let rules = Rules::new(settings, settings)?;
        let days = self.experiment.about.days;
        let name = run_name(self.experiment, self.plan, unit, Some(run));
        let (line, lane) = (self.progress.line(&name, u64::from(days)), lane());
        let pool = self.pool()?;
        pool.install(|| {
            let (began, used) = (Instant::now(), Clock::start(self.threads));
            let mut times = Times::default();
            let lived = measure(world, &rules, &self.experiment.probes, days, self.kept(), &mut |day| {
                line.day(day.impressions);
                times.add_all(&day.times);
                let number = self.reached[run].fetch_add(1, Ordering::Relaxed);
                self.lived((lane, &name), number, day);
                self.goes_on()
            })?;
            let Some(lived) = lived else { return Ok(false) };
            let spent = Spent { wall: began.elapsed().as_secs_f64(), cpu: used.seconds(), phases: seconds(&times) };
            let writing = Instant::now();
            self.keep(run, &lived, spent)?;
            self.profiled("writing", (lane, &name), writing);
            Ok(true)
        })
    }

    fn panicked(&self, unit: usize, run: Option<usize>, message: String) -> RunError {
        let days = run.map_or(&self.warmed[unit], |run| &self.reached[run]).load(Ordering::Relaxed);
        let run = format!("{}, day {days}", run_name(self.experiment, self.plan, unit, run));
        RunError::Panicked { run, message }
    }

    fn stops_all(error: &RunError) -> bool {
        !matches!(error, RunError::Panicked { .. })
    }
}

/// Which of an experiment's runs, or warm-ups, for people.
pub(crate) fn run_name(experiment: &Experiment, plan: &Plan, unit: usize, run: Option<usize>) -> String {
    let Some(run) = run else { return format!("warm-up, seed {}", plan.warm_ups[unit].seed) };
    let planned = &plan.runs[run];
    let point = if experiment.points.len() > 1 { format!(", point {}", planned.point) } else { String::new() };
    format!("{}{point}, seed {}", experiment.arms[planned.arm].name, planned.seed)
}

/// What a run took, in seconds.
struct Spent {
    wall: f64,
    cpu: f64,
    phases: BTreeMap<String, f64>,
}

/// Seconds by name of phase.
fn seconds(times: &Times) -> BTreeMap<String, f64> {
    times.iter().map(|(phase, time)| (phase.name().to_owned(), time.as_secs_f64())).collect()
}

/// A number for this worker, under which the profile shows what it does.
fn lane() -> usize {
    thread_local!(static LANE: usize = NEXT.fetch_add(1, Ordering::Relaxed));
    static NEXT: AtomicUsize = AtomicUsize::new(1);
    LANE.with(|&lane| lane)
}

/// Processor time: of this thread where a run has one, of the whole process where a run has all threads.
enum Clock {
    Thread(ThreadTime),
    Process(ProcessTime),
}

impl Clock {
    fn start(threads: usize) -> Self {
        if threads == 1 { Clock::Thread(ThreadTime::now()) } else { Clock::Process(ProcessTime::now()) }
    }

    fn seconds(&self) -> f64 {
        match self {
            Clock::Thread(began) => began.elapsed().as_secs_f64(),
            Clock::Process(began) => began.elapsed().as_secs_f64(),
        }
    }
}

/// Most memory that this process ever held, in bytes; 0 where the system does not tell.
fn peak_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok()).unwrap_or(0) * 1024
}
