//! What a copy of an experiment is made of: its text and the files that it names, each with the path that it has beside the copy.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use recsafe_config::problem::Source as Text;
use recsafe_config::references::{Reference, Referring, To, elsewhere, kept_at};
use recsafe_config::{Problem, Problems, packages};

use super::FILE;
use super::origin::{Files, Kept, Origin};
use crate::experiments;

/// A file of a copy.
#[derive(PartialEq, Eq)]
pub(super) struct Piece {
    /// Its path from the copy's folder.
    pub(super) path: String,
    /// What is in it.
    pub(super) content: Content,
}

/// What is in a file.
#[derive(PartialEq, Eq)]
pub(super) enum Content {
    /// This text.
    Text(String),
    /// What is in this file.
    Of(PathBuf),
}

/// Every piece, the experiment file last: where that is, the copy is whole. `name`: another name of the experiment, if it gets one.
pub(super) fn pieces(origin: &Origin, name: Option<&str>) -> Result<Vec<Piece>, Problems> {
    let mut copy = Copy { files: &origin.files, placed: BTreeMap::new(), packages: Vec::new(), rows: Vec::new() };
    let experiment = Referring::read(&origin.text)?;
    for reference in experiment.references().iter().filter(|reference| reference.to != To::Rows) {
        copy.package(reference)?;
    }
    copy.rows(&experiment)?;
    for package in copy.packages.iter().map(|(_, package)| package.clone()).collect::<Vec<_>>() {
        copy.rows(&package)?;
    }
    let put = |reference: &Reference| copy.placed.get(&key(reference)).cloned().flatten();
    let text = |path: &str, content: String| Piece { path: path.to_owned(), content: Content::Text(content) };
    let packages = copy.packages.iter().map(|(path, package)| text(path, package.with(None, put)));
    let rows = copy.rows.iter().map(|(path, rows)| Piece { path: path.clone(), content: rows.content() });
    let last = text(FILE, experiment.with(name, put));
    apart(packages.chain(rows).chain([last]).collect())
}

/// The pieces, each once: a text may name one file in two ways. Two files cannot be at one path.
fn apart(pieces: Vec<Piece>) -> Result<Vec<Piece>, Problems> {
    let mut found: Vec<Piece> = Vec::new();
    for piece in pieces {
        match found.iter().find(|other| other.path == piece.path) {
            None => found.push(piece),
            Some(other) if *other == piece => {}
            Some(_) => {
                let message = format!("two files of the copy would be {}", piece.path);
                return Err(wrong(message, "rename one of the two"));
            }
        }
    }
    Ok(found)
}

/// A file of follows or likes.
enum Rows {
    Shipped(&'static str),
    File(PathBuf),
}

impl Rows {
    fn content(&self) -> Content {
        match self {
            Rows::Shipped(text) => Content::Text((*text).to_owned()),
            Rows::File(path) => Content::Of(path.clone()),
        }
    }
}

/// What a reference is known by: many places of a text may refer to one file.
fn key(reference: &Reference) -> (To, String) {
    (reference.to, reference.named.clone())
}

struct Copy<'a> {
    files: &'a Files,
    /// What stands in the place of every reference that was met, if that is not what the text says.
    placed: BTreeMap<(To, String), Option<String>>,
    /// Packages beside the copy, by their path there.
    packages: Vec<(String, Referring)>,
    /// Files of rows beside the copy, likewise.
    rows: Vec<(String, Rows)>,
}

impl Copy<'_> {
    /// Finds a package and its place.
    fn package(&mut self, reference: &Reference) -> Result<(), Problems> {
        if self.placed.contains_key(&key(reference)) {
            return Ok(());
        }
        let found = self.text_of(reference, self.placed.len() + 1)?;
        let put = found.as_ref().and_then(|(_, place)| place.put.clone());
        self.placed.insert(key(reference), put);
        if let Some((text, place)) = found {
            self.packages.push((place.path, Referring::read(&text)?));
        }
        Ok(())
    }

    /// The text of the `number`th package, and its place; none if it stays where it is: one that ships with this program and is what it was,
    /// or one with an absolute path.
    fn text_of(&self, reference: &Reference, number: usize) -> Result<Option<(Text, Place)>, Problems> {
        let named = reference.named.as_str();
        if let Files::Kept(kept) = self.files {
            let text = kept.package(reference, number)?;
            return Ok(text.map(|text| (Text::new(named, text), place_of_kept(reference, number))));
        }
        if reference.to == To::Shipped || Path::new(named).is_absolute() {
            return Ok(None);
        }
        let text = match self.files {
            Files::Folder(folder) => packages::read(&folder.join(named)).map_err(|problem| Problems(vec![problem]))?,
            _ => shipped(named)?.to_owned(),
        };
        Ok(Some((Text::new(named, text), place(named, number))))
    }

    /// Finds the files of follows and likes that a text names.
    fn rows(&mut self, text: &Referring) -> Result<(), Problems> {
        for reference in text.references().iter().filter(|reference| reference.to == To::Rows) {
            if self.placed.contains_key(&key(reference)) {
                continue;
            }
            let named = reference.named.as_str();
            if Path::new(named).is_absolute() {
                self.placed.insert(key(reference), None);
                continue;
            }
            let rows = match self.files {
                Files::Shipped => Rows::Shipped(shipped(named)?),
                Files::Folder(folder) => Rows::File(folder.join(named)),
                Files::Kept(kept) => return Err(kept.has_no_rows(named)),
            };
            let place = place(named, self.placed.len() + 1);
            self.rows.push((place.path, rows));
            self.placed.insert(key(reference), place.put);
        }
        Ok(())
    }
}

