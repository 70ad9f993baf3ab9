//! Request bodies: bounded before and after decompression, JSON with an error that names the field.

use crate::http::error::ApiError;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use meterwire_core::invalid::Invalid;
use serde::de::value::MapAccessDeserializer;
use serde::de::{
    self, Deserialize, DeserializeOwned, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess,
    Visitor,
};
use serde_json::value::RawValue;
use std::fmt;
use std::io::Read;
use std::marker::PhantomData;

/// The largest body, before and after decompression.
pub(crate) const MAX_BODY_BYTES: usize = 16 * 1024 * 1024;
/// Larger bodies are unpacked and parsed away from the threads that serve everyone.
pub(crate) const LARGE_BODY_BYTES: usize = 128 * 1024;
/// The largest body of a plain change.
const MAX_CHANGE_BYTES: usize = 64 * 1024;

/// A JSON body of a plain change.
#[derive(Debug)]
pub(crate) struct JsonBody<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = ApiError;
    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        let (parts, body) = request.into_parts();
        let media = media_type(&parts.headers);
        if media != "application/json" {
            return Err(ApiError::UnsupportedMedia("the body must be application/json".into()));
        }
        let bytes = unpack(&parts.headers, read(body, MAX_CHANGE_BYTES).await?, MAX_CHANGE_BYTES)?;
        parse_json(&bytes).map(Self)
    }
}

/// A JSON body that may be left out, with its content type: it is as if it were `{}`.
#[derive(Debug)]
pub(crate) struct MaybeJsonBody<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Default> FromRequest<S> for MaybeJsonBody<T> {
    type Rejection = ApiError;
    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let (parts, body) = request.into_parts();
        let bytes = read(body, MAX_CHANGE_BYTES).await?;
        if bytes.is_empty() {
            return Ok(Self(T::default()));
        }
        let JsonBody(value) = JsonBody::from_request(Request::from_parts(parts, bytes.into()), state).await?;
        Ok(Self(value))
    }
}

/// The media type without its parameters, in lower case; empty where there is none.
pub(crate) fn media_type(headers: &HeaderMap) -> String {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Reads a whole body of at most `limit` bytes.
pub(crate) async fn read(body: Body, limit: usize) -> Result<Bytes, ApiError> {
    match Limited::new(body, limit).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.downcast_ref::<LengthLimitError>().is_some() => Err(too_large(limit)),
        Err(_) => Err(ApiError::Malformed("the body ended before it was complete".into())),
    }
}

/// Undoes the content encoding, never making more than `limit` bytes.
pub(crate) fn unpack(headers: &HeaderMap, body: Bytes, limit: usize) -> Result<Bytes, ApiError> {
    let encoding =
        headers.get(header::CONTENT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or("identity");
    match encoding.trim().to_ascii_lowercase().as_str() {
        "identity" | "" => Ok(body),
        "gzip" | "x-gzip" => inflate("gzip", flate2::read::MultiGzDecoder::new(&body[..]), limit),
        "zstd" => {
            let decoder = zstd::stream::read::Decoder::new(&body[..]);
            let mut decoder = decoder.map_err(|error| ApiError::Internal(error.into()))?;
            // The window is what a decoder must hold in memory; 8 MiB is what every encoder stays within.
            decoder.window_log_max(23).map_err(|error| ApiError::Internal(error.into()))?;
            inflate("zstd", decoder, limit)
        }
        _ => Err(ApiError::UnsupportedMedia("the content encoding must be gzip, zstd or identity".into())),
    }
}

fn inflate(name: &str, decoder: impl Read, limit: usize) -> Result<Bytes, ApiError> {
    let mut bytes = Vec::new();
    let read = decoder.take(limit as u64 + 1).read_to_end(&mut bytes);
    read.map_err(|_| ApiError::Malformed(format!("the body is not valid {name}")))?;
    if bytes.len() > limit {
        return Err(too_large(limit));
    }
    Ok(bytes.into())
}

fn too_large(limit: usize) -> ApiError {
    ApiError::TooLarge(format!("the body may be at most {limit} bytes, unpacked"))
}

/// Parses JSON: what is no JSON is malformed, what has a wrong value is refused by field.
pub(crate) fn parse_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    if let Err(array) = must_be_object(bytes) {
        serde_json::from_slice::<IgnoredAny>(bytes).map_err(|error| not_json(&error))?;
        return Err(array.into());
    }
    // Keeping track of the path costs more than reading; only a refusal needs it.
    if let Ok(value) = serde_json::from_slice(bytes) {
        return Ok(value);
    }
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let parsed = serde_path_to_error::deserialize(&mut deserializer);
    let value = parsed.map_err(|error| {
        if error.inner().is_data() {
            let path = error.path().to_string();
            return ApiError::from(refused(path, error.inner()));
        }
        not_json(error.inner())
    })?;
    deserializer.end().map_err(|error| not_json(&error))?;
    Ok(value)
}

/// Serde would read an array as the fields of an object in their order, which nobody means.
pub(crate) fn must_be_object(json: &[u8]) -> Result<(), Invalid> {
    if json.trim_ascii_start().starts_with(b"[") {
        return Err(Invalid::new("body", "invalid type: array, expected an object"));
    }
    Ok(())
}

/// An object within a body, for `deserialize_with`: an array is refused here too, as [`must_be_object`] does it for the whole.
pub(crate) fn object<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Option<T>, D::Error> {
    from.deserialize_option(MaybeObject(PhantomData))
}

struct MaybeObject<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for MaybeObject<T> {
    type Value = Option<T>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_none<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_map(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Some)
    }
}

