//! Closing a period: its statement is frozen, and what comes later is an adjustment beside it.

use crate::clock::new_id;
use crate::export::About;
use crate::export_statement::{Statement, StatementTable};
use crate::ports::{
    AggregateRequest, AggregateRow, ChangeMark, Closing, ClosingChange, Frozen, Measures, NewClosing, Page,
    PageRequest, StoreError, Tenant,
};
use crate::query_usage::Values;
use crate::{Access, AppError, Caller, Group, Meterwire, long_work};
use meterwire_core::closing::{
    ClosedPeriod, ClosingInput, FrozenStatement, MAX_STATEMENT_ROWS, STATEMENT_GROUPS, StatementOf,
};
use meterwire_core::dimension::{Dimension, Dimensions};
use meterwire_core::invalid::Invalid;
use meterwire_core::period::{self, Bucket, Granularity};
use meterwire_core::totals::Totals;
use sha2::{Digest, Sha256};
use std::cmp::Reverse;
use std::collections::HashMap;

/// Rows of a table beside the rest, and the most days that are drawn as days.
const TOP: usize = 12;
const MAX_DAYS: usize = 93;

/// A frozen statement with what it is of.
#[derive(Debug, Clone)]
pub struct ClosedStatement {
    /// The tenant.
    pub tenant: Tenant,
    /// The closing.
    pub closing: Closing,
    /// The bytes that were frozen.
    pub bytes: Vec<u8>,
}

/// By how much today's totals of a closed period differ from its statement.
#[derive(Debug, Clone)]
pub struct Adjustment {
    /// The tenant.
    pub tenant: Tenant,
    /// The closing.
    pub closing: Closing,
    /// When it was asked for, Unix milliseconds.
    pub as_of_ms: i64,
    /// Groups that differ, those with the largest difference of cost first.
    pub rows: Vec<AdjustmentRow>,
    /// What the statement comes to, all of it.
    pub frozen: Totals,
    /// What all changes come to.
    pub change: Totals,
}

/// One group that differs.
#[derive(Debug, Clone)]
pub struct AdjustmentRow {
    /// The calendar day in the statement's zone.
    pub day: String,
    /// The values of [`STATEMENT_GROUPS`].
    pub key: Vec<Option<String>>,
    /// What the statement says.
    pub frozen: Totals,
    /// What has come since; the two together are today's totals.
    pub change: Totals,
}

impl Meterwire {
    /// Closes a period that is over and freezes its statement.
    pub async fn close_period(
        &self,
        caller: &Caller,
        named: Option<&str>,
        input: ClosingInput,
    ) -> Result<Closing, AppError> {
        caller.require(Access::Own)?;
        let tenant = self.tenant_for(caller, named).await?;
        let at_ms = self.now_ms();
        let period = input.resolve(&tenant.timezone, at_ms)?;
        let (id, by) = (new_id(), caller.actor.clone());
        let new = NewClosing { id: id.clone(), period: period.clone(), at_ms, by };
        self.statements.begin_closing(tenant.id, new).await?;
        let audit = self.audit(caller, "closing.create", &format!("{} ({})", period.name, period.timezone));
        let frozen = match self.freeze(&tenant, &id, &period, at_ms).await {
            Ok(frozen) => frozen,
            // Somebody else has given it up, so there is nothing to give up.
            Err(AppError::NotFound(_)) => return Err(overtaken()),
            Err(error) => {
                // The refusal is what the caller has to know; what was begun is given up by the next one too.
                match self.statements.give_up_closing(tenant.id, &id).await {
                    Ok(()) | Err(StoreError::NotFound(_)) => {}
                    Err(error) => tracing::warn!(%error, "a closing that was begun could not be given up"),
                }
                return Err(error);
            }
        };
        match self.statements.freeze_closing(tenant.id, &id, frozen, audit).await.map_err(AppError::from) {
            Err(AppError::NotFound(_)) => Err(overtaken()),
            done => done,
        }
    }

    /// Adds up the statement and writes it down.
    async fn freeze(
        &self,
        tenant: &Tenant,
        id: &str,
        period: &ClosedPeriod,
        closed_ms: i64,
    ) -> Result<Frozen, AppError> {
        let days = period.days()?;
        let request = AggregateRequest {
            edges_ms: edges(&days),
            group_by: STATEMENT_GROUPS.to_vec(),
            filters: vec![],
            measures: Measures::SUMS,
        };
        let (rows, mark) = self.statements.sums_to_freeze(tenant.id, id, request).await?;
        let (tenant, tenant_name) = (tenant.slug.as_str(), tenant.name.as_str());
        let of = StatementOf { tenant, tenant_name, period, days: &days, closed_ms };
        long_work(rows.len(), || frozen(of, rows, mark))
    }

