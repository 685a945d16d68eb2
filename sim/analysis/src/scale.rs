//! The scale on which a change is measured.

use serde::{Deserialize, Serialize};

/// The scale on which a row's change, interval and p value are computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scale {
    /// Logarithms of arm / baseline, seed by seed; used if every value is above 0.
    LogRatio,
    /// Arm - baseline, seed by seed, in the metric's unit; used otherwise.
    Difference,
}

impl From<recsafe_stats::Scale> for Scale {
    fn from(scale: recsafe_stats::Scale) -> Self {
        match scale {
            recsafe_stats::Scale::LogRatio => Scale::LogRatio,
            recsafe_stats::Scale::Difference => Scale::Difference,
        }
    }
}

impl Scale {
    /// Returns the scale's name in tables and files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Scale::LogRatio => "log-ratio",
            Scale::Difference => "difference",
        }
    }
}
