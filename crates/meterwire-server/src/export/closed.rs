//! A frozen statement and its adjustment as rows. Both are bounded, so they are written at once.

use super::Fault;
use super::cell::Sheet;
use meterwire_app::Adjustment;
use meterwire_core::closing::FrozenStatement;
use meterwire_core::totals::Totals;

const GROUPS: [&str; 5] = ["day", "provider", "model", "project", "department"];
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
const BYTES_A_ROW: usize = 160;

/// The rows of a statement.
pub(crate) fn statement_csv(statement: &FrozenStatement) -> Result<Vec<u8>, Fault> {
    let mut sheet = Sheet::with_capacity(statement.rows.len() * BYTES_A_ROW);
    GROUPS.iter().chain(&SUMS).for_each(|name| sheet.text(name));
    sheet.end_row()?;
    for row in &statement.rows {
        sheet.value(&row.day);
        row.key().into_iter().for_each(|value| sheet.maybe_text(value));
        let totals = row.to_totals().ok_or("a frozen statement is damaged")?;
        sums(&mut sheet, &totals);
        sheet.end_row()?;
    }
    Ok(sheet.into_bytes()?)
}

/// The rows of an adjustment: what the statement says, what has come since, what is known today.
pub(crate) fn adjustment_csv(adjustment: &Adjustment) -> Result<Vec<u8>, Fault> {
    let mut sheet = Sheet::with_capacity(adjustment.rows.len() * BYTES_A_ROW);
    GROUPS.iter().for_each(|name| sheet.text(name));
    for name in ["statement_calls", "statement_cost_usd"] {
        sheet.text(name);
    }
    SUMS.iter().for_each(|name| sheet.text(&format!("adjustment_{name}")));
    for name in ["today_calls", "today_cost_usd"] {
        sheet.text(name);
    }
    sheet.end_row()?;
    for row in &adjustment.rows {
        sheet.value(&row.day);
        row.key.iter().for_each(|value| sheet.maybe_text(value.as_deref()));
        sheet.value(row.frozen.calls);
        sheet.value(row.frozen.cost);
        sums(&mut sheet, &row.change);
        sheet.value(row.frozen.calls + row.change.calls);
        sheet.value(row.frozen.cost + row.change.cost);
        sheet.end_row()?;
    }
    Ok(sheet.into_bytes()?)
}

/// The sums of an adjustment may be negative, so the buckets are added up as they are.
fn sums(sheet: &mut Sheet, totals: &Totals) {
    let [
        uncached,
        cached,
        write_short,
        write_long,
        audio_in,
        image_in,
        visible,
        reasoning,
        audio_out,
        image_out,
    ] = totals.tokens;
    let input = uncached + cached + write_short + write_long + audio_in + image_in;
    let output = visible + reasoning + audio_out + image_out;
    for count in
        [totals.calls, totals.errors, totals.unpriced_calls, input, cached, output, reasoning, input + output]
    {
        sheet.value(count);
    }
    sheet.value(totals.cost);
}
