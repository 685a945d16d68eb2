//! The report: one self-contained page that a person can read, print and pass on.
//!
//! `study` reads what the report tells of, `figures` makes each picture with the table behind it, `page` sets the page.

mod figures;
mod page;
mod study;
mod validation;

use std::path::Path;

use crate::store::{Folder, FolderLock, StoreError};
use crate::study::Compared;
use study::Study;
pub use validation::{VALIDATION_START, Validation, validation_page};

/// Name of the page in a results folder.
pub const PAGE: &str = "report.html";

/// Writes the page of a results folder and returns its bytes' number; none if the folder holds no results.
///
/// # Errors
/// If a file is damaged, or the page cannot be written.
pub fn write(dir: &Path, held: &FolderLock) -> Result<Option<usize>, StoreError> {
    let Some(compared) = Compared::read(dir)? else { return Ok(None) };
    let study = Study::read(dir, compared)?;
    let page = page::page(&study, &figures::all(&study));
    Folder::new(dir).write_page(held, PAGE, page.as_bytes())?;
    Ok(Some(page.len()))
}
