//! Texts that settings are read from, and places in them.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use miette::NamedSource;

use crate::problem::Problem;

/// A text that settings were read from: a file, a policy package, or an argument of the command line.
#[derive(Clone, Debug)]
pub struct Source(pub(crate) Arc<NamedSource<String>>);

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

/// Largest file that is read, in bytes.
pub const LARGEST: u64 = 16 * 1024 * 1024;

/// Reads a text file; a byte order mark at its beginning is dropped.
///
/// # Errors
/// A sentence that names the file and what is wrong with it.
pub fn read(path: &Path) -> Result<String, Problem> {
    let name = path.display();
    let unreadable = |error: std::io::Error| {
        let problem = Problem::of(format!("cannot read {name}: {}", reason(&error)));
        let missing = error.kind() == std::io::ErrorKind::NotFound;
        if missing { problem.help("check the path; `recsafe init` writes a first experiment file") } else { problem }
    };
    if path.is_dir() {
        return Err(Problem::of(format!("cannot read {name}: it is a folder")).help("name the file in it"));
    }
    let file = std::fs::File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    // One byte more than is allowed, so that also a file without a length (a pipe, a device) ends.
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > LARGEST {
        return Err(Problem::of(format!("{name} is too large: at most {} MiB are read", LARGEST >> 20)).help("is it the experiment file?"));
    }
    decode(bytes, &name.to_string())
}

fn decode(bytes: Vec<u8>, name: &str) -> Result<String, Problem> {
    let text = String::from_utf8(bytes).map_err(|error| {
        let place = error.utf8_error().valid_up_to();
        let line = 1 + error.as_bytes()[..place].iter().filter(|&&byte| byte == b'\n').count();
        Problem::of(format!("{name} is not UTF-8 text: line {line} has a byte that no character has")).help("save it as UTF-8")
    })?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// The system's reason in plain words, without its number.
fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}
