//! `recsafe init`: writes an experiment file to begin with, explained line by line, or a copy of another one with the files that it names.

mod copy;
mod origin;
mod written;

use std::io::Write;
use std::path::{Component, Path, PathBuf};

use recsafe_config::input::Purpose;
use recsafe_config::names::{NAMING, is_good};
use recsafe_config::{Experiment, Plan, Problem};
use recsafe_results::output_file::results_around;
use recsafe_results::resolved;

use self::origin::Origin;
use self::written::Made;
use super::Failure;
use super::experiment_file::Source;

/// Write an experiment file to begin with, experiment.toml, that runs as it is.
///
/// Every line of it is explained. With --from it is a copy of another experiment, its comments kept, together with the policy packages,
/// graphs and likes that it names by relative paths; absolute paths stay what they are. If a folder is named, the experiment has its name,
/// so that results go to results/<folder>/. Nothing is overwritten.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  recsafe init my-study && recsafe run my-study/experiment.toml
  recsafe init --from quickstart my-study            a shipped one: recsafe list experiments
  recsafe init --from my-study/experiment.toml next  one of your own
  recsafe init --from results/my-study next          what these results were made of")]
pub(super) struct Args {
    /// Folder to write it into.
    #[arg(default_value = ".")]
    dir: PathBuf,
    /// Begin with a copy of this: a shipped experiment's name, an experiment file, or a results folder.
    #[arg(long, value_name = "EXPERIMENT")]
    from: Option<String>,
}

/// The file that is written.
const FILE: &str = "experiment.toml";

pub(super) fn execute(args: &Args, out: &mut dyn Write) -> Result<(), Failure> {
    let origin = args.from.as_ref().map_or_else(|| Ok(Origin::starter()), |named| Origin::find(named))?;
    let dir = folder(&args.dir);
    if let Some(results) = results_around(&dir.join(FILE)) {
        let message = format!("{} is inside of the results folder {}", dir.display(), results.display());
        return Err(Failure::input(message, "name another folder: recsafe init DIR"));
    }
    let name = new_name(&dir);
    let pieces = copy::pieces(&origin, name)?;
    let mut made = Made::default();
    made.pieces(&dir, &pieces)?;
    let path = dir.join(FILE);
    let experiment = read(&path, &origin)?;
    made.keep();
    if let Some(note) = origin.other_runs(&Plan::new(&experiment).hash()) {
        eprintln!("note: {note}");
    }
    if let (None, Some(folder)) = (name, dir.file_name()) {
        let (folder, name) = (folder.display(), &experiment.about.name);
        eprintln!("note: `{folder}` cannot name an experiment, so that it is still called `{name}`: {NAMING}");
    }
    let file = super::command_line::path(&path);
    let others: Vec<String> = pieces.iter().map(|piece| piece.path.clone()).filter(|path| path != FILE).collect();
    let with = if others.is_empty() { String::new() } else { format!(", with {}", recsafe_text::listed(&others)) };
    writeln!(out, "Wrote {}{with}.", path.display())?;
    writeln!(out, "Check it:  recsafe check {file}")?;
    writeln!(out, "Run it:    recsafe run {file}")?;
    writeln!(out, "Results:   results/{}/", experiment.about.name)?;
    Ok(())
}

/// The folder as it is when it was made: what is not there yet has no folder above it.
fn folder(asked: &Path) -> PathBuf {
    let leads_up = asked.components().any(|part| part == Component::ParentDir);
    if leads_up && !asked.is_dir() { resolved(asked) } else { asked.to_owned() }
}

/// The name of an experiment in a folder: the folder's, if it can name one. So two studies do not share a folder of results.
fn new_name(dir: &Path) -> Option<&str> {
    dir.file_name().and_then(|name| name.to_str()).filter(|name| is_good(name))
}

/// The experiment that was written, checked as every command would.
fn read(path: &Path, origin: &Origin) -> Result<Experiment, Failure> {
    let source = Source { file: path.to_owned(), set: Vec::new(), seeds: None };
    source.checked(Purpose::Run).map_err(|failure| match failure {
        Failure::Input(mut problems) => {
            let message = format!("the copy of {} does not read, so nothing was written", origin.name());
            problems.0.insert(0, Problem::of(message));
            Failure::Input(problems)
        }
        other => other,
    })
}
