//! Markdown for tests: text outside of code, links, and the anchors of headings.
#![allow(dead_code, reason = "each test file uses a part")]

/// A fenced code block.
pub struct Block {
    /// The words after the opening fence: `sh`, `toml`, ...
    pub kind: String,
    /// Number of the first line of the block, from 1.
    pub line: usize,
    /// The content of the block.
    pub text: String,
}

/// Returns the fenced blocks of a page.
pub fn blocks(page: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut open: Option<Block> = None;
    for (number, line) in page.lines().enumerate() {
        match (&mut open, line.trim_start().strip_prefix("```")) {
            (None, Some(kind)) => {
                open = Some(Block { kind: kind.trim().to_owned(), line: number + 2, text: String::new() });
            }
            (Some(_), Some(_)) => found.extend(open.take()),
            (Some(block), None) => block.text = format!("{}{line}\n", block.text),
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a fenced block does not end");
    found
}

/// Returns the lines of a page outside of fenced blocks.
fn prose(page: &str) -> Vec<&str> {
    let mut inside = false;
    let outside = |line: &&str| {
        let fence = line.trim_start().starts_with("```");
        inside ^= fence;
        !inside && !fence
    };
    page.lines().filter(outside).collect()
}

/// Returns the targets of a page's links, including images. Text between backticks contains no
/// links.
pub fn links(page: &str) -> Vec<String> {
    let text = prose(page).join("\n");
    let text: String = text.split('`').step_by(2).collect::<Vec<_>>().join("code");
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
    targets.map(|(target, _)| target.to_owned()).collect()
}

/// Returns the anchor of a heading, in lower case. Keeps letters, digits, `-` and `_`, and replaces
/// each space by `-`.
pub fn anchor(heading: &str) -> String {
    let retained = |letter: &char| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_');
    heading.to_lowercase().chars().filter(retained).map(|letter| if letter == ' ' { '-' } else { letter }).collect()
}

/// Returns every anchor of a page. A repeated heading gets a number.
pub fn anchors(page: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for line in prose(page).iter().filter(|line| line.starts_with('#')) {
        let plain = anchor(line.trim_start_matches('#').trim());
        let names = std::iter::once(plain.clone()).chain((1..).map(|number| format!("{plain}-{number}")));
        found.extend(names.into_iter().find(|name| !found.contains(name)));
    }
    found
}
