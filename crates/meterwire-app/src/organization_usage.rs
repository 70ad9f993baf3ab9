//! Usage and costs in buckets of UTC time, the way `OpenAI`'s usage API groups and pages them, over every provider's events.
//!
//! Two ways lead to an answer. Sums come from [`Usage::aggregate`](crate::ports::Usage::aggregate). What only single events
//! know (how many images, characters, seconds; the size of an image) is read from the log, a bounded number of events a
//! page. A page that would grow too large holds fewer buckets than asked for, and the next one goes on there.

use crate::ports::{
    AggregateRequest, LogColumn, LogRequest, LogRow, LogStart, Measures, StoreError, TenantId,
};
use crate::query_usage::confine;
use crate::usage_field::UsageField;
use crate::{Access, AppError, Caller, Meterwire, long_work};
use meterwire_core::amount::Amount;
use meterwire_core::dimension::Dimension;
use meterwire_core::invalid::Invalid;
use meterwire_core::period::Range as Span;
use meterwire_core::totals::Totals;
use meterwire_core::usage_kind::UsageKind;
use meterwire_core::usage_page::{BucketPage, Resume, SpanInput};
use meterwire_core::usage_query::Filter;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

/// Single events read in one go.
const EVENTS_AT_ONCE: usize = 5_000;
/// Operations named in one filter.
const OPERATIONS_AT_ONCE: usize = 500;
/// The most different operations that are told apart.
const MAX_OPERATIONS: usize = 10_000;

/// What is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrganizationSubject {
    /// Usage of one kind.
    Usage(UsageKind),
    /// Costs of everything.
    Costs,
}

/// How large one page may become; beyond that it holds fewer buckets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrganizationBounds {
    /// Results of its first bucket.
    pub results: usize,
    /// Results of all its buckets, where there are several.
    pub results_of_many: usize,
    /// Single events that it is added up from.
    pub events: usize,
}

impl Default for OrganizationBounds {
    fn default() -> Self {
        Self { results: 50_000, results_of_many: 5_000, events: 200_000 }
    }
}

/// A question.
#[derive(Debug, Clone)]
pub struct OrganizationQuery {
    /// What it is about.
    pub subject: OrganizationSubject,
    /// When, and in which buckets.
    pub span: SpanInput,
    /// Buckets of a page.
    pub limit: usize,
    /// By what to group, each once.
    pub group_by: Vec<UsageField>,
    /// Only events whose field has one of these values; each field once.
    pub filters: Vec<(UsageField, Vec<String>)>,
    /// How large the page may become.
    pub bounds: OrganizationBounds,
}

/// One result of a bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganizationResult {
    /// The values of `group_by`; the absent value is `None`.
    pub key: Vec<Option<String>>,
    /// The sums.
    pub totals: Totals,
    /// Images, characters, seconds or bytes, as the events named them under `metrics`.
    pub quantity: Amount,
}

/// One bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganizationBucket {
    /// First second.
    pub start_s: i64,
    /// First second after it.
    pub end_s: i64,
    /// Its results, largest first; none where nothing was used.
    pub results: Vec<OrganizationResult>,
}

/// One page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganizationReply {
    /// Its buckets, oldest first.
    pub buckets: Vec<OrganizationBucket>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<Resume>,
}

/// Why a page was not put together.
enum Halt {
    /// It would be too large; so many of its first buckets fit, if that is known.
    TooWide(Option<usize>),
    Failed(AppError),
}

impl From<StoreError> for Halt {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::TooWide(_) => Self::TooWide(None),
            other => Self::Failed(other.into()),
        }
    }
}

/// Operations of a kind of usage.
struct Operations {
    /// All of whose events are of it.
    named: Vec<Option<String>>,
    /// Some of whose events are of it, by their model or provider.
    undecided: Vec<Option<String>>,
    /// All that there are, are of it.
    all: bool,
}

type Found = HashMap<(usize, Vec<Option<String>>), (Totals, Amount)>;

