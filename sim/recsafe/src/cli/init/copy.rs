//! The files of a copied experiment: its text, and the files it refers to, with their new paths.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use recsafe_config::problem::Source as Text;
use recsafe_config::references::{Reference, Referring, To, elsewhere, kept_at};
use recsafe_config::{Problem, Problems, packages};

use super::FILE;
use super::origin::{Files, Kept, Origin};
use crate::experiments;

/// A file to write.
#[derive(PartialEq, Eq)]
pub(super) struct Piece {
    /// The path, relative to the folder of the copy.
    pub(super) path: String,
    /// The content.
    pub(super) content: Content,
}

/// The content of a file to write.
#[derive(PartialEq, Eq)]
pub(super) enum Content {
    /// A text.
    Text(String),
    /// The content of another file.
    Of(PathBuf),
}

/// Returns all files of a copy. The experiment file is last, so a copy with this file is complete.
///
/// `name` is the new name of the experiment, if it is renamed.
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

/// Removes duplicates, because a text can refer to one file in two ways. Refuses different files
/// with the same path.
fn apart(pieces: Vec<Piece>) -> Result<Vec<Piece>, Problems> {
    let mut found: Vec<Piece> = Vec::new();
    for piece in pieces {
        match found.iter().find(|other| other.path == piece.path) {
            None => found.push(piece),
            Some(other) if *other == piece => {}
            Some(_) => {
                let message = format!("two different files would be copied to {}", piece.path);
                return Err(wrong(message, "rename one of them"));
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

/// Returns the key of a reference. References with the same key refer to the same file.
fn key(reference: &Reference) -> (To, String) {
    (reference.to, reference.named.clone())
}

struct Copy<'a> {
    files: &'a Files,
    /// The replacement of each reference so far, or `None` for a reference that does not change.
    placed: BTreeMap<(To, String), Option<String>>,
    /// Policy packages to copy, with their new paths.
    packages: Vec<(String, Referring)>,
    /// Files of follows or likes to copy, with their new paths.
    rows: Vec<(String, Rows)>,
}

impl Copy<'_> {
    /// Adds a policy package to the copy, unless the reference does not change.
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

    /// Returns the text of package number `number` and its new path.
    ///
    /// Returns `None` if the reference does not change: it is an absolute path, or a shipped
    /// package whose text is the same as in the original.
    fn text_of(&self, reference: &Reference, number: usize) -> Result<Option<(Text, Place)>, Problems> {
        let named = reference.named.as_str();
        if let Files::Kept(stored) = self.files {
            let text = stored.package(reference, number)?;
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

    /// Adds the files of follows and likes that a text refers to.
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
                Files::Kept(stored) => return Err(stored.has_no_rows(named)),
            };
            let place = place(named, self.placed.len() + 1);
            self.rows.push((place.path, rows));
            self.placed.insert(key(reference), place.put);
        }
        Ok(())
    }
}

/// The new path of a file.
struct Place {
    /// The path, relative to the folder of the copy.
    path: String,
    /// The new text of the reference, if the reference changes.
    put: Option<String>,
}

impl Place {
    fn renamed(path: String) -> Place {
        Place { put: Some(path.clone()), path }
    }
}

/// Returns the new path of a file with a relative path. The path stays the same, unless it leads
/// out of the folder of the copy.
fn place(named: &str, number: usize) -> Place {
    let mut parts: Vec<String> = Vec::new();
    let mut turns = false;
    for part in Path::new(named).components() {
        match part {
            Component::Normal(part) => parts.push(part.to_string_lossy().into_owned()),
            Component::ParentDir if !parts.is_empty() => {
                turns = true; // the copy can lack the folder before `..`, so the path is simplified
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

/// Returns the new path of a package from a results folder. The reference becomes a relative path,
/// even if it was the name of a shipped package or an absolute path.
fn place_of_kept(reference: &Reference, number: usize) -> Place {
    match reference.to {
        To::Shipped => Place::renamed(format!("policies/{}.toml", reference.named)),
        _ if Path::new(&reference.named).is_absolute() => Place::renamed(elsewhere(&reference.named, number)),
        _ => place(&reference.named, number),
    }
}

/// Returns the text of a file that a shipped experiment refers to.
fn shipped(named: &str) -> Result<&'static str, Problems> {
    let found = experiments::FILES.iter().find(|(path, _)| *path == named);
    found
        .map(|(_, text)| *text)
        .ok_or_else(|| wrong(format!("recsafe does not contain the file {named}"), "choose another experiment"))
}

impl Kept {
    /// Returns the text of a package, or `None` if it is a shipped package that has not changed.
    fn package(&self, reference: &Reference, number: usize) -> Result<Option<String>, Problems> {
        let named = reference.named.as_str();
        let text = self.texts.get(&kept_at(named, number));
        let today = packages::SHIPPED.iter().find(|(name, _)| *name == named).map(|(_, text)| *text);
        match text {
            Some(text) if reference.to == To::Shipped && today == Some(text) => Ok(None),
            Some(text) => Ok(Some(text.clone())),
            None => Err(wrong(
                format!("{} has no unchanged copy of the policy package {named}", self.folder.display()),
                "use --from with the experiment file",
            )),
        }
    }

    fn has_no_rows(&self, named: &str) -> Problems {
        wrong(
            format!("{} has no copy of {named}: results folders keep no graphs or likes", self.folder.display()),
            "use --from with the experiment file",
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
