//! A reconciliation as a file: a row a day and model, a column a cause, exact decimals.

use super::cell::Sheet;
use meterwire_app::Reconciliation;
use meterwire_core::money::CostNanos;
use meterwire_core::period::rfc3339;
use meterwire_core::provider_report::{CauseKind, Side};

/// The columns before those of the causes.
const COLUMNS: [&str; 13] = [
    "day",
    "provider",
    "model",
    "provider_requests",
    "provider_input_tokens",
    "provider_output_tokens",
    "provider_cost_usd",
    "metered_requests",
    "metered_input_tokens",
    "metered_output_tokens",
    "metered_cost_usd",
    "difference_cost_usd",
    "revised_at",
];

/// The file. The causes of a row add up to its difference.
pub(crate) fn reconciliation_csv(found: &Reconciliation) -> Result<Vec<u8>, csv::Error> {
    let mut sheet = Sheet::with_capacity(found.rows.len() * 200);
    for column in COLUMNS {
        sheet.text(column);
    }
    for kind in CauseKind::ALL {
        sheet.value(format_args!("{}_usd", kind.name()));
    }
    sheet.end_row()?;
    for row in &found.rows {
        sheet.text(&row.date);
        sheet.text(row.provider.name());
        sheet.text(&row.model);
        write_side(&mut sheet, &row.seen.provider);
        write_side(&mut sheet, &row.seen.metered);
        sheet.value(row.seen.provider.less(&row.seen.metered).cost);
        sheet.maybe_value(row.revised_ms.map(rfc3339));
        for kind in CauseKind::ALL {
            let cause = row.causes.iter().find(|cause| cause.kind == kind);
            sheet.value(cause.map_or(CostNanos::ZERO, |cause| cause.cost));
        }
        sheet.end_row()?;
    }
    sheet.into_bytes()
}

fn write_side(sheet: &mut Sheet, side: &Side) {
    sheet.maybe_value(side.requests);
    sheet.value(side.input());
    sheet.value(side.output());
    sheet.value(side.cost);
}
