//! What an experiment file is copied from.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use recsafe_config::input::Purpose;
use recsafe_config::manifest::Manifest;
use recsafe_config::problem::Source as Text;
use recsafe_config::references::Referring;
use recsafe_config::starter::STARTER;
use recsafe_config::{Problems, packages};
use recsafe_results::Folder;
use recsafe_text::nearest;

use super::super::Failure;
use super::super::experiment_file::Source;
use super::FILE;
use crate::experiments;

/// An experiment's text, and where the files are that it names.
pub(super) struct Origin {
    pub(super) text: Text,
    pub(super) files: Files,
}

/// Where an experiment's files are.
pub(super) enum Files {
    /// In the program.
    Shipped,
    /// In this folder, from which relative paths begin.
    Folder(PathBuf),
    /// In a results folder.
    Kept(Box<Kept>),
}

/// What a results folder keeps of its experiment.
pub(super) struct Kept {
    /// The folder.
    pub(super) folder: PathBuf,
    /// Its texts, by their path below `experiment/`.
    pub(super) texts: BTreeMap<String, String>,
    manifest: Manifest,
}

impl Origin {
    /// The file for beginners.
    pub(super) fn starter() -> Origin {
        Origin { text: Text::new(FILE, STARTER.to_owned()), files: Files::Shipped }
    }

    /// What `named` is: a shipped experiment, a results folder or an experiment file.
    pub(super) fn find(named: &str) -> Result<Origin, Failure> {
        let path = Path::new(named);
        if let Some((name, text)) = experiments::SHIPPED.iter().find(|(name, _)| *name == named) {
            let text = Text::new(&format!("experiments/{name}.toml"), (*text).to_owned());
            return Ok(Origin { text, files: Files::Shipped });
        }
        if path.is_dir() { of_results(path) } else { of_file(path) }
    }

    /// Its name for people.
    pub(super) fn name(&self) -> &str {
        self.text.name()
    }

    /// A sentence if it is of results whose runs a plan with this hash does not make: of another version, or with changes that the file
    /// does not have.
    pub(super) fn other_runs(&self, hash: &str) -> Option<String> {
        let Files::Kept(kept) = &self.files else { return None };
        let Kept { folder, manifest, .. } = kept.as_ref();
        (manifest.hash != hash).then(|| {
            let folder = folder.display();
            let made = format!("it does not plan the runs of {folder}, made by recsafe {}", manifest.version);
            if manifest.command.is_empty() { made } else { format!("{made} with:  {}", manifest.command) }
        })
    }
}

/// An experiment file, which must read as it is.
fn of_file(path: &Path) -> Result<Origin, Failure> {
    if !path.exists() {
        return Err(unknown(path));
    }
    Source { file: path.to_owned(), set: Vec::new(), seeds: None }.checked(Purpose::Run)?;
    let text = packages::read(path).map_err(|problem| Problems(vec![problem]))?;
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    Ok(Origin { text: Text::new(&path.display().to_string(), text), files: Files::Folder(folder) })
}

fn unknown(path: &Path) -> Failure {
    let named = path.display().to_string();
    let names: Vec<&str> = experiments::SHIPPED.iter().map(|(name, _)| *name).collect();
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let near = nearest(&stem, names.iter().copied());
    let near = near.map_or_else(String::new, |name| format!("nearest name: `{name}`; "));
    let message = format!("there is no experiment `{named}`: neither a shipped one, nor a file, nor a results folder");
    Failure::input(message, format!("{near}there are: {}", names.join(", ")))
}

fn of_results(path: &Path) -> Result<Origin, Failure> {
    let folder = Folder::new(path);
    let Some(manifest) = folder.manifest()? else {
        return Err(Failure::input(
            format!("{} is no results folder: there is no manifest.json in it", path.display()),
            format!("to copy an experiment file, name it: --from {}", path.join(FILE).display()),
        ));
    };
    let texts: BTreeMap<String, String> = folder.read_inputs(&manifest)?.into_iter().collect();
    let text = texts.iter().map(|(kept, text)| Text::new(&told(path, kept), text.clone())).find(is_experiment);
    let Some(text) = text else {
        return Err(Failure::input(
            format!("{} does not keep the experiment file that it was made of, as it was", path.display()),
            "name the experiment file itself",
        ));
    };
    Ok(Origin { text, files: Files::Kept(Box::new(Kept { folder: path.to_owned(), texts, manifest })) })
}

fn is_experiment(text: &Text) -> bool {
    Referring::read(text).is_ok_and(|read| read.is_experiment())
}

/// The path of a kept file, for people.
fn told(folder: &Path, kept: &str) -> String {
    folder.join(recsafe_results::INPUTS).join(kept).display().to_string()
}
