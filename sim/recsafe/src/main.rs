//! The `recsafe` program.

fn main() -> std::process::ExitCode {
    recsafe::cli::main()
}
