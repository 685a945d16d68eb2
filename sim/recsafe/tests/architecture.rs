//! Who may depend on whom.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::collections::BTreeMap;

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
    assert_eq!(
        own(&all["recsafe-platform"]),
        ["recsafe-common"],
        "all that the platform may see is observed or a signal"
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
