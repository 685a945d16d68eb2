//! The report: one self-contained page that a person can read, print and pass on.
//!
//! `study` reads what the report tells of, `figures` makes each picture with the table behind it, `page` sets the page, and `brief`
//! the short one that prints on one sheet.

mod brief;
mod figures;
mod head;
mod level;
mod page;
pub mod story;
mod strip;
mod study;

use std::path::Path;

use recsafe_results::Compared;
use recsafe_results::{Folder, FolderLock, StoreError};
use study::Study;

/// Name of the page in a results folder.
pub const PAGE: &str = "report.html";

/// Name of the page that prints on one sheet.
const BRIEF: &str = "report-brief.html";

/// Which page is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Everything.
    Full,
    /// One printed sheet.
    Brief,
}

impl Form {
    /// The page's name in a results folder. A comparison with another baseline than the declared one has a name of its own.
    #[must_use]
    pub fn file_name(self, baseline: Option<&str>) -> String {
        let name = match self {
            Form::Full => PAGE,
            Form::Brief => BRIEF,
        };
        match baseline {
            Some(_) => name.replace(".html", "-against.html"),
            None => name.to_owned(),
        }
    }
}

/// A public figure that the default world is held against, as a page lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicFigure {
    /// What is measured.
    pub quantity: String,
    /// Its band, in words.
    pub band: String,
    /// What it is used for.
    pub used_as: String,
    /// The publication.
    pub source: String,
}

/// Writes the page of a results folder from its comparison, and returns how many bytes it has.
///
/// # Errors
/// If a file is damaged, or the page cannot be written.
pub fn write(
    dir: &Path,
    held: &FolderLock,
    compared: &Compared,
    evidence: &[PublicFigure],
) -> Result<usize, StoreError> {
    write_as(dir, held, compared, evidence, (Form::Full, None))
}

/// Writes a page in one form, under the name of a comparison with the declared baseline or with the one that was asked for.
///
/// # Errors
/// If a file is damaged, or the page cannot be written.
pub fn write_as(
    dir: &Path,
    held: &FolderLock,
    compared: &Compared,
    evidence: &[PublicFigure],
    (form, baseline): (Form, Option<&str>),
) -> Result<usize, StoreError> {
    let study = Study::read(dir, compared)?;
    let page = match form {
        Form::Full => page::page(&study, &figures::all(&study), evidence),
        Form::Brief => brief::page(&study),
    };
    Folder::new(dir).write_page(held, &form.file_name(baseline), page.as_bytes())?;
    Ok(page.len())
}