/// A value that does not fit, as a refusal of its field.
pub(crate) fn refused(path: String, error: &serde_json::Error) -> Invalid {
    let message = error.to_string();
    let named = [("missing field `", "is missing"), ("duplicate field `", "is given twice")];
    for (start, what) in named {
        let Some(name) = message.strip_prefix(start).and_then(|rest| rest.split('`').next()) else {
            continue;
        };
        let field = if path == "." { name.to_owned() } else { format!("{path}.{name}") };
        return Invalid::new(field.clone(), format!("{field} {what}"));
    }
    let field = if path == "." { "body".to_owned() } else { path };
    Invalid::new(field, shorten(&in_words_of_json(&message)))
}

/// Serde names Rust's types; callers know those of JSON.
fn in_words_of_json(message: &str) -> String {
    let message = message.rsplit_once(" at line ").map_or(message, |(sentence, _)| sentence);
    let found = [
        ("invalid type: map", "invalid type: object"),
        ("invalid type: sequence", "invalid type: array"),
        ("invalid type: floating point", "invalid type: number"),
        ("unknown variant", "unknown value"),
    ];
    let renamed =
        found.into_iter().find_map(|(rust, json)| Some(format!("{json}{}", message.strip_prefix(rust)?)));
    let message = renamed.unwrap_or_else(|| message.to_owned());
    // The last one: what was sent is quoted before it and may say anything.
    let Some((found, expected)) = message.rsplit_once(", expected ") else { return message };
    let expected = match expected {
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number, not negative",
        "i8" | "i16" | "i32" | "i64" | "isize" => "a whole number",
        "f32" | "f64" => "a number",
        "a boolean" => "true or false",
        "a map" => "an object",
        "a sequence" => "an array",
        other if other.starts_with("struct ") => "an object",
        other => other,
    };
    format!("{found}, expected {expected}")
}

/// The elements of an array, unread; `None` where there are more than `most`, which are not kept.
pub(crate) fn elements(bytes: &[u8], most: usize) -> Result<Option<Vec<&RawValue>>, ApiError> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let elements = Elements { most }.deserialize(&mut deserializer).map_err(|error| not_json(&error))?;
    deserializer.end().map_err(|error| not_json(&error))?;
    Ok(elements)
}

struct Elements {
    most: usize,
}

impl<'de> DeserializeSeed<'de> for Elements {
    type Value = Option<Vec<&'de RawValue>>;
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Elements {
    type Value = Option<Vec<&'de RawValue>>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Self::Value, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = array.next_element()? {
            if elements.len() == self.most {
                // To the end all the same: what is no JSON is told as such.
                while array.next_element::<IgnoredAny>()?.is_some() {}
                return Ok(None);
            }
            elements.push(element);
        }
        Ok(Some(elements))
    }
}

pub(crate) fn not_json(error: &serde_json::Error) -> ApiError {
    ApiError::Malformed(format!("the body is not valid JSON: {}", shorten(&error.to_string())))
}

/// Serde quotes the value in its messages; a long one is cut.
fn shorten(message: &str) -> String {
    const MAX_CHARS: usize = 200;
    let cut: String = message.chars().take(MAX_CHARS).collect();
    if cut.len() < message.len() { format!("{cut}…") } else { cut }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        #[serde(rename = "name")]
        _name: String,
        #[serde(rename = "count")]
        _count: Option<u32>,
        #[serde(rename = "inner")]
        _inner: Option<Box<Sample>>,
    }

    fn told(json: &str) -> (String, String) {
        match parse_json::<Sample>(json.as_bytes()).unwrap_err() {
            ApiError::App(meterwire_app::AppError::Invalid(invalid)) => (invalid.field, invalid.message),
            other => panic!("{other}"),
        }
    }

    #[test]
    fn refusals_name_the_field_and_no_type_of_ours() {
        let cases = [
            (r"5", "body", "invalid type: integer `5`, expected an object"),
            (r#"["a"]"#, "body", "invalid type: array, expected an object"),
            (r#"["a",1,null]"#, "body", "invalid type: array, expected an object"),
            (r"{}", "name", "name is missing"),
            (r#"{"name":"a","inner":{}}"#, "inner.name", "inner.name is missing"),
            (r#"{"name":"a","name":"b"}"#, "name", "name is given twice"),
            (r#"{"name":{}}"#, "name", "invalid type: object, expected a string"),
            (r#"{"name":1.5}"#, "name", "invalid type: number `1.5`, expected a string"),
            (
                r#"{"name":"a","count":-1}"#,
                "count",
                "invalid value: integer `-1`, expected a whole number, not negative",
            ),
            (
                r#"{"name":"a","count":", expected u32 at line 7"}"#,
                "count",
                "invalid type: string \", expected u32 at line 7\", expected a whole number, not negative",
            ),
            (r#"{"nam":"a"}"#, "nam", "unknown field `nam`, expected one of `name`, `count`, `inner`"),
        ];
        for (json, field, message) in cases {
            assert_eq!(told(json), (field.to_owned(), message.to_owned()), "{json}");
        }
        assert!(matches!(parse_json::<Sample>(b"{"), Err(ApiError::Malformed(_))));
        assert!(matches!(parse_json::<Sample>(b"[{}"), Err(ApiError::Malformed(_))));
    }

    #[test]
    fn more_elements_than_are_taken_are_not_kept() {
        let count = |json: &str| elements(json.as_bytes(), 2).map(|kept| kept.map(|kept| kept.len()));
        assert!(matches!(count("[]"), Ok(Some(0))));
        assert!(matches!(count("[1, {}]"), Ok(Some(2))));
        assert!(matches!(count("[1,2,3,4]"), Ok(None)));
        for bad in ["[1,2,3,", "[1,2,3,x]", "[1] 2", "{}", "[1,2"] {
            assert!(matches!(count(bad), Err(ApiError::Malformed(_))), "{bad}");
        }
    }
}
