//! Library errors are standard Rust errors: they describe the problem, convert into `Box<dyn
//! Error>` with `?`, and can be sent between threads.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::error::Error;

use recsafe_analysis::UnknownName;
use recsafe_config::checkpoint::{Every, NotAnInterval};
use recsafe_config::explain::{Unexplained, explain};
use recsafe_config::outcomes::UnknownOutcome;
use recsafe_config::{Experiment, Input, Problem, Problems};
use recsafe_engine::BadRules;
use recsafe_evidence::evidence::BadEvidence;
use recsafe_evidence::fit::FitError;
use recsafe_evidence::replication::ReplicationError;
use recsafe_evidence::replication::amplification::NotATopic;
use recsafe_import::{Bad, Refusal, Refused};
use recsafe_names::Fault;
use recsafe_report::trace::TraceError;
use recsafe_results::output_file::OutputFileError;
use recsafe_results::{CheckpointError, StoreError};
use recsafe_run::diff::DiffError;
use recsafe_run::{InsufficientResources, NotASize, RunError, SettingsError, Size};

/// Compiles only for error types.
const fn is_an_error<E: Error + Send + Sync + 'static>() {}

const _: () = {
    is_an_error::<Bad>();
    is_an_error::<BadEvidence>();
    is_an_error::<BadRules>();
    is_an_error::<CheckpointError>();
    is_an_error::<DiffError>();
    is_an_error::<ReplicationError>();
    is_an_error::<Fault>();
    is_an_error::<FitError>();
    is_an_error::<InsufficientResources>();
    is_an_error::<NotASize>();
    is_an_error::<NotATopic>();
    is_an_error::<NotAnInterval>();
    is_an_error::<OutputFileError>();
    is_an_error::<Problem>();
    is_an_error::<Problems>();
    is_an_error::<Refusal>();
    is_an_error::<Refused>();
    is_an_error::<RunError>();
    is_an_error::<SettingsError>();
    is_an_error::<StoreError>();
    is_an_error::<TraceError<StoreError>>();
    is_an_error::<Unexplained>();
    is_an_error::<UnknownName>();
    is_an_error::<UnknownOutcome>();
};

/// Returns the message of a function that passes on any error.
fn said(failing: impl FnOnce() -> Result<(), Box<dyn Error + Send + Sync>>) -> String {
    failing().unwrap_err().to_string()
}

#[test]
fn problems_are_said_with_line_value_range_and_nearest_name() {
    let text = "[experiment]\nname = \"a\"\ndays = 0\nsedes = 3\n".to_owned();
    let input = Input { file: "a.toml".into(), text, ..Input::default() };
    let message = said(|| {
        Experiment::read(&input)?;
        Ok(())
    });
    for part in ["a.toml:3:8", "found `0`", "from 1 to 3650", "a.toml:4:1", "nearest name: `seeds`"] {
        assert!(message.contains(part), "{part} is not in\n{message}");
    }
    assert!(!message.ends_with('\n') && !message.contains('\u{1b}'), "{message:?}");
    assert_eq!(Problems::default().to_string(), "");
}

#[test]
fn texts_that_are_none_of_what_is_wanted_are_said_with_what_is() {
    let size = said(|| {
        "12 giga".parse::<Size>()?;
        Ok(())
    });
    let interval = said(|| {
        "5 weeks".parse::<Every>()?;
        Ok(())
    });
    let name = said(|| {
        explain("feed.rankr", &[])?;
        Ok(())
    });
    assert!(size.starts_with("`12 giga` is not a size: write a number above 0"), "{size}");
    assert!(interval.starts_with("`5 weeks` is not an interval: write a whole number"), "{interval}");
    assert_eq!(name, "there is nothing called `feed.rankr`");
}

#[test]
fn an_error_from_another_part_keeps_its_words() {
    let problems = Problems(vec![Problem::of("too many").help("fewer")]);
    assert_eq!(ReplicationError::from(problems.clone()).to_string(), problems.to_string());
    let refusal = Refusal::new("line 3: nothing", "correct it");
    assert_eq!(refusal.to_string(), "line 3: nothing");
    assert_eq!(Refused { setting: "population.graph", refusal }.to_string(), "population.graph: line 3: nothing");
}
