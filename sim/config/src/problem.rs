//! Problems of an input: where, what was found, what is allowed, what may have been meant.

use std::fmt::Write;
use std::sync::Arc;

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, SourceCode};

/// A text that settings were read from: a file, a policy package, or an argument of the command line.
#[derive(Clone, Debug)]
pub struct Source(Arc<NamedSource<String>>);

impl Source {
    /// The text `text`, known to people as `name`.
    #[must_use]
    pub fn new(name: &str, text: String) -> Self {
        Source(Arc::new(NamedSource::new(name, text)))
    }

    /// Its text.
    #[must_use]
    pub fn text(&self) -> &str {
        self.0.inner()
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.name()
    }
}

impl Source {
    /// All of it.
    #[must_use]
    pub fn whole(&self) -> Place {
        Place { source: self.clone(), span: 0..self.text().len() }
    }
}

/// A part of a source.
#[derive(Clone, Debug)]
pub struct Place {
    /// The source.
    pub source: Source,
    /// First byte and the byte behind the last.
    pub span: std::ops::Range<usize>,
}

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

/// Problems that are kept: a file with more of them is not read to its end by anybody.
const MOST: usize = 200;

/// All problems of an input, the first 200 of them.
#[derive(Clone, Debug, Default)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    /// Adds one, unless the same stands there already.
    pub fn add(&mut self, problem: Problem) {
        let same = |other: &Problem| other.message == problem.message && span(other) == span(&problem);
        if self.0.len() < MOST && !self.0.iter().any(same) {
            self.0.push(problem);
        }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Everything in the order of the text, as a person reads it. `width`: columns.
    #[must_use]
    pub fn render(&self, colour: bool, width: usize) -> String {
        let theme = if colour { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
        let handler = GraphicalReportHandler::new_themed(theme)
            .with_width(width)
            .with_links(false)
            .with_word_splitter(textwrap::WordSplitter::NoHyphenation);
        let mut sorted: Vec<&Problem> = self.0.iter().collect();
        sorted.sort_by_key(|problem| span(problem));
        let mut text = String::new();
        for problem in sorted {
            if handler.render_report(&mut text, problem).is_err() {
                // A place that cannot be drawn must not hide the message.
                let _ = writeln!(text, "{problem}");
            }
        }
        if self.0.len() == MOST {
            let _ = writeln!(text, "There may be more: these are the first {MOST}.");
        }
        text
    }
}

fn span(problem: &Problem) -> Option<(String, usize, usize)> {
    problem.place.as_ref().map(|place| (place.source.name().to_owned(), place.span.start, place.span.end))
}
