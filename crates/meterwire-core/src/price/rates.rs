//! Rates: dollars per million tokens of each kind, with their variants by context size and service tier.

use super::PriceError;
use crate::money::{PicosPerUnit, format_decimal};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

/// The highest rate a price may name: 10,000 USD per million tokens. It keeps every product far from overflow.
pub const MAX_RATE: PicosPerUnit = PicosPerUnit(10_000_000_000);
/// The highest fee per request: 1,000 USD.
pub const MAX_PER_REQUEST: PicosPerUnit = PicosPerUnit(1_000_000_000_000_000);
/// The most context steps of one price.
const MAX_CONTEXT_STEPS: usize = 8;

/// How a request was processed, where that changes its price.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ServiceTier {
    /// The ordinary price.
    #[default]
    Default,
    /// Answered within hours, usually at half price.
    Batch,
    /// Slower and cheaper.
    Flex,
    /// Faster and dearer.
    Priority,
}

impl ServiceTier {
    /// Reads the name that a provider's reply or usage report uses. Absent, unknown and ordinary names
    /// (`default`, `standard`, `auto`, `on_demand`, `scale`) are the default tier. OpenAI sells `fast` at the price of
    /// `priority`.
    pub fn from_name(name: Option<&str>) -> Self {
        let named =
            |names: &[&str]| name.is_some_and(|n| names.iter().any(|known| n.eq_ignore_ascii_case(known)));
        if named(&["batch", "batches"]) {
            Self::Batch
        } else if named(&["flex", "flex_discount"]) {
            Self::Flex
        } else if named(&["priority", "priority_on_demand", "fast"]) {
            Self::Priority
        } else {
            Self::Default
        }
    }

    /// The name in price sheets and replies.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Batch => "batch",
            Self::Flex => "flex",
            Self::Priority => "priority",
        }
    }
}

/// Prices of one kind of request. In JSON every rate is a decimal string of US dollars per million tokens
/// (`"2.50"`), `per_request` one of US dollars per request.
///
/// What is not given is priced like its nearest kin: cache reads and writes and audio and image input like `input`,
/// reasoning and audio and image output like `output`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rates {
    /// Uncached text input.
    #[serde(with = "per_million")]
    pub input: PicosPerUnit,
    /// Visible text output.
    #[serde(with = "per_million")]
    pub output: PicosPerUnit,
    /// Input read from a cache.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "per_million_opt")]
    pub cache_read: Option<PicosPerUnit>,
    /// Input written to a short-lived cache.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "per_million_opt")]
    pub cache_write_short: Option<PicosPerUnit>,
    /// Input written to a long-lived cache.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "per_million_opt")]
    pub cache_write_long: Option<PicosPerUnit>,
    /// Output spent on reasoning.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "per_million_opt")]
    pub reasoning: Option<PicosPerUnit>,
    /// Audio input.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "per_million_opt")]
    pub audio_input: Option<PicosPerUnit>,
    /// Audio output.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "per_million_opt")]
    pub audio_output: Option<PicosPerUnit>,
    /// Image input.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "per_million_opt")]
    pub image_input: Option<PicosPerUnit>,
    /// Image output.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "per_million_opt")]
    pub image_output: Option<PicosPerUnit>,
    /// A fee per request, beside the tokens.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "per_unit_opt")]
    pub per_request: Option<PicosPerUnit>,
}

/// Rates of requests whose total input is larger than `above` tokens. They hold for the whole request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Map<String, Value>")]
pub struct ContextRates {
    /// The largest total input that does not yet pay these rates.
    pub above: u64,
    /// What is paid beyond.
    #[serde(flatten)]
    pub rates: Rates,
}

/// Rates of one service tier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Map<String, Value>")]
pub struct TierCard {
    /// What a request of usual size pays.
    #[serde(flatten)]
    pub rates: Rates,
    /// What larger requests pay, smallest `above` first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub context: Vec<ContextRates>,
}

/// The service tiers that have rates of their own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tiers {
    /// [`ServiceTier::Batch`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch: Option<TierCard>,
    /// [`ServiceTier::Flex`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flex: Option<TierCard>,
    /// [`ServiceTier::Priority`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<TierCard>,
}

