//! Which numbers are shown: the provider's own, ours, or none; and the provider's, added up.
//!
//! A figure is never mixed: the provider's are shown only where they tell all of what would be shown. Whether they do is
//! judged anew at every question, so that a connection that fails is left and one that recovers is taken up again.

use crate::ports::{AggregateRequest, Connection, Measures, StoredRow, Tenant};
use crate::{AppError, Meterwire};
use meterwire_core::dimension::Dimension;
use meterwire_core::money::CostNanos;
use meterwire_core::period::{self, Range};
use meterwire_core::price::PriceBook;
use meterwire_core::provider_report::{DAY_MS, ReportKind, ReportProvider, utc_day};
use meterwire_core::usage_query::Filter;
use std::collections::{BTreeMap, BTreeSet};

/// How a provider's usage without a project is called in the map of projects.
pub const NO_PROJECT: &str = "default";
/// Usage of a provider that names neither model nor line item.
pub const NO_MODEL: &str = "other";
/// 2000-01-01, before which no event lies.
const BEGINNING_MS: i64 = 946_684_800_000;

/// Where shown numbers come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The providers' own reports.
    Provider,
    /// Our events.
    Metered,
    /// Neither: only requests counted against a tier.
    Quota,
}

impl Source {
    /// The contract's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Provider => "provider",
            Self::Metered => "metered",
            Self::Quota => "quota",
        }
    }
}

/// A source and why it is this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Which.
    pub source: Source,
    /// A sentence for people.
    pub why: String,
    /// When the newest of the numbers were read, Unix milliseconds: now for our own.
    pub as_of_ms: i64,
}

/// What a provider reports of one UTC day and model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderDay {
    /// First instant of the day, Unix milliseconds. It stands for the date of the same name in every zone.
    pub day_ms: i64,
    /// Who.
    pub provider: ReportProvider,
    /// The model by our price book's name where that knows it, else as the provider says; what no model made goes by its
    /// line item, or `other`.
    pub model: String,
    /// Requests, where they are told.
    pub requests: Option<i64>,
    /// Tokens in the order of `TokenUsage::buckets`.
    pub tokens: [i64; 10],
    /// Cost.
    pub cost: CostNanos,
}

impl Meterwire {
    /// Which source is shown for a range of whole local days of a tenant, or of one of its projects.
    pub async fn shown_source(
        &self,
        tenant: &Tenant,
        project: Option<&str>,
        range: Range,
    ) -> Result<Shown, AppError> {
        let now_ms = self.now_ms();
        let enabled: Vec<Connection> =
            self.connections_of(tenant).await?.into_iter().filter(|connection| connection.enabled).collect();
        let why_not = if enabled.is_empty() {
            "no provider is connected".to_owned()
        } else {
            match self.provider_refusal(tenant, project, range, &enabled).await? {
                Ok(as_of_ms) => {
                    let why =
                        "every provider that was used is connected, and its reports are there".to_owned();
                    return Ok(Shown { source: Source::Provider, why, as_of_ms });
                }
                Err(why) => why,
            }
        };
        let source = if self.has_events(tenant, project).await? { Source::Metered } else { Source::Quota };
        let why = match source {
            Source::Quota => format!("{why_not}, and no events are recorded"),
            _ => why_not,
        };
        Ok(Shown { source, why, as_of_ms: now_ms })
    }

    /// What the providers report of a range of whole local days, by day and model. For figures whose source is
    /// [`Source::Provider`].
    pub async fn provider_totals(
        &self,
        tenant: &Tenant,
        project: Option<&str>,
        range: Range,
    ) -> Result<Vec<ProviderDay>, AppError> {
        let zone = period::zone(&tenant.timezone)?;
        let days =
            provider_days(range, &zone).unwrap_or_else(|| meterwire_core::provider_report::utc_days(range));
        let connections = self.connections_of(tenant).await?;
        let enabled: Vec<Connection> =
            connections.into_iter().filter(|connection| connection.enabled).collect();
        let ids = enabled.iter().map(|connection| connection.id.clone()).collect();
        let kinds = ReportKind::ALL.into_iter().filter(|kind| kind.is_of_models()).collect();
        let rows = self.provider_reports.report_rows(tenant.id, ids, kinds, days).await?;
        Ok(add_up(rows, &enabled, project))
    }

