//! Plain English in docs, comments and messages (`STYLE.md`). For each folder, the test counts the
//! words to avoid per 1,000 words, and the lines of prose wider than 100 columns.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Words to avoid, each with a replacement. `a|b` matches either word. `...` matches up to six
/// words of the same sentence. `^` matches the start of a clause, and `^^` the start of a sentence.
/// `+` requires more words in the clause.
const WORDS: &[(&str, &str)] = &[
    ("told", "reported, printed, returned"),
    ("stand|stands|standing|stood", "is, is in, is listed in"),
    ("beside|besides", "next to, in addition to"),
    ("of late|lately", "recent, recently"),
    ("hold|holds|held ... against", "compare with, check against"),
    ("hold|holds|held good", "is true, applies"),
    ("take|takes|taken|took for", "treat as, mistake for"),
    ("^ what ... is|are|was|has|may|can|goes|comes +", "start with the noun: \"the file is\", \"each column has\""),
    ("whoever|whosoever", "anyone who, if you"),
    ("whatever", "any; say which"),
    ("so many", "the number of, this many"),
    ("in place of", "instead of"),
    ("is|are|was no", "is not a, has no"),
    ("come|comes|came to", "reach, amount to, be"),
    ("come|comes|came out", "result; say what the result is"),
    ("come|comes|came of", "result from"),
    ("become|becomes|became of", "happen to; say what happens"),
    ("go|goes|went on", "continue, resume"),
    ("go|goes|went by", "use, follow, pass"),
    ("live|lives|lived through|on", "run, simulate, resume"),
    ("let|lets go of", "free, drop"),
    ("take|takes|taken|took away", "delete, remove"),
    ("leave|leaves|left out", "skip, exclude, omit"),
    ("made|make|makes again", "rerun, rebuild, reproduce"),
    ("anew|afresh", "again, from scratch"),
    ("for ever", "forever"),
    ("hang|hangs on", "depend on"),
    ("but for", "except, without"),
    ("nothing but|none but|nobody but", "only"),
    ("all that|which|who", "everything that, every"),
    ("what|whatever was|is|has said|asked|made|kept|meant|wanted|found", "name the thing"),
    ("is|are asked|asks for", "is requested; use the active voice"),
    ("a|an account and|or day", "per account and day"),
    ("mistake of", "error in, bug in"),
    ("the same of|for of", "name the second one"),
    ("none|some|one|each|all|both|many of which|whom", "name the noun in a second sentence"),
    ("of my|your|its|their|our|one's own", "your own file, its own folder"),
    ("one|ones that|which|whose|whom", "repeat the noun"),
    ("those of|that|which|whose|whom", "repeat the noun"),
    ("none|nobody if|where", "`None` if, or: no one if"),
    ("knows|know no|nothing", "has no, does not use"),
    ("^^ of", "start with the subject"),
    ("is|are|was|were to be", "must be; use the active voice"),
    (
        "whither|whence|wherein|whereof|thereof|therein|thereby|hereby|upon|lest|amidst|midst|betwixt",
        "an ordinary word",
    ),
    ("by|of so much|far", "by how much; give the figure"),
    ("not so", "not, otherwise"),
    ("the like", "for example; name them"),
    ("to be had", "available"),
];

/// Phrases in which a word to avoid is correct, in lower case. A hit within one of these phrases
/// does not count.
const ALLOWED: &[&str] = &[
    "there is no",
    "there are no",
    "there was no",
    "is no longer",
    "are no longer",
    "was no longer",
    "stand for",
    "stands for",
    "standing for",
    "stands out",
    "stand out",
    "taken for granted",
    "left out of",
    "so far",
    "by far",
    "good standing",
    "of course",
    "what it is not",
];

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Docs,
    Comments,
    Strings,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Kind::Docs => "docs",
            Kind::Comments => "comments",
            Kind::Strings => "strings",
        }
    }
}

/// A paragraph, comment or string, as numbered lines.
struct Passage {
    kind: Kind,
    lines: Vec<(usize, String)>,
}

