//! Closed periods: which period can be closed, and the statement that is frozen when it is.
//!
//! A statement is a JSON document with sorted keys and without spaces, so that the same usage always has the same bytes.
//! What comes later (late events, voids) never changes it; it is told apart, and statement and changes are today's totals.

use crate::dimension::Dimension;
use crate::invalid::Invalid;
use crate::money::CostNanos;
use crate::period::{self, Bucket, Granularity, Range};
use crate::tokens::TokenUsage;
use crate::totals::Totals;
use jiff::civil::Date;
use jiff::{ToSpan, Unit};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a statement tells apart, beside the day.
pub const STATEMENT_GROUPS: [Dimension; 4] =
    [Dimension::Provider, Dimension::Model, Dimension::Project, Dimension::Department];
/// The most rows of a statement.
pub const MAX_STATEMENT_ROWS: usize = 100_000;
/// The most days of a closed period.
pub const MAX_CLOSED_DAYS: i32 = 366;
/// The form of the document; it changes when its fields do.
const VERSION: u32 = 1;

/// A wish to close a period: a month, or its first day and the first after it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClosingInput {
    /// `2026-10`.
    pub month: Option<String>,
    /// A date, inclusive.
    pub from: Option<String>,
    /// A date, exclusive.
    pub to: Option<String>,
    /// IANA zone of the days; default the tenant's.
    pub timezone: Option<String>,
}

/// A period of whole days that is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosedPeriod {
    /// `2026-10`, or `2026-10-01..2026-10-14` (its first and last day).
    pub name: String,
    /// IANA zone of its days.
    pub timezone: String,
    /// Its span.
    pub range: Range,
}

impl ClosingInput {
    /// The period, if it is one that can be closed at `now_ms`.
    pub fn resolve(self, tenant_zone: &str, now_ms: i64) -> Result<ClosedPeriod, Invalid> {
        let timezone = self.timezone.unwrap_or_else(|| tenant_zone.to_owned());
        let zone = period::zone(&timezone).map_err(|invalid| {
            Invalid::new("timezone", invalid.message.replace("tz must", "timezone must"))
        })?;
        let (field, name, from, to) = match (self.month, self.from, self.to) {
            (Some(month), None, None) => {
                let from = first_of_month(&month)?;
                let to = from.checked_add(1.month()).map_err(|_| month_refused())?;
                ("month", month, from, to)
            }
            (None, Some(from), Some(to)) => {
                let (from, to) = (date("from", &from)?, date("to", &to)?);
                let days = from.until((Unit::Day, to)).map_or(0, |span| span.get_days());
                if !(1..=MAX_CLOSED_DAYS).contains(&days) {
                    let message = format!("to must be 1 to {MAX_CLOSED_DAYS} days after from");
                    return Err(Invalid::new("to", message));
                }
                let last = to.yesterday().unwrap_or(to);
                ("to", format!("{from}..{last}"), from, to)
            }
            (Some(_), _, _) => {
                return Err(Invalid::new("month", "give either month or from and to, not both"));
            }
            _ => return Err(Invalid::new("month", "month is missing: 2026-10, or from and to as dates")),
        };
        let range = Range { from_ms: period::start_of(from, &zone), to_ms: period::start_of(to, &zone) };
        if range.to_ms > now_ms {
            return Err(Invalid::new(field, format!("{name} is not over yet in {timezone}")));
        }
        Ok(ClosedPeriod { name, timezone, range })
    }
}

impl ClosedPeriod {
    /// Its days, which are the buckets of its statement.
    pub fn days(&self) -> Result<Vec<Bucket>, Invalid> {
        self.range.buckets(Granularity::Day, &period::zone(&self.timezone)?)
    }
}

fn first_of_month(text: &str) -> Result<Date, Invalid> {
    let digits = text.len() == 7 && text.bytes().enumerate().all(|(i, b)| (i == 4) == (b == b'-'));
    let first = digits.then(|| format!("{text}-01").parse::<Date>().ok()).flatten();
    first.filter(|date| date.year() >= 1970).ok_or_else(month_refused)
}

