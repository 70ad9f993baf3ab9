//! What a report says: a statement for paper, rows for a spreadsheet, and a mail around them.

use crate::close_period::edges;
use crate::export::ExportInput;
use crate::export_statement::Statement;
use crate::ports::{AggregateRequest, Attachment, Mail, Measures, ReportScope, StoreError, Tenant};
use crate::{AppError, Caller, Meterwire, long_work};
use jiff::tz::TimeZone;
use meterwire_core::closing::{ClosedPeriod, FrozenStatement, STATEMENT_GROUPS, StatementOf};
use meterwire_core::dimension::Dimension;
use meterwire_core::money::{CostNanos, format_decimal};
use meterwire_core::percent;
use meterwire_core::period::{self, Bucket, Granularity, Range, RangeInput};
use meterwire_core::report::ReportFormat;
use meterwire_core::totals::Totals;
use meterwire_core::usage_query::Filter;
use std::fmt::Write as _;

/// The most rows of a report's CSV; beyond, days are put together, then projects and departments.
const MAX_CSV_ROWS: usize = 30_000;
/// Rows of a table in the mail itself.
const TOP_IN_MAIL: usize = 5;

/// Turns what a report says into files.
pub trait Press: Send + Sync {
    /// A statement on paper.
    fn pdf(&self, statement: &Statement) -> Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync>>;
    /// Rows for a spreadsheet.
    fn csv(&self, rows: &FrozenStatement) -> Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync>>;
}

/// What a report is to be of.
#[derive(Debug, Clone)]
pub(crate) struct ReportOf {
    pub(crate) tenant: Tenant,
    /// The report's name; none where it is made by hand.
    pub(crate) name: Option<String>,
    pub(crate) scope: ReportScope,
    pub(crate) timezone: String,
    pub(crate) range: Range,
}

/// A report that is made, before it is printed.
pub(crate) struct ReportContent {
    of: ReportOf,
    zone: TimeZone,
    statement: Statement,
    /// The period before; `None` where it is not known any more.
    before: Option<Totals>,
    /// `None` where no spreadsheet is wanted.
    rows: Option<FrozenStatement>,
}

impl Meterwire {
    /// Makes a report. Whoever calls has seen to it that the caller may read the whole tenant.
    pub(crate) async fn report_content(
        &self,
        of: ReportOf,
        formats: &[ReportFormat],
    ) -> Result<ReportContent, AppError> {
        let zone = period::zone(&of.timezone)?;
        let (from, to) = (Some(period::rfc3339(of.range.from_ms)), Some(period::rfc3339(of.range.to_ms)));
        let filters = of.scope.filter().into_iter();
        let input = ExportInput {
            range: RangeInput { range: None, from, to },
            tz: Some(of.timezone.clone()),
            filters: filters.map(|(dimension, value)| (dimension.name().to_owned(), value)).collect(),
            priced: None,
        };
        let statement = self.statement(&Caller::command_line(), Some(&of.tenant.slug), input).await?;
        let before = of.range.previous(&zone, self.now_ms());
        let request = of.request(vec![before.from_ms, before.to_ms], vec![]);
        let before = match self.usage.aggregate(of.tenant.id, request).await {
            Err(StoreError::BeyondRetention(_)) => None,
            rows => {
                let mut sums = Totals::default();
                rows?.iter().for_each(|row| sums.merge(&row.totals));
                Some(sums)
            }
        };
        let rows = if formats.contains(&ReportFormat::Csv) {
            Some(self.report_rows(&of, &zone).await?)
        } else {
            None
        };
        Ok(ReportContent { of, zone, statement, before, rows })
    }

    /// The rows, as fine as their number allows. However they are put together, they come to the same.
    async fn report_rows(&self, of: &ReportOf, zone: &TimeZone) -> Result<FrozenStatement, AppError> {
        let period = of.period(zone);
        let whole = vec![Bucket { range: of.range, label: period.name.clone() }];
        let mut wishes = vec![(whole.clone(), &STATEMENT_GROUPS[..]), (whole, &STATEMENT_GROUPS[..2])];
        if let Ok(days) = of.range.buckets(Granularity::Day, zone) {
            wishes.insert(0, (days, &STATEMENT_GROUPS[..]));
        }
        let mut refused = None;
        for (buckets, group_by) in wishes {
            let request = of.request(edges(&buckets), group_by.to_vec());
            let rows = match self.usage.aggregate(of.tenant.id, request).await {
                Ok(rows) if rows.len() <= MAX_CSV_ROWS => rows,
                Ok(_) => continue,
                Err(error @ (StoreError::TooWide(_) | StoreError::BeyondRetention(_))) => {
                    refused = Some(error);
                    continue;
                }
                Err(error) => return Err(error.into()),
            };
            let (tenant, tenant_name) = (of.tenant.slug.as_str(), of.tenant.name.as_str());
            let closed_ms = self.now_ms();
            let of = StatementOf { tenant, tenant_name, period: &period, days: &buckets, closed_ms };
            return Ok(long_work(rows.len(), || {
                let groups = rows.into_iter().map(|row| (row.bucket, row.key, row.totals)).collect();
                FrozenStatement::new(of, groups)
            }));
        }
        let too_wide =
            || StoreError::TooWide("the report has too many rows; take a shorter range".to_owned());
        Err(refused.unwrap_or_else(too_wide).into())
    }
}

