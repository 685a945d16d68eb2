//! Measures kernels of the platform in instructions, since instruction counts have no noise.
//!
//! * `kernels check` counts each kernel's instructions under valgrind and compares them with
//!   `instructions.csv` in the crate's folder. The command fails if a kernel takes over 5 % more
//!   instructions.
//! * `kernels renew` writes `instructions.csv`.
//! * `kernels time` prints nanoseconds and the ratio to the kernel `floor`, for a first impression.
//! * `kernels run NAME TIMES` runs one kernel. `check` and `renew` start this command under
//!   valgrind.
//!
//! The committed counts apply to x86-64 processors with AVX2. On other processors nothing is
//! compared.
#![allow(clippy::expect_used, reason = "a tool for developers can stop with a message")]
#![allow(clippy::disallowed_methods, reason = "it measures time")]

mod stage;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;

use stage::{KERNELS, Stage};

/// Allowed relative increase above the committed count.
const TOLERANCE: f64 = 0.05;
/// Number of calls that are counted. The instructions of a run without calls are subtracted.
const CALLS: u64 = 200;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["run", name, times] => run(name, times.parse().expect("TIMES must be a whole number")),
        ["time"] => time(),
        ["renew"] => renew(),
        ["check"] => return check(),
        _ => {
            eprintln!("kernels check | renew | time | run NAME TIMES; NAME is one of:");
            for (name, _) in KERNELS {
                eprintln!("  {name}");
            }
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

fn run(name: &str, times: u64) {
    let (_, kernel) =
        KERNELS.iter().find(|(known, _)| *known == name).expect("NAME must be one of the kernels that `kernels` lists");
    let mut stage = Stage::new();
    for call in 0..times {
        kernel(&mut stage, call);
    }
}

/// Prints each kernel's time in the fastest of 30 rounds.
fn time() {
    let mut stage = Stage::new();
    let mut floor = f64::NAN;
    for (name, kernel) in KERNELS {
        let round = |stage: &mut Stage| {
            let began = Instant::now();
            (0..2000).for_each(|call| kernel(stage, call));
            began.elapsed().as_secs_f64() / 2000.0 * 1e9
        };
        let best = (0..30).map(|_| round(&mut stage)).fold(f64::INFINITY, f64::min);
        if floor.is_nan() {
            floor = best;
        }
        println!("{name:28} {best:8.0} ns {:6.2} floors", best / floor);
    }
}

/// Returns the number of instructions for creating the stage and for `times` calls of a kernel.
fn total(name: &str, times: u64) -> f64 {
    let out = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(std::env::current_exe().expect("this program has a path"))
        .args(["run", name, &times.to_string()])
        .output()
        .expect("valgrind must be installed (try the system's package manager)");
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    let line = said
        .lines()
        .find(|line| line.contains("refs:"))
        .unwrap_or_else(|| panic!("no instruction count in valgrind's output: {said}"));
    let digits: String = line.rsplit(':').next().unwrap_or_default().chars().filter(char::is_ascii_digit).collect();
    digits.parse().expect("valgrind prints the count in digits")
}

/// Returns every kernel with its number of instructions per call.
fn counts() -> impl Iterator<Item = (&'static str, f64)> {
    let stage = total(KERNELS[0].0, 0);
    KERNELS.iter().map(move |(name, _)| (*name, (total(name, CALLS) - stage) / CALLS as f64))
}

/// Returns whether this processor's counts are comparable with the committed counts.
fn is_comparable() -> bool {
    #[cfg(target_arch = "x86_64")]
    return std::arch::is_x86_feature_detected!("avx2");
    #[cfg(not(target_arch = "x86_64"))]
    false
}

fn file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("instructions.csv")
}

fn renew() {
    let rows: Vec<String> = counts().map(|(name, count)| format!("{name},{count:.0}")).collect();
    let text = format!("kernel,instructions\n{}\n", rows.join("\n"));
    std::fs::write(file(), &text).expect("instructions.csv must be writable");
    print!("{text}");
}

fn check() -> ExitCode {
    if !is_comparable() {
        println!("nothing to compare: the committed counts apply to x86-64 processors with AVX2");
        return ExitCode::SUCCESS;
    }
    let text = std::fs::read_to_string(file()).expect("instructions.csv must be readable");
    let known =
        |name: &str| text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(',')?.parse::<f64>().ok());
    let mut slower = 0;
    for (name, now) in counts() {
        let before = known(name).unwrap_or(0.0);
        let more = now / before - 1.0;
        let verdict = if more > TOLERANCE { "MORE THAN ALLOWED" } else { "" };
        slower += u32::from(more > TOLERANCE);
        println!(
            "{name:28} {now:9.0} instructions per call, {before:9.0} committed, {:+6.1} % {verdict}",
            100.0 * more
        );
    }
    if slower > 0 {
        eprintln!(
            "{slower} of {} kernels take over 5 % more instructions than committed. If this is intended: make renew-instructions",
            KERNELS.len()
        );
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
