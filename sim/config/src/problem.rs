//! Problems of an input: where, what was found, what is allowed, what may have been meant.

use std::collections::BTreeSet;
use std::fmt::Write;

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode};

use crate::source::Place;

/// One problem. Says what was found and what is allowed; `help` says what to do.
#[derive(Clone, Debug)]
pub struct Problem {
    /// What is wrong, in one sentence.
    pub message: String,
    /// Where, if it has a place.
    pub place: Option<Place>,
    /// What the underlined part is.
    pub label: String,
    /// The way out.
    pub help: Option<String>,
}

impl Problem {
    /// A problem at a place.
    #[must_use]
    pub fn at(place: &Place, message: impl Into<String>, label: impl Into<String>) -> Self {
        Problem { message: message.into(), place: Some(place.clone()), label: label.into(), help: None }
    }

    /// A problem of something as a whole.
    #[must_use]
    pub fn of(message: impl Into<String>) -> Self {
        Problem { message: message.into(), place: None, label: String::new(), help: None }
    }

    /// With a way out.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Problem {}

impl Diagnostic for Problem {
    fn help<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn std::fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.place.as_ref().map(|place| &*place.source.0 as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let place = self.place.as_ref()?;
        let span = (place.span.start, place.span.len());
        Some(Box::new(std::iter::once(LabeledSpan::new_with_span(Some(self.label.clone()), span))))
    }
}

/// All problems of an input, each once.
#[derive(Clone, Debug, Default)]
pub struct Problems {
    all: Vec<Problem>,
    known: BTreeSet<(String, Option<Span>)>,
}

/// Where a problem stands, for comparison: name of the source, first byte, byte behind the last.
type Span = (String, usize, usize);

/// Problems that are shown; a file with more of them is seldom read to its end.
const SHOWN: usize = 100;

impl Problems {
    /// Adds one, unless the same stands there already.
    pub fn add(&mut self, problem: Problem) {
        if self.known.insert((problem.message.clone(), span(&problem))) {
            self.all.push(problem);
        }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Every problem, in the order of the text; those without a place come first.
    #[must_use]
    pub fn in_order(&self) -> Vec<&Problem> {
        let mut sorted: Vec<&Problem> = self.all.iter().collect();
        sorted.sort_by_key(|problem| span(problem));
        sorted
    }

    /// Everything in the order of the text, as a person reads it. `width`: columns.
    #[must_use]
    pub fn render(&self, colour: bool, width: usize) -> String {
        let theme = if colour { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
        let handler = GraphicalReportHandler::new_themed(theme).with_width(width).with_links(false);
        let mut text = String::new();
        for problem in self.in_order().into_iter().take(SHOWN) {
            if handler.render_report(&mut text, problem).is_err() {
                // A place that cannot be drawn must not hide the message.
                let _ = writeln!(text, "{problem}");
            }
        }
        if self.all.len() > SHOWN {
            let _ = writeln!(text, "... and {} problems more", self.all.len() - SHOWN);
        }
        text
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        let mut problems = Problems::default();
        problems.add(problem);
        problems
    }
}

impl std::fmt::Display for Problems {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str(&self.render(false, 100))
    }
}

impl std::error::Error for Problems {}

fn span(problem: &Problem) -> Option<Span> {
    problem.place.as_ref().map(|place| (place.source.name().to_owned(), place.span.start, place.span.end))
}
