//! A question about usage: bounded, enumerated, complete before any store sees it.

use crate::compare::Matched;
use crate::dimension::{Dimension, Dimensions};
use crate::invalid::Invalid;
use crate::period::{self, Bucket, Granularity, Range, RangeInput};
use crate::totals::Totals;
use jiff::tz::TimeZone;
use std::str::FromStr;

pub use crate::compare::CompareInput;

/// The most groups of one answer beside `Other`.
pub const MAX_TOP: usize = 1_000;
/// Groups of an answer that names no `top`.
pub const DEFAULT_TOP: usize = 100;
/// The most values of one filter.
pub const MAX_FILTER_VALUES: usize = 100;
/// The most points (groups times buckets) of one answer.
pub const MAX_POINTS: usize = 200_000;

/// What can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Metric {
    /// Events.
    Calls,
    /// Events with a status of 400 or above.
    Errors,
    /// Their share of all events.
    ErrorRate,
    /// All input tokens.
    InputTokens,
    /// Input tokens read from a cache.
    CachedInputTokens,
    /// All output tokens.
    OutputTokens,
    /// Output tokens spent on reasoning.
    ReasoningTokens,
    /// Input and output tokens.
    Tokens,
    /// Cost.
    Cost,
    /// Median latency.
    LatencyP50,
    /// 95th percentile of the latency.
    LatencyP95,
    /// 99th percentile of the latency.
    LatencyP99,
    /// Median time to first token.
    TtftP50,
    /// 95th percentile of the time to first token.
    TtftP95,
    /// Distinct users.
    Users,
}

impl Metric {
    /// Every metric, in the order of the contract.
    pub const ALL: [Self; 15] = [
        Self::Calls,
        Self::Errors,
        Self::ErrorRate,
        Self::InputTokens,
        Self::CachedInputTokens,
        Self::OutputTokens,
        Self::ReasoningTokens,
        Self::Tokens,
        Self::Cost,
        Self::LatencyP50,
        Self::LatencyP95,
        Self::LatencyP99,
        Self::TtftP50,
        Self::TtftP95,
        Self::Users,
    ];

    /// The contract's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Calls => "calls",
            Self::Errors => "errors",
            Self::ErrorRate => "error_rate",
            Self::InputTokens => "input_tokens",
            Self::CachedInputTokens => "cached_input_tokens",
            Self::OutputTokens => "output_tokens",
            Self::ReasoningTokens => "reasoning_tokens",
            Self::Tokens => "tokens",
            Self::Cost => "cost",
            Self::LatencyP50 => "latency_p50",
            Self::LatencyP95 => "latency_p95",
            Self::LatencyP99 => "latency_p99",
            Self::TtftP50 => "ttft_p50",
            Self::TtftP95 => "ttft_p95",
            Self::Users => "users",
        }
    }
}

impl Metric {
    /// By what groups are ordered: the metric itself where it adds up, else the number of calls. The ranks of parts add up
    /// to the rank of the whole.
    pub fn rank(self, totals: &Totals) -> i64 {
        let tokens = totals.token_usage();
        match self {
            Self::Errors => totals.errors,
            Self::InputTokens => tokens.input().cast_signed(),
            Self::CachedInputTokens => tokens.cache_read.cast_signed(),
            Self::OutputTokens => tokens.output().cast_signed(),
            Self::ReasoningTokens => tokens.reasoning.cast_signed(),
            Self::Tokens => tokens.total().cast_signed(),
            Self::Cost => totals.cost.0,
            _ => totals.calls,
        }
    }
}

impl FromStr for Metric {
    type Err = ();
    fn from_str(name: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|metric| metric.name() == name).ok_or(())
    }
}

/// Only events whose dimension has one of these values; `None` is the absent value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// The dimension.
    pub dimension: Dimension,
    /// The values, any of which will do.
    pub values: Vec<Option<String>>,
}

impl Filter {
    /// Only events of this user.
    pub fn of_user(user: &str) -> Self {
        Self { dimension: Dimension::User, values: vec![Some(user.to_owned())] }
    }
}

/// A question as it is asked.
#[derive(Debug, Clone, Default)]
pub struct UsageQueryInput {
    /// The range; default `30d`.
    pub range: RangeInput,
    /// IANA zone; default the tenant's.
    pub tz: Option<String>,
    /// Width of the series' buckets; without it there is no series.
    pub granularity: Option<String>,
    /// Up to two dimensions.
    pub group_by: Vec<String>,
    /// Metrics; default calls, tokens, cost.
    pub metrics: Vec<String>,
    /// Filters: dimension and value; an empty value is the absent one.
    pub filters: Vec<(String, String)>,
    /// Comparison, if any.
    pub compare: Option<CompareInput>,
    /// Groups beside `Other`.
    pub top: Option<usize>,
}

