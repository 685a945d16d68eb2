//! Destinations of finished runs: a results folder or memory.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use recsafe_engine::LifetimeOutput;
use recsafe_results::{Folder, Manifest, RunEntry, SETTINGS, StoreError};
use recsafe_stats::rows::TablesInMemory;

use super::settings::RunSettings;
use super::tables;

/// A destination of finished runs.
pub(super) trait Keep: Sync {
    /// Stores a run's tables. From then on, the run counts as finished. Returns the run's entry.
    fn keep(
        &self,
        run: RunEntry,
        settings: &RunSettings,
        lifetime_output: &LifetimeOutput,
    ) -> Result<RunEntry, StoreError>;

    /// Stores the current list of runs.
    fn list(&self, manifest: &Manifest) -> Result<(), StoreError>;

    /// Returns the folder of checkpoints, or `None` if checkpoints are disabled.
    fn checkpoints(&self) -> Option<&Folder>;
}

impl Keep for Folder {
    fn keep(
        &self,
        run: RunEntry,
        settings: &RunSettings,
        lifetime_output: &LifetimeOutput,
    ) -> Result<RunEntry, StoreError> {
        let mut files = self.begin_run(run)?;
        files.write_json(SETTINGS, settings)?;
        tables::write(lifetime_output, &mut files)?;
        files.keep()
    }

    fn list(&self, manifest: &Manifest) -> Result<(), StoreError> {
        self.write_manifest(manifest)
    }

    fn checkpoints(&self) -> Option<&Folder> {
        Some(self)
    }
}

/// Tables in memory, by the hash of their run.
#[derive(Debug, Default)]
pub(super) struct Memory(Mutex<BTreeMap<String, TablesInMemory>>);

impl Memory {
    /// Returns the tables.
    pub(super) fn into_tables(self) -> BTreeMap<String, TablesInMemory> {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Keep for Memory {
    fn keep(&self, run: RunEntry, _: &RunSettings, lifetime_output: &LifetimeOutput) -> Result<RunEntry, StoreError> {
        let mut tables = TablesInMemory::default();
        tables::write(lifetime_output, &mut tables)?;
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(run.hash.clone(), tables);
        Ok(run)
    }

    fn list(&self, _: &Manifest) -> Result<(), StoreError> {
        Ok(())
    }

    fn checkpoints(&self) -> Option<&Folder> {
        None
    }
}
