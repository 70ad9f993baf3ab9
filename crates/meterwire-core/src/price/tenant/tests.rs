use super::*;
use crate::price::book::tests::{NOW_MS, ms, small_book, usd};
use crate::price::{PriceId, Rates};

fn own(model: &str, from: Option<&str>, until: Option<&str>, input: &str) -> PriceEntry {
    own_of("openai", model, from, until, input)
}

fn own_of(provider: &str, model: &str, from: Option<&str>, until: Option<&str>, input: &str) -> PriceEntry {
    let rates = Rates { input: usd(input), ..Rates::default() };
    let id = PriceId::new(format!("own-{input}"));
    PriceEntry::from_rates(id, provider, model, from.map(ms), until.map(ms), rates).unwrap()
}

#[test]
fn a_tenants_own_price_beats_the_book_while_it_is_in_force() {
    let book = small_book().with_overrides(vec![
        own("gpt-a", Some("2025-01-01"), Some("2026-01-01"), "0.1"),
        own("gpt-a", Some("2025-07-01"), Some("2025-08-01"), "0.2"),
    ]);
    let at = |model: &str, day: &str| book.resolve(Some("Open-AI"), model, ms(day)).map(PriceEntry::id);
    assert_eq!(at("gpt-a", "2024-12-31"), Some("openai/gpt-a@-"));
    assert_eq!(at("gpt-a", "2025-01-01"), Some("own-0.1"));
    assert_eq!(at("openai/GPT-a", "2025-01-01"), Some("own-0.1"));
    assert_eq!(at("gpt-a-2024-08-06", "2025-01-01"), Some("own-0.1"), "an alias of the book");
    assert_eq!(at("gpt-a-2024-05-13", "2025-01-01"), Some("openai/gpt-a-2024-05-13@-"), "a price of its own");
    assert_eq!(at("gpt-a", "2025-07-15"), Some("own-0.2"), "the one that starts later");
    assert_eq!(at("gpt-a", "2025-08-01"), Some("own-0.1"));
    assert_eq!(at("gpt-a", "2026-01-01"), Some("openai/gpt-a@2025-06-10"));
    assert_eq!(book.overrides().count(), 2);
}

#[test]
fn books_with_the_same_own_prices_say_the_same() {
    let book = small_book();
    let with = |models: &[(&str, &str)]| {
        book.with_overrides(models.iter().map(|(model, input)| own(model, None, None, input)).collect())
    };
    let two = [("gpt-a", "0.1"), ("mine", "0.2")];
    assert!(with(&two).says_the_same(&with(&two)));
    for other in [with(&[]), with(&two[..1]), with(&[("gpt-a", "0.1"), ("mine", "0.3")])] {
        assert!(!with(&two).says_the_same(&other));
    }
    assert!(!with(&two).says_the_same(&small_book().with_overrides(Vec::new())), "another book");
}

#[test]
fn an_own_price_for_an_alias_holds_for_that_name_only() {
    let book = small_book().with_overrides(vec![own("GPT-a-2024-08-06", None, None, "0.1")]);
    let of = |model: &str| book.resolve(Some("openai"), model, NOW_MS).map(PriceEntry::id);
    assert_eq!(of("gpt-a-2024-08-06"), Some("own-0.1"));
    assert_eq!(of("gpt-a"), Some("openai/gpt-a@2025-06-10"));
}

#[test]
fn own_prices_may_name_what_the_book_does_not_know() {
    let book = small_book().with_overrides(vec![
        own("house-model", None, None, "0.1"),
        own_of("My.Proxy", "gpt-a", None, None, "0.2"),
        own_of("my_proxy", "llama", None, None, "0.3"),
    ]);
    let of = |provider, model| book.resolve(provider, model, NOW_MS).map(PriceEntry::id);
    assert_eq!(of(Some("openai"), "house-model"), Some("own-0.1"));
    assert_eq!(of(Some("openai"), "house-model-2025-01-01"), Some("own-0.1"));
    assert_eq!(of(None, "house-model"), Some("own-0.1"), "only one provider has it");
    assert_eq!(of(Some("my-proxy"), "gpt-a"), Some("own-0.2"));
    assert_eq!(of(Some("my-proxy"), "my-proxy/llama"), Some("own-0.3"));
    assert_eq!(of(Some("my-proxy"), "other/llama"), None);
    assert_eq!(of(Some("openai"), "llama"), None);
    assert_eq!(of(None, "gpt-a"), Some("own-0.2"), "named by nobody else, and gpt-a is no known family");
    assert_eq!(PriceBook::default().with_overrides(vec![]).resolve(None, "gpt-4o", NOW_MS), None);
}
