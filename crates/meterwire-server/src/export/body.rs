//! Bodies that are made while they are read.

use super::Fault;
use super::places::Place;
use crate::http::chain;
use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;

/// A file that is made one piece after the other.
pub(crate) trait Pieces: Send + 'static {
    /// The next bytes; `None` at the end. Nothing is read before it is asked for.
    fn next(&mut self) -> impl Future<Output = Result<Option<Vec<u8>>, Fault>> + Send;
}

/// Sends a file while it is made. A slow reader holds one piece in memory and nothing else. The place is held until all is
/// sent or the reader is gone.
pub(crate) async fn body(mut pieces: impl Pieces, place: Place) -> Result<Body, Fault> {
    // What fails at once is still answered as an error of its own.
    let first = pieces.next().await?;
    let bytes = stream::try_unfold((first, pieces, place), async |(first, mut pieces, place)| {
        let next = match first {
            Some(first) => Some(first),
            None => pieces.next().await.map_err(cut_off)?,
        };
        Ok::<_, Fault>(next.map(|bytes| (Bytes::from(bytes), (None, pieces, place))))
    });
    Ok(Body::from_stream(Box::pin(bytes)))
}

/// Told once, here: the answer has begun, so that the caller learns of it only by the transfer's breaking off.
fn cut_off(fault: Fault) -> Fault {
    tracing::error!(cause = chain(&*fault), "an export was cut off");
    fault
}

/// An answer that is saved under a name.
pub(crate) fn file_of(body: Body, name: &str, media_type: &'static str) -> Response {
    let disposition = HeaderValue::try_from(format!("attachment; filename=\"{name}\""));
    let disposition = disposition.unwrap_or(HeaderValue::from_static("attachment"));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    (headers, body).into_response()
}
