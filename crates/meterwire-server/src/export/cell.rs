//! Cells of a CSV, made safe to open in a spreadsheet.

use csv::{ByteRecord, Terminator, Writer, WriterBuilder};
use std::borrow::Cow;
use std::fmt::{Display, Write as _};

/// Rows being written. Quoting is that of RFC 4180, with its line ends.
pub(super) struct Sheet {
    writer: Writer<Vec<u8>>,
    row: ByteRecord,
    number: String,
}

impl Sheet {
    /// An empty piece of a file; `capacity` bytes are expected.
    pub(super) fn with_capacity(capacity: usize) -> Self {
        let mut builder = WriterBuilder::new();
        builder.terminator(Terminator::CRLF);
        let writer = builder.from_writer(Vec::with_capacity(capacity));
        Self { writer, row: ByteRecord::new(), number: String::new() }
    }

    /// A text of somebody's; a spreadsheet will not take it for a formula.
    pub(super) fn text(&mut self, text: &str) {
        self.row.push_field(harmless(text).as_bytes());
    }

    /// The same; absent is an empty cell.
    pub(super) fn maybe_text(&mut self, text: Option<&str>) {
        self.text(text.unwrap_or_default());
    }

    /// A number or another value of our own making, as it is: a negative one stays a number.
    pub(super) fn value(&mut self, value: impl Display) {
        self.number.clear();
        // Writing to a string does not fail.
        let _ = write!(self.number, "{value}");
        self.row.push_field(self.number.as_bytes());
    }

    /// The same; absent is an empty cell.
    pub(super) fn maybe_value(&mut self, value: Option<impl Display>) {
        match value {
            Some(value) => self.value(value),
            None => self.row.push_field(b""),
        }
    }

    /// Ends the row.
    pub(super) fn end_row(&mut self) -> Result<(), csv::Error> {
        let written = self.writer.write_byte_record(&self.row);
        self.row.clear();
        written
    }

    /// What was written.
    pub(super) fn into_bytes(self) -> Result<Vec<u8>, csv::Error> {
        self.writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
    }
}

/// A text that no spreadsheet takes for a formula: where its first visible character could begin one, or where it begins
/// with a tab or a line end, an apostrophe is put before it.
pub(super) fn harmless(text: &str) -> Cow<'_, str> {
    let begins = |c: char| {
        matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '−' | '﹦' | '﹢' | '﹣' | '﹫')
    };
    let first = text.chars().find(|c| !is_invisible(*c));
    let control = text.starts_with(['\t', '\r', '\n']);
    if control || first.is_some_and(begins) {
        return Cow::Owned(format!("'{text}"));
    }
    Cow::Borrowed(text)
}

/// What a spreadsheet may skip before it looks for a formula.
fn is_invisible(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(write: impl FnOnce(&mut Sheet)) -> String {
        let mut sheet = Sheet::with_capacity(0);
        write(&mut sheet);
        sheet.end_row().unwrap();
        String::from_utf8(sheet.into_bytes().unwrap()).unwrap()
    }

    #[test]
    fn formulas_become_texts() {
        let formulas = [
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            " =1",
            "\u{feff}=1",
            "\u{200b}@x",
            "＝1",
            "＋1",
            "－1",
            "＠x",
            "−1",
            "=cmd|' /C calc'!A0",
            "\ttext",
            "\u{a0}=1",
        ];
        for formula in formulas {
            assert_eq!(harmless(formula), format!("'{formula}"), "{formula:?}");
        }
        for plain in ["", "a=1", "gpt-4o", "1-2", "'=1", "é", "名前", " a", "*", "\u{1f600}"] {
            assert_eq!(harmless(plain), plain);
        }
    }

    #[test]
    fn numbers_stay_numbers_and_texts_are_quoted() {
        assert_eq!(sheet(|row| row.value(-5)), "-5\r\n");
        let row = sheet(|row| {
            row.text("say \"hi\", now");
            row.text("two\r\nlines");
            row.maybe_value(None::<u8>);
            row.maybe_text(Some("=A1,\"x\""));
        });
        assert_eq!(row, "\"say \"\"hi\"\", now\",\"two\r\nlines\",,\"'=A1,\"\"x\"\"\"\r\n");
    }
}
