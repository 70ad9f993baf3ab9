//! One dated price of one model, and what an event costs by it.

use super::{ContextRates, PriceError, RateCard, Rates, ServiceTier};
use crate::money::{CostNanos, PicosPerUnit, div_half_even};
use crate::tokens::TokenUsage;
use std::fmt;

/// Pico-dollars in one nano-dollar.
const PICOS_PER_NANO: i128 = 1_000;
/// The longest provider, model and price id.
const MAX_NAME_BYTES: usize = 256;

/// Names a price for good, such as `openai/gpt-4o@2024-10-02`: provider, model and first day (`-` where it has none).
/// Events keep the id they were rated with. Context and service tier are no part of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PriceId(Box<str>);

/// One price: whose, of which model, in force from when to when, and its rates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceEntry {
    id: PriceId,
    provider: Box<str>,
    model: Box<str>,
    from_ms: Option<i64>,
    until_ms: Option<i64>,
    source: Box<str>,
    card: RateCard,
    /// Rates by tier (in the order of [`ServiceTier`]), ready to multiply. Absent where the tier has none of its own.
    steps: [Option<Box<[Step]>>; 4],
}

/// What an event costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rated {
    /// The cost, rounded once, half to even.
    pub cost: CostNanos,
    /// The event's service tier has no rates of its own here, so the default ones were taken.
    pub tier_fallback: bool,
}

/// How an event comes to its cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The service tier whose rates were taken.
    pub service_tier: ServiceTier,
    /// The event's service tier has no rates of its own here, so the default ones were taken.
    pub tier_fallback: bool,
    /// The total input is larger than this, so the rates of larger contexts were taken.
    pub context_above: Option<u64>,
    /// The products.
    pub lines: Vec<AccountLine>,
    /// Their sum, exact, in pico-dollars.
    pub picos: i128,
    /// The sum, rounded once, half to even.
    pub cost: CostNanos,
}

/// One product of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountLine {
    /// A name of [`TokenUsage::BUCKETS`], or [`Self::REQUEST`].
    pub bucket: &'static str,
    /// How many.
    pub quantity: u64,
    /// What one costs.
    pub rate: PicosPerUnit,
    /// The product, exact, in pico-dollars.
    pub picos: i128,
}

impl AccountLine {
    /// The fee of a request, beside its tokens.
    pub const REQUEST: &str = "request";
}

/// Rates from a size of the total input on.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Step {
    above: u64,
    per_bucket: [PicosPerUnit; 10],
    per_request: PicosPerUnit,
}