impl Meterwire {
    /// Answers a question in the terms of `OpenAI`'s usage API. A caller confined to a user sees that user's usage only.
    pub async fn organization_usage(
        &self,
        caller: &Caller,
        named: Option<&str>,
        query: &OrganizationQuery,
    ) -> Result<OrganizationReply, AppError> {
        caller.require(Access::Read)?;
        let tenant = self.tenant_for(caller, named).await?;
        let mut page = BucketPage::new(query.span, query.limit, self.now_ms())?;
        let mut filters = label_filters(query);
        confine(caller, &mut filters);
        let edges_ms = page.edges_ms();
        let (mut found, mut portions) = (Found::new(), Portions::new(query, page.count()));
        while let Some(buckets) = portions.next() {
            let edges_ms = edges_ms.get(buckets.start..=buckets.end).unwrap_or_default();
            match self.collect(tenant.id, query, &filters, edges_ms).await {
                Ok(part) => {
                    let complete = portions.take(&part);
                    let complete = part.into_iter().filter(|((bucket, _), _)| *bucket < complete);
                    found.extend(complete.map(|((bucket, key), sums)| ((buckets.start + bucket, key), sums)));
                }
                Err(Halt::TooWide(fits)) => portions.shorten(fits),
                Err(Halt::Failed(error)) => return Err(error),
            }
        }
        if portions.done == 0 {
            let message = "one bucket has too many results or single events; take a narrower bucket_width, fewer group_by or a filter";
            return Err(Invalid::new("bucket_width", message).into());
        }
        page.truncate(portions.done);
        let buckets = long_work(found.len(), || into_buckets(query, &page, found));
        Ok(OrganizationReply { buckets, next: page.next() })
    }

    async fn collect(
        &self,
        tenant: TenantId,
        query: &OrganizationQuery,
        filters: &[Filter],
        edges_ms: &[i64],
    ) -> Result<Found, Halt> {
        let mut found = Found::new();
        let OrganizationSubject::Usage(kind) = query.subject else {
            self.add_sums(tenant, query, edges_ms, filters.to_vec(), None, &mut found).await?;
            return Ok(found);
        };
        let Operations { named, undecided, all } = self.operations(tenant, edges_ms, kind).await?;
        if all && !needs_events(query) {
            self.add_sums(tenant, query, edges_ms, filters.to_vec(), None, &mut found).await?;
            return Ok(found);
        }
        let with = |operations: &[Option<String>]| {
            let operation = Filter { dimension: Dimension::Operation, values: operations.to_vec() };
            filters.iter().cloned().chain([operation]).collect::<Vec<_>>()
        };
        for operations in named.chunks(OPERATIONS_AT_ONCE) {
            if needs_events(query) {
                self.add_events(tenant, query, edges_ms, with(operations), &mut found).await?;
            } else {
                self.add_sums(tenant, query, edges_ms, with(operations), None, &mut found).await?;
            }
        }
        for operations in undecided.chunks(OPERATIONS_AT_ONCE) {
            self.add_sums(tenant, query, edges_ms, with(operations), Some(kind), &mut found).await?;
        }
        Ok(found)
    }

    /// The operations that are of a kind, and those of which only some events are.
    async fn operations(
        &self,
        tenant: TenantId,
        edges_ms: &[i64],
        kind: UsageKind,
    ) -> Result<Operations, Halt> {
        let request = AggregateRequest {
            edges_ms: edges_ms.first().into_iter().chain(edges_ms.last()).copied().collect(),
            // Where the name of an operation does not decide, its models and providers do.
            group_by: vec![Dimension::Operation, Dimension::Model, Dimension::Provider],
            filters: vec![],
            measures: Measures::CALLS,
        };
        // Of each operation whether some events are of the kind, and whether some are not.
        let mut operations: BTreeMap<Option<String>, (bool, bool)> = BTreeMap::new();
        for row in self.usage.aggregate(tenant, request).await? {
            let [operation, model, provider] = <[_; 3]>::try_from(row.key).unwrap_or_default();
            let of = UsageKind::of_operation(operation.as_deref())
                .unwrap_or_else(|| UsageKind::of_undecided(model.is_some() || provider.is_some()));
            let (some, others) = operations.entry(operation).or_default();
            *some |= of == kind;
            *others |= of != kind;
        }
        if operations.len() > MAX_OPERATIONS {
            return Err(Halt::TooWide(None));
        }
        let all = !operations.is_empty() && operations.values().all(|of| *of == (true, false));
        let (mut named, mut undecided) = (Vec::new(), Vec::new());
        for (operation, of) in operations {
            match of {
                (true, false) => named.push(operation),
                (true, true) => undecided.push(operation),
                _ => {}
            }
        }
        Ok(Operations { named, undecided, all })
    }

