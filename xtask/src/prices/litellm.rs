//! LiteLLM: one flat object a model, with a field for every rate, context step and service tier.

use super::Outcome;
use super::catalogue::{Draft, Listing, Model, Period, picos, plain_name, rate_card, tier_card};
use super::settings::{ProviderSettings, Source};
use meterwire_core::money::PicosPerUnit;
use meterwire_core::price::{TierCard, Tiers};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Kinds of models that are priced by the token.
const MODES: [&str; 7] =
    ["chat", "completion", "responses", "embedding", "realtime", "audio_transcription", "audio_speech"];

pub(super) fn listing(settings: &ProviderSettings, data: &Value) -> Outcome<Listing> {
    let mut models = BTreeMap::new();
    let all = data.as_object().ok_or("the catalogue of LiteLLM is not an object")?;
    // Providers in the order of the settings: where two list a model under one name, the first is believed.
    for provider in settings.litellm_providers {
        for (listed, fields) in all {
            let Some(fields) = fields.as_object().filter(|fields| is_wanted(fields, provider)) else {
                continue;
            };
            let Some(name) = name_of(settings, listed) else {
                continue;
            };
            let Some(model) = model(&name, fields).map_err(|e| format!("{listed}: {e}"))? else {
                continue;
            };
            if model.is_priced(std::slice::from_ref(&name)) {
                models.entry(name).or_insert(model);
            }
        }
    }
    Ok(Listing { source: Source::Litellm, models, patterns: vec![] })
}

fn is_wanted(fields: &Map<String, Value>, provider: &str) -> bool {
    let text = |field: &str| fields.get(field).and_then(Value::as_str);
    text("litellm_provider") == Some(provider) && text("mode").is_some_and(|mode| MODES.contains(&mode))
}

fn name_of(settings: &ProviderSettings, listed: &str) -> Option<String> {
    let lower = plain_name(listed)?;
    let bare =
        settings.litellm_prefixes.iter().find_map(|prefix| lower.strip_prefix(prefix)).unwrap_or(&lower);
    match bare.split_once('/') {
        None => Some(bare.to_owned()),
        // What stands before a slash is a picture's size, a region's commitment and the like, unless it is a known zone.
        Some((zone, model)) => {
            (settings.zones.contains(&zone) && !model.contains('/')).then(|| bare.to_owned())
        }
    }
}

fn model(name: &str, fields: &Map<String, Value>) -> Outcome<Option<Model>> {
    let edges = context_edges(fields)?;
    let drafts = |suffix: &str| -> Outcome<(Draft, BTreeMap<u64, Draft>)> {
        let mut steps = BTreeMap::new();
        for (edge, above) in &edges {
            steps.insert(*edge, draft(fields, above, suffix)?);
        }
        Ok((draft(fields, "", suffix)?, steps))
    };
    let (base, steps) = drafts("")?;
    let tier = |suffix: &str| -> Outcome<Option<TierCard>> {
        let (own, own_steps) = drafts(suffix)?;
        if own.input.is_none() || own.output.is_none() && base.output.is_some() {
            return Ok(None);
        }
        // A tier without a rate for a larger context would otherwise fall back to the smaller one's.
        if own_steps.iter().any(|(edge, own)| own.input.is_none() && steps[edge].input.is_some()) {
            return Ok(None);
        }
        let over = |(edge, own): (u64, Draft)| (edge, own.over(&steps[&edge]));
        Ok(tier_card(own.over(&base), &own_steps.into_iter().map(over).collect()))
    };
    let Some(mut card) = rate_card(base, &steps) else {
        return Ok(None);
    };
    card.tiers = Tiers { batch: tier("_batches")?, flex: tier("_flex")?, priority: tier("_priority")? };
    Ok(Some(Model { key: name.to_owned(), periods: vec![Period::always(card)] }))
}

/// The context steps that a model has rates for: 200000 and its part of a field's name, `_above_200k_tokens`.
fn context_edges(fields: &Map<String, Value>) -> Outcome<BTreeSet<(u64, String)>> {
    let mut edges = BTreeSet::new();
    for field in fields.keys().filter_map(|field| field.strip_prefix("input_cost_per_token_above_")) {
        if let Some((thousands, "")) = field.split_once("k_tokens") {
            edges.insert((thousands.parse::<u64>()? * 1000, format!("_above_{thousands}k_tokens")));
        }
    }
    Ok(edges)
}

fn draft(fields: &Map<String, Value>, above: &str, tier: &str) -> Outcome<Draft> {
    let rate = |name: &str| -> Outcome<Option<PicosPerUnit>> {
        fields.get(&format!("{name}{above}{tier}")).map_or(Ok(None), |value| picos(value, 0))
    };
    let mut draft = Draft {
        input: rate("input_cost_per_token")?,
        output: rate("output_cost_per_token")?,
        ..Draft::default()
    };
    let rest = &mut draft.rest;
    rest.cache_read = rate("cache_read_input_token_cost")?;
    rest.cache_write_short = rate("cache_creation_input_token_cost")?;
    rest.cache_write_long = rate("cache_creation_input_token_cost_above_1hr")?;
    if rest.cache_write_long.is_none() {
        rest.cache_write_long = rate("cache_creation_input_token_cost_above_12hr")?;
    }
    rest.reasoning = rate("output_cost_per_reasoning_token")?.filter(|rate| Some(*rate) != draft.output);
    rest.audio_input = rate("input_cost_per_audio_token")?;
    rest.audio_output = rate("output_cost_per_audio_token")?;
    rest.image_input = rate("input_cost_per_image_token")?;
    rest.image_output = rate("output_cost_per_image_token")?;
    Ok(draft)
}
