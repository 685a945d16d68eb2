//! Impressions of an account, from `exposures.parquet`.

use std::collections::BTreeMap;

use recsafe_analysis::plain;
use recsafe_stats::rows::ExposureRow;
use serde::Serialize;

use recsafe_text::counted;

/// Counts of impressions over some days.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Shown {
    /// Number of posts shown.
    pub shown: u64,
    /// Number of posts viewed.
    pub viewed: u64,
    /// Viewed posts by candidate source.
    pub by_source: BTreeMap<String, u64>,
    /// Viewed posts whose severity reaches the threshold.
    pub harmful: u64,
    /// The highest severity of a viewed post, and the first day on which it occurred.
    pub worst: Option<(f64, i32)>,
    /// Viewed posts that were liked or shared.
    pub engaged: u64,
    /// Harmful posts that were liked or shared.
    pub engaged_harmful: u64,
}

impl Shown {
    /// Counts impressions.
    pub(super) fn of<'a>(impressions: impl Iterator<Item = &'a ExposureRow>, threshold: f64) -> Shown {
        let mut counts = Shown::default();
        for impression in impressions {
            counts.add(impression, threshold);
        }
        counts
    }

    fn add(&mut self, impression: &ExposureRow, threshold: f64) {
        self.shown += 1;
        if !impression.viewed {
            return;
        }
        let severity = f64::from(impression.severity);
        let harmful = u64::from(severity >= threshold);
        self.viewed += 1;
        self.harmful += harmful;
        *self.by_source.entry(impression.source.to_string()).or_default() += 1;
        if severity > self.worst.map_or(0.0, |(worst, _)| worst) {
            self.worst = Some((severity, impression.day));
        }
        if impression.engaged {
            self.engaged += 1;
            self.engaged_harmful += harmful;
        }
    }

    /// Returns the counts as sentences.
    pub(super) fn sentences(&self) -> Vec<String> {
        if self.shown == 0 {
            return vec!["It is shown no posts.".to_owned()];
        }
        let mut sources: Vec<(&String, &u64)> = self.by_source.iter().collect();
        sources.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        let sources: Vec<String> = sources.iter().map(|(source, count)| format!("{source} {count}")).collect();
        let by_source =
            if sources.is_empty() { String::new() } else { format!(" (by source: {})", sources.join(", ")) };
        let shown = format!("It is shown {} and views {}{by_source}.", counted(self.shown, "post"), self.viewed);
        vec![format!("{shown} {}", self.harm()), self.engagement()]
    }

    fn harm(&self) -> String {
        let worst = self.worst.map(|(severity, day)| format!("a post of severity {} on day {day}", plain(severity)));
        match (self.harmful, worst) {
            (0, None) => "None of these has a severity above 0.".to_owned(),
            (0, Some(worst)) => format!("None of these is harmful; the most severe is {worst}."),
            (1, Some(worst)) => format!("1 of these is harmful: {worst}."),
            (harmful, Some(worst)) => format!("{harmful} of these are harmful; the most severe is {worst}."),
            (harmful, None) => format!("{harmful} of these are harmful."),
        }
    }

    fn engagement(&self) -> String {
        match (self.engaged, self.engaged_harmful) {
            (0, _) => "It engages with none of them.".to_owned(),
            (all, 0) => format!("It engages with {all} of them (none harmful)."),
            (all, harmful) => format!("It engages with {all} of them ({harmful} harmful)."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::samples::impression;

    #[test]
    fn views_are_counted_by_source_and_severity() {
        let seen = [impression(0, 0.0), impression(1, 0.7), ExposureRow { viewed: false, ..impression(1, 0.9) }];
        let counts = Shown::of(seen.iter(), 0.5);
        assert_eq!(
            (counts.shown, counts.viewed, counts.harmful, counts.worst),
            (3, 2, 1, Some((f64::from(0.7_f32), 1)))
        );
        assert_eq!(
            counts.sentences(),
            [
                "It is shown 3 posts and views 2 (by source: followed 2). 1 of these is harmful: a post of severity 0.7 on day 1.",
                "It engages with none of them."
            ]
        );
        assert_eq!(Shown::default().sentences(), ["It is shown no posts."]);
    }
}
