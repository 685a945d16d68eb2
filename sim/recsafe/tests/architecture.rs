//! Who may depend on whom.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::collections::BTreeMap;
use std::path::Path;

fn workspace_dependencies() -> BTreeMap<String, Vec<String>> {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.toml");
    let out = std::process::Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1", "--manifest-path", manifest])
        .output()
        .unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    let of_package = |package: &serde_json::Value| {
        let names = package["dependencies"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|dependency| dependency["kind"].is_null())
            .map(|dependency| dependency["name"].as_str().unwrap().to_owned());
        (package["name"].as_str().unwrap().to_owned(), names.collect())
    };
    metadata["packages"].as_array().unwrap().iter().map(of_package).collect()
}

fn own(dependencies: &[String]) -> Vec<&str> {
    dependencies.iter().map(String::as_str).filter(|name| name.starts_with("recsafe")).collect()
}

#[test]
fn people_and_platform_cannot_name_each_other() {
    let all = workspace_dependencies();
    assert_eq!(own(&all["recsafe-common"]), Vec::<&str>::new());
    assert_eq!(own(&all["recsafe-people"]), ["recsafe-common"]);
    assert_eq!(own(&all["recsafe-names"]), Vec::<&str>::new());
    assert_eq!(
        own(&all["recsafe-platform"]),
        ["recsafe-common", "recsafe-names"],
        "all that the platform may see is observed or a signal; names say nothing of anybody"
    );
}

#[test]
fn only_the_program_links_polars() {
    let all = workspace_dependencies();
    let with: Vec<&String> = all
        .iter()
        .filter(|(_, dependencies)| dependencies.iter().any(|name| name == "polars"))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(with, ["recsafe"]);
}

#[test]
fn tables_are_rows_to_all_but_the_store_and_the_import() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&root, &root, &mut files);
    files.retain(|file| std::fs::read_to_string(root.join(file)).unwrap().contains("polars"));
    let others: Vec<&String> =
        files.iter().filter(|file| !file.starts_with("store/") && !file.starts_with("import/")).collect();
    assert!(!files.is_empty() && others.is_empty(), "{others:?} name polars");
}

/// Files that may have code which the compiler cannot check, and what for. `make valgrind` runs what is in them.
const UNCHECKED: &[(&str, &str)] = &[
    ("models/common/src/prefetch.rs", "the processor's prefetch instruction takes a raw address"),
    (
        "models/common/src/wide.rs",
        "functions compiled for AVX2 are called once AVX2 was found, and load whole registers",
    ),
    ("sim/recsafe/src/heap.rs", "the allocator is told from which size pieces go back to the system"),
    ("sim/recsafe/tests/memory.rs", "an allocator that counts"),
];

/// Every Rust file below a folder, by its path from `root`; what was built is passed over.
fn rust_files(folder: &Path, root: &Path, files: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && path.file_name().is_none_or(|name| name != "target") {
            rust_files(&path, root, files);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            files.push(path.strip_prefix(root).unwrap().display().to_string().replace('\\', "/"));
        }
    }
}

/// Whether there is a block, a function, an implementation or an attribute of this kind in the text; comments do not count.
fn has_unchecked_code(text: &str) -> bool {
    let word = ["un", "safe"].concat(); // so that this file does not have it
    let code: String =
        text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n");
    code.match_indices(&word).any(|(place, _)| {
        let before = code[..place].chars().next_back().is_none_or(|letter| !letter.is_alphanumeric() && letter != '_');
        let behind = code[place + word.len()..].trim_start();
        before && ["{", "(", "fn ", "impl ", "impl<", "trait ", "extern "].iter().any(|next| behind.starts_with(next))
    })
}

#[test]
fn code_that_the_compiler_cannot_check_stands_in_named_files_only() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut files = Vec::new();
    for folder in ["models", "sim"] {
        rust_files(&root.join(folder), &root, &mut files);
    }
    assert!(files.len() > 200, "the walk has found {} files only", files.len());
    files.sort();
    let found: Vec<&str> = files
        .iter()
        .filter(|file| has_unchecked_code(&std::fs::read_to_string(root.join(file)).unwrap()))
        .map(String::as_str)
        .collect();
    let named: Vec<&str> = UNCHECKED.iter().map(|(file, _)| *file).collect();
    assert_eq!(
        found, named,
        "left: files with such code; right: files that may have it, with the reason, in this test"
    );
    let word = ["un", "safe"].concat();
    for (text, expected) in
        [(" { f() }", true), (" fn f() {}", true), ("(no_mangle)", true), ("_code = 1", false), ("", false)]
    {
        assert_eq!(has_unchecked_code(&format!("let x = {word}{text}")), expected, "{text}");
    }
    assert!(!has_unchecked_code(&format!("// {word} {{ }}")) && !has_unchecked_code(&format!("let not_{word} {{ }}")));
}

#[test]
fn the_corpus_of_the_fuzz_targets_stays_small() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus");
    let mut sizes = Vec::new();
    for target in std::fs::read_dir(corpus).unwrap() {
        for file in std::fs::read_dir(target.unwrap().path()).unwrap() {
            sizes.push(file.unwrap().metadata().unwrap().len());
        }
    }
    assert!((1..=100).contains(&sizes.len()), "{} files", sizes.len());
    assert!(sizes.iter().all(|&size| size <= 2 << 10), "{sizes:?}");
}