impl ReportScope {
    /// What narrows usage to the scope.
    fn filter(&self) -> Option<(Dimension, String)> {
        match self {
            Self::Tenant => None,
            Self::Department(name) => Some((Dimension::Department, name.clone())),
            Self::Project(slug) => Some((Dimension::Project, slug.clone())),
        }
    }
}

impl ReportOf {
    fn request(&self, edges_ms: Vec<i64>, group_by: Vec<Dimension>) -> AggregateRequest {
        let filters = self.scope.filter().into_iter();
        let filters =
            filters.map(|(dimension, value)| Filter { dimension, values: vec![Some(value)] }).collect();
        AggregateRequest { edges_ms, group_by, filters, measures: Measures::SUMS }
    }

    /// The period with its name: `2026-11-21`, `2026-10`, `2026-11-09..2026-11-15`, or instants.
    fn period(&self, zone: &TimeZone) -> ClosedPeriod {
        let day = |ms: i64| period::local_date(ms, zone);
        let (first, last) = (day(self.range.from_ms), day(self.range.to_ms - 1));
        let starts = |ms: i64| day(ms) != day(ms - 1);
        let whole_days = starts(self.range.from_ms) && starts(self.range.to_ms);
        let month = first.get(..7).filter(|_| period::month_of(self.range.from_ms, zone) == self.range);
        let name = match month {
            Some(month) => month.to_owned(),
            None if first == last && whole_days => first,
            None if whole_days => format!("{first}..{last}"),
            None => format!("{}..{}", period::rfc3339(self.range.from_ms), period::rfc3339(self.range.to_ms)),
        };
        ClosedPeriod { name, timezone: self.timezone.clone(), range: self.range }
    }

    /// `department care`; empty for the whole tenant.
    fn scope_in_words(&self) -> String {
        self.scope
            .filter()
            .map(|(dimension, value)| format!("{} {value}", dimension.name()))
            .unwrap_or_default()
    }
}

impl ReportContent {
    /// The name of a file and what is in it.
    pub(crate) fn file(
        &self,
        press: &dyn Press,
        format: ReportFormat,
    ) -> Result<(String, Vec<u8>), AppError> {
        let failed = |error| AppError::Store(StoreError::Failed(error));
        let bytes = match (format, &self.rows) {
            (ReportFormat::Csv, Some(rows)) => {
                long_work(rows.rows.len(), || press.csv(rows)).map_err(failed)?
            }
            (ReportFormat::Csv, None) => vec![],
            (ReportFormat::Pdf, _) => long_work(usize::MAX, || press.pdf(&self.statement)).map_err(failed)?,
        };
        let period = self.of.period(&self.zone).name.replace("..", "_");
        let scope = self.of.scope.filter().map(|(_, value)| format!("{value}_")).unwrap_or_default();
        let name = format!("{}_{scope}report_{period}.{}", self.of.tenant.slug, format.name());
        let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' };
        Ok((name.chars().map(plain).collect(), bytes))
    }

    /// The mail, with its files.
    pub(crate) fn mail(
        &self,
        press: &dyn Press,
        to: Vec<String>,
        formats: &[ReportFormat],
    ) -> Result<Mail, AppError> {
        let mut attachments = Vec::with_capacity(formats.len());
        for format in formats {
            let (name, bytes) = self.file(press, *format)?;
            attachments.push(Attachment { name, media_type: format.media_type().to_owned(), bytes });
        }
        let name = self.of.name.clone().unwrap_or_else(|| format!("Usage of {}", self.of.tenant.name));
        let cost = dollars(self.statement.total.cost);
        let subject = format!("{name}: {}, {cost}", self.of.period(&self.zone).name.replace("..", " to "));
        let (text, html) = (self.text(), self.html());
        Ok(Mail { to, subject, text, html: Some(html), attachments })
    }

