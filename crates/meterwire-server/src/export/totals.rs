//! Sums as rows: a line a bucket (`summary`), or a line a bucket and group (`breakdown`).

use super::cell::Sheet;
use super::{Fault, Header, Pieces, RowFormat};
use meterwire_app::{Breakdown, BreakdownRow};
use meterwire_core::period::rfc3339;
use serde_json::{Map, Value, json};

/// Rows of one piece.
const ROWS_AT_ONCE: usize = 1_000;
const BYTES_A_ROW: usize = 200;

/// A breakdown on its way out.
pub(crate) struct TotalsPieces {
    breakdown: Breakdown,
    format: RowFormat,
    /// Whether latencies were asked for.
    latencies: bool,
    head: Option<Vec<u8>>,
    sent: usize,
}

impl TotalsPieces {
    /// All rows of a breakdown; with `latencies` their percentiles too.
    pub(crate) fn new(
        breakdown: Breakdown,
        view: &'static str,
        format: RowFormat,
        header: Header,
        latencies: bool,
    ) -> Result<Self, Fault> {
        let mut head = header.bytes(&breakdown.about, view, format);
        let mut pieces = Self { breakdown, format, latencies, head: None, sent: 0 };
        if format == RowFormat::Csv {
            let mut sheet = Sheet::with_capacity(512);
            pieces.names().iter().for_each(|name| sheet.text(name));
            sheet.end_row()?;
            head.extend(sheet.into_bytes()?);
        }
        pieces.head = Some(head).filter(|head| !head.is_empty());
        Ok(pieces)
    }

    /// What every row holds, by name: first what it is of, then its sums.
    fn names(&self) -> Vec<String> {
        let mut names = vec!["from".to_owned(), "to".to_owned()];
        if self.breakdown.granularity.is_some() {
            names.insert(0, "bucket".to_owned());
        }
        let dimensions = &self.breakdown.about.dimensions;
        names.extend(self.breakdown.group_by.iter().map(|dimension| dimensions.name(*dimension).to_owned()));
        names.extend(SUMS.map(str::to_owned));
        if self.latencies {
            names.extend(LATENCIES.map(|(name, _)| name.to_owned()));
        }
        names
    }

    fn csv_row(&self, sheet: &mut Sheet, row: &BreakdownRow) -> Result<(), Fault> {
        let bucket = &self.breakdown.buckets[row.bucket];
        if self.breakdown.granularity.is_some() {
            sheet.value(&bucket.label);
        }
        sheet.value(rfc3339(bucket.range.from_ms));
        sheet.value(rfc3339(bucket.range.to_ms));
        row.key.iter().for_each(|value| sheet.maybe_text(value.as_deref()));
        for count in counts(row) {
            sheet.value(count);
        }
        sheet.value(row.totals.cost);
        if self.latencies {
            LATENCIES.iter().for_each(|(_, share)| sheet.maybe_value(row.totals.latency.quantile(*share)));
        }
        Ok(sheet.end_row()?)
    }

    fn ndjson_row(&self, row: &BreakdownRow) -> String {
        let mut line = Map::new();
        let bucket = &self.breakdown.buckets[row.bucket];
        if self.breakdown.granularity.is_some() {
            line.insert("bucket".to_owned(), json!(bucket.label));
        }
        line.insert("from".to_owned(), json!(rfc3339(bucket.range.from_ms)));
        line.insert("to".to_owned(), json!(rfc3339(bucket.range.to_ms)));
        let dimensions = &self.breakdown.about.dimensions;
        for (dimension, value) in self.breakdown.group_by.iter().zip(&row.key) {
            line.insert(dimensions.name(*dimension).to_owned(), json!(value));
        }
        for (name, count) in SUMS.iter().zip(counts(row)) {
            line.insert((*name).to_owned(), json!(count));
        }
        line.insert("cost_usd".to_owned(), json!(row.totals.cost.to_string()));
        if self.latencies {
            for (name, share) in LATENCIES {
                line.insert(name.to_owned(), json!(row.totals.latency.quantile(share)));
            }
        }
        Value::Object(line).to_string()
    }
}

/// The names of the sums; the cost stands last.
const SUMS: [&str; 9] = [
    "calls",
    "errors",
    "unpriced_calls",
    "input_tokens",
    "cached_input_tokens",
    "output_tokens",
    "reasoning_tokens",
    "total_tokens",
    "cost_usd",
];
const LATENCIES: [(&str, f64); 3] =
    [("latency_p50_ms", 0.50), ("latency_p95_ms", 0.95), ("latency_p99_ms", 0.99)];

/// The sums but the cost.
fn counts(row: &BreakdownRow) -> [i64; 8] {
    let totals = &row.totals;
    let tokens = totals.token_usage();
    let [input, cached, output, reasoning, all] =
        [tokens.input(), tokens.cache_read, tokens.output(), tokens.reasoning, tokens.total()]
            .map(u64::cast_signed);
    [totals.calls, totals.errors, totals.unpriced_calls, input, cached, output, reasoning, all]
}

impl Pieces for TotalsPieces {
    async fn next(&mut self) -> Result<Option<Vec<u8>>, Fault> {
        if let Some(head) = self.head.take() {
            return Ok(Some(head));
        }
        let end = self.breakdown.rows.len().min(self.sent + ROWS_AT_ONCE);
        if self.sent == end {
            return Ok(None);
        }
        let rows = &self.breakdown.rows[self.sent..end];
        let bytes = match self.format {
            RowFormat::Csv => {
                let mut sheet = Sheet::with_capacity(rows.len() * BYTES_A_ROW);
                for row in rows {
                    self.csv_row(&mut sheet, row)?;
                }
                sheet.into_bytes()?
            }
            RowFormat::Ndjson => {
                let lines = rows.iter().map(|row| self.ndjson_row(row) + "\n");
                lines.collect::<String>().into_bytes()
            }
        };
        self.sent = end;
        Ok(Some(bytes))
    }
}
