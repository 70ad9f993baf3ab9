//! Reconciliation: what providers report beside what we counted, a row a day and model, with the causes of each difference.

use crate::Access;
use crate::ports::{
    AggregateRequest, AggregateRow, Connection, Measures, Questions, StoreError, StoredBucket, StoredRow,
    TenantId,
};
use crate::shown_source::{model_name, provider_days, provider_name, row_model};
use crate::{AppError, Caller, Meterwire};
use meterwire_core::dimension::Dimension;
use meterwire_core::invalid::Invalid;
use meterwire_core::money::{CostNanos, div_half_even};
use meterwire_core::period::{self, Granularity, Range, RangeInput};
use meterwire_core::price::{ServiceTier, TenantBook};
use meterwire_core::provider_report::{
    Cause, CauseKind, Comparison, DAY_MS, ReportKind, ReportProvider, Side, explain,
};
use meterwire_core::tokens::TokenUsage;
use meterwire_core::totals::Totals;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// The most days of one reconciliation.
const MAX_DAYS: i64 = 400;
/// The most rows of one reconciliation.
const MAX_ROWS: usize = 20_000;
/// A day that was read so long after its end will hardly change.
const SETTLED_MS: i64 = 2 * DAY_MS;
/// Prices are taken for so many tokens at a time: no context is long then.
const PRICED_TOKENS: u64 = 1000;
/// Pico-dollars in a nano-dollar.
const PICOS_PER_NANO: i128 = 1000;

/// A question for a reconciliation.
#[derive(Debug, Clone, Default)]
pub struct ReconcileQuery {
    /// Whole days; default this month.
    pub range: RangeInput,
    /// IANA zone of our days; default the tenant's. The provider's are UTC days.
    pub tz: Option<String>,
    /// Only this provider.
    pub provider: Option<String>,
}

/// One day and model.
#[derive(Debug, Clone)]
pub struct ReconciledRow {
    /// The date: of our zone on our side, of UTC on the provider's.
    pub date: String,
    /// Who.
    pub provider: ReportProvider,
    /// The model, by the price book's name where that knows it.
    pub model: String,
    /// Both sides.
    pub seen: Comparison,
    /// Why they differ; the causes add up to the difference.
    pub causes: Vec<Cause>,
    /// When the provider last changed a day that had been over, Unix milliseconds.
    pub revised_ms: Option<i64>,
}

/// Usage of a provider that is not connected, so that nothing stands beside it.
#[derive(Debug, Clone)]
pub struct NotCompared {
    /// The provider as the price book calls it.
    pub provider: String,
    /// What we counted.
    pub metered: Side,
}

/// A reconciliation.
#[derive(Debug, Clone)]
pub struct Reconciliation {
    /// The tenant's slug.
    pub tenant: String,
    /// Name of the zone of our days.
    pub tz: String,
    /// The range, in that zone.
    pub range: Range,
    /// When it was asked, Unix milliseconds.
    pub as_of_ms: i64,
    /// A row a day, provider and model that either side knows.
    pub rows: Vec<ReconciledRow>,
    /// The provider's side over all rows.
    pub provider: Side,
    /// Our side over all rows.
    pub metered: Side,
    /// The causes over all rows, in their order.
    pub causes: Vec<(CauseKind, CostNanos)>,
    /// Usage of providers that are not connected.
    pub not_compared: Vec<NotCompared>,
}

/// Day, provider and model.
type Place = (i64, ReportProvider, String);