fn month_refused() -> Invalid {
    Invalid::new("month", "month must be a year and a month from 1970 on: 2026-10")
}

fn date(field: &str, text: &str) -> Result<Date, Invalid> {
    let date = (text.len() == 10).then(|| text.parse::<Date>().ok()).flatten();
    date.filter(|date| date.year() >= 1970)
        .ok_or_else(|| Invalid::new(field, format!("{field} must be a date from 1970 on: 2026-10-01")))
}

/// Sums as a statement and its adjustment tell them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementSums {
    /// Events.
    pub calls: i64,
    /// Exact US dollars.
    pub cost_usd: String,
    /// Events with a status of 400 or above.
    pub errors: i64,
    /// Tokens by bucket; those of none are left out.
    pub tokens: BTreeMap<String, i64>,
    /// Events with tokens whose model has no price; they are not in the cost.
    pub unpriced_calls: i64,
}

/// One row of a statement: what one day, provider, model, project and department come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementRow {
    /// Events.
    pub calls: i64,
    /// Exact US dollars.
    pub cost_usd: String,
    /// The calendar day in the statement's zone.
    pub day: String,
    /// The department that pays.
    pub department: Option<String>,
    /// Events with a status of 400 or above.
    pub errors: i64,
    /// The model.
    pub model: Option<String>,
    /// The project.
    pub project: Option<String>,
    /// The provider.
    pub provider: Option<String>,
    /// Tokens by bucket; those of none are left out.
    pub tokens: BTreeMap<String, i64>,
    /// Events with tokens whose model has no price.
    pub unpriced_calls: i64,
}

/// A frozen statement. Its fields stand in the order of the alphabet, which is that of the document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrozenStatement {
    /// When it was frozen.
    pub closed_at: String,
    /// Its first instant.
    pub from: String,
    /// `2026-10`.
    pub name: String,
    /// Its rows by day, then provider, model, project, department.
    pub rows: Vec<StatementRow>,
    /// Slug of the tenant.
    pub tenant: String,
    /// Name of the tenant when it was frozen.
    pub tenant_name: String,
    /// IANA zone of its days.
    pub timezone: String,
    /// The first instant after it.
    pub to: String,
    /// What all rows come to.
    pub total: StatementSums,
    /// The form of this document.
    pub version: u32,
}

/// Whose statement it is.
#[derive(Debug, Clone, Copy)]
pub struct StatementOf<'a> {
    /// Slug of the tenant.
    pub tenant: &'a str,
    /// Name of the tenant.
    pub tenant_name: &'a str,
    /// The period.
    pub period: &'a ClosedPeriod,
    /// Its days.
    pub days: &'a [Bucket],
    /// When it is frozen, Unix milliseconds.
    pub closed_ms: i64,
}

impl FrozenStatement {
    /// Puts a statement together. Each group is a day (by number), the values of [`STATEMENT_GROUPS`] and its sums.
    pub fn new(of: StatementOf<'_>, groups: Vec<(usize, Vec<Option<String>>, Totals)>) -> Self {
        let mut groups = groups;
        groups.sort_unstable_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
        let mut total = Totals::default();
        let mut rows = Vec::with_capacity(groups.len());
        for (day, key, totals) in groups {
            total.merge(&totals);
            let mut key = key.into_iter();
            let mut value = || key.next().flatten();
            let (provider, model, project, department) = (value(), value(), value(), value());
            let StatementSums { calls, cost_usd, errors, tokens, unpriced_calls } =
                StatementSums::of(&totals);
            let day = of.days.get(day).map(|day| day.label.clone()).unwrap_or_default();
            rows.push(StatementRow {
                calls,
                cost_usd,
                day,
                department,
                errors,
                model,
                project,
                provider,
                tokens,
                unpriced_calls,
            });
        }
        let ClosedPeriod { name, timezone, range } = of.period.clone();
        Self {
            closed_at: period::rfc3339(of.closed_ms),
            from: period::rfc3339(range.from_ms),
            name,
            rows,
            tenant: of.tenant.to_owned(),
            tenant_name: of.tenant_name.to_owned(),
            timezone,
            to: period::rfc3339(range.to_ms),
            total: StatementSums::of(&total),
            version: VERSION,
        }
    }

