//! Catalogue of metrics.
//!
//! Each metric of this crate is defined in a file that is listed below. Other crates register their
//! metrics.

use recsafe_common::registry::{RegisterError, Registry};
use recsafe_platform::interventions::Occurrence;
use recsafe_scenario::{KnownMetric, Need, Who};
pub use recsafe_stats::Direction;
use recsafe_stats::MetricFacts;

use super::{Group, GroupWindow, Period, Ratio};

/// Description of a metric.
#[derive(Clone, Copy, Debug)]
pub struct Info {
    /// Name in files and commands.
    pub id: &'static str,
    /// Short name for readers.
    pub title: &'static str,
    /// Family, such as `content`.
    pub family: &'static str,
    /// Unit.
    pub unit: &'static str,
    /// Direction of improvement.
    pub direction: Direction,
    /// Group for which the metric is shown by default.
    pub default_group: &'static str,
    /// Constant of the unit, such as 10,000 for "per 10,000 accounts"; otherwise 1. The count is
    /// multiplied by this constant.
    pub factor: f64,
    /// Formula, in words.
    pub formula: &'static str,
    /// Meaning of a value.
    pub reading: &'static str,
    /// Whether the metric has a value for a single day.
    pub daily: bool,
    /// Whether the metric is measured in a run. Otherwise the metric is computed from two arms when
    /// the arms are compared.
    pub measured: bool,
    /// Requirements without which the metric has no value. In addition, every metric requires at
    /// least one account in the group.
    pub needs: &'static [Need],
    /// Requirements without which the metric is 0 under every arm.
    pub moved_by: &'static [Need],
}

impl Info {
    /// Default description: the metric is measured in every run, and has daily values.
    pub const BASE: Info = Info {
        id: "",
        title: "",
        family: "",
        unit: "",
        direction: Direction::Neither,
        default_group: "all",
        factor: 1.0,
        formula: "",
        reading: "",
        daily: true,
        measured: true,
        needs: &[],
        moved_by: &[],
    };
}

/// Metric computed from the record of a run.
pub trait Metric: Send + Sync {
    /// Returns the description of the metric.
    fn info(&self) -> &'static Info;

    /// Returns the value for a group over some days, without the factor of the unit. A ratio that
    /// is not finite means that there is no value.
    fn measure(&self, _cut: &GroupWindow) -> Ratio {
        Ratio::UNDEFINED
    }

    /// Returns whether the metric is defined for a group.
    fn applies(&self, _group: &Group) -> bool {
        true
    }

    /// Returns the names of the groups for which the metric can have a value.
    fn groups(&self) -> Vec<String> {
        Group::all().into_iter().filter(|group| self.applies(group)).map(|group| group.name).collect()
    }

    /// Returns the value for each group. Metrics with special groups, such as routes, implement
    /// this function instead of `measure`.
    fn values(&self, period: &Period) -> Vec<(String, Ratio)> {
        let windows = period.windows().iter().filter(|window| self.applies(window.group()));
        windows.map(|window| (window.group().name.clone(), self.measure(window))).collect()
    }
}

/// Declares the modules and the list of metrics. Each line has the form `file: Metric, Metric;`. A
/// file contains several metrics only if their code is nearly the same.
macro_rules! metrics {
    ($($file:ident : $($made:ident),+;)*) => {
        $(mod $file;)*

        /// Built-in metrics, in the order of tables.
        static SHIPPED: &[&dyn Metric] = &[$($(&$file::$made,)+)*];
    };
}