struct Word {
    text: String,
    line: usize,
    /// Whether the word begins a clause: it is first or follows punctuation.
    starts_clause: bool,
    /// Whether the word is the first of its sentence.
    starts_sentence: bool,
    /// Number of the sentence that contains the word, within the passage.
    sentence: usize,
}

struct Hit {
    file: String,
    line: usize,
    found: String,
    advice: &'static str,
}

fn extension(file: &str) -> &str {
    Path::new(file).extension().and_then(|end| end.to_str()).unwrap_or_default()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// Returns the files to check, by path from the root. Generated pages are skipped because their
/// sources are checked.
fn files() -> Vec<String> {
    const GENERATED: [&str; 4] = ["docs/settings.md", "docs/metrics.md", "docs/tables.md", "docs/validation.md"];
    const SKIPPED: [&str; 6] = ["target", "results", "corpus", "regressions", "snapshots", "node_modules"];
    let mut found = Vec::new();
    let mut folders = vec![root()];
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            let name = path.file_name().unwrap().to_str().unwrap();
            let local = path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
            let end = extension(&local);
            let is_experiment = local.starts_with("experiments/") && end == "toml";
            if path.is_dir() && !name.starts_with('.') && (!SKIPPED.contains(&name) || local == "sim/results") {
                folders.push(path);
            } else if (end == "md" || end == "rs" || is_experiment) && !GENERATED.contains(&local.as_str()) {
                found.push(local);
            }
        }
    }
    found.retain(|file| !file.ends_with("tests/style.rs") && file != "STYLE.md");
    found.sort();
    found
}

fn passages(file: &str, text: &str) -> Vec<Passage> {
    match extension(file) {
        "md" => markdown(Kind::Docs, text.lines().enumerate().map(|(at, line)| (at + 1, line.to_owned()))),
        "toml" => toml_comments(text),
        _ => rust(text, file.contains("/src/")),
    }
}

/// Returns paragraphs, list items and table cells, without code.
fn markdown(kind: Kind, lines: impl Iterator<Item = (usize, String)>) -> Vec<Passage> {
    let mut found = vec![Passage { kind, lines: Vec::new() }];
    let mut is_code = false;
    for (number, line) in lines {
        let plain = line.trim();
        if plain.starts_with("```") {
            is_code = !is_code;
            continue;
        }
        let is_item = plain.starts_with(['#', '*', '|']) || plain.starts_with("- ") || plain.is_empty();
        if is_item || plain.split_once(". ").is_some_and(|(head, _)| head.parse::<u8>().is_ok()) {
            found.push(Passage { kind, lines: Vec::new() });
        }
        if !is_code {
            found.last_mut().unwrap().lines.push((number, without_code(plain)));
        }
    }
    found
}

/// Replaces code between backticks with one word, and drops the targets of links.
fn without_code(line: &str) -> String {
    let plain: String = line.split('`').enumerate().map(|(at, part)| if at % 2 == 0 { part } else { "code" }).collect();
    without_targets(&plain)
}

/// Replaces each placeholder of a format string with one word.
fn without_placeholders(line: &str) -> String {
    let mut text = String::new();
    let mut depth = 0_usize;
    for letter in line.chars() {
        match letter {
            '{' => {
                text.push_str(if depth == 0 { "code" } else { "" });
                depth += 1;
            }
            '}' => depth = depth.saturating_sub(1),
            _ if depth == 0 => text.push(letter),
            _ => (),
        }
    }
    text
}

/// Returns a line without the targets of its links.
fn without_targets(line: &str) -> String {
    let mut parts = line.split("](");
    let mut text = parts.next().unwrap().to_owned();
    for part in parts {
        text.push(']');
        text.push_str(part.split_once(')').map_or("", |(_, rest)| rest));
    }
    text
}

