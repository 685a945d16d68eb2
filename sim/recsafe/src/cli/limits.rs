//! Room that runs may take: arguments of every command that runs an experiment, or says what that takes.

use recsafe_run::{Limits, Size};

/// Most memory and disk.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Take no more memory than this, such as 12GiB; in place of what the machine, or its container, has free. Fewer worlds go side by side then.
    #[arg(long, value_name = "SIZE")]
    max_memory: Option<Size>,
    /// Take no more space on disk than this, such as 500MB; in place of what is free there.
    #[arg(long, value_name = "SIZE")]
    max_disk: Option<Size>,
}

impl Args {
    /// The same, for running.
    pub(super) fn limits(&self) -> Limits {
        Limits { memory: self.max_memory, disk: self.max_disk }
    }
}