/// Where a file goes.
struct Place {
    /// Its path from the copy's folder.
    path: String,
    /// What the text must say then, if that is not what it says.
    put: Option<String>,
}

impl Place {
    fn renamed(path: String) -> Place {
        Place { put: Some(path.clone()), path }
    }
}

/// Where a file goes that a text names by a relative path: to the same place below the copy's folder, unless that leads out of it.
fn place(named: &str, number: usize) -> Place {
    let mut parts: Vec<String> = Vec::new();
    let mut turns = false;
    for part in Path::new(named).components() {
        match part {
            Component::Normal(part) => parts.push(part.to_string_lossy().into_owned()),
            Component::ParentDir if !parts.is_empty() => {
                turns = true; // back from a folder that the copy may not have
                parts.pop();
            }
            Component::CurDir => {}
            _ => return Place::renamed(elsewhere(named, number)),
        }
    }
    let path = parts.join("/");
    let written = if parts.len() == 1 { format!("./{path}") } else { path.clone() };
    Place { put: turns.then_some(written), path }
}

/// Where a package goes that results keep: to a path, even if it had a name only, or an absolute path.
fn place_of_kept(reference: &Reference, number: usize) -> Place {
    match reference.to {
        To::Shipped => Place::renamed(format!("policies/{}.toml", reference.named)),
        _ if Path::new(&reference.named).is_absolute() => Place::renamed(elsewhere(&reference.named, number)),
        _ => place(&reference.named, number),
    }
}

/// The text of a file that a shipped experiment names.
fn shipped(named: &str) -> Result<&'static str, Problems> {
    let found = experiments::FILES.iter().find(|(path, _)| *path == named);
    found.map(|(_, text)| *text).ok_or_else(|| wrong(format!("the program does not have {named}"), "name another one"))
}

impl Kept {
    /// The text of a package; none if it ships with this program, and is still the same.
    fn package(&self, reference: &Reference, number: usize) -> Result<Option<String>, Problems> {
        let named = reference.named.as_str();
        let text = self.texts.get(&kept_at(named, number));
        let today = packages::SHIPPED.iter().find(|(name, _)| *name == named).map(|(_, text)| *text);
        match text {
            Some(text) if reference.to == To::Shipped && today == Some(text) => Ok(None),
            Some(text) => Ok(Some(text.clone())),
            None => Err(wrong(
                format!("{} does not keep the policy package {named} as it was", self.folder.display()),
                "name the experiment file itself",
            )),
        }
    }

    fn has_no_rows(&self, named: &str) -> Problems {
        wrong(
            format!("{} does not keep {named}: results keep texts, and no graphs or likes", self.folder.display()),
            "name the experiment file itself, which has that file beside it",
        )
    }
}

fn wrong(message: String, help: &str) -> Problems {
    Problems(vec![Problem::of(message).help(help)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_keeps_its_place_unless_that_leads_out_of_the_folder() {
        for (named, path, put) in [
            ("a.csv", "a.csv", None),
            ("./my data/a.csv", "my data/a.csv", None),
            ("./pk/../pk/a.toml", "pk/a.toml", Some("pk/a.toml")),
            ("pk/../a.toml", "a.toml", Some("./a.toml")),
            ("../a b.csv", "elsewhere/3-a_b.csv", Some("elsewhere/3-a_b.csv")),
            ("data/../../a.csv", "elsewhere/3-a.csv", Some("elsewhere/3-a.csv")),
        ] {
            let place = place(named, 3);
            assert_eq!((place.path.as_str(), place.put.as_deref()), (path, put), "{named}");
        }
    }

    #[test]
    fn one_file_named_twice_is_one_and_two_at_one_path_are_refused() {
        let piece = |text: &str| Piece { path: FILE.to_owned(), content: Content::Text(text.to_owned()) };
        assert_eq!(apart(vec![piece("a"), piece("a")]).map(|pieces| pieces.len()).ok(), Some(1));
        assert!(apart(vec![piece("a"), piece("b")]).is_err());
    }
}