fn toml_comments(text: &str) -> Vec<Passage> {
    let comment = |line: &str| {
        let start = line.match_indices('#').find(|(at, _)| line[..*at].matches('"').count().is_multiple_of(2));
        start.map_or(String::new(), |(at, _)| line[at + 1..].to_owned())
    };
    let comments = text.lines().enumerate().map(|(at, line)| (at + 1, comment(line)));
    markdown(Kind::Comments, comments)
}

/// Returns the comments of a Rust file and, in `src`, its string literals of at least three words.
fn rust(text: &str, with_strings: bool) -> Vec<Passage> {
    let mut comments: Vec<(usize, String)> = Vec::new();
    let mut found = Vec::new();
    let bytes = text.as_bytes();
    let (mut at, mut line) = (0, 1);
    while at < bytes.len() {
        let rest = &text[at..];
        let length = if rest.starts_with("//") {
            let comment = rest.lines().next().unwrap();
            if comments.last().is_some_and(|(last, _)| last + 1 < line) {
                comments.push((line - 1, String::new()));
            }
            comments.push((line, comment.trim_start_matches(['/', '!']).to_owned()));
            comment.len()
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if rest.starts_with('"') || rest.starts_with("r\"") || rest.starts_with("r#") {
            let literal = literal(rest);
            if with_strings && literal.split_whitespace().count() > 2 {
                let lines = literal
                    .lines()
                    .enumerate()
                    .map(|(more, part)| (line + more, without_placeholders(&without_code(part))));
                found.push(Passage { kind: Kind::Strings, lines: lines.collect() });
            }
            literal.len()
        } else if rest.starts_with('\'') {
            character(rest)
        } else {
            rest.chars().next().unwrap().len_utf8()
        };
        line += rest[..length].matches('\n').count();
        at += length;
    }
    found.extend(markdown(Kind::Comments, comments.into_iter()));
    found
}

/// Returns a string literal with its quotes. If the text is a raw identifier `r#name`, returns only
/// the letter `r`.
fn literal(rest: &str) -> &str {
    let raw = rest.starts_with('r');
    let hashes = rest[usize::from(raw)..].bytes().take_while(|byte| *byte == b'#').count();
    let open = usize::from(raw) + hashes;
    if !rest[open..].starts_with('"') {
        return &rest[..1];
    }
    let end = format!("\"{}", "#".repeat(hashes));
    let mut at = open + 1;
    while at < rest.len() && !rest[at..].starts_with(&end) {
        at += usize::from(!raw && rest[at..].starts_with('\\'));
        at += rest[at..].chars().next().map_or(0, char::len_utf8);
    }
    &rest[..(at + end.len()).min(rest.len())]
}

/// Returns the length of a character literal, or 1 for a lifetime.
fn character(rest: &str) -> usize {
    let mut letters = rest.char_indices().skip(1);
    match letters.next() {
        Some((_, '\\')) => {
            rest[2..].char_indices().skip(1).find(|(_, letter)| *letter == '\'').map_or(1, |(at, _)| at + 3)
        }
        Some(_) => letters.next().filter(|(_, letter)| *letter == '\'').map_or(1, |(at, _)| at + 1),
        None => 1,
    }
}

fn words(passage: &Passage) -> Vec<Word> {
    let mut found: Vec<Word> = Vec::new();
    let (mut starts_clause, mut sentence) = (true, 0);
    for (line, text) in &passage.lines {
        let mut word = String::new();
        for letter in text.chars().chain([' ']) {
            if letter.is_alphanumeric() || matches!(letter, '\'' | '-') {
                word.extend(letter.to_lowercase());
                continue;
            }
            if !word.is_empty() {
                let starts_sentence = found.last().is_none_or(|last| last.sentence != sentence);
                let text = std::mem::take(&mut word);
                found.push(Word { text, line: *line, starts_clause, starts_sentence, sentence });
                starts_clause = false;
            }
            starts_clause |= matches!(letter, '.' | ',' | ';' | '(' | '?' | '!' | '|');
            // A question may begin with "what".
            if letter == '?' {
                found.iter_mut().filter(|word| word.sentence == sentence).for_each(|word| word.starts_clause = false);
            }
            sentence += usize::from(matches!(letter, '.' | ';' | ':' | '?' | '!' | '|'));
        }
    }
    found
}

/// Returns the number of words that a pattern matches at the start of `words`.
fn length(pattern: &[&str], words: &[Word]) -> Option<usize> {
    let Some((first, rest)) = pattern.split_first() else { return Some(0) };
    let word = words.first()?;
    match *first {
        "^" => word.starts_clause.then(|| length(rest, words))?,
        "^^" => word.starts_sentence.then(|| length(rest, words))?,
        "+" => (!word.starts_clause).then(|| length(rest, words))?,
        "..." => {
            let gap = words.iter().take(7).take_while(|word| !word.starts_clause).count();
            (1..=gap).find_map(|gap| Some(gap + length(rest, words.get(gap..)?)?))
        }
        choices if choices.split('|').any(|choice| choice == word.text) => {
            let continues = rest.is_empty() || words.get(1).is_some_and(|next| next.sentence == word.sentence);
            continues.then(|| length(rest, &words[1..]))?.map(|more| 1 + more)
        }
        _ => None,
    }
}

/// The parts of a pattern, and the better wording.
type Pattern = (Vec<&'static str>, &'static str);

fn patterns() -> Vec<Pattern> {
    WORDS.iter().map(|(pattern, advice)| (pattern.split(' ').collect(), *advice)).collect()
}

fn hits(file: &str, passage: &Passage, patterns: &[Pattern]) -> (usize, Vec<Hit>) {
    let words = words(passage);
    let mut found = Vec::new();
    for at in 0..words.len() {
        let longest = patterns
            .iter()
            .filter_map(|(pattern, advice)| length(pattern, &words[at..]).map(|length| (length, *advice)))
            .max_by_key(|(length, _)| *length);
        let Some((length, advice)) = longest else { continue };
        let around = join(&words[at.saturating_sub(2)..(at + length + 2).min(words.len())]);
        if !ALLOWED.iter().any(|allowed| around.contains(allowed)) {
            let found_words = join(&words[at..at + length]);
            found.push(Hit { file: file.to_owned(), line: words[at].line, found: found_words, advice });
        }
    }
    (words.len(), found)
}

fn join(words: &[Word]) -> String {
    words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
}

/// Returns the lines of Markdown prose wider than 100 columns. Tables, code and link targets do not
/// count.
fn wide_in_markdown(text: &str) -> Vec<usize> {
    let mut is_code = false;
    let mut found = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let fence = line.trim_start().starts_with("```");
        is_code ^= fence;
        let shown = without_targets(line).chars().count();
        if !is_code && !fence && !line.trim_start().starts_with('|') && shown > 100 {
            found.push(at + 1);
        }
    }
    found
}

