//! Budgets as rows.

use crate::error::{Fault, Work};
use crate::sql::{Connection, OptionalExtension, Params, Row, params};
use meterwire_app::ports::TenantId;
use meterwire_core::budget::{
    Budget, BudgetPeriod, DEFAULT_BUDGET_NAME, DEFAULT_THRESHOLDS_PPM, PeriodCalendar, Scope,
};
use meterwire_core::money::CostNanos;
use serde::Serialize;
use sha2::{Digest, Sha256};

/// The most former amounts of one budget that are kept.
const MAX_AMOUNTS: i64 = 1_000;

/// A budget with what only the store needs.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    /// Its number in the tables.
    pub(crate) number: i64,
    pub(crate) tenant: TenantId,
    pub(crate) budget: Budget,
    /// The zone it is counted in.
    pub(crate) timezone: String,
    /// Whether its amount is the configuration's.
    pub(crate) follows: bool,
    /// Periods from here on are counted.
    pub(crate) counted_from_ms: i64,
}

impl Stored {
    pub(crate) fn calendar(&self) -> PeriodCalendar {
        PeriodCalendar::new(self.budget.period, &self.timezone)
    }

    /// Reads a row of `budget_in_zone`.
    fn from_row(row: &Row<'_>) -> Work<Self> {
        let id: String = row.get("id")?;
        let damaged = |error: &dyn std::fmt::Display| Fault::Damaged(format!("budget {id}: {error}"));
        let texts: [String; 4] =
            [row.get("period")?, row.get("scope")?, row.get("thresholds")?, row.get("channels")?];
        let [period, scope, thresholds, channels] = &texts;
        let (anchor, days): (Option<String>, Option<u32>) = (row.get("anchor")?, row.get("days")?);
        let period = BudgetPeriod::parse(period, anchor.as_deref(), days).map_err(|error| damaged(&error))?;
        let budget = Budget {
            name: row.get("name")?,
            amount: CostNanos(row.get("amount")?),
            period,
            timezone: row.get("timezone")?,
            scope: serde_json::from_str(scope).map_err(|error| damaged(&error))?,
            hard: row.get("hard")?,
            allow_unpriced: row.get("allow_unpriced")?,
            thresholds_ppm: serde_json::from_str(thresholds).map_err(|error| damaged(&error))?,
            channels: serde_json::from_str(channels).map_err(|error| damaged(&error))?,
            parent: row.get("parent")?,
            is_default: row.get("is_default")?,
            created_ms: row.get("created_ms")?,
            id,
        };
        Ok(Self {
            number: row.get("number")?,
            tenant: TenantId(row.get("tenant_id")?),
            budget,
            timezone: row.get("zone")?,
            follows: row.get("follows")?,
            counted_from_ms: row.get("counted_from_ms")?,
        })
    }
}

pub(crate) fn one(connection: &Connection, sql: &str, params: impl Params) -> Work<Option<Stored>> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    rows.next()?.map(|row| Stored::from_row(&row)).transpose()
}

pub(crate) fn many(connection: &Connection, sql: &str, params: impl Params) -> Work<Vec<Stored>> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(Stored::from_row(&row)?);
    }
    Ok(found)
}

/// Every budget of a tenant, in the order of making.
pub(crate) fn all(connection: &Connection, tenant: TenantId) -> Work<Vec<Stored>> {
    many(connection, include_str!("../../sql/budget/all.sql"), [tenant.0])
}

