//! FOCUS 1.2, the open form of cost and usage data: a row a day, provider, model, project and service tier.
//!
//! Columns are those that apply to metered tokens, each with the type that FOCUS gives it; what does not apply is null,
//! and stands there where rules of other columns look at it. FOCUS allows only ASCII in names and ids, so other
//! characters stand there as percent-escaped UTF-8; the `x_` columns hold the texts as they are, and the counts.
//! `BilledCost` adds up to the metered total exactly. The issuer of the invoice is the provider, since FOCUS lets only the
//! issuer's charges be billed; no invoice is known, so that its id is null.

use super::cell::Sheet;
use super::{Fault, Header, Pieces, RowFormat};
use meterwire_app::{About, BillExport, BreakdownRow, long_work};
use meterwire_core::money::CostNanos;
use meterwire_core::period::{self, Bucket, rfc3339};
use percent_encoding::{CONTROLS, utf8_percent_encode};
use serde_json::json;

const BYTES_A_ROW: usize = 900;
/// What stands where FOCUS allows no null.
const UNKNOWN: &str = "unknown";

/// A bill on its way out.
pub(crate) struct FocusPieces {
    bill: BillExport,
    head: Vec<u8>,
}

impl FocusPieces {
    /// The rows of a bill.
    pub(crate) fn new(bill: BillExport, header: Header) -> Result<Self, Fault> {
        let mut head = header.bytes(&bill.about, "focus", RowFormat::Csv);
        let mut sheet = Sheet::with_capacity(2048);
        COLUMNS.iter().for_each(|(name, _)| sheet.text(name));
        sheet.end_row()?;
        head.extend(sheet.into_bytes()?);
        Ok(Self { bill, head })
    }
}

impl Pieces for FocusPieces {
    async fn next(&mut self) -> Result<Option<Vec<u8>>, Fault> {
        let about = self.bill.about.clone();
        let rows = self.bill.next().await?;
        let mut bytes = std::mem::take(&mut self.head);
        let Some((days, rows)) = rows else { return Ok(Some(bytes).filter(|head| !head.is_empty())) };
        let made = long_work(rows.len(), || -> Result<Vec<u8>, Fault> {
            let mut sheet = Sheet::with_capacity(rows.len() * BYTES_A_ROW);
            for row in &rows {
                let charge = Charge::of(&about, &days[row.bucket], row);
                for (_, write) in COLUMNS {
                    write(&mut sheet, &charge);
                }
                sheet.end_row()?;
            }
            Ok(sheet.into_bytes()?)
        })?;
        bytes.extend(made);
        Ok(Some(bytes))
    }
}

/// One row: what it is of, and its sums.
struct Charge<'a> {
    about: &'a About,
    day: &'a Bucket,
    row: &'a BreakdownRow,
    provider: String,
    model: String,
    sku: String,
    price: String,
    cost: String,
    tokens: String,
}

impl<'a> Charge<'a> {
    fn of(about: &'a About, day: &'a Bucket, row: &'a BreakdownRow) -> Self {
        let name = |place: usize| ascii(text(row, place).unwrap_or(UNKNOWN));
        let (provider, model) = (name(PROVIDER), name(MODEL));
        let sku = format!("{provider}/{model}");
        let price = match text(row, SERVICE_TIER) {
            Some(tier) => format!("{sku}/{}", ascii(tier)),
            None => sku.clone(),
        };
        let tokens = format!("{}.0", row.totals.token_usage().total());
        Self { about, day, row, provider, model, sku, price, cost: decimal(row.totals.cost), tokens }
    }

    fn description(&self) -> String {
        let totals = &self.row.totals;
        let unpriced = match totals.unpriced_calls {
            0 => String::new(),
            count => format!("; no price is known for {count} of them, which are not in the cost"),
        };
        format!("{} calls of {} by {}{unpriced}", totals.calls, self.model, self.provider)
    }

    fn tags(&self) -> String {
        let named = [("model", MODEL), ("project", PROJECT), ("service_tier", SERVICE_TIER)];
        let tags = named
            .into_iter()
            .filter_map(|(name, place)| Some((name.to_owned(), json!(text(self.row, place)?))));
        serde_json::Value::Object(tags.collect()).to_string()
    }

    fn month(&self) -> period::Range {
        period::month_of(self.day.range.from_ms, &self.about.zone)
    }
}

/// The places of the dimensions in the key of a bill's row.
const PROVIDER: usize = 0;
const MODEL: usize = 1;
const PROJECT: usize = 2;
const SERVICE_TIER: usize = 3;

fn text(row: &BreakdownRow, place: usize) -> Option<&str> {
    row.key.get(place)?.as_deref()
}

/// A text of ASCII alone, the rest as escaped UTF-8.
fn ascii(text: &str) -> String {
    utf8_percent_encode(text, CONTROLS).to_string()
}

/// A decimal that is told from a whole number even where it is one: tools guess a column's type by its values.
fn decimal(cost: CostNanos) -> String {
    let text = cost.to_string();
    if text.contains('.') { text } else { format!("{text}.0") }
}

