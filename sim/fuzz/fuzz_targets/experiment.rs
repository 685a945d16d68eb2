//! The experiment file: any text, read for a run and for an optimisation.
#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use recsafe_fuzz::{input, read};

fuzz_target!(|text: &str| read(&input(text, Vec::new(), Path::new("experiment.toml"))));