    /// Opens a closed period again: its statement and the list of changes since are forgotten.
    pub async fn reopen_period(
        &self,
        caller: &Caller,
        named: Option<&str>,
        id: &str,
    ) -> Result<(), AppError> {
        caller.require(Access::Own)?;
        let tenant = self.tenant_for(caller, named).await?;
        let closing = self.statements.closing(tenant.id, id).await?.ok_or(AppError::NotFound("closing"))?;
        let target =
            format!("{} ({}), sha256 {}", closing.period.name, closing.period.timezone, hex(&closing.sha256));
        Ok(self.statements.reopen(tenant.id, id, self.audit(caller, "closing.reopen", &target)).await?)
    }

    /// Closed periods, the latest first.
    pub async fn list_closings(
        &self,
        caller: &Caller,
        named: Option<&str>,
    ) -> Result<Vec<Closing>, AppError> {
        let tenant = self.whole_tenant_for(caller, named).await?;
        Ok(self.statements.closings(tenant.id).await?)
    }

    /// One closed period.
    pub async fn read_closing(
        &self,
        caller: &Caller,
        named: Option<&str>,
        id: &str,
    ) -> Result<Closing, AppError> {
        let tenant = self.whole_tenant_for(caller, named).await?;
        self.statements.closing(tenant.id, id).await?.ok_or(AppError::NotFound("closing"))
    }

    /// The bytes of a statement, as they were frozen.
    pub async fn closed_statement(
        &self,
        caller: &Caller,
        named: Option<&str>,
        id: &str,
    ) -> Result<ClosedStatement, AppError> {
        let tenant = self.whole_tenant_for(caller, named).await?;
        let closing = self.statements.closing(tenant.id, id).await?.ok_or(AppError::NotFound("closing"))?;
        let bytes = self.statements.frozen_statement(tenant.id, id).await?;
        Ok(ClosedStatement { tenant, closing, bytes: bytes.ok_or(AppError::NotFound("closing"))? })
    }

    /// By how much today's totals differ from a statement, group by group.
    pub async fn adjustment(
        &self,
        caller: &Caller,
        named: Option<&str>,
        id: &str,
    ) -> Result<Adjustment, AppError> {
        let statement = self.closed_statement(caller, named, id).await?;
        let days = statement.closing.period.days()?;
        let changes = self.statements.adjustment(statement.tenant.id, id, edges(&days)).await?;
        let as_of_ms = self.now_ms();
        long_work(changes.len().max(statement.bytes.len() / 200), || {
            adjustment(statement, &days, changes, as_of_ms)
        })
    }

    /// The changes of a closed period, event by event.
    pub async fn closing_changes(
        &self,
        caller: &Caller,
        named: Option<&str>,
        id: &str,
        page: PageRequest,
    ) -> Result<Page<ClosingChange>, AppError> {
        let tenant = self.whole_tenant_for(caller, named).await?;
        Ok(self.statements.closing_changes(tenant.id, id, page).await?)
    }

    /// The tenant of a caller who may read all of it.
    pub(crate) async fn whole_tenant_for(
        &self,
        caller: &Caller,
        named: Option<&str>,
    ) -> Result<Tenant, AppError> {
        caller.require(Access::Read)?;
        if caller.confined_to().is_some() {
            return Err(AppError::Forbidden(
                "this is about the whole tenant; this key reads the usage of its own user",
            ));
        }
        self.tenant_for(caller, named).await
    }
}

impl ClosedStatement {
    /// What the bytes say.
    pub fn read(&self) -> Result<FrozenStatement, AppError> {
        read(&self.bytes)
    }

    /// The statement in the shape that is drawn. It is made of the frozen bytes alone.
    pub fn to_statement(&self) -> Result<Statement, AppError> {
        let frozen = self.read()?;
        let period = &self.closing.period;
        let zone = period::zone(&period.timezone)?;
        let days = period.days()?;
        let granularity = if days.len() <= MAX_DAYS { Granularity::Day } else { Granularity::Month };
        let buckets = period.range.buckets(granularity, &zone)?;
        let mut series: Vec<(Bucket, Totals)> =
            buckets.into_iter().map(|bucket| (bucket, Totals::default())).collect();
        let places: HashMap<String, usize> =
            series.iter().enumerate().map(|(place, (bucket, _))| (bucket.label.clone(), place)).collect();
        for row in &frozen.rows {
            let label =
                if granularity == Granularity::Day { Some(row.day.as_str()) } else { row.day.get(..7) };
            let place = label.and_then(|label| places.get(label)).copied();
            if let Some((_, totals)) = place.and_then(|place| series.get_mut(place)) {
                totals.merge(&row.to_totals().ok_or_else(damaged)?);
            }
        }
        let tables = [Dimension::Model, Dimension::Project, Dimension::Department];
        let tables = tables.map(|dimension| table(&frozen, dimension)).into_iter();
        let tables = tables.collect::<Result<_, _>>()?;
        let tenant = Tenant { slug: frozen.tenant, name: frozen.tenant_name, ..self.tenant.clone() };
        let about = About {
            tenant,
            tz: period.timezone.clone(),
            zone,
            range: period.range,
            filters: vec![],
            priced: None,
            dimensions: Dimensions::default(),
            as_of_ms: self.closing.closed_ms,
        };
        let total = frozen.total.to_totals().ok_or_else(damaged)?;
        Ok(Statement {
            about,
            total,
            granularity,
            series,
            tables,
            settled: true,
            frozen: Some(self.closing.sha256),
        })
    }
}