    /// The document. The same statement has the same bytes.
    pub fn to_bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec(self)
    }

    /// Reads a document; `None` where it is damaged or of a form that is not known.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok().filter(|statement: &Self| statement.version == VERSION)
    }
}

impl StatementSums {
    /// Sums as they are told.
    pub fn of(totals: &Totals) -> Self {
        let named = TokenUsage::BUCKETS.into_iter().zip(totals.tokens);
        let tokens = named.filter(|(_, count)| *count != 0).map(|(name, count)| (name.to_owned(), count));
        Self {
            calls: totals.calls,
            cost_usd: totals.cost.to_string(),
            errors: totals.errors,
            tokens: tokens.collect(),
            unpriced_calls: totals.unpriced_calls,
        }
    }

    /// The sums again; `None` where they are damaged.
    pub fn to_totals(&self) -> Option<Totals> {
        to_totals(self.calls, &self.cost_usd, self.errors, &self.tokens, self.unpriced_calls)
    }
}

impl StatementRow {
    /// The values of [`STATEMENT_GROUPS`].
    pub fn key(&self) -> [Option<&str>; 4] {
        [&self.provider, &self.model, &self.project, &self.department].map(Option::as_deref)
    }

    /// The sums again; `None` where they are damaged.
    pub fn to_totals(&self) -> Option<Totals> {
        to_totals(self.calls, &self.cost_usd, self.errors, &self.tokens, self.unpriced_calls)
    }
}

