//! Which smaller model of the same provider does the work of a large one, for short prompts.

use crate::price::{PriceEntry, TenantBook};

/// Large models and the smaller ones of their makers that came with or after them. A fact to be kept up by hand: prices
/// alone do not say which models do the same work.
const SMALLER: &[(&str, &str)] = &[
    ("chatgpt-4o-latest", "gpt-4o-mini"),
    ("gpt-4", "gpt-4o-mini"),
    ("gpt-4-32k", "gpt-4o-mini"),
    ("gpt-4-turbo", "gpt-4o-mini"),
    ("gpt-4-vision-preview", "gpt-4o-mini"),
    ("gpt-4.1", "gpt-4.1-mini"),
    ("gpt-4.5-preview", "gpt-4.1-mini"),
    ("gpt-4o", "gpt-4o-mini"),
    ("gpt-4o-2024-05-13", "gpt-4o-mini"),
    ("gpt-5", "gpt-5-mini"),
    ("gpt-5-pro", "gpt-5-mini"),
    ("gpt-5.1", "gpt-5-mini"),
    ("gpt-5.2", "gpt-5-mini"),
    ("gpt-5.4", "gpt-5.4-mini"),
    ("gpt-5.4-pro", "gpt-5.4-mini"),
    ("o1", "o4-mini"),
    ("o1-preview", "o4-mini"),
    ("o1-pro", "o4-mini"),
    ("o3", "o4-mini"),
    ("o3-pro", "o4-mini"),
    ("claude-3-5-sonnet", "claude-3-haiku"),
    ("claude-3-7-sonnet-latest", "claude-haiku-4-5"),
    ("claude-3-7-sonnet", "claude-haiku-4-5"),
    ("claude-3-opus-latest", "claude-haiku-4-5"),
    ("claude-3-opus", "claude-haiku-4-5"),
    ("claude-opus-4-0", "claude-haiku-4-5"),
    ("claude-opus-4-1", "claude-haiku-4-5"),
    ("claude-opus-4-5", "claude-haiku-4-5"),
    ("claude-opus-4-6", "claude-haiku-4-5"),
    ("claude-opus-4-7", "claude-haiku-4-5"),
    ("claude-opus-4-8", "claude-haiku-4-5"),
    ("claude-opus-5", "claude-haiku-5-5"),
    ("claude-opus-5-5", "claude-haiku-5-5"),
    ("claude-sonnet-4-0", "claude-haiku-4-5"),
    ("claude-sonnet-4-5", "claude-haiku-4-5"),
    ("claude-sonnet-4-6", "claude-haiku-4-5"),
    ("claude-sonnet-5", "claude-haiku-5-5"),
    ("claude-sonnet-5-5", "claude-haiku-5-5"),
    ("gemini-1.5-pro", "gemini-1.5-flash"),
    ("gemini-2.5-pro", "gemini-2.5-flash"),
    ("gemini-3-pro-preview", "gemini-3-flash-preview"),
    ("mistral-large-latest", "mistral-small-latest"),
    ("grok-3", "grok-3-mini"),
    ("command-r-plus", "command-r"),
];

/// The smaller model that a tenant could take instead, of the same provider and in the tenant's price book: the maker's own
/// where it is known, else the one called the same with `-mini` behind it. Only where both its input and its output are
/// cheaper at this instant.
pub fn cheaper_model(
    book: &TenantBook,
    provider: Option<&str>,
    model: &str,
    at_ms: i64,
) -> Option<PriceEntry> {
    let large = book.resolve(provider, model, at_ms)?;
    let known = book.book().canonical_model(provider, model).unwrap_or(model);
    let listed = SMALLER.iter().find(|(name, _)| *name == known).map(|(_, smaller)| (*smaller).to_owned());
    let smaller = listed.unwrap_or_else(|| format!("{known}-mini"));
    let price = book.resolve(Some(large.provider()), &smaller, at_ms)?;
    let (now, then) = (large.card().rates, price.card().rates);
    (then.input < now.input && then.output < now.output).then(|| price.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::PicosPerUnit;
    use crate::price::{PriceBook, PriceId, Rates};

    /// 2026-11-22.
    const NOW_MS: i64 = 1_795_343_400_000;

    #[test]
    fn every_listed_pair_is_in_the_book_and_saves() {
        let book = PriceBook::builtin().with_overrides(vec![]);
        let sold = |model: &str| {
            PriceBook::builtin().providers().any(|provider| {
                PriceBook::builtin().canonical_model(Some(provider), model) == Some(model)
                    && cheaper_model(&book, Some(provider), model, NOW_MS).is_some()
            })
        };
        for (large, smaller) in SMALLER {
            assert!(sold(large), "{large} -> {smaller}");
        }
    }

    #[test]
    fn names_spelled_otherwise_and_own_models_are_found_and_small_ones_are_not() {
        let price = |model: &str, input, output| {
            let rates =
                Rates { input: PicosPerUnit(input), output: PicosPerUnit(output), ..Rates::default() };
            PriceEntry::from_rates(PriceId::new(model), "acme", model, None, None, rates).unwrap()
        };
        let own =
            vec![price("big", 9, 9), price("big-mini", 1, 1), price("odd", 1, 9), price("odd-mini", 2, 2)];
        let book = PriceBook::builtin().with_overrides(own);
        let smaller = |provider, model| {
            cheaper_model(&book, Some(provider), model, NOW_MS).map(|price| price.model().to_owned())
        };
        assert_eq!(smaller("openai", "gpt-4o-2024-08-06").as_deref(), Some("gpt-4o-mini"));
        assert_eq!(smaller("acme", "big").as_deref(), Some("big-mini"));
        assert_eq!(smaller("acme", "odd"), None, "its input is dearer");
        assert_eq!(smaller("openai", "gpt-4o-mini"), None);
        assert_eq!(smaller("openai", "nobody-knows-it"), None);
    }
}
