//! What a catalogue says of one provider, in our own terms.

use super::Outcome;
use super::settings::{PINNED_ON, Source};
use jiff::civil::Date;
use meterwire_core::money::PicosPerUnit;
use meterwire_core::price::{ContextRates, RateCard, Rates, TierCard};
use serde_json::Value;
use std::collections::BTreeMap;

/// One catalogue's models of one provider.
pub(crate) struct Listing {
    pub(crate) source: Source,
    /// By the names that the catalogue itself lists.
    pub(crate) models: BTreeMap<String, Model>,
    /// For names that it covers by a pattern only: the first that matches holds.
    pub(crate) patterns: Vec<(Pattern, Model)>,
}

/// A model with its dated prices, oldest first.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Model {
    /// The catalogue's name for it.
    pub(crate) key: String,
    pub(crate) periods: Vec<Period>,
}

/// A price and its days.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Period {
    pub(crate) from: Option<Date>,
    pub(crate) until: Option<Date>,
    pub(crate) card: RateCard,
}

/// How genai-prices matches names.
#[derive(Debug, Clone)]
pub(crate) enum Pattern {
    Equals(String),
    StartsWith(String),
    EndsWith(String),
    Contains(String),
    Any(Vec<Pattern>),
    All(Vec<Pattern>),
    /// Regular expressions are not followed; they name dated variants, which resolve without.
    Never,
}

impl Listing {
    /// What the catalogue says of a name: by its own entry, or else by a pattern (`false`).
    pub(crate) fn of(&self, name: &str) -> Option<(&Model, bool)> {
        if let Some(model) = self.models.get(name) {
            return Some((model, true));
        }
        self.patterns.iter().find(|(pattern, _)| pattern.matches(name)).map(|(_, model)| (model, false))
    }
}

impl Model {
    /// The price in force on the day of the pin, or the last one.
    pub(crate) fn current(&self) -> Option<&Period> {
        self.periods.iter().find(|period| period.covers(PINNED_ON)).or(self.periods.last())
    }

    /// Input and output of the current price.
    pub(crate) fn base(&self) -> Option<(PicosPerUnit, PicosPerUnit)> {
        self.current().map(|period| (period.card.rates.input, period.card.rates.output))
    }

    /// Whether its current price can be believed: a price of 0 is a preview, a plan or a gap, and would be a silent $0.
    /// Only embeddings have no output.
    pub(crate) fn is_priced(&self, names: &[String]) -> bool {
        let nothing = PicosPerUnit(0);
        let embeds = names.iter().any(|name| name.contains("embed"));
        self.base().is_some_and(|(input, output)| input > nothing && (embeds || output > nothing))
    }
}

impl Period {
    /// A price that has always been and still is.
    pub(crate) fn always(card: RateCard) -> Self {
        Self { from: None, until: None, card }
    }

    pub(crate) fn covers(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day < until)
    }
}

impl Pattern {
    pub(crate) fn matches(&self, name: &str) -> bool {
        match self {
            Self::Equals(text) => name == text,
            Self::StartsWith(text) => name.starts_with(text.as_str()),
            Self::EndsWith(text) => name.ends_with(text.as_str()),
            Self::Contains(text) => name.contains(text.as_str()),
            Self::Any(patterns) => patterns.iter().any(|pattern| pattern.matches(name)),
            Self::All(patterns) => patterns.iter().all(|pattern| pattern.matches(name)),
            Self::Never => false,
        }
    }
}

/// Puts dated cards in order: each holds until the next begins. Cards that repeat the one before are left out.
pub(crate) fn periods(mut starts: Vec<(Option<Date>, RateCard)>) -> Vec<Period> {
    starts.sort_by_key(|(from, _)| *from);
    let mut periods: Vec<Period> = vec![];
    for (from, card) in starts {
        match periods.last_mut() {
            Some(last) if last.card == card => {}
            Some(last) if last.from == from => last.card = card,
            Some(last) => {
                last.until = from;
                periods.push(Period { from, until: None, card });
            }
            // The first known price holds for all time before it.
            None => periods.push(Period::always(card)),
        }
    }
    periods
}

/// Names of models as the book writes them, or `None` for what is no plain model name.
pub(crate) fn plain_name(name: &str) -> Option<String> {
    let name = name.to_ascii_lowercase();
    let plain = name.bytes().all(|b| b.is_ascii_graphic()) && !name.is_empty() && name.len() <= 128;
    // Fine-tuned models are named by their owner; the catalogues hold placeholders for them.
    (plain && !name.starts_with("ft:") && !name.contains(".ft-")).then_some(name)
}

/// The smallest decimal that is held: a pico-dollar.
const PICO_DECIMALS: i32 = 12;

