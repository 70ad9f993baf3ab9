//! Reading a file row by row, in bounded memory: CSV with a header row, or NDJSON.

use super::field::Cell;
use clap::ValueEnum;
use csv::ByteRecord;
use serde_json::value::RawValue;
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read};
use std::str;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The longest row. A quote that is never closed would otherwise take in the rest of the file.
const MAX_ROW_BYTES: u64 = 1024 * 1024;

/// How the file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// Comma-separated values with a header row.
    Csv,
    /// One JSON object a line.
    Ndjson,
}

impl Format {
    /// The end of file names.
    pub(super) fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Ndjson => "ndjson",
        }
    }
}

/// The rows of a file.
pub(super) struct Rows<R> {
    reader: Reader<R>,
    header: Arc<Header>,
    budget: Arc<AtomicU64>,
    number: u64,
}

enum Reader<R> {
    Csv(Box<csv::Reader<Budgeted<R>>>),
    Ndjson(BufReader<Budgeted<R>>),
}

/// The header row of a CSV file; empty for NDJSON.
#[derive(Debug, Default)]
pub(super) struct Header {
    /// The row itself.
    pub record: ByteRecord,
    /// Where each column stands; `None` where the name stands twice.
    places: HashMap<String, Option<usize>>,
}

/// One row.
#[derive(Debug)]
pub(super) struct Row {
    /// Its number, from 1, the header and empty lines not counted.
    pub number: u64,
    pub content: Content,
    header: Arc<Header>,
}

/// A row as it stands in the file.
#[derive(Debug)]
pub(super) enum Content {
    Csv(ByteRecord),
    Ndjson {
        line: Vec<u8>,
        /// Its fields, or why it has none.
        fields: Result<HashMap<String, Box<RawValue>>, String>,
    },
}

impl<R: Read> Rows<R> {
    /// Begins to read; a CSV file needs a header row.
    pub(super) fn new(format: Format, file: R) -> Result<Self, String> {
        let budget = Arc::new(AtomicU64::new(MAX_ROW_BYTES));
        let file = Budgeted { file, budget: budget.clone() };
        let (reader, header) = match format {
            Format::Ndjson => (Reader::Ndjson(BufReader::new(file)), Header::default()),
            Format::Csv => {
                let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(file);
                let header = Header::new(reader.byte_headers().map_err(|error| error.to_string())?)?;
                (Reader::Csv(Box::new(reader)), header)
            }
        };
        Ok(Self { reader, header: Arc::new(header), budget, number: 0 })
    }

    pub(super) fn header(&self) -> &Arc<Header> {
        &self.header
    }

    /// The next row; `None` at the end.
    pub(super) fn next_row(&mut self) -> Result<Option<Row>, String> {
        self.budget.store(MAX_ROW_BYTES, Ordering::Relaxed);
        let stopped = |error: String, after: u64| format!("reading stopped after row {after}: {error}");
        let content = match &mut self.reader {
            Reader::Csv(reader) => {
                let mut record = ByteRecord::new();
                let more = reader.read_byte_record(&mut record);
                more.map_err(|error| stopped(error.to_string(), self.number))?.then_some(Content::Csv(record))
            }
            Reader::Ndjson(reader) => {
                next_line(reader).map_err(|error| stopped(error.to_string(), self.number))?.map(|line| {
                    let fields = parse_line(&line);
                    Content::Ndjson { line, fields }
                })
            }
        };
        self.number += u64::from(content.is_some());
        Ok(content.map(|content| Row { number: self.number, content, header: self.header.clone() }))
    }
}

/// The next line that is not empty, without its end.
fn next_line(reader: &mut impl BufRead) -> std::io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line)? > 0 {
        let text = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&line).trim_ascii();
        if !text.is_empty() {
            return Ok(Some(text.to_vec()));
        }
        line.clear();
    }
    Ok(None)
}

fn parse_line(line: &[u8]) -> Result<HashMap<String, Box<RawValue>>, String> {
    serde_json::from_slice(line).map_err(|error| format!("the line is not a JSON object: {error}"))
}

impl Header {
    fn new(record: &ByteRecord) -> Result<Self, String> {
        let mut places = HashMap::new();
        for (place, name) in record.iter().enumerate() {
            let name = str::from_utf8(name).map_err(|_| "the header row is not UTF-8")?.trim().to_owned();
            places.entry(name).and_modify(|known| *known = None).or_insert(Some(place));
        }
        if record.iter().all(<[u8]>::is_empty) {
            return Err("the file has no header row".into());
        }
        Ok(Self { record: record.clone(), places })
    }

    /// The columns, for messages.
    pub(super) fn names(&self) -> Vec<String> {
        self.record.iter().map(|name| String::from_utf8_lossy(name).trim().to_owned()).collect()
    }

    fn place(&self, column: &str) -> Result<usize, String> {
        match self.places.get(column) {
            Some(Some(place)) => Ok(*place),
            Some(None) => Err(format!("the file has more than one column {column:?}")),
            None => Err(format!("the file has no column {column:?}; it has {}", self.names().join(", "))),
        }
    }

    /// Checks that every column exists, once.
    pub(super) fn check<'a>(&self, mut columns: impl Iterator<Item = &'a str>) -> Result<(), String> {
        columns.try_for_each(|column| self.place(column).map(drop))
    }
}

