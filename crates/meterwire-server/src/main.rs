//! The binary `meterwire`.

use std::process::ExitCode;

fn main() -> ExitCode {
    meterwire_server::cli::run()
}
