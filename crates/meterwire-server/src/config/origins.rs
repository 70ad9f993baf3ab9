//! Origins of pages: `https://app.example.com`, with a port where it is not the usual one.

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use url::Url;

const MAX_ORIGINS: usize = 100;

/// Reads a list, or one text with commas between, as variables are.
pub(super) fn list_or_text<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    match Value::deserialize(from)? {
        Value::String(text) => {
            let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
            Ok(parts.map(str::to_owned).collect())
        }
        value => serde_json::from_value(value).map_err(Error::custom),
    }
}

/// Refuses what no browser would ever send as `Origin`; the sentence says why.
pub(super) fn check(origins: &[String]) -> Result<(), String> {
    if origins.len() > MAX_ORIGINS {
        return Err(format!("configuration: server.cors_origins may name at most {MAX_ORIGINS} origins"));
    }
    match origins.iter().find(|origin| !is_origin(origin)) {
        None => Ok(()),
        Some(wrong) => Err(format!(
            "configuration: server.cors_origins names {wrong:?}; an origin is scheme, host and port alone, such as \
             https://app.example.com (every origin, *, cannot be allowed)"
        )),
    }
}

fn is_origin(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    matches!(url.scheme(), "http" | "https") && url.origin().ascii_serialization() == text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_browser_sends_is_an_origin() {
        for good in ["https://app.example.com", "http://localhost:3000", "http://[::1]:8100"] {
            assert_eq!(check(&[good.to_owned()]), Ok(()), "{good}");
        }
        let wrong = ["*", "", "null", "app.example.com", "https://a.example/", "https://a.example/x"];
        for wrong in
            wrong.into_iter().chain(["https://A.example", "https://a.example:443", "ftp://a.example"])
        {
            assert!(check(&[wrong.to_owned()]).unwrap_err().contains("cors_origins"), "{wrong}");
        }
        assert!(check(&vec!["https://a.example".to_owned(); 101]).is_err());
    }
}