impl Meterwire {
    /// Sets the providers' reports beside our events.
    pub async fn reconcile(
        &self,
        caller: &Caller,
        named: Option<&str>,
        query: ReconcileQuery,
    ) -> Result<Reconciliation, AppError> {
        caller.require(Access::Read)?;
        if caller.confined_to().is_some() {
            return Err(AppError::Forbidden(
                "providers report no single users; this needs the role viewer or owner",
            ));
        }
        let tenant = self.tenant_for(caller, named).await?;
        let only = query.provider.as_deref().map(known_provider).transpose()?;
        let tz = query.tz.unwrap_or_else(|| tenant.timezone.clone());
        let zone = period::zone(&tz)?;
        let now_ms = self.now_ms();
        let range = query.range.resolve("this_month", &zone, now_ms)?;
        let days = whole_days(range, &zone)?;
        let mut connections = self.connections_of(&tenant).await?;
        connections.retain(|connection| only.is_none_or(|only| connection.provider == only));
        let metered = self.ask_metered(tenant.id, range, days, &zone).await?;
        let ids: Vec<String> = connections.iter().map(|connection| connection.id.clone()).collect();
        let kinds = ReportKind::ALL.into_iter().filter(|kind| kind.is_of_models()).collect();
        let rows = self.provider_reports.report_rows(tenant.id, ids.clone(), kinds, days).await?;
        let buckets = self.provider_reports.report_buckets(tenant.id, ids, days).await?;
        let book = self.book_of(tenant.id).await?;
        let mut table = Table::new(&connections, &metered.keys);
        table.add_metered(&metered);
        table.add_reports(rows);
        let reported = Reported::new(&connections, &buckets, self.read_from(tenant.id, &connections).await?);
        let rows = table.finish(&book, &reported)?;
        let not_compared = table.not_compared(only);
        Ok(summed(Reconciliation {
            tenant: tenant.slug,
            tz,
            range,
            as_of_ms: now_ms,
            rows,
            provider: Side::default(),
            metered: Side::default(),
            causes: vec![],
            not_compared,
        }))
    }

    /// The first day of which each provider's costs were ever read.
    async fn read_from(
        &self,
        tenant: TenantId,
        connections: &[Connection],
    ) -> Result<HashMap<ReportProvider, i64>, AppError> {
        let mut first: HashMap<ReportProvider, i64> = HashMap::new();
        for connection in connections {
            let streams = self.provider_reports.streams(tenant, &connection.id).await?;
            let costs = streams.into_iter().find(|stream| stream.kind == ReportKind::Costs);
            let Some(covers) = costs.and_then(|stream| stream.covers) else { continue };
            let from_ms = first.entry(connection.provider).or_insert(covers.from_ms);
            *from_ms = covers.from_ms.min(*from_ms);
        }
        Ok(first)
    }

    /// Our sums by local day and by UTC day, and the API keys that events name, from one moment.
    async fn ask_metered(
        &self,
        tenant: TenantId,
        range: Range,
        days: Range,
        zone: &jiff::tz::TimeZone,
    ) -> Result<Metered, AppError> {
        let local = range.buckets(Granularity::Day, zone)?;
        let mut local_edges: Vec<i64> = local.iter().map(|bucket| bucket.range.from_ms).collect();
        local_edges.push(range.to_ms);
        let count = usize::try_from((days.to_ms - days.from_ms) / DAY_MS).unwrap_or(0);
        let utc_edges: Vec<i64> = (0..=count).map(|day| days.from_ms + day as i64 * DAY_MS).collect();
        let both = Range { from_ms: range.from_ms.min(days.from_ms), to_ms: range.to_ms.max(days.to_ms) };
        let by_model = vec![Dimension::Provider, Dimension::Model];
        let sums = |edges_ms: Vec<i64>, group_by: Vec<Dimension>, measures: Measures| AggregateRequest {
            edges_ms,
            group_by,
            filters: vec![],
            measures,
        };
        let questions = Questions {
            sums: vec![
                sums(local_edges, by_model.clone(), Measures::SUMS),
                sums(utc_edges.clone(), by_model, Measures::SUMS),
                sums(vec![both.from_ms, both.to_ms], vec![Dimension::ApiKey], Measures::CALLS),
            ],
            log: None,
        };
        let mut answers = self.usage.ask(tenant, questions).await?.sums.into_iter();
        let [local_rows, utc_rows, keys] = [(); 3].map(|()| answers.next().unwrap_or_default());
        Ok(Metered {
            local_days: local.iter().map(|bucket| utc_start(&bucket.label)).collect(),
            utc_days: utc_edges,
            local_rows,
            utc_rows,
            keys: keys.into_iter().filter_map(|row| row.key.into_iter().next().flatten()).collect(),
        })
    }
}

