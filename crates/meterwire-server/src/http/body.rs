//! Request bodies: bounded before and after decompression, JSON with an error that names the field.

use crate::http::error::ApiError;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use meterwire_core::invalid::Invalid;
use serde::de::DeserializeOwned;
use std::io::Read;

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

/// A value that does not fit, as a refusal of its field.
pub(crate) fn refused(path: String, error: &serde_json::Error) -> Invalid {
    let field = if path == "." { "body".to_owned() } else { path };
    Invalid::new(field, shorten(&error.to_string()))
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