/// Writes a new budget; answers its number.
pub(super) fn insert(
    connection: &Connection,
    tenant_id: i64,
    budget: &Budget,
    follows: bool,
    counted_from_ms: i64,
) -> Work<i64> {
    let custom = budget.period.custom();
    let (anchor, days) = custom.map_or((None, None), |(anchor, days)| (Some(anchor), Some(days)));
    let columns = params![
        tenant_id,
        budget.id,
        budget.name,
        budget.amount.0,
        budget.period.name(),
        anchor,
        days,
        budget.timezone,
        scope_to_row(&budget.scope)?,
        budget.hard,
        budget.allow_unpriced,
        to_json(&budget.thresholds_ppm)?,
        to_json(&budget.channels)?,
        budget.parent,
        budget.is_default,
        follows,
        counted_from_ms,
        budget.created_ms
    ];
    let mut insert = connection.prepare_cached(include_str!("../../sql/budget/insert.sql"))?;
    Ok(insert.query_row(columns, |row| row.get(0))?)
}

/// Writes what can change of a budget.
pub(super) fn update(connection: &Connection, stored: &Stored) -> Work<()> {
    let budget = &stored.budget;
    let custom = budget.period.custom();
    let (anchor, days) = custom.map_or((None, None), |(anchor, days)| (Some(anchor), Some(days)));
    connection.prepare_cached(include_str!("../../sql/budget/update.sql"))?.execute(params![
        budget.name,
        budget.amount.0,
        budget.period.name(),
        anchor,
        days,
        budget.timezone,
        scope_to_row(&budget.scope)?,
        budget.hard,
        budget.allow_unpriced,
        to_json(&budget.thresholds_ppm)?,
        to_json(&budget.channels)?,
        stored.follows,
        stored.counted_from_ms,
        stored.number
    ])?;
    Ok(())
}

/// Keeps the amount that a budget had until now; the oldest of very many are forgotten.
pub(super) fn keep_amount(connection: &Connection, number: i64, amount: CostNanos, now_ms: i64) -> Work<()> {
    let kept = params![number, now_ms, amount.0];
    connection.prepare_cached(include_str!("../../sql/budget/keep_amount.sql"))?.execute(kept)?;
    let forgotten = params![number, MAX_AMOUNTS];
    connection.prepare_cached(include_str!("../../sql/budget/forget_amounts.sql"))?.execute(forgotten)?;
    Ok(())
}

/// Equal scopes are equal texts.
pub(super) fn scope_to_row(scope: &Scope) -> Work<String> {
    to_json(scope)
}

fn to_json(value: &impl Serialize) -> Work<String> {
    serde_json::to_string(value).map_err(|error| Fault::Damaged(error.to_string()))
}

/// The budget that a tenant is made with. Its id is made from the tenant, and comes before those of others.
pub(super) fn default_of(tenant_id: i64, amount: CostNanos, created_ms: i64) -> Budget {
    let mut hash = Sha256::new();
    hash.update(b"default budget");
    hash.update(tenant_id.to_le_bytes());
    let digest: [u8; 32] = hash.finalize().into();
    let number = |range: std::ops::Range<usize>| {
        digest[range].iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte))
    };
    let (a, b, c) = (number(0..2) & 0xfff, number(2..4) & 0xfff, number(4..10));
    Budget {
        id: format!("00000000-0000-8{a:03x}-8{b:03x}-{c:012x}"),
        name: DEFAULT_BUDGET_NAME.to_owned(),
        amount,
        period: BudgetPeriod::Month,
        timezone: None,
        scope: Scope::default(),
        hard: false,
        allow_unpriced: false,
        thresholds_ppm: DEFAULT_THRESHOLDS_PPM.to_vec(),
        channels: Vec::new(),
        parent: None,
        is_default: true,
        created_ms,
    }
}

/// The amount of default budgets that follow the configuration.
pub(super) fn configured_amount(connection: &Connection) -> Work<CostNanos> {
    let found: Option<String> = connection
        .prepare_cached(include_str!("../../sql/setting/one.sql"))?
        .query_row([super::MONTHLY_BUDGET], |row| row.get(0))
        .optional()?;
    let amount = found.and_then(|nanos| nanos.parse().ok()).map(CostNanos);
    Ok(amount.unwrap_or(meterwire_core::budget::DEFAULT_MONTHLY_BUDGET))
}