/// A span and its buckets (one for the whole span where no series was asked for).
#[derive(Debug, Clone)]
pub struct Window {
    /// The span.
    pub range: Range,
    /// Its buckets in order, without gap.
    pub buckets: Vec<Bucket>,
}

impl Window {
    /// The edges of the buckets: one more than there are buckets, ascending.
    pub fn edges_ms(&self) -> Vec<i64> {
        let starts = self.buckets.iter().map(|bucket| bucket.range.from_ms);
        starts.chain([self.range.to_ms]).collect()
    }
}

/// A question that a store can answer.
#[derive(Debug, Clone)]
pub struct UsageQuery {
    /// Name of the zone.
    pub tz: String,
    /// Width of the buckets.
    pub granularity: Option<Granularity>,
    /// The span asked about.
    pub window: Window,
    /// The span to compare with.
    pub compared: Option<Window>,
    /// How the days of both spans are matched.
    pub matched: Option<Matched>,
    /// Up to two different dimensions.
    pub group_by: Vec<Dimension>,
    /// What is asked for, in the caller's order, each once.
    pub metrics: Vec<Metric>,
    /// Filters, at most one a dimension.
    pub filters: Vec<Filter>,
    /// Groups beside `Other`.
    pub top: usize,
    /// The dimensions that the tenant knows.
    pub dimensions: Dimensions,
}

impl UsageQuery {
    /// Checks and completes a question. `tenant_tz` is the zone where none is named, `dimensions` what the tenant can
    /// group and filter by.
    pub fn new(
        input: UsageQueryInput,
        tenant_tz: &str,
        dimensions: Dimensions,
        now_ms: i64,
    ) -> Result<Self, Invalid> {
        let tz = input.tz.unwrap_or_else(|| tenant_tz.to_owned());
        let zone = period::zone(&tz)?;
        let granularity = input.granularity.as_deref().map(Granularity::parse).transpose()?;
        let range = input.range.resolve("30d", &zone, now_ms)?;
        let window = window(range, granularity, &zone)?;
        let matched = input.compare.as_ref().and_then(CompareInput::matched);
        let compared = input.compare.map(|with| with.range(range, &zone, now_ms)).transpose()?;
        let compared = compared.map(|range| self::window(range, granularity, &zone)).transpose()?;
        let group_by = parse_group_by(&input.group_by, &dimensions)?;
        let top = input.top.unwrap_or(DEFAULT_TOP);
        if !(1..=MAX_TOP).contains(&top) {
            return Err(Invalid::new("top", format!("top must be from 1 to {MAX_TOP}")));
        }
        if !group_by.is_empty() && top * window.buckets.len() > MAX_POINTS {
            let message = format!("top times the buckets of the range may be at most {MAX_POINTS} points");
            return Err(Invalid::new("top", message));
        }
        let metrics = parse_metrics(&input.metrics)?;
        let filters = parse_filters(input.filters, &dimensions)?;
        Ok(Self { tz, granularity, window, compared, matched, group_by, metrics, filters, top, dimensions })
    }

    /// Cuts the period to compare with down to whole hours where its single events are no longer kept: of a running period
    /// it ends at an instant for which there are no totals.
    pub fn compare_whole_hours_before(&mut self, events_from_ms: i64) -> Result<(), Invalid> {
        const HOUR_MS: i64 = 3_600_000;
        let Some(compared) = &self.compared else { return Ok(()) };
        let Range { from_ms, to_ms } = compared.range;
        let cut_ms = to_ms.div_euclid(HOUR_MS) * HOUR_MS;
        if to_ms <= events_from_ms && from_ms < cut_ms && cut_ms < to_ms {
            let range = Range { from_ms, to_ms: cut_ms };
            self.compared = Some(window(range, self.granularity, &period::zone(&self.tz)?)?);
        }
        Ok(())
    }

    /// Whether any of these metrics is asked for.
    pub fn wants(&self, metrics: &[Metric]) -> bool {
        metrics.iter().any(|metric| self.metrics.contains(metric))
    }
}

fn window(range: Range, granularity: Option<Granularity>, zone: &TimeZone) -> Result<Window, Invalid> {
    let buckets = match granularity {
        Some(granularity) => range.buckets(granularity, zone)?,
        None => vec![Bucket { range, label: String::new() }],
    };
    Ok(Window { range, buckets })
}