metrics! {
    dose: Dose;
    prevalence: Prevalence;
    harmful_views: HarmfulViews;
    weekly_severe_exposure: WeeklySevereExposure;
    unsolicited_share: UnsolicitedShare;
    amplification: Amplification;
    exposure_gini: ExposureGini;
    exposure_top_decile: ExposureTopDecile;
    days_to_first_exposure: DaysToFirstExposure;
    first_exposure_median: FirstExposureMedian;
    minors_suggested: MinorsSuggested;
    minor_suggestion_ratio: MinorSuggestionRatio;
    suggestion_conversion: SuggestionConversion;
    contact_reach: ContactReach;
    funnel: SUGGESTED, FOUND, REQUESTED, DELIVERED, ACCEPTED, CONVERSING, ESCALATED;
    new_minors_found: NewMinorsFound;
    target_list_length: TargetListLength;
    route_share: RouteShare;
    network_reach: NetworkReach;
    network_shape: LargestComponent, MeanDegree;
    network_reproduction: NetworkReproduction;
    exchanges: Exchanges;
    exchange_active: ExchangeActive;
    late_harmful_share: LateHarmfulShare;
    probe_ratio: ProbeRatio;
    action_rate: ActionRate;
    action_quality: ActionPrecision, ActionRecall;
    accounts_removed: AccountsRemoved;
    reporters: ReportsByMinors, ReportsAgainstAdults;
    report_rate: ReportRate, TrueReportShare;
    report_action_rate: ReportActionRate, TrueReportActionRate;
    queue_length: QueueLength;
    queue_wait: MEDIAN_WAIT, LONG_WAIT;
    review_hours: ReviewHours;
    predator_survival: PredatorSurvival, PredatorSurvivalMedian;
    predator_recidivism: PredatorRecidivism;
    authority_reports: AuthorityReports;
    engagement: Engagement;
    views: Views;
    benign_reach: BenignReach;
    minors_connection: MinorsConnection;
    wrongly_restricted: WronglyRestricted;
    posts_wrongly_removed: PostsWronglyRemoved;
    age_assurance: AgeChecks, AdultsAsMinors, MinorsAsAdults;
    relevance: Relevance;
    feeds: FeedPrevalence, FeedQuality;
    diversity: Diversity;
    novelty: Novelty;
}

static REGISTRY: Registry<&'static dyn Metric> =
    Registry::new(|| SHIPPED.iter().map(|metric| metric.info().id).collect());

/// Returns the metrics of other crates. Programs register metrics with `recsafe::registry`, which
/// also rejects older names of built-in metrics.
#[must_use]
pub fn registry() -> &'static Registry<&'static dyn Metric> {
    &REGISTRY
}

/// Returns the built-in metrics, in the order of tables.
#[must_use]
pub fn shipped() -> &'static [&'static dyn Metric] {
    SHIPPED
}

/// Returns all metrics in the order of tables: built-in metrics, and then metrics of other crates
/// in the order of their ids.
#[must_use]
pub fn all() -> Vec<&'static dyn Metric> {
    let mut all = SHIPPED.to_vec();
    all.extend(REGISTRY.all());
    all
}

/// Registers a metric of another crate. Runs that start later measure the metric.
///
/// `version` is the version or a digest of the metric's code. The version must change whenever the
/// values of the metric can change. Registering a metric again with the same version has no effect.
///
/// # Errors
/// If the name, the version or the description is invalid. Also if a built-in metric has the
/// name, or if a metric with the same name but another version is registered.
pub fn register(metric: &'static dyn Metric, version: &str) -> Result<(), RegisterError> {
    check(metric)?;
    REGISTRY.add(metric.info().id, version, metric)
}

/// Registers a metric and replaces the registered metric with the same name. Runs in progress use
/// the old metric or the new metric.
///
/// # Errors
/// If the name, the version or the description is invalid, or if a built-in metric has the name.
pub fn register_anew(metric: &'static dyn Metric, version: &str) -> Result<(), RegisterError> {
    check(metric)?;
    REGISTRY.replace(metric.info().id, version, metric)
}

/// Checks the description of a metric, so that tables and commands can use it.
fn check(metric: &dyn Metric) -> Result<(), RegisterError> {
    let Info { id, title, unit, default_group, factor, .. } = *metric.info();
    let wrong = |what: String| Err(RegisterError::Description { id: id.to_owned(), what });
    let groups = metric.groups();
    if !groups.iter().any(|group| group == default_group) {
        return wrong(format!(
            "the default group \"{default_group}\" is not one of the metric's groups: {}",
            groups.join(", ")
        ));
    }
    if title.is_empty() || unit.is_empty() {
        return wrong("the metric must have a title and a unit".to_owned());
    }
    if !(factor.is_finite() && factor > 0.0) {
        return wrong(format!("the factor must be a finite number above 0, not {factor}"));
    }
    Ok(())
}

