//! `--set PATH=VALUE`: each line is one argument, applied to an experiment with a setting of every
//! kind.
#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use recsafe_fuzz::{input, read};

const EXPERIMENT: &str = r#"
[experiment]
name = "fuzz"
[sweep]
"feed.exploration" = [0.1, 0.2]
[[probe]]
script = "clicker"
[[arm]]
name = "as-is"
[[arm]]
name = "rules"
policies = ["teen-feed-defaults"]
interventions = [{ kind = "restrict-messages" }, { kind = "frequency-cap", name = "cap" }]
[optimise]
arm = "rules"
knobs = { "cap.most" = { low = 1, high = 5 } }
limits = { "engagement@all" = { relative_low = -0.05 } }
budget = 4
"#;

fuzz_target!(|text: &str| {
    let set = text.split('\n').take(32).map(str::to_owned).collect();
    read(&input(EXPERIMENT, set, Path::new("experiment.toml")));
});
