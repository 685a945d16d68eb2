//! Results of checks.

use std::any::Any;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Result of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The property holds.
    Passed,
    /// The property does not hold.
    Failed,
    /// The check was not run, because it would only repeat the result of another check.
    Skipped,
}

/// One property and whether it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Name of the check.
    pub name: &'static str,
    /// Result of the check.
    pub verdict: Verdict,
    /// The property, or the problem if it does not hold.
    pub note: String,
}

/// A property: the name of its check, and a sentence.
pub(super) type Property = (&'static str, &'static str);

/// All checks of one ranker or intervention, in the order in which they ran.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "the checks have no effect unless the report is read"]
pub struct Report {
    /// Name of the subject.
    pub subject: String,
    /// The checks.
    pub checks: Vec<Check>,
}

impl Report {
    /// Creates a report without checks.
    pub(super) fn new(subject: &str) -> Self {
        Report { subject: subject.to_owned(), checks: Vec::new() }
    }

    /// Returns the names of failed checks.
    #[must_use]
    pub fn failed(&self) -> Vec<&'static str> {
        self.checks.iter().filter(|check| check.verdict == Verdict::Failed).map(|check| check.name).collect()
    }

    /// Returns whether no check failed.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.failed().is_empty()
    }

    /// Asserts that no check failed, for tests.
    ///
    /// # Panics
    /// If a check failed.
    pub fn assert(&self) {
        assert!(self.passed(), "{self}");
    }

    /// Runs one check and returns its result. A panic counts as a failure.
    pub(super) fn check<T>(
        &mut self,
        (name, promise): Property,
        made: impl FnOnce() -> Result<T, String>,
    ) -> Option<T> {
        let outcome = catch_unwind(AssertUnwindSafe(made)).unwrap_or_else(|panic| Err(message(panic.as_ref())));
        let (verdict, note, made) = match outcome {
            Ok(made) => (Verdict::Passed, promise.to_owned(), Some(made)),
            Err(problem) => (Verdict::Failed, problem, None),
        };
        self.checks.push(Check { name, verdict, note });
        made
    }

    /// Adds skipped checks.
    pub(super) fn skip(&mut self, promises: &[Property], why: &str) {
        let skipped = |&(name, _): &Property| Check { name, verdict: Verdict::Skipped, note: why.to_owned() };
        self.checks.extend(promises.iter().map(skipped));
    }
}

/// Returns the message of a panic.
fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().or(panic.downcast_ref::<String>().map(String::as_str));
    format!("it panicked: {}", text.unwrap_or("without a message"))
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.subject)?;
        for Check { name, verdict, note } in &self.checks {
            let word = match verdict {
                Verdict::Passed => "passed",
                Verdict::Failed => "FAILED",
                Verdict::Skipped => "skipped",
            };
            writeln!(f, "  {word:8}{name:18}{note}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_failure_and_what_depends_on_it_is_skipped() {
        let mut report = Report::new("mine");
        let counted = report.check(("counts", "one and one are two"), || Ok(1 + 1));
        let nothing = report.check(("holds", "it holds"), || -> Result<(), String> { panic!("it does not") });
        report.skip(&[("later", "")], "it does not hold");
        assert_eq!((counted, nothing), (Some(2), None));
        assert_eq!(report.failed(), ["holds"]);
        let text = report.to_string();
        assert!(text.contains("FAILED  holds             it panicked: it does not"), "{text}");
        assert!(text.contains("skipped later"), "{text}");
    }
}