    /// Adds sums of the store. `undecided`: only of events that are of this kind by their model or provider.
    async fn add_sums(
        &self,
        tenant: TenantId,
        query: &OrganizationQuery,
        edges_ms: &[i64],
        filters: Vec<Filter>,
        undecided: Option<UsageKind>,
        found: &mut Found,
    ) -> Result<(), Halt> {
        let group_by = dimensions_of(query, undecided.is_some());
        let costs = query.subject == OrganizationSubject::Costs;
        let measures = Measures { tokens: true, cost: costs, errors: !costs, latency: false };
        let request =
            AggregateRequest { edges_ms: edges_ms.to_vec(), group_by: group_by.clone(), filters, measures };
        let rows = self.usage.aggregate(tenant, request).await?;
        long_work(rows.len(), || {
            for row in rows {
                let label = |dimension| {
                    let place = group_by.iter().position(|grouped| *grouped == dimension)?;
                    row.key.get(place)?.as_deref()
                };
                let names_model = label(Dimension::Model).is_some() || label(Dimension::Provider).is_some();
                if undecided.is_some_and(|kind| UsageKind::of_undecided(names_model) != kind) {
                    continue;
                }
                if let Some(key) = key_of(query, &label, &|_| None) {
                    found.entry((row.bucket, key)).or_default().0.merge(&row.totals);
                }
            }
        });
        Ok(())
    }

    /// Adds single events, oldest first.
    async fn add_events(
        &self,
        tenant: TenantId,
        query: &OrganizationQuery,
        edges_ms: &[i64],
        filters: Vec<Filter>,
        found: &mut Found,
    ) -> Result<(), Halt> {
        let (Some(from_ms), Some(to_ms)) = (edges_ms.first(), edges_ms.last()) else { return Ok(()) };
        let mut request = LogRequest {
            range: Span { from_ms: *from_ms, to_ms: *to_ms },
            filters,
            priced: None,
            column: LogColumn::Time,
            descending: false,
            start: LogStart::Offset(0),
            limit: EVENTS_AT_ONCE.min(query.bounds.events + 1),
        };
        let mut read = 0;
        loop {
            let page = self.usage.log(tenant, request.clone()).await?;
            read += page.rows.len();
            let bucket_of = |row: &LogRow| edges_ms.partition_point(|edge| *edge <= row.event.time_ms) - 1;
            if read > query.bounds.events {
                // Buckets before that of the last row are complete.
                return Err(Halt::TooWide(page.rows.last().map(bucket_of)));
            }
            long_work(page.rows.len(), || {
                for row in &page.rows {
                    add_event(query, bucket_of(row), row, found);
                }
            });
            match page.next {
                Some(next) => request.start = LogStart::After(next),
                None => return Ok(()),
            }
        }
    }
}

/// Which buckets are asked for next: some first, then as many as will fit, so that little is asked for in vain.
struct Portions {
    bounds: OrganizationBounds,
    /// So many buckets there are at most.
    count: usize,
    /// So many buckets are complete.
    done: usize,
    /// With so many results.
    results: usize,
    /// So many are asked for next; none where the page ends here.
    next: usize,
}

impl Portions {
    fn new(query: &OrganizationQuery, count: usize) -> Self {
        // Events are counted over the whole page; and one result a bucket always fits.
        let at_once = needs_events(query) || query.group_by.is_empty();
        // Else the first bucket tells how many of the others will fit.
        let next = if at_once { count } else { count.min(1) };
        Self { bounds: query.bounds, count, done: 0, results: 0, next }
    }

    fn next(&self) -> Option<Range<usize>> {
        let next = self.next.min(self.count - self.done);
        (next > 0).then(|| self.done..self.done + next)
    }

    /// Counts what was found of the portion; answers how many of its buckets fit.
    fn take(&mut self, part: &Found) -> usize {
        let asked = self.next.min(self.count - self.done);
        let mut results = vec![0; asked];
        for (bucket, _) in part.keys() {
            if let Some(results) = results.get_mut(*bucket) {
                *results += 1;
            }
        }
        let mut fits = 0;
        for more in results {
            let is_first = self.done + fits == 0;
            let most = if is_first { self.bounds.results } else { self.bounds.results_of_many };
            if self.results + more > most {
                self.done += fits;
                self.next = 0;
                return fits;
            }
            self.results += more;
            fits += 1;
        }
        self.done += fits;
        // A tenth less than what would fill the page, since buckets differ.
        let left = self.bounds.results_of_many.saturating_sub(self.results);
        self.next = if left == 0 { 0 } else { (left / 10 * 9 * self.done / self.results.max(1)).max(1) };
        fits
    }

