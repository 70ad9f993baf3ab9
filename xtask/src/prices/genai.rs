//! genai-prices: models with match rules, context steps, dated prices and variants by service tier.

use super::Outcome;
use super::catalogue::{
    Draft, Listing, Model, Pattern, Period, periods, picos, plain_name, rate_card, tier_card,
};
use super::settings::{PINNED_ON, ProviderSettings, Source};
use jiff::civil::Date;
use meterwire_core::money::PicosPerUnit;
use meterwire_core::price::{TierCard, Tiers};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn listing(settings: &ProviderSettings, data: &Value) -> Outcome<Listing> {
    let mut listing = Listing { source: Source::GenaiPrices, models: BTreeMap::new(), patterns: vec![] };
    let mut spellings = BTreeSet::new();
    let providers = data.as_array().ok_or("genai-prices is not a list")?;
    let provider = providers.iter().find(|provider| provider["id"] == settings.genai_id);
    let models =
        provider.and_then(|provider| provider["models"].as_array()).ok_or("genai-prices lacks a provider")?;
    for model in models {
        let Some(name) = model["id"].as_str().and_then(plain_name) else {
            continue;
        };
        let found = Model { key: name.clone(), periods: dated(model)? };
        let pattern = pattern(&model["match"]);
        let mut names = vec![name];
        words(&pattern, &mut names, &mut spellings);
        if !found.is_priced(&names) {
            continue;
        }
        for name in names {
            listing.models.entry(name).or_insert_with(|| found.clone());
        }
        if settings.genai_patterns {
            listing.patterns.push((pattern, found));
        }
    }
    // What a pattern begins with is itself a name, such as `claude-sonnet-4.5` of some gateways.
    for name in spellings {
        if let Some((model, false)) = listing.of(&name) {
            let model = model.clone();
            listing.models.insert(name, model);
        }
    }
    Ok(listing)
}

fn pattern(clause: &Value) -> Pattern {
    let text = |field: &str| clause[field].as_str().unwrap_or_default().to_ascii_lowercase();
    let list = |field: &str| clause[field].as_array().into_iter().flatten().map(pattern).collect();
    match clause["is"].as_str() {
        Some("ClauseEquals") => Pattern::Equals(text("equals")),
        Some("ClauseStartsWith") => Pattern::StartsWith(text("starts_with")),
        Some("ClauseEndsWith") => Pattern::EndsWith(text("ends_with")),
        Some("ClauseContains") => Pattern::Contains(text("contains")),
        Some("ClauseOr") => Pattern::Any(list("or_")),
        Some("ClauseAnd") => Pattern::All(list("and_")),
        _ => Pattern::Never,
    }
}

/// The whole names in a pattern, and the beginnings that look like whole names.
fn words(pattern: &Pattern, names: &mut Vec<String>, spellings: &mut BTreeSet<String>) {
    match pattern {
        Pattern::Equals(text) => names.extend(plain_name(text)),
        Pattern::StartsWith(text) | Pattern::Contains(text) => {
            let whole = text.contains(|c: char| c.is_ascii_digit())
                && text.contains('-')
                && !text.ends_with('-')
                && !text.ends_with("-0");
            spellings.extend(plain_name(text).filter(|_| whole));
        }
        Pattern::Any(patterns) => patterns.iter().for_each(|inner| words(inner, names, spellings)),
        Pattern::EndsWith(_) | Pattern::All(_) | Pattern::Never => {}
    }
}

/// The dated prices. Those that hold for hours of the day only are left out.
fn dated(model: &Value) -> Outcome<Vec<Period>> {
    let mut starts = vec![];
    match &model["prices"] {
        Value::Array(conditions) => {
            for condition in conditions {
                let from = match condition["constraint"]["is"].as_str() {
                    None => None,
                    Some("StartDateConstraint") => start(&condition["constraint"])?,
                    Some(_) => continue,
                };
                starts.push((from, &condition["prices"]));
            }
        }
        prices => starts.push((None, prices)),
    }
    starts.sort_by_key(|(from, _)| *from);
    let mut cards = vec![];
    for (index, (from, prices)) in starts.iter().enumerate() {
        let until = starts.get(index + 1).and_then(|(next, _)| *next);
        let (base, steps) = drafts(prices)?;
        let Some(mut card) = rate_card(base, &steps) else {
            continue;
        };
        card.tiers = tiers(model, (base, &steps), day_to_ask(*from, until))?;
        cards.push((*from, card));
    }
    Ok(periods(cards))
}

