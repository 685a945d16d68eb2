//! The guide in `docs/` is correct: its commands run, its experiments are valid, and its links
//! work.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

#[path = "support/links.rs"]
mod links;

use std::path::{Path, PathBuf};
use std::process::Command;

use links::{Block, anchors, blocks};
use tempfile::TempDir;

/// Generates one test per row `test: page;`. There is a row for each page with commands. Pages do
/// not depend on each other.
macro_rules! followed {
    ($($test:ident: $page:literal;)*) => { $(#[test] fn $test() { follow($page); })* };
}

followed! {
    get_started: "get-started.md";
    tour: "tour.md";
    concepts: "concepts.md";
    write_an_experiment: "write-an-experiment.md";
    real_graphs: "real-graphs.md";
    read_the_results: "read-the-results.md";
    design_a_fair_comparison: "design-a-fair-comparison.md";
    extend_it: "extend-it.md";
    keep_results: "keep-results.md";
    many_machines: "many-machines.md";
    limits_and_responsible_use: "limits-and-responsible-use.md";
}

/// Prefixes of commands that run the program.
const PROGRAM: [&str; 2] = ["recsafe ", "cargo run --release -- "];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// A folder with the files that a reader of a page has: the experiments with their packages, and
/// the output of earlier blocks.
struct Desk {
    page: &'static str,
    folder: TempDir,
}

impl Desk {
    fn new(page: &'static str) -> Desk {
        let folder = tempfile::tempdir().unwrap();
        copy(&root().join("experiments"), &folder.path().join("experiments"));
        Desk { page, folder }
    }

    fn follow(&self, block: &Block) {
        match block.kind.as_str() {
            "sh" => self.run(block),
            "toml" => self.keep(block),
            _ => {}
        }
    }

    /// Runs every command as a shell would.
    fn run(&self, block: &Block) {
        for line in block.text.replace("\\\n", " ").lines().filter(|line| !line.trim().is_empty()) {
            let program = PROGRAM.iter().find_map(|name| line.strip_prefix(name));
            let Some(arguments) = program else {
                panic!("{}:{}: `{line}` is not a command of recsafe: mark the block ```console", self.page, block.line)
            };
            let wanted = line.split_once("# exit code ").map_or(0, |(_, code)| code[..1].parse().unwrap());
            let done = Command::new("sh")
                .arg("-c")
                .arg(format!("\"{}\" {arguments}", env!("CARGO_BIN_EXE_recsafe")))
                .current_dir(self.folder.path())
                .env("NO_COLOR", "1")
                .output()
                .unwrap();
            let message = String::from_utf8_lossy(&done.stderr);
            assert_eq!(done.status.code(), Some(wanted), "{}:{}: `{line}`\n{message}", self.page, block.line);
        }
    }

    /// Stores a block as a file, under the name in its first line. Checks the file if it is an
    /// experiment. If the block is only a part of an experiment, adds a header first.
    fn keep(&self, block: &Block) {
        let named = named(&block.text);
        let file = self.folder.path().join(named.unwrap_or("part.toml"));
        let is_experiment = block.text.contains("[experiment]");
        let is_part = named.is_none() && !is_experiment;
        let head = if is_part { "[experiment]\nname = \"part\"\n" } else { "" };
        std::fs::write(&file, format!("{head}{}", block.text)).unwrap();
        if (is_experiment || is_part) && !block.text.contains("# wrong:") {
            let done = Command::new(env!("CARGO_BIN_EXE_recsafe")).arg("check").arg(&file).output().unwrap();
            let message = String::from_utf8_lossy(&done.stderr);
            assert!(done.status.success(), "{}:{}:\n{}\n{message}", self.page, block.line, block.text);
        }
    }
}

/// Returns the file name in the first line, `# NAME.toml`.
fn named(text: &str) -> Option<&str> {
    let name = text.lines().next()?.strip_prefix("# ")?;
    (Path::new(name).extension()? == "toml" && !name.contains(' ')).then_some(name)
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Runs the blocks of a page in order.
fn follow(page: &'static str) {
    let desk = Desk::new(page);
    let text = std::fs::read_to_string(root().join("docs").join(page)).unwrap();
    for block in blocks(&text) {
        desk.follow(&block);
    }
}

#[test]
fn every_page_is_in_the_index() {
    let docs = root().join("docs");
    let index = std::fs::read_to_string(docs.join("README.md")).unwrap();
    for page in pages(&docs) {
        let name = page.strip_prefix(&docs).unwrap().to_str().unwrap();
        assert!(name == "README.md" || index.contains(&format!("({name})")), "docs/README.md does not name {name}");
    }
}

#[test]
fn every_link_leads_somewhere() {
    let folders = ["docs", "experiments", "models", "notebooks", "sim"];
    let mut all: Vec<PathBuf> = folders.iter().flat_map(|folder| pages(&root().join(folder))).collect();
    all.extend(["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "STYLE.md"].map(|page| root().join(page)));
    let broken: Vec<String> = all.iter().flat_map(|page| broken(page)).collect();
    assert!(broken.is_empty(), "{broken:#?}");
}

/// Returns every Markdown page in a folder and its subfolders.
fn pages(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            found.extend(pages(&path));
        } else if path.extension().is_some_and(|end| end == "md") {
            found.push(path);
        }
    }
    found
}

/// Returns the broken links of a page. Web addresses are not checked.
fn broken(page: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(page).unwrap();
    let inside = links::links(&text).into_iter().filter(|link| !link.contains("://") && !link.starts_with("mailto:"));
    inside.filter(|link| !leads_somewhere(page, link)).map(|link| format!("{}: {link}", page.display())).collect()
}

fn leads_somewhere(page: &Path, link: &str) -> bool {
    let (path, wanted) = link.split_once('#').map_or((link, None), |(path, anchor)| (path, Some(anchor)));
    let target = if path.is_empty() { page.to_owned() } else { page.parent().unwrap().join(path) };
    if !target.exists() {
        return false;
    }
    let is_page = target.extension().is_some_and(|end| end == "md");
    wanted.is_none_or(|wanted| {
        !is_page || anchors(&std::fs::read_to_string(&target).unwrap()).iter().any(|found| found == wanted)
    })
}