/// All rates of one price: the default ones, larger contexts and service tiers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Map<String, Value>")]
pub struct RateCard {
    /// What a request of usual size and tier pays.
    #[serde(flatten)]
    pub rates: Rates,
    /// What larger requests pay, smallest `above` first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub context: Vec<ContextRates>,
    /// What other service tiers pay.
    #[serde(skip_serializing_if = "Tiers::is_empty")]
    pub tiers: Tiers,
}

impl Rates {
    /// The rate of every bucket of [`crate::tokens::TokenUsage::buckets`], in its order, with what is absent filled in.
    pub fn per_bucket(&self) -> [PicosPerUnit; 10] {
        let or_input = |rate: Option<PicosPerUnit>| rate.unwrap_or(self.input);
        let or_output = |rate: Option<PicosPerUnit>| rate.unwrap_or(self.output);
        [
            self.input,
            or_input(self.cache_read),
            or_input(self.cache_write_short),
            or_input(self.cache_write_long.or(self.cache_write_short)),
            or_input(self.audio_input),
            or_input(self.image_input),
            self.output,
            or_output(self.reasoning),
            or_output(self.audio_output),
            or_output(self.image_output),
        ]
    }

    /// Refuses negative and absurd rates; `at` says where they stand.
    pub fn check(&self, at: &str) -> Result<(), PriceError> {
        let named = [
            ("input", Some(self.input)),
            ("output", Some(self.output)),
            ("cache_read", self.cache_read),
            ("cache_write_short", self.cache_write_short),
            ("cache_write_long", self.cache_write_long),
            ("reasoning", self.reasoning),
            ("audio_input", self.audio_input),
            ("audio_output", self.audio_output),
            ("image_input", self.image_input),
            ("image_output", self.image_output),
        ];
        for (name, rate) in named {
            check_range(at, name, rate, MAX_RATE, "10000 USD per million")?;
        }
        check_range(at, "per_request", self.per_request, MAX_PER_REQUEST, "1000 USD")
    }
}

impl RateCard {
    /// Flat rates, the same for every context and service tier.
    pub fn flat(rates: Rates) -> Self {
        Self { rates, ..Self::default() }
    }

    /// The card of a service tier; `None` where it has no rates of its own.
    pub fn tier(&self, tier: ServiceTier) -> Option<&TierCard> {
        match tier {
            ServiceTier::Default => None,
            ServiceTier::Batch => self.tiers.batch.as_ref(),
            ServiceTier::Flex => self.tiers.flex.as_ref(),
            ServiceTier::Priority => self.tiers.priority.as_ref(),
        }
    }

    /// Refuses rates out of range and context steps out of order; `at` says where the card stands.
    pub fn check(&self, at: &str) -> Result<(), PriceError> {
        check_steps(at, &self.rates, &self.context)?;
        for tier in [ServiceTier::Batch, ServiceTier::Flex, ServiceTier::Priority] {
            if let Some(card) = self.tier(tier) {
                check_steps(&format!("{at} tiers.{}", tier.as_str()), &card.rates, &card.context)?;
            }
        }
        Ok(())
    }
}

impl Tiers {
    /// No tier has rates of its own.
    pub fn is_empty(&self) -> bool {
        self.batch.is_none() && self.flex.is_none() && self.priority.is_none()
    }
}

fn check_range(
    at: &str,
    name: &str,
    rate: Option<PicosPerUnit>,
    most: PicosPerUnit,
    most_text: &str,
) -> Result<(), PriceError> {
    match rate {
        Some(rate) if rate.0 < 0 => Err(PriceError::new(format!("{at} {name}"), "must not be negative")),
        Some(rate) if rate > most => {
            Err(PriceError::new(format!("{at} {name}"), format!("must be at most {most_text}")))
        }
        _ => Ok(()),
    }
}

fn check_steps(at: &str, rates: &Rates, context: &[ContextRates]) -> Result<(), PriceError> {
    rates.check(at)?;
    if context.len() > MAX_CONTEXT_STEPS {
        return Err(PriceError::new(at, format!("has more than {MAX_CONTEXT_STEPS} context steps")));
    }
    let mut last = 0;
    for step in context {
        if step.above <= last {
            return Err(PriceError::new(at, "context steps must rise and be above 0"));
        }
        last = step.above;
        step.rates.check(&format!("{at} above {}", step.above))?;
    }
    Ok(())
}

