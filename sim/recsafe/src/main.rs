//! The program `recsafe`.

fn main() -> std::process::ExitCode {
    recsafe::cli::main()
}