/// The refusal of who began to close a period and was overtaken.
fn overtaken() -> AppError {
    AppError::Conflict("somebody else has begun to close a period of this tenant".to_owned())
}

/// The edges of days that follow one another.
pub(crate) fn edges(days: &[Bucket]) -> Vec<i64> {
    let starts = days.iter().map(|day| day.range.from_ms);
    starts.chain(days.last().map(|day| day.range.to_ms)).collect()
}

fn frozen(of: StatementOf<'_>, rows: Vec<AggregateRow>, mark: ChangeMark) -> Result<Frozen, AppError> {
    if rows.len() > MAX_STATEMENT_ROWS {
        let message = format!(
            "the statement would have {} rows, more than {MAX_STATEMENT_ROWS}; close a shorter period with from and to",
            rows.len()
        );
        return Err(Invalid::new("month", message).into());
    }
    let mut total = Totals::default();
    rows.iter().for_each(|row| total.merge(&row.totals));
    let groups = rows.into_iter().map(|row| (row.bucket, row.key, row.totals)).collect();
    let statement = FrozenStatement::new(of, groups).to_bytes();
    let statement = statement.map_err(|error| AppError::Store(StoreError::Failed(Box::new(error))))?;
    let sha256 = Sha256::digest(&statement).into();
    Ok(Frozen { statement, sha256, total, mark })
}

fn adjustment(
    statement: ClosedStatement,
    days: &[Bucket],
    changes: Vec<AggregateRow>,
    as_of_ms: i64,
) -> Result<Adjustment, AppError> {
    let frozen = statement.read()?;
    let rows = frozen.rows.iter();
    let known: HashMap<_, _> = rows.map(|row| ((row.day.as_str(), row.key()), row)).collect();
    let mut change = Totals::default();
    let mut rows = Vec::with_capacity(changes.len());
    for found in changes {
        change.merge(&found.totals);
        let day = days.get(found.bucket).map(|day| day.label.clone()).unwrap_or_default();
        let value = |place: usize| found.key.get(place).and_then(Option::as_deref);
        let key = [value(0), value(1), value(2), value(3)];
        let frozen = match known.get(&(day.as_str(), key)) {
            Some(row) => row.to_totals().ok_or_else(damaged)?,
            None => Totals::default(),
        };
        rows.push(AdjustmentRow { day, key: found.key, frozen, change: found.totals });
    }
    rows.sort_by(|a, b| {
        let size = |row: &AdjustmentRow| Reverse(row.change.cost.0.unsigned_abs());
        (size(a), &a.day, &a.key).cmp(&(size(b), &b.day, &b.key))
    });
    let total = frozen.total.to_totals().ok_or_else(damaged)?;
    let ClosedStatement { tenant, closing, .. } = statement;
    Ok(Adjustment { tenant, closing, as_of_ms, rows, frozen: total, change })
}

/// What a statement went to, by one dimension.
fn table(frozen: &FrozenStatement, dimension: Dimension) -> Result<StatementTable, AppError> {
    let place = STATEMENT_GROUPS.iter().position(|group| *group == dimension).unwrap_or(0);
    let mut groups: HashMap<Option<&str>, Totals> = HashMap::new();
    for row in &frozen.rows {
        groups.entry(row.key()[place]).or_default().merge(&row.to_totals().ok_or_else(damaged)?);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by(|(a, of_a), (b, of_b)| {
        let order = |totals: &Totals| (Reverse(totals.cost), Reverse(totals.calls));
        (order(of_a), a).cmp(&(order(of_b), b))
    });
    let group = |key: Vec<Option<String>>, other: bool, totals: Totals| Group {
        key,
        other,
        total: Values { totals, users: None },
        series: vec![],
    };
    let mut rest = Totals::default();
    let mut total = Totals::default();
    let mut rows = Vec::new();
    let several = groups.len() > TOP;
    for (place, (value, totals)) in groups.into_iter().enumerate() {
        total.merge(&totals);
        if place < TOP {
            rows.push(group(vec![value.map(str::to_owned)], false, totals));
        } else {
            rest.merge(&totals);
        }
    }
    if several {
        rows.push(group(vec![], true, rest));
    }
    Ok(StatementTable { dimension, rows, total })
}

fn read(bytes: &[u8]) -> Result<FrozenStatement, AppError> {
    FrozenStatement::from_bytes(bytes).ok_or_else(damaged)
}

/// A statement that is stored is whole; anything else is our own fault.
fn damaged() -> AppError {
    AppError::Store(StoreError::Failed("a frozen statement is damaged".into()))
}

/// Bytes as hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