fn names<T: Copy>(all: &[T], name: impl Fn(T) -> &'static str) -> String {
    all.iter().map(|item| name(*item)).collect::<Vec<_>>().join(", ")
}

fn parse_group_by(input: &[String], dimensions: &Dimensions) -> Result<Vec<Dimension>, Invalid> {
    let mut group_by = Vec::new();
    for name in input {
        let dimension = dimensions.parse("group_by", name)?;
        if group_by.contains(&dimension) {
            return Err(Invalid::new("group_by", "group_by names a dimension twice"));
        }
        group_by.push(dimension);
    }
    if group_by.len() > 2 {
        return Err(Invalid::new("group_by", "group_by takes at most two dimensions"));
    }
    Ok(group_by)
}

fn parse_metrics(input: &[String]) -> Result<Vec<Metric>, Invalid> {
    if input.is_empty() {
        return Ok(vec![Metric::Calls, Metric::Tokens, Metric::Cost]);
    }
    let mut metrics = Vec::new();
    for name in input {
        let metric = name.parse().map_err(|()| {
            let known = names(&Metric::ALL, Metric::name);
            Invalid::new("metrics", format!("metrics must be of {known}"))
        })?;
        if !metrics.contains(&metric) {
            metrics.push(metric);
        }
    }
    Ok(metrics)
}

/// Reads filters: values of one dimension are alternatives, dimensions narrow one another.
pub fn parse_filters(input: Vec<(String, String)>, dimensions: &Dimensions) -> Result<Vec<Filter>, Invalid> {
    let mut filters: Vec<Filter> = Vec::new();
    for (name, value) in input {
        let dimension = dimensions.parse("filter", &name)?;
        if dimension == Dimension::Status && !value.is_empty() && value.parse::<u16>().is_err() {
            return Err(Invalid::new("filter[status]", "filter[status] must be an HTTP status"));
        }
        if value.len() > crate::event::MAX_TEXT_BYTES {
            return Err(Invalid::new(format!("filter[{name}]"), "the value is too long"));
        }
        let value = Some(value).filter(|text| !text.is_empty());
        match filters.iter_mut().find(|filter| filter.dimension == dimension) {
            Some(filter) => filter.values.push(value),
            None => filters.push(Filter { dimension, values: vec![value] }),
        }
    }
    if filters.iter().any(|filter| filter.values.len() > MAX_FILTER_VALUES) {
        return Err(Invalid::new("filter", format!("a filter may have at most {MAX_FILTER_VALUES} values")));
    }
    Ok(filters)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(change: impl FnOnce(&mut UsageQueryInput)) -> Result<UsageQuery, Invalid> {
        let mut input = UsageQueryInput::default();
        change(&mut input);
        UsageQuery::new(input, "UTC", Dimensions::default(), 1_795_343_400_000)
    }

    #[test]
    fn what_cannot_be_answered_is_refused_by_name() {
        let field = |change: fn(&mut UsageQueryInput)| ask(change).unwrap_err().field;
        assert_eq!(field(|q| q.group_by = vec!["colour".into()]), "group_by");
        assert_eq!(field(|q| q.group_by = ["model", "user", "project"].map(String::from).into()), "group_by");
        assert_eq!(field(|q| q.group_by = ["model", "model"].map(String::from).into()), "group_by");
        assert_eq!(field(|q| q.metrics = vec!["happiness".into()]), "metrics");
        assert_eq!(field(|q| q.top = Some(0)), "top");
        assert_eq!(field(|q| q.tz = Some("Mars/Olympus".into())), "tz");
        assert_eq!(field(|q| q.filters = vec![("status".into(), "ok".into())]), "filter[status]");
    }

    #[test]
    fn values_of_one_dimension_are_alternatives() {
        let pairs = [("model", "a"), ("project", ""), ("model", "b")];
        let query = ask(|q| q.filters = pairs.map(|(d, v)| (d.into(), v.into())).into()).unwrap();
        assert_eq!(query.filters.len(), 2);
        assert_eq!(query.filters[0].values, [Some("a".to_owned()), Some("b".to_owned())]);
        assert_eq!(query.filters[1].values, [None]);
    }

    #[test]
    fn edges_enclose_every_bucket() {
        let query = ask(|q| q.granularity = Some("day".into())).unwrap();
        assert_eq!(query.window.edges_ms().len(), 31);
    }
}