/// What we counted.
struct Metered {
    /// The first instant of the UTC day of the same date, for each local day.
    local_days: Vec<i64>,
    utc_days: Vec<i64>,
    local_rows: Vec<AggregateRow>,
    utc_rows: Vec<AggregateRow>,
    /// The API keys that events name.
    keys: HashSet<String>,
}

/// Which days a provider has reported, and how lately.
struct Reported {
    /// When costs of a day were read, at the earliest of all connections.
    costs: HashMap<(ReportProvider, i64), i64>,
    revised: HashMap<(ReportProvider, i64), i64>,
    /// The first day of which costs were ever read, at the earliest of all connections.
    from: HashMap<ReportProvider, i64>,
}

impl Reported {
    fn new(connections: &[Connection], buckets: &[StoredBucket], from: HashMap<ReportProvider, i64>) -> Self {
        let mut reported = Self { costs: HashMap::new(), revised: HashMap::new(), from };
        let providers: HashMap<&str, ReportProvider> =
            connections.iter().map(|connection| (connection.id.as_str(), connection.provider)).collect();
        for bucket in buckets {
            let Some(provider) = providers.get(bucket.connection.as_str()) else { continue };
            let day = (*provider, bucket.day_ms);
            if bucket.kind == ReportKind::Costs {
                let read_ms = reported.costs.entry(day).or_insert(bucket.read_ms);
                *read_ms = bucket.read_ms.min(*read_ms);
            }
            if let Some(revised_ms) = bucket.revised_ms {
                let newest = reported.revised.entry(day).or_insert(revised_ms);
                *newest = revised_ms.max(*newest);
            }
        }
        reported
    }
}

/// The rows while they are put together.
struct Table<'a> {
    connections: HashMap<&'a str, &'a Connection>,
    providers: BTreeSet<ReportProvider>,
    /// The API keys that our events name.
    keys: &'a HashSet<String>,
    cells: BTreeMap<Place, Comparison>,
    not_compared: BTreeMap<String, Side>,
}

impl<'a> Table<'a> {
    fn new(connections: &'a [Connection], keys: &'a HashSet<String>) -> Self {
        Self {
            connections: connections.iter().map(|connection| (connection.id.as_str(), connection)).collect(),
            providers: connections.iter().map(|connection| connection.provider).collect(),
            keys,
            cells: BTreeMap::new(),
            not_compared: BTreeMap::new(),
        }
    }

    fn add_metered(&mut self, metered: &Metered) {
        for row in &metered.local_rows {
            let Some(day_ms) = metered.local_days.get(row.bucket) else { continue };
            match self.place_of(row, *day_ms) {
                Ok(place) => self.cells.entry(place).or_default().metered.merge(&side_of(&row.totals)),
                Err(Some(name)) => self.not_compared.entry(name).or_default().merge(&side_of(&row.totals)),
                Err(None) => {}
            }
        }
        for row in &metered.utc_rows {
            let Some(day_ms) = metered.utc_days.get(row.bucket) else { continue };
            if let Ok(place) = self.place_of(row, *day_ms) {
                self.cells.entry(place).or_default().metered_utc.merge(&side_of(&row.totals));
            }
        }
    }

    /// Where our sums belong; the provider's name where it is not connected.
    fn place_of(&self, row: &AggregateRow, day_ms: i64) -> Result<Place, Option<String>> {
        let label = |index: usize| row.key.get(index).and_then(Option::as_deref);
        let name = provider_name(label(0), label(1)).ok_or(None)?;
        let provider = ReportProvider::from_name(&name).filter(|provider| self.providers.contains(provider));
        let provider = provider.ok_or(Some(name))?;
        let model = label(1).map_or_else(|| "(none)".to_owned(), |model| model_name(provider, model));
        Ok((day_ms, provider, model))
    }

