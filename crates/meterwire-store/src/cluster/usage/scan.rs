//! The log from one end to the other, a bounded piece at a time. Between two pieces nothing is held; that they belong
//! together is the work of the view: rows recorded after it was taken are passed over.

use super::ordered::Place;
use super::{Asking, Which, filtered};
use crate::error::Work;
use meterwire_app::ports::{ScanPage, ScanPlace, ScanRequest};

/// The most rows of one piece, whatever is asked for.
const MAX_LIMIT: usize = 10_000;

impl Asking<'_> {
    /// The next rows of a view.
    pub(crate) async fn scan(&self, request: &ScanRequest) -> Work<ScanPage> {
        self.require_ready(&filtered(&request.filters), request.range.from_ms).await?;
        self.require_kept(request.range).await?;
        let Some(filters) = self.number_filters(&request.filters).await? else {
            return Ok(ScanPage { rows: Vec::new(), next: None });
        };
        let which = Which {
            range: request.range,
            filters: &filters,
            priced: request.priced,
            upto_seq: Some(request.view.last_seq),
        };
        let limit = request.limit.clamp(1, MAX_LIMIT);
        let after = request.after.map(|place| (place.time_ms, place.seq));
        let places = self.places_by_time(which, false, after, limit).await?;
        let next = places.last().filter(|_| places.len() == limit);
        let next = next.map(|Place { time_ms, seq, .. }| ScanPlace { time_ms: *time_ms, seq: *seq });
        Ok(ScanPage { rows: self.rows_at(&places).await?, next })
    }
}
