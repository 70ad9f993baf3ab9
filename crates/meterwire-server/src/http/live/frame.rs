//! One message of a stream, as all listeners of a view get it.

use axum::body::Bytes;
use meterwire_app::{LiveTotals, LiveView};
use meterwire_core::period::rfc3339;
use serde::Serialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

/// A message, ready to be sent.
pub(crate) struct Frame {
    /// Names the state, not the message: equal totals of the same day have the same id, on every server and after every
    /// restart. So whoever names the present id has missed nothing.
    pub(crate) id: String,
    pub(crate) bytes: Bytes,
}

/// The totals of today, as the data of one message.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LiveTotalsToApi {
    /// Where the numbers come from: `metered` are our own events.
    #[schema(example = "metered")]
    source: &'static str,
    /// When they were added up; everything answered before is in them.
    as_of: String,
    /// The zone of the day.
    #[schema(example = "Europe/Berlin")]
    tz: String,
    /// The day in the zone.
    #[schema(example = "2026-11-22")]
    date: String,
    /// Its events.
    calls: i64,
    /// Of them with a status of 400 or above.
    errors: i64,
    /// Input and output tokens.
    tokens: u64,
    /// US dollars, an exact decimal.
    #[schema(example = "12.345678")]
    cost_usd: String,
    /// Events with tokens whose model has no price; they are not in `cost_usd`.
    unpriced_calls: i64,
}

impl Frame {
    pub(super) fn new(view: &LiveView, live: &LiveTotals) -> Self {
        let totals = &live.totals;
        let shown = LiveTotalsToApi {
            source: "metered",
            as_of: rfc3339(live.as_of_ms),
            tz: view.tz.clone(),
            date: live.date.clone(),
            calls: totals.calls,
            errors: totals.errors,
            tokens: totals.token_usage().total(),
            cost_usd: totals.cost.to_string(),
            unpriced_calls: totals.unpriced_calls,
        };
        let id = id_of(view, &shown);
        // JSON on one line: a line break inside a text is written as \n.
        let data = serde_json::to_string(&shown).unwrap_or_default();
        let bytes = Bytes::from(format!("event: totals\nid: {id}\ndata: {data}\n\n"));
        Self { id, bytes }
    }
}

/// A hash of all that is shown but the time of showing it.
fn id_of(view: &LiveView, shown: &LiveTotalsToApi) -> String {
    let numbers = (shown.calls, shown.errors, shown.tokens, shown.unpriced_calls);
    let state = (view.tenant.0, &view.user, &shown.tz, &shown.date, numbers, &shown.cost_usd);
    let hash = Sha256::digest(format!("{state:?}"));
    hash[..8].iter().fold(String::with_capacity(16), |id, byte| format!("{id}{byte:02x}"))
}
