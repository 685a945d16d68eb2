//! `recsafe work`: makes units of an experiment, each into a part of its own.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use recsafe_config::plan::WarmUp;
use recsafe_config::{Plan, Problem, Problems};
use recsafe_results::{Folder, Holding, StoreError, few};
use recsafe_run::{NoSuchUnit, Options, Outcome, RunError, Worked, find_unit, part, share, unit_name, work};

use super::experiment_file::Source;
use super::run::stop_on_ctrl_c;
use super::{Failure, command_line, limits, runs};

/// Make units of an experiment, each into a results folder of its own, DIR/<unit>/. `recsafe gather` joins them.
///
/// A unit that is whole already is left alone. One that was cut off goes on, from its checkpoint if one was kept. One process works at a unit at a
/// time: a second one is refused. Units of one call are made one after another, each on all threads.
#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("which").required(true).args(["unit", "task"])), after_help = "Examples:
  recsafe work experiments/quickstart.toml --unit 03f1 --parts parts
  recsafe work experiments/quickstart.toml --task 3/8 --parts parts --threads 4
  recsafe work experiments/quickstart.toml --task \"$SLURM_ARRAY_TASK_ID/8\" --parts parts")]
pub(super) struct Args {
    #[command(flatten)]
    source: Source,
    /// The unit whose hash begins with this, as `recsafe units` lists it; may be given several times.
    #[arg(long, value_name = "HASH")]
    unit: Vec<String>,
    /// Share I of N equal shares of all units; I from 1, as in a job array 1-N.
    #[arg(long, value_name = "I/N")]
    task: Option<Task>,
    /// The folder of the parts, one for each unit.
    #[arg(long, value_name = "DIR")]
    parts: PathBuf,
    /// Threads; all cores that this process may use if not given. Results do not depend on it.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Show no progress and no summary.
    #[arg(long)]
    quiet: bool,
    #[command(flatten)]
    limits: limits::Args,
}

/// A task of a job array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Task {
    number: usize,
    tasks: usize,
}

impl FromStr for Task {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = |text: &str| text.parse::<usize>().ok();
        let task = text.split_once('/').and_then(|(task, tasks)| {
            let (number, tasks) = (number(task)?, number(tasks)?);
            (1..=tasks).contains(&number).then_some(Task { number, tasks })
        });
        task.ok_or_else(|| "write I/N, with I from 1 to N, such as 3/8".to_owned())
    }
}

pub(super) fn execute(args: &Args, out: &mut dyn Write) -> Result<(), Failure> {
    let experiment = args.source.read()?;
    let plan = Plan::new(&experiment);
    let asked = asked(args, &plan)?;
    if let Holding::Results(_) = Folder::new(&args.parts).holding()? {
        let message = format!("--parts: {} is a results folder itself", args.parts.display());
        return Err(Failure::input(message, "name another folder: every unit gets a results folder of its own in it"));
    }
    let stop = stop_on_ctrl_c();
    let mut refused = Vec::new();
    for unit in asked {
        let name = unit_name(&unit.hash);
        let folder = part(&args.parts, unit);
        let options = Options {
            observer: super::bars::bars(args.quiet),
            limits: args.limits.limits(),
            command: args.source.words("work", &["--unit".to_owned(), name.to_owned()]),
            ..Options::new(folder.clone(), super::threads(args.threads))
        };
        let told = match work(&experiment, &plan, (unit, &args.parts), &options, &stop) {
            Err(RunError::Store(StoreError::Locked(_))) => {
                refused.push(at_work(name, &folder)); // the others can be made all the same
                continue;
            }
            worked => match runs::ran(worked, &folder)? {
                Worked::Whole => "whole already, left alone".to_owned(),
                Worked::Made(outcome) => made(&outcome, &folder)?,
            },
        };
        if !args.quiet {
            writeln!(out, "unit {name}: {told}")?;
            out.flush()?; // the next one may take hours
        }
    }
    if refused.is_empty() { Ok(()) } else { Err(Failure::Input(Problems(refused))) }
}

/// The units that were asked for, each once.
fn asked<'a>(args: &Args, plan: &'a Plan) -> Result<Vec<&'a WarmUp>, Failure> {
    if let Some(Task { number, tasks }) = args.task {
        return Ok(plan.warm_ups[share(plan.warm_ups.len(), number, tasks)].iter().collect());
    }
    let mut units: Vec<&WarmUp> = Vec::new();
    for text in &args.unit {
        let unit = find_unit(plan, text).map_err(|refused| unknown(&refused, &args.source, plan))?;
        if !units.contains(&unit) {
            units.push(unit);
        }
    }
    Ok(units)
}

/// What was asked for is no unit: which there are.
fn unknown(refused: &NoSuchUnit, source: &Source, plan: &Plan) -> Failure {
    let help = match refused {
        NoSuchUnit::Unknown(_) => {
            let names = few(plan.warm_ups.iter().map(|unit| unit_name(&unit.hash).to_owned()));
            format!("there are {names}; `{}` lists them", source.words("units", &[]))
        }
        NoSuchUnit::Several { .. } => "give more of its digits".to_owned(),
    };
    Failure::input(format!("--unit: {refused}"), help)
}

fn at_work(name: &str, folder: &Path) -> Problem {
    let message = format!("unit {name}: another recsafe is running in {}", folder.display());
    Problem::of(message).help("wait until it is done, or make other units")
}

/// What was made of a unit, in words.
fn made(outcome: &Outcome, folder: &Path) -> Result<String, Failure> {
    let Outcome { planned, made, kept, .. } = outcome;
    if outcome.stopped {
        return Err(runs::stopped(folder, &format!("{} of {planned} runs are", kept + made)));
    }
    Ok(format!("{planned} runs ({made} new) in {}", command_line::path(folder)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tasks_are_counted_from_one() {
        assert_eq!("3/8".parse(), Ok(Task { number: 3, tasks: 8 }));
        for wrong in ["0/8", "9/8", "3", "3/", "/8", "-1/8", "1/0", "a/b", "1/2/3", ""] {
            assert!(wrong.parse::<Task>().is_err(), "{wrong}");
        }
    }
}
