//! Properties of events as dimensions: how one may be named, and which value an event has.

use crate::dimension::Dimension;
use crate::event::MAX_TEXT_BYTES;
use crate::invalid::Invalid;
use crate::name::is_hidden;
use serde_json::Value;
use std::borrow::Cow;

/// The most different values of one dimension; events with further ones count under [`MORE_VALUES`].
pub const MAX_PROPERTY_VALUES: usize = 10_000;
/// The value that stands for all beyond [`MAX_PROPERTY_VALUES`].
pub const MORE_VALUES: &str = "(more)";
/// The longest name of a dimension, in bytes.
const MAX_NAME_BYTES: usize = 63;

/// The value that a property has as a dimension: a text as it is, a number or a truth value as its JSON. Everything else
/// is absent, and so is a text that is empty or longer than [`MAX_TEXT_BYTES`].
pub fn property_value(json: &Value) -> Option<Cow<'_, str>> {
    match json {
        Value::String(text) => Some(Cow::Borrowed(text.as_str())),
        Value::Bool(_) | Value::Number(_) => Some(Cow::Owned(json.to_string())),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
    .filter(|value| fits(value))
}

/// The same for a value that is still JSON text, as an event is stored. A number keeps its digits: read and written once
/// more, it could become its neighbour.
pub fn property_value_of_json(json: &str) -> Option<Cow<'_, str>> {
    match json.as_bytes().first()? {
        b'"' => serde_json::from_str(json).ok().map(Cow::Owned),
        b't' | b'f' | b'-' | b'0'..=b'9' => Some(Cow::Borrowed(json)),
        _ => None,
    }
    .filter(|value| fits(value))
}

fn fits(value: &str) -> bool {
    (1..=MAX_TEXT_BYTES).contains(&value.len())
}

/// Checks the name that a dimension is to have: up to 63 of a-z, 0-9 and `_`, beginning with a letter, and not that of a
/// built-in one.
pub fn check_dimension_name(field: &str, name: &str) -> Result<(), Invalid> {
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    let begins_well = name.as_bytes().first().is_some_and(u8::is_ascii_lowercase);
    if !begins_well || name.len() > MAX_NAME_BYTES || !name.bytes().all(allowed) {
        let sentence =
            format!("{field} must be 1 to {MAX_NAME_BYTES} of a-z, 0-9 and _, beginning with a letter");
        return Err(Invalid::new(field, sentence));
    }
    if name.parse::<Dimension>().is_ok() {
        return Err(Invalid::new(field, format!("{name} is a built-in dimension; choose another name")));
    }
    Ok(())
}

/// Checks the key under `properties` whose values are wanted.
pub fn check_property(field: &str, property: &str) -> Result<(), Invalid> {
    if fits(property) && !property.chars().any(is_hidden) {
        return Ok(());
    }
    let sentence = format!(
        "{field} must be a key of 1 to {MAX_TEXT_BYTES} bytes without control characters and marks of direction"
    );
    Err(Invalid::new(field, sentence))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn value(json: &Value) -> Option<String> {
        property_value(json).map(Cow::into_owned)
    }

    #[test]
    fn texts_numbers_and_truth_values_are_values() {
        assert_eq!(value(&json!("reply")).as_deref(), Some("reply"));
        assert_eq!(value(&json!(" Ä\n")).as_deref(), Some(" Ä\n"));
        assert_eq!(value(&json!(true)).as_deref(), Some("true"));
        assert_eq!(value(&json!(-7)).as_deref(), Some("-7"));
        assert_eq!(value(&json!(2.50)).as_deref(), Some("2.5"));
        assert_eq!(value(&json!("x".repeat(256))).map(|text| text.len()), Some(256));
    }

    #[test]
    fn everything_else_is_absent() {
        for json in [json!(null), json!(""), json!([1]), json!({ "a": 1 }), json!("x".repeat(257))] {
            assert_eq!(value(&json), None, "{json}");
            assert_eq!(property_value_of_json(&json.to_string()), None, "{json}");
        }
        assert_eq!(property_value_of_json(""), None);
    }

    #[test]
    fn names_are_plain_and_not_those_of_built_in_dimensions() {
        for good in ["feature", "a", "f_2", &"x".repeat(63)] {
            assert_eq!(check_dimension_name("name", good), Ok(()), "{good}");
        }
        for bad in ["", "Feature", "2x", "_x", "a-b", "a.b", "ä", &"x".repeat(64), "model", "service_tier"] {
            assert_eq!(check_dimension_name("name", bad).unwrap_err().field, "name", "{bad}");
        }
        assert_eq!(check_property("property", "Any key, e.g. this"), Ok(()));
        assert!(check_property("property", "").is_err());
        assert!(check_property("property", &"x".repeat(257)).is_err());
    }

    proptest! {
        #[test]
        fn a_stored_property_has_the_value_that_it_had_when_it_was_sent(
            sent in prop_oneof![
                any::<f64>().prop_filter("JSON knows no others", |number| number.is_finite()).prop_map(|n| json!(n)),
                any::<i64>().prop_map(|number| json!(number)),
                any::<u64>().prop_map(|number| json!(number)),
                any::<bool>().prop_map(|truth| json!(truth)),
                any::<String>().prop_map(|text| json!(text)),
            ],
        ) {
            let stored = sent.to_string();
            prop_assert_eq!(property_value_of_json(&stored), property_value(&sent));
        }
    }
}