    fn add_reports(&mut self, rows: Vec<StoredRow>) {
        for stored in rows {
            let Some(connection) = self.connections.get(stored.connection.as_str()) else { continue };
            let provider = connection.provider;
            let place = (stored.day_ms, provider, row_model(provider, &stored));
            let side = Side {
                requests: stored.row.requests,
                tokens: stored.row.tokens,
                cost: stored.row.cost.unwrap_or_default(),
                unpriced_calls: 0,
            };
            let unknown_key = stored.row.api_key.as_ref().filter(|key| {
                let ours = connection.key_map.get(*key).unwrap_or(key);
                // Where events name no keys at all, nobody can tell.
                !self.keys.is_empty() && !self.keys.contains(ours)
            });
            let cell = self.cells.entry(place).or_default();
            cell.provider.merge(&side);
            if let Some(key) = unknown_key {
                cell.unknown.side.merge(&side);
                if !cell.unknown.keys.contains(key) && cell.unknown.keys.len() < 100 {
                    cell.unknown.keys.push(key.clone());
                }
            }
        }
    }

    fn finish(&mut self, book: &TenantBook, reported: &Reported) -> Result<Vec<ReconciledRow>, AppError> {
        let cells = std::mem::take(&mut self.cells);
        if cells.len() > MAX_ROWS {
            let sentence =
                format!("there are more than {MAX_ROWS} rows; take a shorter range or one provider");
            return Err(StoreError::TooWide(sentence).into());
        }
        let mut rows = Vec::with_capacity(cells.len());
        for ((day_ms, provider, model), mut seen) in cells {
            let read_ms = reported.costs.get(&(provider, day_ms));
            seen.is_reported = read_ms.is_some();
            seen.is_reached = reported.from.get(&provider).is_some_and(|from_ms| *from_ms <= day_ms);
            seen.is_settled = read_ms.is_some_and(|read_ms| *read_ms >= day_ms + DAY_MS + SETTLED_MS);
            let prices = Prices::of(book, provider, &model, day_ms);
            price_unknown(&mut seen, prices.as_ref());
            seen.by_book = prices.map(|prices| {
                let mut known = seen.provider;
                for (count, unknown) in known.tokens.iter_mut().zip(seen.unknown.side.tokens) {
                    *count -= unknown;
                }
                (prices.cost(&known), prices.cost(&seen.metered_utc))
            });
            if seen.provider == Side::default()
                && seen.metered == Side::default()
                && seen.metered_utc == Side::default()
            {
                continue;
            }
            rows.push(ReconciledRow {
                date: date_of(day_ms),
                provider,
                model,
                causes: explain(&seen),
                seen,
                revised_ms: reported.revised.get(&(provider, day_ms)).copied(),
            });
        }
        Ok(rows)
    }

    fn not_compared(&mut self, only: Option<ReportProvider>) -> Vec<NotCompared> {
        let all = std::mem::take(&mut self.not_compared);
        let asked = |name: &String| only.is_none_or(|only| only.name() == *name);
        all.into_iter()
            .filter(|(name, _)| asked(name))
            .map(|(provider, metered)| NotCompared { provider, metered })
            .collect()
    }
}

/// Prices of a model's tokens, each bucket by itself and for short contexts, in pico-dollars a thousand.
struct Prices {
    per_thousand: [i128; 10],
    per_request: i128,
}