/// Returns the facts about all metrics that are needed to read an experiment file.
#[must_use]
pub fn known() -> Vec<KnownMetric> {
    let known = |metric: &dyn Metric| {
        let Info { needs, moved_by, .. } = *metric.info();
        KnownMetric { facts: facts_of(metric), needs: needs.to_vec(), moved_by: moved_by.to_vec() }
    };
    all().into_iter().map(known).collect()
}

/// Returns the facts about all metrics that are needed to read results.
#[must_use]
pub fn facts() -> Vec<MetricFacts> {
    all().into_iter().map(facts_of).collect()
}

fn facts_of(metric: &dyn Metric) -> MetricFacts {
    let Info { id, title, family, unit, direction, default_group, factor, formula, reading, needs, .. } =
        *metric.info();
    let [id, title, family, unit] = [id, title, family, unit].map(str::to_owned);
    let [default_group, formula, reading] = [default_group, formula, reading].map(str::to_owned);
    let needed = needs.iter().filter_map(|need| need.needed()).collect();
    let groups = metric.groups();
    let version = REGISTRY.version(&id).map(str::to_owned);
    MetricFacts { id, title, family, unit, direction, default_group, factor, formula, reading, needed, groups, version }
}

/// Requirement of metrics that count views.
const FEED: Need = Need::Happens(Occurrence::Feed);
/// Requirement of metrics about predators.
const PREDATORS: Need = Need::Accounts(Who::Predators);
/// Requirement of metrics about exchange accounts.
const EXCHANGE: Need = Need::Accounts(Who::Exchange);
/// Requirement of metrics about minors.
const MINORS: Need = Need::Accounts(Who::Minors);

/// Returns the description of the metric with this id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Info> {
    all().into_iter().map(Metric::info).find(|info| info.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the product of the constants in a formula, such as `removals / account-days x 10,000
    /// x 30`.
    fn in_formula(info: &Info) -> f64 {
        let words: Vec<&str> = info.formula.split_whitespace().collect();
        let factors = words.windows(2).filter(|pair| pair[0] == "x");
        factors.filter_map(|pair| pair[1].replace([',', ';'], "").parse::<f64>().ok()).product()
    }

    #[test]
    fn the_factor_of_a_metric_is_that_of_its_formula() {
        for metric in all() {
            let info = metric.info();
            assert_eq!(info.factor, in_formula(info), "{}", info.id);
        }
        assert_eq!(find("accounts-removed").unwrap().factor, 300_000.0);
        assert_eq!(find("prevalence").unwrap().factor, 1.0);
    }

    struct Own(Info);

    impl Metric for Own {
        fn info(&self) -> &'static Info {
            Box::leak(Box::new(self.0))
        }
    }

    #[test]
    fn a_metric_that_says_what_cannot_be_is_refused() {
        let good = Info { id: "own", title: "Own", unit: "views", ..Info::BASE };
        assert_eq!(check(&Own(good)), Ok(()));
        for (bad, expected) in [
            (
                Info { default_group: "everybody", ..good },
                "the default group \"everybody\" is not one of the metric's groups: all, user",
            ),
            (Info { unit: "", ..good }, "the metric must have a title and a unit"),
            (Info { factor: f64::NAN, ..good }, "the factor must be a finite number above 0, not NaN"),
        ] {
            let refused = check(&Own(bad)).unwrap_err().to_string();
            assert!(refused.starts_with(&format!("`own`: {expected}")), "{refused}");
        }
    }

    #[test]
    fn a_unit_per_so_many_has_a_factor() {
        for metric in all() {
            let info = metric.info();
            let per = info.unit.contains("per 1");
            assert!(info.factor > 1.0 || !per, "{}: {}", info.id, info.unit);
        }
    }
}
