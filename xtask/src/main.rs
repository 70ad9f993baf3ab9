//! Chores of the repository that are too long for the Makefile.

mod prices;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask <chore>

  prices                 downloads the pinned price catalogues and writes prices/*.json anew
  prices --from DIR      the same from packages that were downloaded before (the .whl files in DIR)
  prices --check         checks that prices/*.json are well formed, written as this chore writes them, and all in the program
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["prices"] => prices::update(None),
        ["prices", "--from", dir] => prices::update(Some(dir.as_ref())),
        ["prices", "--check"] => prices::check(),
        [] | ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            Ok(())
        }
        _ => Err(format!("no such chore: {}\n\n{HELP}", words.join(" ")).into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
