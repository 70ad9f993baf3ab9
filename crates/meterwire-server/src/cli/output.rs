//! What commands print: aligned tables for people, JSON for programs.

use meterwire_core::name::shown;
use serde_json::Value;
use std::io::{ErrorKind, Write};

/// Writes to standard output. A reader that has seen enough (`| head`) is no error.
pub(super) fn print(text: &str) -> Result<(), String> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(format!("cannot write the output: {error}"))
        }
        _ => Ok(()),
    }
}

/// Writes JSON to standard output.
pub(super) fn print_json(value: &Value) -> Result<(), String> {
    print(&format!("{value:#}\n"))
}

/// Columns as wide as their widest cell; numbers stand right.
pub(super) fn table(header: Option<&[&str]>, rows: &[Vec<String>]) -> String {
    let header: Option<Vec<String>> =
        header.map(|names| names.iter().map(|name| (*name).to_owned()).collect());
    let all: Vec<&Vec<String>> = header.iter().chain(rows).collect();
    let columns = all.iter().map(|row| row.len()).max().unwrap_or(0);
    let is_number = |cell: &String| {
        cell.bytes().any(|b| b.is_ascii_digit()) && cell.bytes().all(|b| b.is_ascii_digit() || b == b'.')
    };
    let mut layout = Vec::with_capacity(columns);
    for column in 0..columns {
        let cells = || rows.iter().filter_map(|row| row.get(column)).filter(|cell| !cell.is_empty());
        let width =
            all.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0);
        layout.push((width, cells().next().is_some() && cells().all(is_number)));
    }
    let mut text = String::new();
    for row in all {
        let cells = row.iter().zip(&layout).map(|(cell, (width, right))| {
            let pad = " ".repeat(width.saturating_sub(cell.chars().count()));
            if *right { format!("{pad}{cell}") } else { format!("{cell}{pad}") }
        });
        text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    text
}

/// A JSON value as a cell.
pub(super) fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => shown(text).into_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn columns_are_aligned_and_numbers_stand_right() {
        let rows = vec![
            vec!["a".into(), "7".into(), "x".into()],
            vec!["long".into(), "1234.5".into(), String::new()],
        ];
        assert_eq!(
            table(Some(&["NAME", "N", "T"]), &rows),
            "NAME       N  T\na          7  x\nlong  1234.5\n"
        );
        assert_eq!(table(Some(&["NAME"]), &[]), "NAME\n");
    }

    #[test]
    fn cells_hold_no_control_characters() {
        assert_eq!(cell(&json!("a\u{1b}[31m\n")), "a [31m ");
        assert_eq!(cell(&json!(null)), "");
        assert_eq!(cell(&json!(1.5)), "1.5");
    }
}
