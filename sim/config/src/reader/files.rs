//! Reads the input files of a set of settings, and checks the number of accounts.

use std::path::Path;

use recsafe_common::setting::Knobs;
use recsafe_import::Import;
use recsafe_people::settings::Population;

use super::Reader;
use crate::layers::Layers;
use crate::problem::Problem;

const ACCOUNTS: &str = "population.accounts";

impl Reader<'_> {
    /// Imports the files of `population`. If a file cannot be used, adds a problem and returns
    /// `None`. Returns `Some(None)` if no setting names a file.
    #[expect(
        clippy::option_option,
        reason = "the outer value: whether reading succeeded; the inner value: whether a file is named"
    )]
    pub(super) fn import(&mut self, population: &Population, layers: &Layers) -> Option<Option<Import>> {
        let folder = self.input.file.parent().unwrap_or(Path::new(""));
        match self.files.import(population, folder, self.input.parquet.as_deref()) {
            Ok(None) => Some(None),
            Ok(Some(import)) => self.fits(population, &import, layers).then_some(Some(import)),
            Err(refused) => {
                self.problem(
                    layers,
                    &format!("{}.file", refused.setting),
                    &refused.refusal.what,
                    &refused.refusal.help,
                );
                None
            }
        }
    }

    /// Returns whether a world can have the number of accounts in the files. If not, adds a
    /// problem.
    fn fits(&mut self, population: &Population, import: &Import, layers: &Layers) -> bool {
        let found = import.world.accounts;
        let (file, setting) = import.files.first().map_or(("", ""), |file| (file.file.as_str(), file.setting));
        let bounds = Population::fields().into_iter().find(|field| field.name == "accounts").map(|field| field.bounds);
        if let Some(bounds) = bounds.filter(|bounds| !bounds.contain(f64::from(found))) {
            let message = format!("{file} has {found} accounts, but a world needs at least {}", bounds.low);
            self.problem(layers, &format!("{setting}.file"), &message, "name a file with more accounts");
            return false;
        }
        if layers.is_set(ACCOUNTS) && population.accounts != found {
            let message = format!("`{ACCOUNTS}` is {}, but {file} has {found} accounts", population.accounts);
            self.problem(layers, ACCOUNTS, &message, "remove `accounts`: the file determines the number of accounts");
            return false;
        }
        true
    }

    /// Adds a problem at the position of a setting.
    fn problem(&mut self, layers: &Layers, path: &str, message: &str, help: &str) {
        let problem = match layers.location(path) {
            Some(location) => Problem::at(location, message, "set here"),
            None => Problem::of(message),
        };
        self.problems.add(if help.is_empty() { problem } else { problem.help(help) });
    }
}
