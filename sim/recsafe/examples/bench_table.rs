//! A table of the latest results of `cargo bench`: time per element, elements per second, and the
//! ratio to the `floor` case of the same group and size.
//!
//! `make bench`, or `cargo run --release --example bench_table [FOLDER]`

use std::path::{Path, PathBuf};

use recsafe_text::table::{Appearance, Column, Table};
use serde_json::Value as Json;

/// The result of a benchmark.
struct Measured {
    group: String,
    name: String,
    size: u64,
    /// Nanoseconds per element: median, and lower and upper end of its 95 % interval.
    each: [f64; 3],
}

fn main() {
    let folder = std::env::args().nth(1).map_or_else(|| PathBuf::from("target/criterion"), PathBuf::from);
    let mut all = Vec::new();
    collect(&folder, &mut all);
    if all.is_empty() {
        eprintln!(
            "error: {} has no benchmark results\nTo measure:  cargo bench --workspace --bench engine",
            folder.display()
        );
        std::process::exit(1);
    }
    all.sort_by(|a, b| (&a.group, &a.name, a.size).cmp(&(&b.group, &b.name, b.size)));
    println!("{}", table(&all).draw(Appearance { width: 200, colour: false }));
}

/// Reads all benchmark results in a folder and its subfolders.
fn collect(folder: &Path, all: &mut Vec<Measured>) {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    for path in entries.map(|entry| entry.path()).filter(|path| path.is_dir()) {
        if path.ends_with("new") {
            all.extend(read(&path));
        } else {
            collect(&path, all);
        }
    }
}

fn read(folder: &Path) -> Option<Measured> {
    let json = |name: &str| serde_json::from_str::<Json>(&std::fs::read_to_string(folder.join(name)).ok()?).ok();
    let (bench, estimates) = (json("benchmark.json")?, json("estimates.json")?);
    let elements = bench["throughput"]["Elements"].as_f64().unwrap_or(1.0);
    let median = &estimates["median"];
    let interval = &median["confidence_interval"];
    let each = [&median["point_estimate"], &interval["lower_bound"], &interval["upper_bound"]];
    Some(Measured {
        group: bench["group_id"].as_str()?.to_owned(),
        name: bench["function_id"].as_str()?.to_owned(),
        size: bench["value_str"].as_str()?.parse().ok()?,
        each: each.map(|time| time.as_f64().unwrap_or(f64::NAN) / elements),
    })
}

fn table(all: &[Measured]) -> Table {
    let numbers = ["size", "ns each", "95 % interval", "thousand per second", "ratio to floor"];
    let mut table = Table::new([Column::words("bench")].into_iter().chain(numbers.map(Column::numbers)));
    for bench in all {
        let floor = all.iter().find(|it| it.group == bench.group && it.name == "floor" && it.size == bench.size);
        let [median, low, high] = bench.each;
        table.row([
            format!("{}, {}", bench.group, bench.name),
            bench.size.to_string(),
            format!("{median:.0}"),
            format!("{low:.0} to {high:.0}"),
            format!("{:.1}", 1e6 / median),
            floor.map_or_else(|| "-".to_owned(), |floor| format!("{:.1}", median / floor.each[0])),
        ]);
    }
    table
}
