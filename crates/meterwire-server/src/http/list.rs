//! The shape of every list, and the small pieces that plain resources share.

use meterwire_app::ports::Page;
use meterwire_core::invalid::Invalid;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ListReply<T> {
    /// The rows.
    items: Vec<T>,
    /// Send it as `cursor` for the next page; null on the last.
    next_cursor: Option<String>,
}

impl<T> ListReply<T> {
    /// A page of domain rows in the caller's shape.
    pub(crate) fn from_page<D>(page: Page<D>, to_api: impl Fn(D) -> T) -> Self {
        Self { items: page.items.into_iter().map(to_api).collect(), next_cursor: page.next }
    }
}

/// Tells a field that is absent (`None`) from one that is null (`Some(None)`).
#[expect(clippy::option_option, reason = "absent, or null")]
pub(crate) fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    from: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(from).map(Some)
}

/// Reads an instant or a date (its midnight, UTC) of a body.
pub(crate) fn parse_instant(field: &str, text: &str) -> Result<i64, Invalid> {
    let zone = jiff::tz::TimeZone::UTC;
    let refused = || {
        Invalid::new(
            field,
            format!("{field} must be a date (2026-11-22) or an instant (2026-11-22T10:30:00Z)"),
        )
    };
    if text.len() > 64 {
        return Err(refused());
    }
    let day = || text.parse::<jiff::civil::Date>().ok()?.to_zoned(zone.clone()).ok().map(|z| z.timestamp());
    let instant = if text.len() == 10 { day() } else { text.parse().ok() };
    instant.map(jiff::Timestamp::as_millisecond).ok_or_else(refused)
}