    /// When the providers' numbers were read, or why they cannot be shown.
    async fn provider_refusal(
        &self,
        tenant: &Tenant,
        project: Option<&str>,
        range: Range,
        enabled: &[Connection],
    ) -> Result<Result<i64, String>, AppError> {
        let zone = period::zone(&tenant.timezone)?;
        let Some(days) = provider_days(range, &zone) else {
            return Ok(Err("providers report whole days only".to_owned()));
        };
        let today_ms = utc_day(self.now_ms());
        let today_end_ms = today_ms + DAY_MS;
        // What lies in the future has nothing yet.
        let wanted = Range { from_ms: days.from_ms.min(today_end_ms), to_ms: days.to_ms.min(today_end_ms) };
        // Of a day that has just begun nothing was read yet; whether what was read is too old is told by its health.
        let reach_ms = wanted.to_ms.min(today_ms);
        let mut as_of_ms = self.now_ms();
        for connection in enabled {
            let (health, _) = self.health_of(tenant.id, connection).await?;
            if !health.is_healthy {
                return Ok(Err(format!("the connection {:?} fails: {}", connection.name, health.why)));
            }
            let covered = health
                .covers
                .is_some_and(|covers| covers.from_ms <= wanted.from_ms && reach_ms <= covers.to_ms);
            if !covered && wanted.from_ms < wanted.to_ms {
                return Ok(Err(format!(
                    "the reports of {:?} do not reach over the whole range",
                    connection.name
                )));
            }
            if let Some(project) = project
                && !connection.project_map.values().any(|ours| ours == project)
            {
                let sentence = format!("the connection {:?} maps no project to {project:?}", connection.name);
                return Ok(Err(sentence));
            }
            as_of_ms = as_of_ms.min(health.last_success_ms.unwrap_or(as_of_ms));
        }
        for used in self.used_providers(tenant, project, range).await? {
            if !enabled.iter().any(|connection| connection.provider.name() == used) {
                return Ok(Err(format!("events name {used:?}, which is not connected")));
            }
        }
        Ok(Ok(as_of_ms))
    }

    /// The providers that events of a range name, as the price book calls them. Events of neither provider nor model cost a
    /// provider nothing.
    async fn used_providers(
        &self,
        tenant: &Tenant,
        project: Option<&str>,
        range: Range,
    ) -> Result<BTreeSet<String>, AppError> {
        let request = AggregateRequest {
            edges_ms: vec![range.from_ms, range.to_ms],
            group_by: vec![Dimension::Provider, Dimension::Model],
            filters: of_project(project),
            measures: Measures::SUMS,
        };
        let rows = self.usage.aggregate(tenant.id, request).await?;
        let mut used = BTreeSet::new();
        for row in rows {
            let (provider, model) = (row.key.first().cloned().flatten(), row.key.get(1).cloned().flatten());
            let costs = row.totals.cost != CostNanos::ZERO || row.totals.unpriced_calls > 0;
            match provider_name(provider.as_deref(), model.as_deref()) {
                Some(name) => {
                    used.insert(name);
                }
                None if costs => {
                    used.insert("(unnamed)".to_owned());
                }
                None => {}
            }
        }
        Ok(used)
    }

    async fn has_events(&self, tenant: &Tenant, project: Option<&str>) -> Result<bool, AppError> {
        let end_ms = self.now_ms() + 2 * DAY_MS;
        let request = AggregateRequest {
            edges_ms: vec![BEGINNING_MS, end_ms],
            group_by: vec![],
            filters: of_project(project),
            measures: Measures::CALLS,
        };
        let rows = self.usage.aggregate(tenant.id, request).await?;
        Ok(rows.iter().any(|row| row.totals.calls > 0))
    }
}