fn to_totals(
    calls: i64,
    cost_usd: &str,
    errors: i64,
    tokens: &BTreeMap<String, i64>,
    unpriced_calls: i64,
) -> Option<Totals> {
    let buckets = TokenUsage::BUCKETS.map(|name| tokens.get(name).copied().unwrap_or(0));
    let known = tokens.keys().all(|name| TokenUsage::BUCKETS.contains(&name.as_str()));
    let cost = CostNanos::parse_usd(cost_usd).ok()?;
    known.then(|| Totals { calls, errors, unpriced_calls, tokens: buckets, cost, ..Totals::default() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ms(text: &str) -> i64 {
        text.parse::<jiff::Timestamp>().unwrap().as_millisecond()
    }

    fn month(text: &str, zone: &str, now: &str) -> Result<ClosedPeriod, Invalid> {
        let input = ClosingInput { month: Some(text.into()), ..ClosingInput::default() };
        input.resolve(zone, ms(now))
    }

    #[test]
    fn a_month_is_that_of_its_zone() {
        let october = month("2026-10", "Europe/Berlin", "2026-11-22T10:30:00Z").unwrap();
        let range = Range { from_ms: ms("2026-09-30T22:00:00Z"), to_ms: ms("2026-10-31T23:00:00Z") };
        assert_eq!((october.range, october.name.as_str()), (range, "2026-10"));
        let days = october.days().unwrap();
        assert_eq!((days.len(), days[30].label.as_str()), (31, "2026-10-31"));
        // The day on which clocks go back has 25 hours.
        assert_eq!(days[24].range.to_ms - days[24].range.from_ms, 25 * 3_600_000);
        let leap = month("2024-02", "Pacific/Auckland", "2026-11-22T10:30:00Z").unwrap();
        assert_eq!(leap.days().unwrap().len(), 29);
        // A month that ends on the day the clocks go forward, in the night.
        let march = month("2024-03", "Europe/Berlin", "2026-11-22T10:30:00Z").unwrap();
        assert_eq!(march.range.to_ms, ms("2024-03-31T22:00:00Z"));
    }

    #[test]
    fn only_what_is_over_is_closed() {
        let refused = |month: Result<ClosedPeriod, Invalid>| month.unwrap_err().field;
        assert!(month("2026-10", "Etc/GMT+12", "2026-11-01T12:00:00Z").is_ok());
        assert_eq!(refused(month("2026-10", "Etc/GMT+12", "2026-11-01T11:59:59.999Z")), "month");
        assert!(month("2026-10", "Pacific/Kiritimati", "2026-10-31T10:00:00Z").is_ok());
        for wrong in ["2026-13", "2026-1", "2026-10-01", "10-2026", "1969-12", "", "+026-10", "2026–10"] {
            assert_eq!(refused(month(wrong, "UTC", "2026-11-22T10:30:00Z")), "month", "{wrong}");
        }
        assert_eq!(refused(month("2026-10", "Nowhere/Land", "2026-11-22T10:30:00Z")), "timezone");
        let days = |from: &str, to: &str| {
            let (from, to) = (Some(from.to_owned()), Some(to.to_owned()));
            let input = ClosingInput { from, to, ..ClosingInput::default() };
            input.resolve("UTC", ms("2026-11-22T10:30:00Z")).map_err(|invalid| invalid.field)
        };
        assert_eq!(days("2026-10-01", "2026-10-15").unwrap().name, "2026-10-01..2026-10-14");
        assert_eq!(days("2026-11-21", "2026-11-23"), Err("to".to_owned()));
        assert_eq!(days("2026-10-15", "2026-10-15"), Err("to".to_owned()));
        assert_eq!(days("2024-10-15", "2026-10-15"), Err("to".to_owned()));
        assert_eq!(days("2026-10-15T00:00:00Z", "2026-10-16"), Err("from".to_owned()));
        let both =
            ClosingInput { month: Some("2026-10".into()), to: Some("2026-10-02".into()), ..<_>::default() };
        assert_eq!(both.resolve("UTC", 0).unwrap_err().field, "month");
        assert_eq!(ClosingInput::default().resolve("UTC", 0).unwrap_err().field, "month");
    }

    fn totals() -> impl Strategy<Value = Totals> {
        let count = || -1_000_000_000_000_i64..1_000_000_000_000;
        (proptest::array::uniform10(count()), count(), count()).prop_map(|(tokens, calls, cost)| Totals {
            calls,
            errors: calls / 3,
            unpriced_calls: calls / 7,
            tokens,
            cost: CostNanos(cost),
            ..Totals::default()
        })
    }

    proptest! {
        #[test]
        fn a_document_says_the_same_whatever_the_order(
            groups in proptest::collection::vec((0..31_usize, proptest::array::uniform4(proptest::option::of(".{0,4}")), totals()), 0..30),
            seed in any::<u64>(),
        ) {
            let october = month("2026-10", "Asia/Kathmandu", "2026-11-22T10:30:00Z").unwrap();
            let days = october.days().unwrap();
            let of = StatementOf { tenant: "acme", tenant_name: "Ä \"cme\"", period: &october, days: &days, closed_ms: 7 };
            let mut groups: Vec<_> = groups.into_iter().map(|(day, key, totals)| (day, key.to_vec(), totals)).collect();
            groups.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
            groups.dedup_by(|a, b| (a.0, &a.1) == (b.0, &b.1));
            let mut other = groups.clone();
            let turn = usize::try_from(seed % 31).unwrap() % other.len().max(1);
            other.rotate_left(turn);
            let statement = FrozenStatement::new(of, groups.clone());
            let bytes = statement.to_bytes().unwrap();
            prop_assert_eq!(&bytes, &FrozenStatement::new(of, other).to_bytes().unwrap());
            let read = FrozenStatement::from_bytes(&bytes).unwrap();
            prop_assert_eq!(&read, &statement);
            let mut sum = Totals::default();
            for (row, (_, key, totals)) in read.rows.iter().zip(&groups) {
                prop_assert_eq!(row.key().map(|value| value.map(str::to_owned)).to_vec(), key.clone());
                prop_assert_eq!(&row.to_totals().unwrap(), totals);
                sum.merge(totals);
            }
            prop_assert_eq!(read.total.to_totals().unwrap(), sum);
            // Sorted keys: reading into a map and writing it anew changes nothing.
            let sorted: BTreeMap<String, serde_json::Value> = serde_json::from_slice(&bytes).unwrap();
            prop_assert_eq!(serde_json::to_vec(&sorted).unwrap(), bytes);
        }
    }
}