impl PriceId {
    /// Takes the id of a price as it was stored. The sheet's own are `provider/model@YYYY-MM-DD` or `provider/model@-`.
    pub fn new(text: impl Into<Box<str>>) -> Self {
        Self(text.into())
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PriceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl PriceEntry {
    /// A price with the same rates for every context and service tier: a tenant's own, for example.
    ///
    /// It is in force from `from_ms` (always before, where `None`) until just before `until_ms` (for good, where `None`).
    pub fn from_rates(
        id: PriceId,
        provider: &str,
        model: &str,
        from_ms: Option<i64>,
        until_ms: Option<i64>,
        rates: Rates,
    ) -> Result<Self, PriceError> {
        Self::from_card(id, provider, model, from_ms, until_ms, RateCard::flat(rates), "override")
    }

    /// A price with all its variants.
    pub fn from_card(
        id: PriceId,
        provider: &str,
        model: &str,
        from_ms: Option<i64>,
        until_ms: Option<i64>,
        card: RateCard,
        source: &str,
    ) -> Result<Self, PriceError> {
        for (field, text) in [("id", id.as_str()), ("provider", provider), ("model", model)] {
            if text.trim().is_empty() || text.len() > MAX_NAME_BYTES {
                return Err(PriceError::new(field, format!("must have 1 to {MAX_NAME_BYTES} bytes")));
            }
        }
        if let (Some(from), Some(until)) = (from_ms, until_ms)
            && from >= until
        {
            return Err(PriceError::new(id.as_str(), "must begin before it ends"));
        }
        card.check(id.as_str())?;
        let own = |tier| card.tier(tier).map(|own| steps_of(&own.rates, &own.context));
        let steps = [
            Some(steps_of(&card.rates, &card.context)),
            own(ServiceTier::Batch),
            own(ServiceTier::Flex),
            own(ServiceTier::Priority),
        ];
        Ok(Self {
            id,
            provider: provider.into(),
            model: model.into(),
            from_ms,
            until_ms,
            source: source.into(),
            card,
            steps,
        })
    }

    /// The id as text, such as `openai/gpt-4o@2024-10-02`.
    pub fn id(&self) -> &str {
        self.id.as_str()
    }

    /// The id as its own type.
    pub fn price_id(&self) -> &PriceId {
        &self.id
    }

    /// The provider's name in the book.
    pub fn provider(&self) -> &str {
        &self.provider
    }

    /// The model's name in the book.
    pub fn model(&self) -> &str {
        &self.model
    }

    /// The first instant it is in force, in milliseconds since 1970; `None` = always before.
    pub fn from_ms(&self) -> Option<i64> {
        self.from_ms
    }

    /// The first instant it is no longer in force; `None` = it still is.
    pub fn until_ms(&self) -> Option<i64> {
        self.until_ms
    }

    /// Where the price was taken from.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// All rates, as they were given.
    pub fn card(&self) -> &RateCard {
        &self.card
    }

    /// In force at this instant.
    pub fn covers(&self, at_ms: i64) -> bool {
        self.from_ms.is_none_or(|from| from <= at_ms) && self.until_ms.is_none_or(|until| at_ms < until)
    }

    /// What an event with these tokens costs, in nano-dollars.
    pub fn rate(&self, tokens: &TokenUsage, service_tier: ServiceTier) -> Rated {
        let (picos, tier_fallback) = self.picos(tokens, service_tier);
        // Cannot be reached with checked rates and at most MAX_TOKENS a bucket; a cost never wraps round all the same.
        let nanos = div_half_even(picos, PICOS_PER_NANO).unwrap_or(i64::MAX);
        Rated { cost: CostNanos(nanos), tier_fallback }
    }

    /// The same before rounding, in pico-dollars, and whether the default tier's rates stood in.
    pub fn picos(&self, tokens: &TokenUsage, service_tier: ServiceTier) -> (i128, bool) {
        let (step, tier_fallback) = self.step(tokens, service_tier);
        let Some(step) = step else { return (0, tier_fallback) };
        let mut picos = i128::from(step.per_request.0);
        for (rate, count) in step.per_bucket.iter().zip(tokens.buckets()) {
            picos += i128::from(rate.0) * i128::from(count);
        }
        (picos, tier_fallback)
    }

    /// How [`Self::rate`] comes to its cost: every product, their sum, and what rounding did.
    pub fn account(&self, tokens: &TokenUsage, service_tier: ServiceTier) -> Account {
        let (step, _) = self.step(tokens, service_tier);
        let (picos, tier_fallback) = self.picos(tokens, service_tier);
        let cost = self.rate(tokens, service_tier).cost;
        let lines = step.map_or_else(Vec::new, |step| step.lines(tokens));
        Account {
            service_tier: if tier_fallback { ServiceTier::Default } else { service_tier },
            tier_fallback,
            context_above: step.map(|step| step.above).filter(|above| *above > 0),
            lines,
            picos,
            cost,
        }
    }

    /// The rates that hold for these tokens, and whether the default tier's stood in.
    fn step(&self, tokens: &TokenUsage, service_tier: ServiceTier) -> (Option<&Step>, bool) {
        let own = self.steps[service_tier as usize].as_deref();
        let steps = own.or(self.steps[0].as_deref()).unwrap_or_default();
        let input = tokens.input();
        // Steps rise from 0, so the last one below the input holds. An input of 0 pays the first.
        (steps.iter().rfind(|step| step.above < input).or(steps.first()), own.is_none())
    }
}

impl Step {
    /// One line for each bucket that holds anything, and one for the fee of a request.
    fn lines(&self, tokens: &TokenUsage) -> Vec<AccountLine> {
        let line = |bucket, quantity: u64, rate: PicosPerUnit| AccountLine {
            bucket,
            quantity,
            rate,
            picos: i128::from(rate.0) * i128::from(quantity),
        };
        let buckets = TokenUsage::BUCKETS.into_iter().zip(tokens.buckets()).zip(self.per_bucket);
        let mut lines: Vec<_> = buckets
            .filter(|((_, quantity), _)| *quantity > 0)
            .map(|((bucket, quantity), rate)| line(bucket, quantity, rate))
            .collect();
        if self.per_request.0 != 0 {
            lines.push(line(AccountLine::REQUEST, 1, self.per_request));
        }
        lines
    }
}

impl Account {
    /// What rounding added, or with a minus took away, in pico-dollars.
    pub fn rounding_picos(&self) -> i128 {
        i128::from(self.cost.0) * PICOS_PER_NANO - self.picos
    }
}

fn steps_of(rates: &Rates, context: &[ContextRates]) -> Box<[Step]> {
    let step = |above, rates: &Rates| Step {
        above,
        per_bucket: rates.per_bucket(),
        per_request: rates.per_request.unwrap_or_default(),
    };
    let mut steps = vec![step(0, rates)];
    steps.extend(context.iter().map(|larger| step(larger.above, &larger.rates)));
    steps.into_boxed_slice()
}

#[cfg(test)]
mod tests;