/// The provider of an event, as the price book calls it.
pub(crate) fn provider_name(provider: Option<&str>, model: Option<&str>) -> Option<String> {
    let book = PriceBook::builtin();
    match (provider, model) {
        (Some(name), _) => Some(book.canonical_provider(name).unwrap_or(name).to_owned()),
        (None, Some(model)) => Some(book.provider_of_model(model).unwrap_or(model).to_owned()),
        (None, None) => None,
    }
}

/// A model by our price book's name, so that both sides of a comparison call it the same.
pub(crate) fn model_name(provider: ReportProvider, model: &str) -> String {
    let known = PriceBook::builtin().canonical_model(Some(provider.name()), model);
    known.unwrap_or(model).to_owned()
}

/// The UTC days that stand for the dates of a range; `None` where it does not begin and end with days of the zone.
pub(crate) fn provider_days(range: Range, zone: &jiff::tz::TimeZone) -> Option<Range> {
    let date_ms = |ms: i64| {
        let date: jiff::civil::Date = period::local_date(ms, zone).parse().ok()?;
        let start = date.to_zoned(zone.clone()).ok()?.timestamp().as_millisecond();
        let utc_ms = date.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_millisecond();
        (start == ms).then_some(utc_ms)
    };
    Some(Range { from_ms: date_ms(range.from_ms)?, to_ms: date_ms(range.to_ms)? })
}

fn of_project(project: Option<&str>) -> Vec<Filter> {
    project
        .map(|slug| Filter { dimension: Dimension::Project, values: vec![Some(slug.to_owned())] })
        .into_iter()
        .collect()
}

/// Whether a row belongs to one of our projects.
fn is_of(row: &StoredRow, connection: &Connection, project: &str) -> bool {
    let theirs = row.row.project.as_deref().unwrap_or(NO_PROJECT);
    connection.project_map.get(theirs).is_some_and(|ours| ours == project)
}

/// Adds rows up by day, provider and model.
fn add_up(rows: Vec<StoredRow>, connections: &[Connection], project: Option<&str>) -> Vec<ProviderDay> {
    let mut sums: BTreeMap<(i64, ReportProvider, String), ProviderDay> = BTreeMap::new();
    for stored in rows {
        let Some(connection) = connections.iter().find(|connection| connection.id == stored.connection)
        else {
            continue;
        };
        if project.is_some_and(|project| !is_of(&stored, connection, project)) {
            continue;
        }
        let provider = connection.provider;
        let model = row_model(provider, &stored);
        let day_ms = stored.day_ms;
        let sum = sums.entry((day_ms, provider, model.clone())).or_insert(ProviderDay {
            day_ms,
            provider,
            model,
            requests: None,
            tokens: [0; 10],
            cost: CostNanos::ZERO,
        });
        if let Some(requests) = stored.row.requests {
            sum.requests = Some(sum.requests.unwrap_or(0).saturating_add(requests));
        }
        for (sum, count) in sum.tokens.iter_mut().zip(stored.row.tokens) {
            *sum = sum.saturating_add(count);
        }
        sum.cost = CostNanos(sum.cost.0.saturating_add(stored.row.cost.unwrap_or_default().0));
    }
    sums.into_values().collect()
}

/// What a row is about: its model, or what the provider calls a cost that no model made.
pub(crate) fn row_model(provider: ReportProvider, stored: &StoredRow) -> String {
    match (&stored.row.model, stored.kind, &stored.row.detail) {
        (Some(model), ..) => model_name(provider, model),
        // The detail of usage is a size or a depth, no name.
        (None, ReportKind::Costs, Some(item)) => item.clone(),
        (None, ReportKind::Costs, None) => NO_MODEL.to_owned(),
        (None, kind, _) => kind.name().to_owned(),
    }
}