impl Row {
    /// The value of a column, or of an NDJSON field by its name or dotted path. `None` where it is absent or null.
    pub(super) fn cell(&self, column: &str) -> Result<Option<Cell<'_>>, String> {
        match &self.content {
            Content::Csv(record) => {
                let (found, expected) = (record.len(), self.header.record.len());
                if found != expected {
                    return Err(format!("the row has {found} columns, the header {expected}"));
                }
                let bytes = record.get(self.header.place(column)?).unwrap_or_default();
                str::from_utf8(bytes)
                    .map(|text| Some(Cell::Text(text)))
                    .map_err(|_| format!("{column} is not UTF-8"))
            }
            Content::Ndjson { fields, .. } => {
                let fields = fields.as_ref().map_err(Clone::clone)?;
                let found = fields.get(column).map(|raw| raw.get()).or_else(|| {
                    let (first, rest) = column.split_once('.')?;
                    descend(fields.get(first)?.get(), rest)
                });
                Ok(found.filter(|raw| *raw != "null").map(Cell::Json))
            }
        }
    }

    /// The names of an NDJSON row's fields.
    pub(super) fn field_names(&self) -> Vec<String> {
        match &self.content {
            Content::Ndjson { fields: Ok(fields), .. } => fields.keys().cloned().collect(),
            _ => Vec::new(),
        }
    }

    /// The row's content, part by part, free of quoting and line ends.
    pub(super) fn for_each_part(&self, mut take: impl FnMut(&[u8])) {
        match &self.content {
            Content::Csv(record) => record.iter().for_each(take),
            Content::Ndjson { line, .. } => take(line),
        }
    }
}

/// The raw JSON at a dotted path.
fn descend<'a>(raw: &'a str, path: &str) -> Option<&'a str> {
    let fields: HashMap<String, &'a RawValue> = serde_json::from_str(raw).ok()?;
    if let Some(found) = fields.get(path) {
        return Some(found.get());
    }
    let (first, rest) = path.split_once('.')?;
    descend(fields.get(first)?.get(), rest)
}

/// Lets through a bounded number of bytes for each row.
struct Budgeted<R> {
    file: R,
    budget: Arc<AtomicU64>,
}

impl<R: Read> Read for Budgeted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let left = self.budget.load(Ordering::Relaxed);
        if left == 0 {
            let message = format!("a row is longer than {MAX_ROW_BYTES} bytes; is a quote not closed?");
            return Err(std::io::Error::new(std::io::ErrorKind::InvalidData, message));
        }
        let read = self.file.read(buffer)?;
        self.budget.store(left.saturating_sub(read as u64), Ordering::Relaxed);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(format: Format, text: &[u8]) -> Vec<Row> {
        let mut rows = Rows::new(format, text).unwrap();
        std::iter::from_fn(|| rows.next_row().unwrap()).collect()
    }

    #[test]
    fn csv_rows_are_read_with_bom_crlf_quotes_and_empty_lines() {
        let rows = all(Format::Csv, b"\xef\xbb\xbfa,b\r\n1,\"x, \"\"y\"\"\r\nz\"\r\n\r\n2,\r\n");
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0].cell("b"), Ok(Some(Cell::Text("x, \"y\"\r\nz"))));
        assert_eq!(rows[1].cell("a"), Ok(Some(Cell::Text("2"))));
        assert_eq!(rows[1].number, 2);
    }

    #[test]
    fn a_csv_row_of_another_length_or_coding_is_told() {
        let rows = all(Format::Csv, b"a,b\n1\n1,\xff\n1,2,3\n");
        assert!(rows[0].cell("a").unwrap_err().contains("1 columns, the header 2"));
        assert!(rows[1].cell("b").unwrap_err().contains("UTF-8"));
        assert!(rows[2].cell("a").is_err());
    }

    #[test]
    fn columns_are_checked_against_the_header() {
        let rows = Rows::new(Format::Csv, &b"a,b,b\n"[..]).unwrap();
        assert!(rows.header().check(["a"].into_iter()).is_ok());
        assert!(rows.header().check(["b"].into_iter()).unwrap_err().contains("more than one"));
        assert!(rows.header().check(["c"].into_iter()).unwrap_err().contains("it has a, b, b"));
        assert!(Rows::new(Format::Csv, &b""[..]).is_err());
    }

    #[test]
    fn ndjson_fields_are_found_by_name_and_path() {
        let text = br#"{"a": 1, "b": {"c": {"d": "x"}, "e.f": 2}, "g.h": 3, "n": null}

            not json
            [1]"#;
        let rows = all(Format::Ndjson, text);
        assert_eq!(rows.len(), 3);
        let cell = |path: &str| rows[0].cell(path).unwrap();
        assert_eq!(cell("a"), Some(Cell::Json("1")));
        assert_eq!(cell("b.c.d"), Some(Cell::Json("\"x\"")));
        assert_eq!(cell("b.e.f"), Some(Cell::Json("2")));
        assert_eq!(cell("g.h"), Some(Cell::Json("3")));
        assert_eq!(cell("n"), None);
        assert_eq!(cell("b.x"), None);
        assert!(rows[1].cell("a").unwrap_err().contains("not a JSON object"));
        assert!(rows[2].cell("a").is_err());
    }

    #[test]
    fn an_unclosed_quote_does_not_take_in_the_whole_file() {
        let mut text = b"a,b\n1,\"".to_vec();
        text.resize(8 * 1024 * 1024, b'x');
        let mut rows = Rows::new(Format::Csv, &text[..]).unwrap();
        assert!(rows.next_row().unwrap_err().contains("quote"));
        let mut rows = Rows::new(Format::Ndjson, &text[4..]).unwrap();
        assert!(rows.next_row().is_err() || rows.next_row().is_err());
    }
}