type Write = fn(&mut Sheet, &Charge<'_>);

const NULL: Write = |sheet, _| sheet.maybe_text(None);
const COST: Write = |sheet, charge| sheet.value(&charge.cost);
const PROVIDER_NAME: Write = |sheet, charge| sheet.text(&charge.provider);
const TOKENS: Write = |sheet, charge| sheet.value(&charge.tokens);
const TOKEN_UNIT: Write = |sheet, _| sheet.text("Tokens");
const PROJECT_NAME: Write = |sheet, charge| sheet.maybe_text(text(charge.row, PROJECT).map(ascii).as_deref());

/// The columns by name, each with how it is written.
const COLUMNS: &[(&str, Write)] = &[
    ("AvailabilityZone", NULL),
    ("BilledCost", COST),
    ("BillingAccountId", |sheet, charge| sheet.text(&charge.about.tenant.slug)),
    ("BillingAccountName", |sheet, charge| sheet.text(&ascii(&charge.about.tenant.name))),
    ("BillingAccountType", |sheet, _| sheet.text("Tenant")),
    ("BillingCurrency", |sheet, _| sheet.text("USD")),
    ("BillingPeriodEnd", |sheet, charge| sheet.value(rfc3339(charge.month().to_ms))),
    ("BillingPeriodStart", |sheet, charge| sheet.value(rfc3339(charge.month().from_ms))),
    ("CapacityReservationId", NULL),
    ("CapacityReservationStatus", NULL),
    ("ChargeCategory", |sheet, _| sheet.text("Usage")),
    ("ChargeClass", NULL),
    ("ChargeDescription", |sheet, charge| sheet.text(&charge.description())),
    ("ChargeFrequency", |sheet, _| sheet.text("Usage-Based")),
    ("ChargePeriodEnd", |sheet, charge| {
        sheet.value(rfc3339(charge.day.range.to_ms));
    }),
    ("ChargePeriodStart", |sheet, charge| {
        sheet.value(rfc3339(charge.day.range.from_ms));
    }),
    ("CommitmentDiscountCategory", NULL),
    ("CommitmentDiscountId", NULL),
    ("CommitmentDiscountName", NULL),
    ("CommitmentDiscountQuantity", NULL),
    ("CommitmentDiscountStatus", NULL),
    ("CommitmentDiscountType", NULL),
    ("CommitmentDiscountUnit", NULL),
    ("ConsumedQuantity", TOKENS),
    ("ConsumedUnit", TOKEN_UNIT),
    ("ContractedCost", COST),
    ("EffectiveCost", COST),
    ("InvoiceId", NULL),
    ("InvoiceIssuerName", PROVIDER_NAME),
    ("ListCost", COST),
    ("PricingCategory", |sheet, _| sheet.text("Standard")),
    ("PricingQuantity", TOKENS),
    ("PricingUnit", TOKEN_UNIT),
    ("ProviderName", PROVIDER_NAME),
    ("PublisherName", PROVIDER_NAME),
    ("RegionId", NULL),
    ("RegionName", NULL),
    ("ResourceId", NULL),
    ("ResourceName", NULL),
    ("ResourceType", NULL),
    ("ServiceCategory", |sheet, _| sheet.text("AI and Machine Learning")),
    ("ServiceName", PROVIDER_NAME),
    ("ServiceSubcategory", |sheet, _| sheet.text("Generative AI")),
    ("SkuId", |sheet, charge| sheet.text(&charge.sku)),
    ("SkuMeter", TOKEN_UNIT),
    ("SkuPriceDetails", NULL),
    ("SkuPriceId", |sheet, charge| sheet.text(&charge.price)),
    ("SubAccountId", PROJECT_NAME),
    ("SubAccountName", PROJECT_NAME),
    ("SubAccountType", |sheet, charge| sheet.maybe_text(text(charge.row, PROJECT).map(|_| "Project"))),
    ("Tags", |sheet, charge| sheet.text(&charge.tags())),
    ("x_Provider", |sheet, charge| sheet.maybe_text(text(charge.row, PROVIDER))),
    ("x_Model", |sheet, charge| sheet.maybe_text(text(charge.row, MODEL))),
    ("x_Project", |sheet, charge| sheet.maybe_text(text(charge.row, PROJECT))),
    ("x_ServiceTier", |sheet, charge| sheet.maybe_text(text(charge.row, SERVICE_TIER))),
    ("x_Calls", |sheet, charge| sheet.value(charge.row.totals.calls)),
    ("x_Errors", |sheet, charge| sheet.value(charge.row.totals.errors)),
    ("x_UnpricedCalls", |sheet, charge| sheet.value(charge.row.totals.unpriced_calls)),
    ("x_InputTokens", |sheet, charge| sheet.value(charge.row.totals.token_usage().input())),
    ("x_CachedInputTokens", |sheet, charge| sheet.value(charge.row.totals.token_usage().cache_read)),
    ("x_OutputTokens", |sheet, charge| sheet.value(charge.row.totals.token_usage().output())),
    ("x_ReasoningTokens", |sheet, charge| sheet.value(charge.row.totals.token_usage().reasoning)),
];
