//! The comparison of a results folder: its runs' metrics read, and what comes of them kept as `comparison.parquet`.

use recsafe_analysis::{Compared, MetricFacts, MetricValue};
use recsafe_config::manifest::Manifest;
use recsafe_stats::rows::{ComparisonRow, Read, Tables};

use crate::{Folder, FolderLock, StoreError, write};

impl Folder {
    /// The comparison of its runs, against the declared baseline or another arm; none if it holds no results. What each metric is stands in the
    /// folder; `catalogue` says it for folders of earlier versions, which do not keep it.
    ///
    /// # Errors
    /// If a file is damaged or cannot be read.
    pub fn compared(&self, catalogue: &[MetricFacts], baseline: Option<&str>) -> Result<Option<Compared>, StoreError> {
        let Some(manifest) = self.results()? else { return Ok(None) };
        let values = self.read_metrics(&manifest)?;
        Ok(Some(Compared::new(&manifest, values, catalogue, baseline)))
    }

    /// Every finished run's metrics, in the manifest's order.
    ///
    /// # Errors
    /// If a file cannot be read, or is not as it was written.
    fn read_metrics(&self, manifest: &Manifest) -> Result<Vec<MetricValue>, StoreError> {
        let mut values = Vec::new();
        for run in &manifest.runs {
            values.extend(MetricValue::of_run(run, self.run(run).rows()?));
        }
        Ok(values)
    }

    /// Keeps a comparison of its runs.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write_comparison(&self, held: &FolderLock, compared: &Compared) -> Result<(), StoreError> {
        let rows = || compared.rows.iter().map(ComparisonRow::from);
        self.write_whole(held, &ComparisonRow::TABLE.file(), |path| write(path, rows()))
    }
}