    /// The portion was too large; so many of its buckets fit, if that is known.
    fn shorten(&mut self, fits: Option<usize>) {
        self.next = fits.unwrap_or(self.next.min(self.count - self.done) / 2);
        if let Some(fits) = fits {
            self.count = self.done + fits;
        }
    }
}

fn add_event(query: &OrganizationQuery, bucket: usize, row: &LogRow, found: &mut Found) {
    let event = &row.event;
    let property = |name: &str| event.properties.get(name)?.as_str().map(str::to_owned);
    let Some(key) = key_of(query, &|dimension| event.labels.get(dimension), &property) else { return };
    let (totals, quantity) = found.entry((bucket, key)).or_default();
    totals.add_event(event, 1);
    let metric = match query.subject {
        OrganizationSubject::Usage(kind) => metric_of(kind),
        OrganizationSubject::Costs => None,
    };
    if let Some(amount) = metric.and_then(|metric| event.metrics.get(metric)) {
        quantity.0 = quantity.0.saturating_add(amount.0);
    }
}

/// The metric of events that a kind of usage is measured in, beside the number of requests.
pub(crate) fn metric_of(kind: UsageKind) -> Option<&'static str> {
    match kind {
        UsageKind::Images => Some("images"),
        UsageKind::AudioSpeeches => Some("characters"),
        UsageKind::AudioTranscriptions => Some("seconds"),
        UsageKind::VectorStores => Some("usage_bytes"),
        _ => None,
    }
}

/// The dimensions that sums have to be told apart by.
fn dimensions_of(query: &OrganizationQuery, undecided: bool) -> Vec<Dimension> {
    // Filters of a dimension are the store's; the others need what they are made of.
    let filtered = query.filters.iter().map(|(field, _)| field).filter(|field| field.dimension().is_none());
    let fields = query.group_by.iter().chain(filtered).flat_map(|field| field.made_of());
    let deciding: &[Dimension] = if undecided { &[Dimension::Model, Dimension::Provider] } else { &[] };
    let mut dimensions = Vec::new();
    for dimension in fields.chain(deciding) {
        if !dimensions.contains(dimension) {
            dimensions.push(*dimension);
        }
    }
    dimensions
}

/// Whether sums do not know what is asked for, so that single events are read.
fn needs_events(query: &OrganizationQuery) -> bool {
    let measured = matches!(query.subject, OrganizationSubject::Usage(kind) if metric_of(kind).is_some());
    let mut fields = query.group_by.iter().chain(query.filters.iter().map(|(field, _)| field));
    measured || fields.any(|field| field.property().is_some() || *field == UsageField::Source)
}

/// The filters that a store can apply.
fn label_filters(query: &OrganizationQuery) -> Vec<Filter> {
    let filters = query.filters.iter().filter_map(|(field, values)| {
        let values = values.iter().cloned().map(Some).collect();
        field.dimension().map(|dimension| Filter { dimension, values })
    });
    filters.collect()
}

/// The values of `group_by`; `None` where a filter that the store does not know leaves the event out.
fn key_of<'a>(
    query: &OrganizationQuery,
    label: &impl Fn(Dimension) -> Option<&'a str>,
    property: &impl Fn(&str) -> Option<String>,
) -> Option<Vec<Option<String>>> {
    for (field, values) in query.filters.iter().filter(|(field, _)| field.dimension().is_none()) {
        let value = field.value(label, property)?;
        values.contains(&value).then_some(())?;
    }
    Some(query.group_by.iter().map(|field| field.value(label, property)).collect())
}

fn into_buckets(query: &OrganizationQuery, page: &BucketPage, found: Found) -> Vec<OrganizationBucket> {
    let mut by_bucket: BTreeMap<usize, Vec<OrganizationResult>> = BTreeMap::new();
    for ((bucket, key), (totals, quantity)) in found {
        by_bucket.entry(bucket).or_default().push(OrganizationResult { key, totals, quantity });
    }
    let rank = |result: &OrganizationResult| match query.subject {
        OrganizationSubject::Costs => result.totals.cost.0,
        OrganizationSubject::Usage(_) => result.totals.calls,
    };
    let buckets = page.buckets().enumerate().map(|(i, (start_s, end_s))| {
        let mut results = by_bucket.remove(&i).unwrap_or_default();
        results.sort_by(|a, b| Reverse(rank(a)).cmp(&Reverse(rank(b))).then_with(|| a.key.cmp(&b.key)));
        OrganizationBucket { start_s, end_s, results }
    });
    buckets.collect()
}