    /// The first line, and what it comes to.
    fn headline(&self) -> (String, Vec<(&'static str, String)>) {
        let totals = &self.statement.total;
        let period = self.of.period(&self.zone).name.replace("..", " to ");
        let mut head = format!("Usage of {}", self.of.tenant.name);
        let scope = self.of.scope_in_words();
        if !scope.is_empty() {
            let _ = write!(head, ", {scope}");
        }
        let _ = write!(head, ": {period} ({})", self.of.timezone);
        let mut lines = vec![("Cost", dollars(totals.cost))];
        if let Some(before) = &self.before {
            let change = percent::change(totals.cost.0, before.cost.0)
                .map_or(String::new(), |change| format!(", {change:+} %"));
            lines.push(("Period before", format!("{}{change}", dollars(before.cost))));
        }
        lines.push(("Calls", count(totals.calls)));
        lines.push(("Errors", count(totals.errors)));
        lines.push(("Tokens", count(totals.token_usage().total().cast_signed())));
        if totals.unpriced_calls > 0 {
            lines.push((
                "Without a price",
                format!("{} calls; they are not in the cost", count(totals.unpriced_calls)),
            ));
        }
        (head, lines)
    }

    /// The largest rows of each table.
    fn tables(&self) -> impl Iterator<Item = (&'static str, Vec<(String, String)>)> {
        self.statement.tables.iter().filter(|table| table.dimension != Dimension::User).map(|table| {
            let heading = if table.dimension == Dimension::Model { "Models" } else { "Projects" };
            let rows = table.rows.iter().filter(|row| !row.other).take(TOP_IN_MAIL).map(|row| {
                let name = row.key.first().cloned().flatten().unwrap_or_else(|| "(none)".to_owned());
                (name, dollars(row.total.totals.cost))
            });
            (heading, rows.collect())
        })
    }

    fn text(&self) -> String {
        let (head, lines) = self.headline();
        let mut text = format!("{head}\n\n");
        for (name, value) in lines {
            let _ = writeln!(text, "{name:<16}{value}");
        }
        for (heading, rows) in self.tables() {
            let _ = writeln!(text, "\n{heading}");
            for (name, cost) in rows {
                let _ = writeln!(text, "  {name}  {cost}");
            }
        }
        text
    }

    fn html(&self) -> String {
        let (head, lines) = self.headline();
        let mut html = format!(
            "<!doctype html><html lang=\"en\"><body style=\"font-family:sans-serif;color:#13202a\"><h1 style=\"font-size:18px\">{}</h1>",
            escape(&head)
        );
        let mut table = |caption: Option<&str>, rows: &mut dyn Iterator<Item = (String, String)>| {
            if let Some(caption) = caption {
                let _ = write!(html, "<h2 style=\"font-size:14px\">{caption}</h2>");
            }
            html.push_str("<table cellpadding=\"4\">");
            for (name, value) in rows {
                let (name, value) = (escape(&name), escape(&value));
                let _ = write!(
                    html,
                    "<tr><th align=\"left\" scope=\"row\">{name}</th><td align=\"right\">{value}</td></tr>"
                );
            }
            html.push_str("</table>");
        };
        table(None, &mut lines.into_iter().map(|(name, value)| (name.to_owned(), value)));
        for (heading, rows) in self.tables() {
            table(Some(heading), &mut rows.into_iter());
        }
        html.push_str("</body></html>");
        html
    }
}

/// Dollars with two decimals at least, and exactly as many as there are.
fn dollars(cost: CostNanos) -> String {
    let text = format_decimal(cost.0, 9);
    match text.split_once('.') {
        None => format!("${text}.00"),
        Some((_, cents)) if cents.len() == 1 => format!("${text}0"),
        Some(_) => format!("${text}"),
    }
}

/// `1,234,567`.
fn count(number: i64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) && !text.ends_with('-') {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A text of somebody's in HTML.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_exact_and_readable() {
        assert_eq!(dollars(CostNanos(0)), "$0.00");
        assert_eq!(dollars(CostNanos(1_500_000_000)), "$1.50");
        assert_eq!(dollars(CostNanos(1_234_567_891)), "$1.234567891");
        assert_eq!(
            (count(0), count(-1_234), count(1_234_567)),
            ("0".into(), "-1,234".into(), "1,234,567".into())
        );
        assert_eq!(escape("<b>\"&"), "&lt;b&gt;&quot;&amp;");
    }
}
