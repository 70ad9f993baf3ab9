//! Answers to questions: what ClickHouse has of a moment's batches, and the moment's tail, made one.
//!
//! An [`Asking`] is of one moment, whatever is recorded or flushed while it asks: every statement names the batches that
//! count, and the tail is held here. So several questions by one asking agree with each other.

mod event;
mod first_values;
mod groups;
mod kept;
pub(crate) mod labels;
mod log;
pub(crate) mod moment;
mod ordered;
mod rated;
mod ready;
mod scan;
mod sums;
pub(crate) mod survey;
#[cfg(test)]
mod tests;
mod top;
mod users;

pub(crate) use first_values::{FirstValue, Stretch};

use super::click::client::Clicks;
use super::click::folds::Folded;
use super::click::rowbinary::Reader;
use super::click::text::{Scope, Source};
use super::tail::{Cancels, TailScope};
use crate::error::Work;
use labels::{LabelTexts, NumberFilter};
use meterwire_app::ports::AggregateRequest;
use meterwire_core::dimension::Dimension;
use meterwire_core::period::Range;
use meterwire_core::usage_query::Filter;
use moment::Moment;
use std::time::Duration;
use tokio::time::Instant;

/// How long a question may take, all its statements together. A fold that was replaced lives longer than that.
const PATIENCE: Duration = Duration::from_secs(30);

/// One moment being asked about.
pub(crate) struct Asking<'a> {
    clicks: &'a Clicks,
    labels: &'a dyn LabelTexts,
    moment: &'a Moment,
    /// What the tail takes back.
    cancels: Cancels,
    until: Instant,
}

/// Which events: of what range, passing what.
#[derive(Clone, Copy)]
struct Which<'a> {
    range: Range,
    filters: &'a [NumberFilter],
    priced: Option<bool>,
    /// Only those up to this number.
    upto_seq: Option<i64>,
}

impl<'a> Asking<'a> {
    /// Begins to ask; the time that it may take begins now.
    pub(crate) fn new(clicks: &'a Clicks, labels: &'a dyn LabelTexts, moment: &'a Moment) -> Self {
        let cancels = Cancels::of(moment);
        Self { clicks, labels, moment, cancels, until: Instant::now() + PATIENCE }
    }

    /// Filters by numbers; `None` where nothing can pass.
    async fn number_filters(&self, filters: &[Filter]) -> Work<Option<Vec<NumberFilter>>> {
        labels::number_filters(self.labels, self.moment, filters).await
    }

    fn scope<'b>(&'b self, which: Which<'b>) -> Scope<'b> {
        let Which { range, filters, priced, upto_seq } = which;
        let (schema, source) = (self.clicks.schema(), Source::Events);
        Scope { schema, moment: self.moment, source, range, filters, priced, upto_seq }
    }

    /// From where a question that adds up is answered: rollups and what they do not have, or all events.
    fn folded(&self, edges_ms: &[i64], dimensions: &[Dimension], sketches: bool) -> Option<Folded> {
        Folded::of(edges_ms, dimensions, sketches).filter(|folded| self.moment.has_folds_of(folded.kind))
    }

    fn scopes<'b>(&'b self, which: Which<'b>, folded: Option<&'b Folded>) -> Vec<Scope<'b>> {
        tracing::debug!(plan = plan(which.range, folded), "added up");
        let scope = self.scope(which);
        match folded {
            Some(folded) => {
                let sources = [Source::Rollup(folded), Source::Unfolded(folded)];
                sources.map(|source| Scope { source, ..scope }).to_vec()
            }
            None => vec![scope],
        }
    }

    fn tail<'b>(&'b self, which: Which<'b>) -> TailScope<'b> {
        let Which { range, filters, priced, upto_seq } = which;
        TailScope { moment: self.moment, range, filters, priced, upto_seq }
    }

    /// Asks ClickHouse and hands over the answer, row by row.
    async fn read(&self, sql: String, mut row: impl FnMut(&mut Reader<'_>) -> Work<()>) -> Work<()> {
        if self.moment.snapshot.applied == 0 {
            return Ok(());
        }
        let answer = self.clicks.ask(sql, self.until).await?;
        let mut reader = Reader::new(&answer);
        while !reader.is_empty() {
            row(&mut reader)?;
        }
        Ok(())
    }
}

impl<'a> Which<'a> {
    /// Priced or not, whatever their number.
    fn new(range: Range, filters: &'a [NumberFilter]) -> Self {
        Self { range, filters, priced: None, upto_seq: None }
    }
}

/// Which sketch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sketch {
    Latency,
    FirstToken,
}

impl Sketch {
    const BOTH: [Self; 2] = [Self::Latency, Self::FirstToken];

    /// What its columns' names begin with.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Latency => "latency",
            Self::FirstToken => "first_token",
        }
    }
}

/// From where it is answered: rollups of a set, `raw` where single events are needed.
fn plan(range: Range, folded: Option<&Folded>) -> String {
    let Some(Folded { kind, stretches }) = folded else { return "raw".to_owned() };
    let folded_ms: i64 = stretches.iter().map(|stretch| stretch.to_ms - stretch.from_ms).sum();
    let raw = if folded_ms < range.to_ms - range.from_ms { "+raw" } else { "" };
    format!("rollup {}{raw}", kind.set.name)
}

/// The whole span of buckets.
fn span(edges_ms: &[i64]) -> Range {
    let (from_ms, to_ms) = (edges_ms.first(), edges_ms.last());
    Range { from_ms: from_ms.copied().unwrap_or(0), to_ms: to_ms.copied().unwrap_or(0) }
}

/// The dimensions that a rollup has to know to answer a request.
fn dimensions_of(request: &AggregateRequest) -> Vec<Dimension> {
    let mut dimensions = request.group_by.clone();
    dimensions.extend(request.filters.iter().map(|filter| filter.dimension));
    dimensions
}

/// The dimensions of filters.
fn filtered(filters: &[Filter]) -> Vec<Dimension> {
    filters.iter().map(|filter| filter.dimension).collect()
}
