//! Shipped experiments.

/// The name and text of each shipped experiment.
pub const SHIPPED: &[(&str, &str)] = &[
    ("quickstart", include_str!("../../../experiments/quickstart.toml")),
    ("personalisation", include_str!("../../../experiments/personalisation.toml")),
    ("stated-age", include_str!("../../../experiments/stated-age.toml")),
    ("better-classifier", include_str!("../../../experiments/better-classifier.toml")),
    ("suggestions", include_str!("../../../experiments/suggestions.toml")),
    ("contact-rules", include_str!("../../../experiments/contact-rules.toml")),
    ("audit", include_str!("../../../experiments/audit.toml")),
    ("removal-wave", include_str!("../../../experiments/removal-wave.toml")),
    ("what-reviewers-buy", include_str!("../../../experiments/what-reviewers-buy.toml")),
    ("age-assurance", include_str!("../../../experiments/age-assurance.toml")),
    ("message-limits", include_str!("../../../experiments/message-limits.toml")),
    ("teen-packages", include_str!("../../../experiments/teen-packages.toml")),
    ("probe-or-population", include_str!("../../../experiments/probe-or-population.toml")),
    ("negative-feedback", include_str!("../../../experiments/negative-feedback.toml")),
    ("what-matters", include_str!("../../../experiments/what-matters.toml")),
    ("best-message-rules", include_str!("../../../experiments/best-message-rules.toml")),
    ("real-graph", include_str!("../../../experiments/real-graph.toml")),
    ("weak-safeguard", include_str!("../../../experiments/weak-safeguard.toml")),
    ("large", include_str!("../../../experiments/large.toml")),
];

/// The files that shipped experiments refer to. Each file has its path, relative to the experiment
/// file, and its text.
pub const FILES: &[(&str, &str)] = &[("data/karate.txt", include_str!("../../../experiments/data/karate.txt"))];

/// Returns the question in the text of an experiment file, or an empty text if the file has none.
#[must_use]
pub fn question(text: &str) -> String {
    let file: Option<toml::Table> = text.parse().ok();
    let question = || file.as_ref()?.get("experiment")?.get("question")?.as_str();
    question().unwrap_or_default().to_owned()
}
