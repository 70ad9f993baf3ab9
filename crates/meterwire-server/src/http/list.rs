//! The shape of every list, and the small pieces that plain resources share.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use meterwire_app::ports::Page;
use meterwire_core::invalid::Invalid;
use serde::{Deserialize, Deserializer, Serialize};
use sha2::{Digest, Sha256};
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
        let next_cursor = page.next.as_deref().map(cursor_of);
        Self { items: page.items.into_iter().map(to_api).collect(), next_cursor }
    }
}

/// How many bytes of a cursor tell that it is one of ours.
const MARK_BYTES: usize = 6;
/// A longer text is no cursor: keys of lists are not that long.
const MAX_CURSOR_BYTES: usize = 2048;

/// The cursor of a list's key. It tells what it is, so that a mistyped one is not taken for some other place.
fn cursor_of(key: &str) -> String {
    URL_SAFE_NO_PAD.encode([&mark_of(key)[..], key.as_bytes()].concat())
}

/// The key that a cursor is of; `None` where it is none of ours.
pub(crate) fn key_of(cursor: &str) -> Option<String> {
    if cursor.len() > MAX_CURSOR_BYTES {
        return None;
    }
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    let (mark, key) = bytes.split_at_checked(MARK_BYTES)?;
    let key = std::str::from_utf8(key).ok()?;
    (mark == mark_of(key)).then(|| key.to_owned())
}

fn mark_of(key: &str) -> [u8; MARK_BYTES] {
    let hash = Sha256::new_with_prefix(b"meterwire cursor\0").chain_update(key).finalize();
    std::array::from_fn(|place| hash[place])
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_told_from_anything_else() {
        for key in ["", "chat", "a/b c", "zoë", "0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b", "42"] {
            let cursor = cursor_of(key);
            assert_eq!(key_of(&cursor).as_deref(), Some(key));
            for place in 0..cursor.len() {
                let mut other = cursor.clone().into_bytes();
                other[place] = if other[place] == b'A' { b'B' } else { b'A' };
                assert_eq!(key_of(&String::from_utf8(other).unwrap()), None, "{cursor} at {place}");
            }
            assert_eq!(key_of(&cursor[1..]), None);
            assert_eq!(key_of(key), None);
        }
    }
}