impl Prices {
    fn of(book: &TenantBook, provider: ReportProvider, model: &str, day_ms: i64) -> Option<Self> {
        let entry = book.resolve(Some(provider.name()), model, day_ms + DAY_MS / 2)?;
        let (per_request, _) = entry.picos(&TokenUsage::default(), ServiceTier::Default);
        let per_thousand = std::array::from_fn(|bucket| {
            let mut counts = [0; 10];
            counts[bucket] = PRICED_TOKENS;
            entry.picos(&TokenUsage::from_buckets(counts), ServiceTier::Default).0 - per_request
        });
        Some(Self { per_thousand, per_request })
    }

    fn cost(&self, side: &Side) -> CostNanos {
        let tokens =
            side.tokens.iter().zip(self.per_thousand).fold(0_i128, |sum, (count, price)| {
                sum.saturating_add(i128::from(*count).saturating_mul(price))
            });
        let requests = i128::from(side.requests.unwrap_or(0)).saturating_mul(self.per_request);
        let picos = (tokens / i128::from(PRICED_TOKENS)).saturating_add(requests);
        CostNanos(div_half_even(picos, PICOS_PER_NANO).unwrap_or(i64::MAX))
    }
}

/// Costs that are not told by API key are shared out by the tokens of unknown keys, weighed by the book where it can.
fn price_unknown(seen: &mut Comparison, prices: Option<&Prices>) {
    let unknown = &seen.unknown.side;
    if unknown.cost != CostNanos::ZERO || unknown.tokens == [0; 10] {
        return;
    }
    let weigh = |side: &Side| prices.map_or(0, |prices| prices.cost(side).0);
    let count = |side: &Side| side.tokens.iter().fold(0_i64, |sum, count| sum.saturating_add(*count));
    let (mut part, mut whole) = (weigh(unknown), weigh(&seen.provider));
    if whole <= 0 {
        (part, whole) = (count(unknown), count(&seen.provider));
    }
    if whole > 0 {
        let product = i128::from(seen.provider.cost.0).saturating_mul(i128::from(part));
        seen.unknown.side.cost = CostNanos(div_half_even(product, i128::from(whole)).unwrap_or(0));
    }
}

/// Adds up the rows.
fn summed(mut all: Reconciliation) -> Reconciliation {
    let mut causes: BTreeMap<CauseKind, CostNanos> = BTreeMap::new();
    for row in &all.rows {
        all.provider.merge(&row.seen.provider);
        all.metered.merge(&row.seen.metered);
        for cause in &row.causes {
            let sum = causes.entry(cause.kind).or_default();
            *sum = CostNanos(sum.0.saturating_add(cause.cost.0));
        }
    }
    all.causes = causes.into_iter().collect();
    all
}

fn side_of(totals: &Totals) -> Side {
    Side {
        requests: Some(totals.calls),
        tokens: totals.tokens,
        cost: totals.cost,
        unpriced_calls: totals.unpriced_calls,
    }
}

fn known_provider(name: &str) -> Result<ReportProvider, Invalid> {
    ReportProvider::from_name(name)
        .ok_or_else(|| Invalid::new("provider", "provider must be one of openai, anthropic"))
}

/// The UTC days that stand for the dates of a range.
fn whole_days(range: Range, zone: &jiff::tz::TimeZone) -> Result<Range, Invalid> {
    let sentence = "providers report whole days: take a range that begins and ends with days, such as this_month, or from and to as dates";
    let days = provider_days(range, zone).ok_or_else(|| Invalid::new("range", sentence))?;
    if days.to_ms - days.from_ms > MAX_DAYS * DAY_MS {
        return Err(Invalid::new("range", format!("the range may have at most {MAX_DAYS} days")));
    }
    Ok(days)
}

fn date_of(day_ms: i64) -> String {
    period::local_date(day_ms, &jiff::tz::TimeZone::UTC)
}

fn utc_start(date: &str) -> i64 {
    let date = date.parse::<jiff::civil::Date>().ok();
    let start = date.and_then(|date| date.to_zoned(jiff::tz::TimeZone::UTC).ok());
    start.map_or(0, |start| start.timestamp().as_millisecond())
}