// serde cannot refuse unknown fields through `flatten`, so the named keys are taken out first and the rest,
// which must be rates and nothing else, is read strictly.

/// Takes one key out of an object; an absent or null one is the default.
pub(super) fn take<T: serde::de::DeserializeOwned + Default>(
    object: &mut Map<String, Value>,
    key: &str,
) -> Result<T, String> {
    match object.remove(key) {
        None | Some(Value::Null) => Ok(T::default()),
        Some(value) => serde_json::from_value(value).map_err(|e| format!("{key}: {e}")),
    }
}

pub(super) fn rest<T: serde::de::DeserializeOwned>(object: Map<String, Value>) -> Result<T, String> {
    serde_json::from_value(Value::Object(object)).map_err(|e| e.to_string())
}

impl TryFrom<Map<String, Value>> for ContextRates {
    type Error = String;
    fn try_from(mut object: Map<String, Value>) -> Result<Self, String> {
        Ok(Self { above: take(&mut object, "above")?, rates: rest(object)? })
    }
}

impl TryFrom<Map<String, Value>> for TierCard {
    type Error = String;
    fn try_from(mut object: Map<String, Value>) -> Result<Self, String> {
        Ok(Self { context: take(&mut object, "context")?, rates: rest(object)? })
    }
}

impl TryFrom<Map<String, Value>> for RateCard {
    type Error = String;
    fn try_from(mut object: Map<String, Value>) -> Result<Self, String> {
        Ok(Self {
            context: take(&mut object, "context")?,
            tiers: take(&mut object, "tiers")?,
            rates: rest(object)?,
        })
    }
}

/// Dollars per million tokens as a decimal string.
mod per_million {
    use super::{Deserialize, Deserializer, PicosPerUnit, Serializer, format_decimal};
    use serde::de::Error;

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's `with` demands this shape")]
    pub(super) fn serialize<S: Serializer>(rate: &PicosPerUnit, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(&format_decimal(rate.0, 6))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(input: D) -> Result<PicosPerUnit, D::Error> {
        let text = String::deserialize(input)?;
        PicosPerUnit::parse_usd_per_million(&text).map_err(|e| D::Error::custom(format!("{text:?} {e}")))
    }
}

mod per_million_opt {
    use super::{Deserialize, Deserializer, PicosPerUnit, Serializer, per_million};
    use serde::de::Error;

    #[expect(clippy::ref_option, reason = "serde's `with` demands this shape")]
    pub(super) fn serialize<S: Serializer>(rate: &Option<PicosPerUnit>, out: S) -> Result<S::Ok, S::Error> {
        match rate {
            Some(rate) => per_million::serialize(rate, out),
            None => out.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(input: D) -> Result<Option<PicosPerUnit>, D::Error> {
        let Some(text) = Option::<String>::deserialize(input)? else {
            return Ok(None);
        };
        PicosPerUnit::parse_usd_per_million(&text)
            .map(Some)
            .map_err(|e| D::Error::custom(format!("{text:?} {e}")))
    }
}

/// Dollars per request as a decimal string.
mod per_unit_opt {
    use super::{Deserialize, Deserializer, PicosPerUnit, Serializer, format_decimal};
    use serde::de::Error;

    #[expect(clippy::ref_option, reason = "serde's `with` demands this shape")]
    pub(super) fn serialize<S: Serializer>(rate: &Option<PicosPerUnit>, out: S) -> Result<S::Ok, S::Error> {
        match rate {
            Some(rate) => out.serialize_str(&format_decimal(rate.0, 12)),
            None => out.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(input: D) -> Result<Option<PicosPerUnit>, D::Error> {
        let Some(text) = Option::<String>::deserialize(input)? else {
            return Ok(None);
        };
        PicosPerUnit::parse_usd_per_unit(&text)
            .map(Some)
            .map_err(|e| D::Error::custom(format!("{text:?} {e}")))
    }
}
