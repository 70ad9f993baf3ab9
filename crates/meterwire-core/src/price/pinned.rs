//! The prices of some models over a range, taken out of a book at one moment. Whoever rates by them later rates as one would
//! have then, whatever has become of the book.

use super::{PriceChanges, PriceEntry, PriceError, PriceId, RateCard, TenantBook};
use crate::event::Rating;
use crate::period::Range;
use crate::tokens::TokenUsage;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Pinned prices. See the module.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PinnedPrices {
    prices: Vec<PriceEntry>,
    /// By model, then by provider.
    models: HashMap<Box<str>, Vec<Pinned>>,
}

/// The prices of one model at one provider, or of events that name none.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Pinned {
    provider: Option<Box<str>>,
    /// From when on which of the prices holds, ascending; the first holds before, too.
    from: Vec<(i64, Option<usize>)>,
}

/// How they are written down.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    prices: Vec<WrittenPrice>,
    models: Vec<WrittenModel>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenPrice {
    id: String,
    provider: String,
    model: String,
    from_ms: Option<i64>,
    until_ms: Option<i64>,
    source: String,
    card: RateCard,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenModel {
    provider: Option<String>,
    model: String,
    from: Vec<(i64, Option<usize>)>,
}

impl PinnedPrices {
    /// Takes the prices of these models (provider and model as events name them) over a range.
    pub fn of<'a>(
        book: &TenantBook,
        range: Range,
        models: impl IntoIterator<Item = (Option<&'a str>, &'a str)>,
    ) -> Self {
        let changes = PriceChanges::of(book);
        let mut pinned = Self::default();
        let mut places: HashMap<PriceId, usize> = HashMap::new();
        for (provider, model) in models {
            let mut from: Vec<(i64, Option<usize>)> = Vec::new();
            for at_ms in [range.from_ms].iter().chain(changes.within(range)) {
                let price = book.resolve(provider, model, *at_ms).map(|price| {
                    *places.entry(price.price_id().clone()).or_insert_with(|| {
                        pinned.prices.push(price.clone());
                        pinned.prices.len() - 1
                    })
                });
                if from.last().is_none_or(|(_, last)| *last != price) {
                    from.push((*at_ms, price));
                }
            }
            pinned.add(provider, model, from);
        }
        pinned
    }

    /// What tokens come to; `None` where the model was not pinned.
    pub fn rating(
        &self,
        provider: Option<&str>,
        model: Option<&str>,
        service_tier: Option<&str>,
        tokens: &TokenUsage,
        time_ms: i64,
    ) -> Option<Rating> {
        let price = match model {
            None => None,
            Some(model) => {
                let of_model = self.models.get(model)?;
                let pinned = of_model.iter().find(|pinned| pinned.provider.as_deref() == provider)?;
                let after = pinned.from.partition_point(|(from_ms, _)| *from_ms <= time_ms);
                let (_, place) = pinned.from.get(after.saturating_sub(1))?;
                place.and_then(|place| self.prices.get(place))
            }
        };
        Some(Rating::by_price(price, tokens, service_tier))
    }

    /// As JSON.
    pub fn to_json(&self) -> String {
        let price = |price: &PriceEntry| WrittenPrice {
            id: price.id().to_owned(),
            provider: price.provider().to_owned(),
            model: price.model().to_owned(),
            from_ms: price.from_ms(),
            until_ms: price.until_ms(),
            source: price.source().to_owned(),
            card: price.card().clone(),
        };
        let mut models: Vec<WrittenModel> = Vec::new();
        for (model, pinned) in &self.models {
            models.extend(pinned.iter().map(|pinned| WrittenModel {
                provider: pinned.provider.as_deref().map(str::to_owned),
                model: model.to_string(),
                from: pinned.from.clone(),
            }));
        }
        models.sort_unstable_by(|a, b| (&a.model, &a.provider).cmp(&(&b.model, &b.provider)));
        let written = Written { prices: self.prices.iter().map(price).collect(), models };
        // Texts, numbers and rates always have a JSON form.
        serde_json::to_string(&written).unwrap_or_default()
    }

    /// The inverse of [`Self::to_json`].
    pub fn from_json(json: &str) -> Result<Self, PriceError> {
        let refused = |what: String| PriceError::new("pinned prices", what);
        let written: Written = serde_json::from_str(json).map_err(|error| refused(error.to_string()))?;
        let mut pinned = Self::default();
        for price in written.prices {
            let WrittenPrice { id, provider, model, from_ms, until_ms, source, card } = price;
            let id = PriceId::new(id);
            let entry = PriceEntry::from_card(id, &provider, &model, from_ms, until_ms, card, &source)?;
            pinned.prices.push(entry);
        }
        for WrittenModel { provider, model, from } in written.models {
            let known = |place: Option<usize>| place.is_none_or(|place| place < pinned.prices.len());
            if from.is_empty() || !from.iter().all(|(_, place)| known(*place)) {
                return Err(refused(format!("{model} has no price, or one that is not there")));
            }
            pinned.add(provider.as_deref(), &model, from);
        }
        Ok(pinned)
    }

    fn add(&mut self, provider: Option<&str>, model: &str, from: Vec<(i64, Option<usize>)>) {
        let of_model = self.models.entry(model.into()).or_default();
        let pinned = Pinned { provider: provider.map(Box::from), from };
        let place = of_model.partition_point(|other| other.provider < pinned.provider);
        of_model.insert(place, pinned);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{PriceBook, Rates};
    use super::*;
    use crate::money::PicosPerUnit;
    use proptest::prelude::*;

    const DAY_MS: i64 = 86_400_000;

    fn own(number: usize, from_day: i64, days: i64, rate: i64) -> PriceEntry {
        let rates = Rates { input: PicosPerUnit(rate), ..Rates::default() };
        let (from_ms, until_ms) = (Some(from_day * DAY_MS + 1), Some((from_day + days) * DAY_MS));
        let id = PriceId::new(format!("override/{number}"));
        PriceEntry::from_rates(id, "openai", "gpt-4o", from_ms, until_ms, rates).unwrap()
    }

    proptest! {
        #[test]
        fn pinned_prices_rate_as_the_book_did(
            own_prices in proptest::collection::vec((20_000..20_400_i64, 1..200_i64, 1..9_000_i64), 0..4),
            (from, days) in (19_900..20_300_i64, 1..300_i64),
            asked in proptest::collection::vec((0.0..1.0_f64, 0..300_000_u64, 0..9_000_u64), 1..40),
        ) {
            let own: Vec<_> =
                own_prices.iter().enumerate().map(|(i, (from, days, rate))| own(i, *from, *days, *rate)).collect();
            let book = PriceBook::builtin().with_overrides(own);
            let range = Range { from_ms: from * DAY_MS, to_ms: (from + days) * DAY_MS };
            let models = [
                (Some("openai"), "gpt-4o"), (None, "gpt-4o"), (None, "claude-sonnet-4"), (Some("nobody"), "gpt-4o"),
                (Some("google"), "gemini-2.5-pro"), (Some("anthropic"), "claude-3-5-sonnet-20241022"),
            ];
            let pinned = PinnedPrices::of(&book, range, models);
            let read = PinnedPrices::from_json(&pinned.to_json()).unwrap();
            prop_assert_eq!(&read, &pinned);
            for (share, input, output) in asked {
                #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "a random instant")]
                let time_ms = range.from_ms + ((range.to_ms - range.from_ms) as f64 * share) as i64;
                let tokens = TokenUsage { input_uncached: input, output_visible: output, ..TokenUsage::default() };
                for (provider, model) in models {
                    for tier in [None, Some("batch")] {
                        let expected = Rating::by_price(book.resolve(provider, model, time_ms), &tokens, tier);
                        prop_assert_eq!(read.rating(provider, Some(model), tier, &tokens, time_ms), Some(expected));
                    }
                }
            }
        }
    }

    #[test]
    fn every_built_in_price_is_written_and_read_exactly() {
        let prices: Vec<PriceEntry> = PriceBook::builtin().entries().cloned().collect();
        let pinned = PinnedPrices { prices, models: HashMap::new() };
        assert!(pinned.prices.len() > 100);
        assert_eq!(PinnedPrices::from_json(&pinned.to_json()), Ok(pinned));
    }

    #[test]
    fn what_was_not_pinned_is_not_rated_and_what_names_no_model_has_no_price() {
        let range = Range { from_ms: 0, to_ms: DAY_MS };
        let pinned =
            PinnedPrices::of(&PriceBook::builtin().with_overrides(vec![]), range, [(None, "gpt-4o")]);
        let tokens = TokenUsage { input_uncached: 1, ..TokenUsage::default() };
        assert_eq!(pinned.rating(None, Some("gpt-4"), None, &tokens, 0), None);
        assert_eq!(pinned.rating(Some("openai"), Some("gpt-4o"), None, &tokens, 0), None);
        assert_eq!(pinned.rating(None, None, None, &tokens, 0), Some(Rating::Unpriced));
        assert_eq!(pinned.rating(None, None, None, &TokenUsage::default(), 0), Some(Rating::Free));
    }
}
