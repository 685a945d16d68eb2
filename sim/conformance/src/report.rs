//! What checks found.

use std::any::Any;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// How a check went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The promise is kept.
    Passed,
    /// It is not.
    Failed,
    /// Not made: it could only repeat what another check found.
    Skipped,
}

/// One promise and whether it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Its name.
    pub name: &'static str,
    /// How it went.
    pub verdict: Verdict,
    /// The promise; if it is not kept, what is wrong.
    pub note: String,
}

/// What was promised: the name of a check, and a sentence.
pub(super) type Promise = (&'static str, &'static str);

/// Every check of one ranker or intervention, in the order in which they were made.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a report that nobody reads checks nothing"]
pub struct Report {
    /// What was checked.
    pub subject: String,
    /// The checks.
    pub checks: Vec<Check>,
}

impl Report {
    /// A report without a check.
    pub(super) fn new(subject: &str) -> Self {
        Report { subject: subject.to_owned(), checks: Vec::new() }
    }

    /// Names of the checks that failed.
    #[must_use]
    pub fn failed(&self) -> Vec<&'static str> {
        self.checks.iter().filter(|check| check.verdict == Verdict::Failed).map(|check| check.name).collect()
    }

    /// Whether no check failed.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.failed().is_empty()
    }

    /// For tests: shows the report if a check failed.
    ///
    /// # Panics
    /// If a check failed.
    pub fn assert(&self) {
        assert!(self.passed(), "{self}");
    }

    /// Makes one check and hands on what it made. One that panics has failed.
    pub(super) fn check<T>(&mut self, (name, promise): Promise, made: impl FnOnce() -> Result<T, String>) -> Option<T> {
        let outcome = catch_unwind(AssertUnwindSafe(made)).unwrap_or_else(|panic| Err(message(panic.as_ref())));
        let (verdict, note, made) = match outcome {
            Ok(made) => (Verdict::Passed, promise.to_owned(), Some(made)),
            Err(problem) => (Verdict::Failed, problem, None),
        };
        self.checks.push(Check { name, verdict, note });
        made
    }

    /// Takes note of checks that are not made.
    pub(super) fn skip(&mut self, promises: &[Promise], why: &str) {
        let skipped = |&(name, _): &Promise| Check { name, verdict: Verdict::Skipped, note: why.to_owned() };
        self.checks.extend(promises.iter().map(skipped));
    }
}

/// What a panic said.
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
