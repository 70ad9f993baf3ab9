//! model-prices: timelines of dated rates, standard and batch, with context steps.

use super::Outcome;
use super::catalogue::{Draft, Listing, Model, periods, picos, plain_name, rate_card, tier_card};
use super::settings::{PINNED_ON, ProviderSettings, Source};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use meterwire_core::money::{PicosPerUnit, div_half_even};
use serde_json::Value;
use std::collections::BTreeMap;

pub(super) fn listing(settings: &ProviderSettings, data: &Value) -> Outcome<Listing> {
    let mut models = BTreeMap::new();
    let known = data["prices"][settings.models_dev_id].as_object();
    for (listed, timelines) in known.into_iter().flatten() {
        let Some(name) = plain_name(listed) else { continue };
        let mut starts = vec![];
        for (from, rates) in timeline(&timelines["standard"])? {
            let (base, steps) = drafts(rates)?;
            starts.extend(rate_card(base, &steps).map(|card| (from, card)));
        }
        let mut periods = periods(starts);
        if !settings.model_prices_history {
            // Its past prices come from commits that often came late or were wrong for a while.
            periods.retain(|period| period.covers(PINNED_ON));
            for period in &mut periods {
                (period.from, period.until) = (None, None);
            }
        }
        let mut model = Model { key: name.clone(), periods };
        if !model.is_priced(std::slice::from_ref(&name)) {
            continue;
        }
        let batch = timeline(&timelines["batch"])?
            .into_iter()
            .rfind(|(from, _)| from.is_none_or(|from| from <= PINNED_ON));
        let current = model.periods.iter_mut().find(|period| period.covers(PINNED_ON));
        if let (Some((_, rates)), Some(current)) = (batch, current) {
            let (base, steps) = drafts(rates)?;
            current.card.tiers.batch = tier_card(base, &steps);
        }
        models.insert(name, model);
    }
    Ok(Listing { source: Source::ModelPrices, models, patterns: vec![] })
}

/// The stretches of a timeline that have rates, each with its first day. Hours are dropped: a price holds from the day on which it began.
fn timeline(stretches: &Value) -> Outcome<Vec<(Option<Date>, &Value)>> {
    let mut found = vec![];
    for stretch in stretches.as_array().into_iter().flatten() {
        let from = stretch["start"].as_str().map(str::parse::<Timestamp>).transpose()?;
        if stretch["rates"].is_object() {
            found.push((from.map(|from| from.to_zoned(TimeZone::UTC).date()), &stretch["rates"]));
        }
    }
    Ok(found)
}

fn drafts(rates: &Value) -> Outcome<(Draft, BTreeMap<u64, Draft>)> {
    let mut steps = BTreeMap::new();
    for step in rates["tiers"].as_array().into_iter().flatten() {
        let above = step["above"].as_u64().ok_or("a context step has no start")?;
        steps.insert(above, draft(step, &rates["cache_write_1h_multiple"])?);
    }
    Ok((draft(rates, &rates["cache_write_1h_multiple"])?, steps))
}

fn draft(rates: &Value, long_write_multiple: &Value) -> Outcome<Draft> {
    let mut draft =
        Draft { input: picos(&rates["input"], 6)?, output: picos(&rates["output"], 6)?, ..Draft::default() };
    draft.rest.cache_read = picos(&rates["cache_read"], 6)?;
    draft.rest.cache_write_short = picos(&rates["cache_write"], 6)?;
    // The multiple is given for models without paid cache writes too, where it means nothing.
    if let (Some(input), Some(_), Some(multiple)) =
        (draft.input, draft.rest.cache_write_short, picos(long_write_multiple, 6)?)
    {
        draft.rest.cache_write_long =
            div_half_even(i128::from(input.0) * i128::from(multiple.0), 1_000_000).map(PicosPerUnit);
    }
    Ok(draft)
}