/// Returns the comment lines wider than 100 columns. Tables and link targets do not count.
fn wide_in_code(text: &str, mark: &str) -> Vec<usize> {
    let is_wide = |line: &str| {
        line.trim_start().starts_with(mark) && !line.contains('|') && without_targets(line).chars().count() > 100
    };
    text.lines().enumerate().filter(|(_, line)| is_wide(line)).map(|(at, _)| at + 1).collect()
}

/// Pages with a separate limit, in hits per 1,000 words, until their text is rewritten.
const EXCEPTIONS: &[(&str, f64)] = &[("experiments/README.md", 5.0)];

/// Returns the group in which a file is counted: its crate, its folder at the root, or the file
/// itself.
fn part(file: &str) -> &str {
    let is_exception = EXCEPTIONS.iter().any(|(page, _)| *page == file);
    let depth = if file.starts_with("sim/") || file.starts_with("models/") { 2 } else { 1 };
    match file.match_indices('/').nth(depth - 1) {
        Some((end, _)) if !is_exception => &file[..end],
        _ => file,
    }
}

/// Returns the allowed hits per 1,000 words.
fn limit(part: &str, kind: Kind) -> f64 {
    let exception = EXCEPTIONS.iter().find(|(page, _)| *page == part);
    exception.map_or(if kind == Kind::Docs { 0.5 } else { 1.0 }, |(_, limit)| *limit)
}

