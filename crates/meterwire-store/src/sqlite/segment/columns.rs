//! The events of a stretch of time as packed columns.

use super::Part;
use super::codec::{encode_coded, encode_numbers};
use crate::error::Work;
use crate::label::LABELS;
use crate::row::{FACT_COLUMNS, Facts, Places, request_to_row};
use crate::sums::SUM_NAMES;
use meterwire_core::period::Range;
use rusqlite::Connection;

/// Packed columns, all of one length.
pub(super) struct Columns {
    pub(super) events: usize,
    /// The smallest and the largest seq.
    pub(super) seqs: (i64, i64),
    pub(super) parts: Vec<(Part, Vec<u8>)>,
}

/// The columns of the events of a stretch of time, those without anything but zeros left out; without the late ones if so
/// wanted.
pub(super) fn columns(
    connection: &Connection,
    tenant_id: i64,
    range: Range,
    without_late: bool,
) -> Work<Columns> {
    let mut sql = format!(
        "SELECT seq, request_hash, {FACT_COLUMNS} FROM event INDEXED BY event_time \
         WHERE tenant_id = ?1 AND time_ms >= ?2 AND time_ms < ?3 AND voided_ms IS NULL"
    );
    if without_late {
        sql += " AND seq NOT IN (SELECT seq FROM segment_late WHERE tenant_id = ?1 AND start_ms = ?4)";
    } else {
        sql += " AND ?4 NOTNULL";
    }
    sql += " ORDER BY time_ms, seq";
    let start_ms = range.from_ms;
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([tenant_id, start_ms, range.to_ms, start_ms])?;
    let number_parts: Vec<Part> = [Part::TIME, Part::SEQ, Part::LATENCY, Part::FIRST_TOKEN, Part::REQUEST]
        .into_iter()
        .chain((2..SUM_NAMES.len()).map(Part::of_sum))
        .collect();
    let coded_parts: Vec<Part> = [Part::STATUS].into_iter().chain((0..LABELS).map(Part::of_label)).collect();
    let mut numbers = vec![Vec::new(); number_parts.len()];
    let mut coded = vec![Vec::new(); coded_parts.len()];
    while let Some(row) = rows.next()? {
        let facts = Facts::from_row(row, 2, Places::NONE)?;
        let request = request_to_row(row.get_ref(1)?.as_blob_or_null().map_err(rusqlite::Error::from)?);
        let ms = |value: Option<u32>| value.map_or(-1, i64::from);
        let (latency, first_token) = (ms(facts.latency_ms), ms(facts.time_to_first_token_ms));
        let request = request.cast_signed();
        let fixed = [facts.time_ms - start_ms, row.get(0)?, latency, first_token, request];
        let values = fixed.into_iter().chain(facts.sums.0[2..].iter().copied());
        numbers.iter_mut().zip(values).for_each(|(column, value)| column.push(value));
        let values = [facts.status].into_iter().chain(facts.labels);
        coded.iter_mut().zip(values).for_each(|(column, value)| column.push(value));
    }
    let mut parts = Vec::new();
    let mut add = |part: Part, values: &[i64], encode: fn(&[i64], &mut Vec<u8>)| {
        if values.iter().any(|value| *value != 0) {
            let mut data = Vec::new();
            encode(values, &mut data);
            parts.push((part, data));
        }
    };
    number_parts.into_iter().zip(&numbers).for_each(|(part, values)| add(part, values, encode_numbers));
    coded_parts.into_iter().zip(&coded).for_each(|(part, values)| add(part, values, encode_coded));
    let seqs = &numbers[1];
    let seqs = (seqs.iter().copied().min().unwrap_or(0), seqs.iter().copied().max().unwrap_or(0));
    Ok(Columns { events: numbers[0].len(), seqs, parts })
}