/// The day whose variants stand for a whole period: today where it lies in it, else the day nearest to today.
fn day_to_ask(from: Option<Date>, until: Option<Date>) -> Date {
    let last = until.and_then(|until| until.yesterday().ok());
    let day = last.map_or(PINNED_ON, |last| last.min(PINNED_ON));
    from.map_or(day, |from| from.max(day))
}

fn start(constraint: &Value) -> Outcome<Option<Date>> {
    Ok(constraint["start_date"].as_str().map(str::parse).transpose()?)
}

fn tiers(model: &Value, standard: (Draft, &BTreeMap<u64, Draft>), day: Date) -> Outcome<Tiers> {
    Ok(Tiers {
        batch: tier(model, ("processing", "batch"), standard, day)?,
        flex: tier(model, ("service_tier", "flex"), standard, day)?,
        priority: tier(model, ("service_tier", "priority"), standard, day)?,
    })
}

/// A variant names only the rates that differ; the others stay at the standard ones, step by step.
fn tier(
    model: &Value,
    (key, value): (&str, &str),
    (base, steps): (Draft, &BTreeMap<u64, Draft>),
    day: Date,
) -> Outcome<Option<TierCard>> {
    for variant in model["price_variants"].as_array().into_iter().flatten() {
        let when = variant["when"].as_object().filter(|when| when.len() == 1);
        if when.and_then(|when| when.get(key)).and_then(Value::as_str) != Some(value) {
            continue;
        }
        match variant["constraint"]["is"].as_str() {
            None => {}
            Some("StartDateConstraint") if start(&variant["constraint"])?.is_none_or(|from| from <= day) => {}
            Some(_) => continue,
        }
        let (own, own_steps) = drafts(&variant["prices"])?;
        if own == Draft::default() {
            continue;
        }
        // A rate that the variant gives for all sizes holds for all of them.
        let edges: BTreeSet<u64> = steps.keys().chain(own_steps.keys()).copied().collect();
        let at = |steps: &BTreeMap<u64, Draft>, edge| steps.get(&edge).copied().unwrap_or_default();
        let step = |edge: u64| (edge, at(&own_steps, edge).over(&own).over(&at(steps, edge)));
        return Ok(tier_card(own.over(&base), &edges.into_iter().map(step).collect()));
    }
    Ok(None)
}

/// The rates of a price, and by context step those that differ there.
fn drafts(prices: &Value) -> Outcome<(Draft, BTreeMap<u64, Draft>)> {
    let mut base = Draft::default();
    let mut steps: BTreeMap<u64, Draft> = BTreeMap::new();
    for (field, value) in prices.as_object().into_iter().flatten() {
        let first = if value.is_object() { &value["base"] } else { value };
        let Some(slot) = slot(&mut base, field) else {
            continue;
        };
        *slot = picos(first, 6)?;
        for step in value["tiers"].as_array().into_iter().flatten() {
            let above = step["start"].as_u64().ok_or("a context step has no start")?;
            if let Some(slot) = self::slot(steps.entry(above).or_default(), field) {
                *slot = picos(&step["price"], 6)?;
            }
        }
    }
    Ok((base, steps))
}

/// Where a price of this name goes; `None` for prices that are not by the token.
fn slot<'d>(draft: &'d mut Draft, field: &str) -> Option<&'d mut Option<PicosPerUnit>> {
    Some(match field {
        "input_mtok" => &mut draft.input,
        "output_mtok" => &mut draft.output,
        "cache_read_mtok" => &mut draft.rest.cache_read,
        "cache_write_mtok" => &mut draft.rest.cache_write_short,
        "cache_write_1h_mtok" => &mut draft.rest.cache_write_long,
        "input_audio_mtok" => &mut draft.rest.audio_input,
        "output_audio_mtok" => &mut draft.rest.audio_output,
        "input_image_mtok" => &mut draft.rest.image_input,
        "output_image_mtok" => &mut draft.rest.image_output,
        _ => return None,
    })
}