/// Reads a JSON number or decimal string of dollars into pico-dollars; `per` is the power of ten of the units that it
/// buys (6 = dollars a million). Works on the digits: no float is reckoned with. What is finer than a pico-dollar is
/// the noise of a float in the catalogue, and rounded off.
pub(crate) fn picos(value: &Value, per: i32) -> Outcome<Option<PicosPerUnit>> {
    let text = match value {
        Value::Null => return Ok(None),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        other => return Err(format!("{other} is no price").into()),
    };
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>()?),
        None => (text.as_str(), 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits: i128 = format!("{whole}{fraction}").parse()?;
    let shift = exponent - i32::try_from(fraction.len())? + PICO_DECIMALS - per;
    let power = 10_i128.checked_pow(shift.unsigned_abs()).ok_or_else(|| format!("{text} is out of range"))?;
    let picos =
        if shift >= 0 { digits.checked_mul(power) } else { digits.checked_add(power / 2).map(|d| d / power) };
    let picos =
        picos.and_then(|picos| i64::try_from(picos).ok()).ok_or_else(|| format!("{text} is out of range"))?;
    Ok(Some(PicosPerUnit(picos)))
}

/// Rates while they are gathered: any may be missing.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Draft {
    pub(crate) input: Option<PicosPerUnit>,
    pub(crate) output: Option<PicosPerUnit>,
    pub(crate) rest: Rates,
}

impl Draft {
    /// Lays these rates over others: what is missing here is taken from there.
    pub(crate) fn over(self, base: &Self) -> Self {
        let (own, below) = (self.rest, base.rest);
        Self {
            input: self.input.or(base.input),
            output: self.output.or(base.output),
            rest: Rates {
                cache_read: own.cache_read.or(below.cache_read),
                cache_write_short: own.cache_write_short.or(below.cache_write_short),
                cache_write_long: own.cache_write_long.or(below.cache_write_long),
                reasoning: own.reasoning.or(below.reasoning),
                audio_input: own.audio_input.or(below.audio_input),
                audio_output: own.audio_output.or(below.audio_output),
                image_input: own.image_input.or(below.image_input),
                image_output: own.image_output.or(below.image_output),
                ..own
            },
        }
    }

    /// The finished rates. A model that only hears or sees is priced by that. An optional rate of 0 says that the kind
    /// is not offered or not charged apart, never that it is free.
    pub(crate) fn finish(self) -> Option<Rates> {
        let input = self.input.or(self.rest.audio_input).or(self.rest.image_input)?;
        let output = self.output.or(self.rest.audio_output).or(self.rest.image_output).unwrap_or_default();
        let charged = |rate: Option<PicosPerUnit>| rate.filter(|rate| rate.0 > 0);
        Some(Rates {
            input,
            output,
            cache_read: charged(self.rest.cache_read),
            cache_write_short: charged(self.rest.cache_write_short),
            cache_write_long: charged(self.rest.cache_write_long),
            reasoning: charged(self.rest.reasoning),
            audio_input: charged(self.rest.audio_input),
            audio_output: charged(self.rest.audio_output),
            image_input: charged(self.rest.image_input),
            image_output: charged(self.rest.image_output),
            per_request: None,
        })
    }
}

/// Finishes rates with their context steps: each step lies over the base.
pub(crate) fn tier_card(base: Draft, steps: &BTreeMap<u64, Draft>) -> Option<TierCard> {
    let step = |(above, draft): (&u64, &Draft)| {
        draft.over(&base).finish().map(|rates| ContextRates { above: *above, rates })
    };
    Some(TierCard { rates: base.finish()?, context: steps.iter().filter_map(step).collect() })
}

/// The same as a card without service tiers.
pub(crate) fn rate_card(base: Draft, steps: &BTreeMap<u64, Draft>) -> Option<RateCard> {
    tier_card(base, steps).map(|TierCard { rates, context }| RateCard {
        rates,
        context,
        ..RateCard::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_are_read_by_their_digits() {
        let read = |value: Value, per| picos(&value, per).ok().flatten().map(|picos| picos.0);
        assert_eq!(read(json!(2.5e-6), 0), Some(2_500_000));
        assert_eq!(read(json!(7.5e-8), 0), Some(75_000));
        assert_eq!(read(json!(0.00001), 0), Some(10_000_000));
        assert_eq!(read(json!("3.4999999999999997e-7"), 0), Some(350_000));
        assert_eq!(read(json!("2.50"), 6), Some(2_500_000));
        assert_eq!(read(json!(15), 6), Some(15_000_000));
        assert_eq!(read(json!(null), 6), None);
        assert!(picos(&json!("free"), 6).is_err());
        assert!(picos(&json!([]), 6).is_err());
        assert!(picos(&json!(1e300), 0).is_err());
    }

    #[test]
    fn a_price_holds_until_the_next_begins() {
        let card = |input| RateCard::flat(Rates { input: PicosPerUnit(input), ..Rates::default() });
        let day = |text: &str| Some(text.parse::<Date>().unwrap());
        let found = periods(vec![
            (day("2026-03-01"), card(2)),
            (day("2026-01-01"), card(1)),
            (day("2026-02-01"), card(1)),
            (day("2026-03-01"), card(3)),
        ]);
        let expected = [(None, day("2026-03-01"), 1), (day("2026-03-01"), None, 3)];
        assert_eq!(found.len(), 2);
        for (period, (from, until, input)) in found.iter().zip(expected) {
            assert_eq!((period.from, period.until, period.card.rates.input.0), (from, until, input));
        }
    }
}
