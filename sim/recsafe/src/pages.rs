//! The report's pages in a results folder.

use recsafe_analysis::Compared;
use recsafe_config::manifest::Manifest;
use recsafe_evidence::evidence::public_figures;
use recsafe_report::{Form, Study, Told, page};
use recsafe_results::{Folder, FolderLock, StoreError, left_out_in_words, missing_in_words, never_applied_in_words};

/// Writes what is made of all runs: the comparison and the report.
pub(crate) fn conclude(results: &Folder, held: &FolderLock, compared: &Compared) -> Result<(), StoreError> {
    results.write_comparison(held, compared)?;
    write(results, held, compared, (Form::Full, None)).map(|_| ())
}

/// Writes a page of a results folder from its comparison, under the name of one with the declared baseline or with the one that was asked for.
/// Returns how many bytes it has.
pub(crate) fn write(
    folder: &Folder,
    held: &FolderLock,
    compared: &Compared,
    (form, baseline): (Form, Option<&str>),
) -> Result<usize, StoreError> {
    let study = Study::read(compared, told(folder)?, |run| folder.run(run))?;
    let page = page(&study, form, &public_figures());
    folder.write_page(held, &form.file_name(baseline), page.as_bytes())?;
    Ok(page.len())
}

/// What the folder says beside its tables.
fn told(folder: &Folder) -> Result<Told, StoreError> {
    let manifest = folder.results()?.unwrap_or_default();
    let (remarks, inputs) = (remarks(folder, &manifest)?, folder.read_inputs(&manifest)?);
    Ok(Told { remarks, inputs, manifest })
}

/// What a reader of the folder should know: sentences.
pub(crate) fn remarks(folder: &Folder, manifest: &Manifest) -> Result<Vec<String>, StoreError> {
    let left_out = left_out_in_words(folder, manifest)?;
    let remarks = [missing_in_words(folder, manifest)?, left_out, never_applied_in_words(manifest)];
    Ok(remarks.into_iter().flatten().collect())
}
