//! models.dev: current prices, one object a model.

use super::Outcome;
use super::catalogue::{Draft, Listing, Model, Period, picos, plain_name, rate_card};
use super::settings::{ProviderSettings, Source};
use serde_json::Value;
use std::collections::BTreeMap;

pub(super) fn listing(settings: &ProviderSettings, data: &Value) -> Outcome<Listing> {
    let mut models = BTreeMap::new();
    let known = data[settings.models_dev_id]["models"].as_object();
    for (listed, fields) in known.into_iter().flatten() {
        let Some(name) = plain_name(listed) else { continue };
        let cost = &fields["cost"];
        let mut steps = BTreeMap::new();
        for step in cost["tiers"].as_array().into_iter().flatten() {
            if let ("context", Some(size)) =
                (step["tier"]["type"].as_str().unwrap_or(""), step["tier"]["size"].as_u64())
            {
                steps.insert(size, draft(step)?);
            }
        }
        if steps.is_empty() && cost["context_over_200k"].is_object() {
            steps.insert(200_000, draft(&cost["context_over_200k"])?);
        }
        let Some(card) = rate_card(draft(cost)?, &steps) else {
            continue;
        };
        let model = Model { key: name.clone(), periods: vec![Period::always(card)] };
        if model.is_priced(std::slice::from_ref(&name)) {
            models.insert(name, model);
        }
    }
    Ok(Listing { source: Source::ModelsDev, models, patterns: vec![] })
}

fn draft(cost: &Value) -> Outcome<Draft> {
    let mut draft =
        Draft { input: picos(&cost["input"], 6)?, output: picos(&cost["output"], 6)?, ..Draft::default() };
    draft.rest.cache_read = picos(&cost["cache_read"], 6)?;
    draft.rest.cache_write_short = picos(&cost["cache_write"], 6)?;
    draft.rest.audio_input = picos(&cost["input_audio"], 6)?;
    draft.rest.audio_output = picos(&cost["output_audio"], 6)?;
    Ok(draft)
}
