//! Bodies that are made while they are read.

use super::places::Place;
use super::{Fault, Header, RowFormat, log};
use crate::http::chain;
use axum::body::{Body, Bytes};
use futures_util::stream;
use meterwire_app::ports::LogRow;
use meterwire_app::{LogExport, long_work};

/// Rows that are in memory already, made into bytes one piece after the other.
pub(crate) trait Pieces: Send + 'static {
    /// The next bytes; `None` at the end.
    fn next(&mut self) -> Result<Option<Vec<u8>>, Fault>;
}

/// Sends rows that are in memory. The place is held until all is sent or the reader is gone.
pub(crate) fn pieces_body(pieces: impl Pieces, place: Place) -> Body {
    let bytes = stream::try_unfold((pieces, place), async |(mut pieces, place)| match pieces.next() {
        Ok(Some(bytes)) => Ok(Some((Bytes::from(bytes), (pieces, place)))),
        Ok(None) => Ok(None),
        Err(fault) => Err(cut_off(fault)),
    });
    Body::from_stream(Box::pin(bytes))
}

/// Sends the log. Nothing is read before it is wanted: a slow reader holds one piece of rows in memory and nothing else.
pub(crate) async fn log_body(
    mut export: LogExport,
    format: RowFormat,
    header: Header,
    place: Place,
) -> Result<Body, Fault> {
    // What fails at once is still answered as an error of its own.
    let first = export.next().await?;
    let mut head = header.bytes(&export.about, "log", format);
    if format == RowFormat::Csv {
        head.extend(log::csv_names(&export.about)?);
    }
    let state = LogBody { export, format, head, first, place };
    let bytes = stream::try_unfold(state, async |mut state: LogBody| match state.next().await {
        Ok(bytes) => Ok(bytes.map(|bytes| (Bytes::from(bytes), state))),
        Err(fault) => Err(cut_off(fault)),
    });
    Ok(Body::from_stream(Box::pin(bytes)))
}

struct LogBody {
    export: LogExport,
    format: RowFormat,
    head: Vec<u8>,
    first: Option<Vec<LogRow>>,
    /// Given back when the body is.
    #[expect(dead_code, reason = "held, not read")]
    place: Place,
}

impl LogBody {
    async fn next(&mut self) -> Result<Option<Vec<u8>>, Fault> {
        if !self.head.is_empty() {
            return Ok(Some(std::mem::take(&mut self.head)));
        }
        let rows = match self.first.take() {
            Some(rows) => Some(rows),
            None => self.export.next().await?,
        };
        let Some(rows) = rows else { return Ok(None) };
        let bytes = long_work(rows.len(), || match self.format {
            RowFormat::Csv => log::csv_rows(&self.export.about, &rows),
            RowFormat::Ndjson => log::ndjson_rows(&rows),
        })?;
        Ok(Some(bytes))
    }
}

/// Told once, here: the answer has begun, so that the caller learns of it only by the transfer's breaking off.
fn cut_off(fault: Fault) -> Fault {
    tracing::error!(cause = chain(&*fault), "an export was cut off");
    fault
}
