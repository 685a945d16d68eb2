//! The comparison of the runs in a folder, and its table `comparison.parquet`.

use recsafe_analysis::{Compared, MetricFacts, MetricValue};
use recsafe_config::manifest::Manifest;
use recsafe_stats::rows::{ComparisonRow, Read, Tables};

use crate::{Folder, FolderLock, StoreError, write};

impl Folder {
    /// Compares the runs with the declared baseline or another arm. Returns `None` if the folder
    /// has no manifest.
    ///
    /// The folder describes its metrics. Folders of earlier versions lack these descriptions, so
    /// `catalogue` is used for such folders.
    ///
    /// # Errors
    /// If a file is damaged or cannot be read.
    pub fn compared(&self, catalogue: &[MetricFacts], baseline: Option<&str>) -> Result<Option<Compared>, StoreError> {
        let Some(manifest) = self.results()? else { return Ok(None) };
        let values = self.read_metrics(&manifest)?;
        Ok(Some(Compared::new(&manifest, values, catalogue, baseline)))
    }

    /// Returns the metrics of all finished runs, in the order of the manifest.
    ///
    /// # Errors
    /// If a file is damaged or cannot be read.
    fn read_metrics(&self, manifest: &Manifest) -> Result<Vec<MetricValue>, StoreError> {
        let mut values = Vec::new();
        for run in &manifest.runs {
            values.extend(MetricValue::of_run(run, self.run(run).rows()?));
        }
        Ok(values)
    }

    /// Writes a comparison.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn write_comparison(&self, lock: &FolderLock, compared: &Compared) -> Result<(), StoreError> {
        let rows = || compared.rows.iter().map(ComparisonRow::from);
        self.write_whole(lock, &ComparisonRow::TABLE.file(), |path| write(path, rows()))
    }
}
