//! `probe-ratio`: share of harmful views by a script's probes, relative to `control` probes.

use recsafe_people::behavior::probes::Script;
use recsafe_scenario::Need;

use super::{Direction, Info, Metric};
use crate::measure::{Period, Ratio};

/// Harmful share of the views by probes of a script, relative to the share for `control` probes.
pub struct ProbeRatio;

impl Metric for ProbeRatio {
    fn info(&self) -> &'static Info {
        &Info {
            id: "probe-ratio",
            title: "Probe ratio",
            family: "probe",
            unit: "ratio",
            direction: Direction::LowerIsBetter,
            default_group: "lingerer",
            formula: "harmful share of feed views by the script's probes / harmful share of feed views by the `control` probes. Both shares are for the same days.",
            reading: "Share of harmful posts that a test account of the script sees, divided by the share that a control account sees. Null without control probes, or if the control probes see no harmful post.",
            needs: &[Need::Probes(Script::Control)],
            ..Info::BASE
        }
    }

    fn groups(&self) -> Vec<String> {
        let others = Script::ALL.iter().filter(|&&script| script != Script::Passive && script != Script::Control);
        others.map(|script| script.name().to_owned()).collect()
    }

    fn values(&self, period: &Period) -> Vec<(String, Ratio)> {
        let share = |script: &str| {
            let slates = period.probe_slates().filter(|slate| slate.script.name() == script);
            let (harmful, views) =
                slates.fold((0.0, 0.0), |(h, v), slate| (h + f64::from(slate.harmful), v + f64::from(slate.views)));
            Ratio::of(harmful, views).value()
        };
        let control = share(Script::Control.name());
        let ratio = |script: String| {
            let value = share(&script)?;
            let ratio = control.map_or(Ratio::UNDEFINED, |control| Ratio::of(value, control));
            Some((script, ratio))
        };
        self.groups().into_iter().filter_map(ratio).collect()
    }
}