/// The number of words, and the hits, in one group of files and one kind of text.
#[derive(Default)]
struct Count {
    words: usize,
    hits: Vec<Hit>,
}

impl Count {
    /// Returns the hits per 1,000 words.
    fn rate(&self) -> f64 {
        self.hits.len() as f64 * 1_000.0 / self.words.max(1) as f64
    }
}

fn counts() -> BTreeMap<(String, Kind), Count> {
    let patterns = patterns();
    let mut counts: BTreeMap<(String, Kind), Count> = BTreeMap::new();
    for file in files() {
        let text = std::fs::read_to_string(root().join(&file)).unwrap();
        for passage in passages(&file, &text) {
            let count = counts.entry((part(&file).to_owned(), passage.kind)).or_default();
            let (words, hits) = hits(&file, &passage, &patterns);
            count.words += words;
            count.hits.extend(hits);
        }
    }
    counts
}

#[test]
fn docs_comments_and_messages_are_in_plain_english() {
    assert!(ALLOWED.len() <= 40, "the allow list is for rare correct uses");
    let mut text = String::new();
    for ((part, kind), count) in counts() {
        let limit = limit(&part, kind);
        if count.rate() <= limit {
            continue;
        }
        let (kind, rate) = (kind.name(), count.rate());
        writeln!(text, "\n{part}, {kind}: {rate:.1} per 1,000 words, at most {limit} allowed").unwrap();
        for hit in count.hits.iter().take(40) {
            writeln!(text, "  {}:{}: \"{}\": write {}", hit.file, hit.line, hit.found, hit.advice).unwrap();
        }
        writeln!(text, "  {} in total", count.hits.len()).unwrap();
    }
    assert!(text.is_empty(), "see STYLE.md{text}");
}

#[test]
fn prose_wraps_at_100_columns() {
    let wide = files().into_iter().flat_map(|file| {
        let text = std::fs::read_to_string(root().join(&file)).unwrap();
        let lines = match extension(&file) {
            "md" => wide_in_markdown(&text),
            "toml" => wide_in_code(&text, "#"),
            _ => wide_in_code(&text, "//"),
        };
        lines.into_iter().map(move |line| format!("{file}:{line}: above 100 columns"))
    });
    let wide: Vec<String> = wide.collect();
    assert!(wide.is_empty(), "see STYLE.md\n{}", wide.join("\n"));
}

fn found_in(file: &str, text: &str) -> Vec<String> {
    let patterns = patterns();
    let all = passages(file, text).into_iter().flat_map(|passage| hits(file, &passage, &patterns).1);
    all.map(|hit| format!("{}: {}", hit.line, hit.found)).collect()
}

#[test]
fn listed_words_are_found_across_lines_and_right_uses_are_not() {
    let page = "What the page says is short.\n\nA list in\nplace of a table.\n";
    assert_eq!(found_in("a.md", page), ["1: what the page says is", "3: in place of"]);
    let right =
        "What is an arm?\n\nThere is no text. `beside` is code, [a link](beside.md) has a target.\n```\ntold\n```\n";
    assert!(found_in("a.md", right).is_empty(), "{:?}", found_in("a.md", right));
}

#[test]
fn comments_and_messages_are_read_and_other_code_is_not() {
    let code = "/// Told once.\nlet told = '\"'; // beside\nlet text = \"the file \\\"a\\\" is no file\";\nf(r#\"one of so many files\"#, \"told\");\n";
    assert_eq!(found_in("a/src/b.rs", code), ["3: is no", "4: so many", "1: told", "2: beside"]);
    assert_eq!(found_in("a/tests/b.rs", code), ["1: told", "2: beside"]);
    assert_eq!(found_in("a.toml", "a = \"# told\" # beside it\n"), ["1: beside"]);
}
