//! The file of rejected rows: each with its number, the reason and the row as it was. Made with the first reject.

use super::rows::{Content, Format, Header, Row};
use serde_json::json;
use serde_json::value::RawValue;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Writes the rejects.
pub(super) struct Rejects {
    path: PathBuf,
    format: Format,
    header: Arc<Header>,
    file: Option<BufWriter<File>>,
    count: u64,
}

impl Rejects {
    pub(super) fn new(path: PathBuf, format: Format, header: Arc<Header>) -> Self {
        Self { path, format, header, file: None, count: 0 }
    }

    /// Where the rejects of a file are written unless told otherwise: `usage.csv.rejects.csv`.
    pub(super) fn default_path(file: &Path, format: Format) -> PathBuf {
        let mut name = file.as_os_str().to_owned();
        name.push(format!(".rejects.{}", format.extension()));
        name.into()
    }

    /// How many there were.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// The file, where one was made.
    pub(super) fn path(&self) -> Option<&Path> {
        self.file.as_ref().map(|_| self.path.as_path())
    }

    /// Adds a row.
    pub(super) fn add(&mut self, row: &Row, reason: &str) -> Result<(), String> {
        self.count += 1;
        self.write(row, reason).map_err(|error| format!("cannot write {}: {error}", self.path.display()))
    }

    /// Writes what is still in memory.
    pub(super) fn finish(&mut self) -> Result<(), String> {
        let flushed = self.file.as_mut().map_or(Ok(()), Write::flush);
        flushed.map_err(|error| format!("cannot write {}: {error}", self.path.display()))
    }

    fn write(&mut self, row: &Row, reason: &str) -> std::io::Result<()> {
        if self.file.is_none() {
            let mut file = BufWriter::new(File::create(&self.path)?);
            if self.format == Format::Csv {
                let names = [&b"row"[..], b"reason"].into_iter().chain(self.header.record.iter());
                file.write_all(&csv_line(names)?)?;
            }
            self.file = Some(file);
        }
        let Some(file) = &mut self.file else { return Ok(()) };
        match &row.content {
            Content::Csv(record) => {
                let number = row.number.to_string();
                let start = [number.as_bytes(), reason.as_bytes()];
                file.write_all(&csv_line(start.into_iter().chain(record.iter()))?)
            }
            Content::Ndjson { line, .. } => {
                let original: Option<&RawValue> = serde_json::from_slice(line).ok();
                let text = String::from_utf8_lossy(line);
                let start = json!({ "row": row.number, "reason": reason }).to_string();
                let original = original.map_or_else(|| json!(text).to_string(), |raw| raw.get().to_owned());
                writeln!(file, "{},\"original\":{original}}}", start.trim_end_matches('}'))
            }
        }
    }
}

fn csv_line<'a>(fields: impl Iterator<Item = &'a [u8]>) -> std::io::Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    writer.write_record(fields)?;
    writer.into_inner().map_err(|error| std::io::Error::other(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::import::rows::Rows;

    fn written(format: Format, text: &str) -> String {
        let dir = tempfile::tempdir().unwrap();
        let mut rows = Rows::new(format, text.as_bytes()).unwrap();
        let path = Rejects::default_path(&dir.path().join("usage.csv"), format);
        let mut rejects = Rejects::new(path.clone(), format, rows.header().clone());
        assert!(rejects.path().is_none() && !path.exists(), "only made when there are rejects");
        while let Some(row) = rows.next_row().unwrap() {
            rejects.add(&row, "no, \"good\"").unwrap();
        }
        rejects.finish().unwrap();
        assert_eq!(rejects.path(), Some(path.as_path()));
        std::fs::read_to_string(path).unwrap()
    }

    #[test]
    fn csv_rejects_keep_the_columns() {
        let text = written(Format::Csv, "a,b\r\n1,\"x,y\"\r\nshort\r\n");
        assert_eq!(text, "row,reason,a,b\n1,\"no, \"\"good\"\"\",1,\"x,y\"\n2,\"no, \"\"good\"\"\",short\n");
    }

    #[test]
    fn ndjson_rejects_keep_the_line() {
        let text = written(Format::Ndjson, "{\"a\": 1.50}\nnot json}\n");
        let lines: Vec<serde_json::Value> =
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines[0]["original"]["a"], 1.5);
        assert!(text.contains("1.50"), "as it was written");
        assert_eq!((lines[1]["row"].as_u64(), &lines[1]["original"]), (Some(2), &json!("not json}")));
        assert_eq!(lines[1]["reason"], "no, \"good\"");
    }
}
