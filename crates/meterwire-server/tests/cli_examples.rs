//! Examples of help do what they say, as they stand there, in a shell.
#![expect(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod cli_support;

use cli_support::{command, run_json, run_ok};
use std::path::Path;
use std::process::Output;
use tempfile::TempDir;

/// A directory with a data directory, a file with a key, and the program under its name.
fn workplace() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_meterwire"), dir.path().join("meterwire")).unwrap();
    std::fs::write(dir.path().join("key.txt"), "sk-admin-of-an-example\n").unwrap();
    run_ok(dir.path(), &["tenant", "create", "acme"]);
    dir
}

/// The examples of a command's help.
fn examples(dir: &Path, words: &[&str]) -> Vec<String> {
    let help = run_ok(dir, &[words, &["--help"]].concat());
    let lines = help.lines().skip_while(|line| !line.starts_with("Example")).skip(1);
    lines.filter(|line| line.starts_with("  meterwire ")).map(|line| line.trim().to_owned()).collect()
}

fn in_shell(dir: &Path, line: &str) -> Output {
    // The settings of whoever runs the tests are left out, as everywhere.
    let mut shell = std::process::Command::new("sh");
    for (name, _) in command(dir).get_envs().filter(|(_, value)| value.is_none()) {
        shell.env_remove(name);
    }
    let path = format!("{}:{}", dir.display(), std::env::var("PATH").unwrap_or_default());
    shell.current_dir(dir).env("PATH", path).args(["-c", line]).output().unwrap()
}

/// Runs the examples of a command, with this id where they say ID.
fn follow(dir: &Path, words: &[&str], id: &str) {
    let examples = examples(dir, words);
    assert!(!examples.is_empty(), "{words:?}");
    for example in examples {
        follow_one(dir, &example, id);
    }
}

fn follow_one(dir: &Path, example: &str, id: &str) {
    let done = in_shell(dir, &example.replace(" ID", &format!(" {id}")));
    let said = [done.stdout.as_slice(), b"\n", done.stderr.as_slice()].concat();
    assert!(done.status.success(), "{example}\n{}", String::from_utf8_lossy(&said));
}

/// The id of the first row of a list.
fn first_id(dir: &Path, noun: &str) -> String {
    let rows = run_json(dir, &[noun, "list", "--tenant", "acme"]);
    rows[0]["id"].as_str().unwrap_or_else(|| panic!("no {noun}: {rows}")).to_owned()
}

#[test]
fn budgets_are_made_and_split_as_help_says() {
    let dir = workplace();
    let dir = dir.path();
    let of_tenant = first_id(dir, "budget");
    run_ok(dir, &["budget", "update", &of_tenant, "--amount", "1000", "--tenant", "acme"]);
    follow(dir, &["budget", "create"], "");
    follow(dir, &["budget", "split"], &of_tenant);
    follow(dir, &["budget", "history"], &of_tenant);
    follow(dir, &["budget", "list"], "");
    let rows = run_json(dir, &["budget", "list", "--tenant", "acme"]);
    let mut amounts: Vec<_> =
        rows.as_array().unwrap().iter().map(|row| row["amount_usd"].as_str().unwrap()).collect();
    amounts.sort_unstable();
    assert_eq!(amounts, ["100", "1000", "250", "400", "90"]);
}

#[test]
fn channels_rules_and_providers_are_made_as_help_says() {
    let dir = workplace();
    let dir = dir.path();
    for words in [["channel", "add"], ["alert", "rule"], ["provider", "add"]] {
        follow(dir, &words, "");
    }
    for (noun, verb) in
        [("channel", "show"), ("channel", "update"), ("channel", "delete"), ("provider", "show")]
    {
        let id = first_id(dir, noun);
        follow(dir, &[noun, verb], &id);
    }
    assert_eq!(run_json(dir, &["channel", "list", "--tenant", "acme"]).as_array().unwrap().len(), 2);
    assert_eq!(run_json(dir, &["provider", "list", "--tenant", "acme"]).as_array().unwrap().len(), 2);
}

#[test]
fn reports_and_closings_are_made_as_help_says() {
    let dir = workplace();
    let dir = dir.path();
    // Mail needs a mail server and a running server.
    for example in examples(dir, &["report"]).iter().filter(|example| !example.contains("--to ")) {
        follow_one(dir, example, "");
    }
    assert!(dir.join("october.pdf").is_file());
    std::fs::remove_file(dir.join("october.pdf")).unwrap();
    for example in examples(dir, &["closing", "create"]) {
        follow_one(dir, &example, "");
        let id = first_id(dir, "closing");
        for verb in ["show", "statement", "adjustment", "list", "delete"] {
            follow(dir, &["closing", verb], &id);
        }
    }
    assert_eq!(run_json(dir, &["closing", "list", "--tenant", "acme"]).as_array().unwrap().len(), 0);
}
