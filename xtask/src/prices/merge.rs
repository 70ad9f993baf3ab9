//! Makes one sheet of what the catalogues say.
//!
//! A price comes whole from one catalogue: the first in the provider's order of preference that lists the model, unless
//! it stands alone against two independent others that agree. What it leaves out (a cache rate, a service tier) is filled in from the
//! next one that agrees on input, output and context steps. Nothing is averaged or mixed beyond that, and the source of a
//! price says what came from where.

use super::Outcome;
use super::catalogue::{Listing, Model, Period};
use super::settings::{PACKAGES, PINNED_ON, ProviderSettings, Source};
use meterwire_core::price::{
    ContextRates, ModelPrices, PriceSheet, Provenance, RateCard, Rates, SheetPrice, TierCard,
};
use std::collections::{BTreeMap, BTreeSet};

/// What was seen while merging.
#[derive(Debug, Default)]
pub(super) struct Report {
    /// Names and aliases in the sheet.
    pub(super) names: usize,
    /// Names that two or more catalogues list.
    pub(super) compared: usize,
    /// Those of them with another input or output price somewhere.
    pub(super) disagreements: usize,
}

/// A model with all its names and where its prices come from.
struct Group {
    names: BTreeSet<String>,
    periods: Vec<Period>,
    /// The catalogue.
    source: String,
    /// What was filled into the current price: `; batch: litellm 1.109.1`.
    filled: String,
}

pub(super) fn sheet(settings: &ProviderSettings, listings: &[Listing]) -> Outcome<(PriceSheet, Report)> {
    let mut report = Report::default();
    let names: BTreeSet<&String> = listings.iter().flat_map(|listing| listing.models.keys()).collect();
    let mut groups: BTreeMap<(usize, String), Group> = BTreeMap::new();
    for name in names {
        let Some((index, model)) = pick(listings, name) else {
            continue;
        };
        compare(listings, name, model, &mut report);
        let group = groups.entry((index, model.key.clone())).or_insert_with(|| Group {
            names: BTreeSet::new(),
            periods: model.periods.clone(),
            source: listings.get(index).map_or_else(String::new, |listing| listing.source.label()),
            filled: String::new(),
        });
        group.names.insert(name.clone());
    }
    let mut models = BTreeMap::new();
    for ((index, key), mut group) in groups {
        complete(&mut group, &key, index, listings);
        let canonical =
            if group.names.contains(&key) { key } else { group.names.first().cloned().unwrap_or(key) };
        group.names.remove(&canonical);
        models.insert(canonical, group);
    }
    fold_same_prices(&mut models);
    report.names = models.values().map(|group| group.names.len() + 1).sum();
    let used: Vec<String> =
        models.values().flat_map(|group| [group.source.clone(), group.filled.clone()]).collect();
    let sheet = PriceSheet {
        schema: Some("schema.json".to_owned()),
        provider: settings.provider.to_owned(),
        aliases: settings.aliases.iter().map(|alias| (*alias).to_owned()).collect(),
        resells: settings.resells,
        provenance: provenance(&used.join(" ")),
        models: models.into_iter().map(|(model, group)| sheet_model(model, group)).collect(),
    };
    sheet.check()?;
    Ok((sheet, report))
}

/// The first catalogue that lists the name itself is believed. One that covers it by a pattern is believed before it,
/// if it stands higher and both agree: it may know more than the bare price.
fn pick<'l>(listings: &'l [Listing], name: &str) -> Option<(usize, &'l Model)> {
    let mut exact =
        listings.iter().enumerate().filter_map(|(index, listing)| Some((index, listing.models.get(name)?)));
    let first = exact.next()?;
    let others: Vec<(usize, &Model)> = exact.collect();
    let believed = overruled(listings, first, &others).unwrap_or(first);
    let by_pattern =
        listings.iter().enumerate().find_map(|(index, listing)| Some((index, listing.of(name)?.0)));
    by_pattern
        .filter(|(index, model)| *index < believed.0 && model.base() == believed.1.base())
        .or(Some(believed))
}

/// The first of the others, where at least two independent ones agree on a base price and nobody shares that of `first`.
/// A price that began on a known day is not overruled: the others may not have heard of it yet.
fn overruled<'l>(
    listings: &[Listing],
    first: (usize, &'l Model),
    others: &[(usize, &'l Model)],
) -> Option<(usize, &'l Model)> {
    // model-prices is made from models.dev: together they are one witness.
    let witness = |index: usize| match listings.get(index).map(|listing| listing.source) {
        Some(Source::ModelPrices) => Some(Source::ModelsDev),
        source => source,
    };
    if first.1.current().is_some_and(|period| period.from.is_some()) {
        return None;
    }
    if others
        .iter()
        .any(|(index, model)| model.base() == first.1.base() && witness(*index) != witness(first.0))
    {
        return None;
    }
    let agreed = |(index, model): &&(usize, &Model)| {
        let same = |(other, with): &(usize, &Model)| {
            with.base() == model.base() && witness(*other) != witness(*index)
        };
        model.base() != first.1.base() && others.iter().any(same)
    };
    others.iter().find(agreed).copied()
}

fn compare(listings: &[Listing], name: &str, picked: &Model, report: &mut Report) {
    let bases: Vec<_> =
        listings.iter().filter_map(|listing| listing.models.get(name)).map(Model::base).collect();
    if bases.len() > 1 {
        report.compared += 1;
        report.disagreements += usize::from(bases.iter().any(|base| *base != picked.base()));
    }
}

/// Fills in what the current price leaves out.
fn complete(group: &mut Group, key: &str, picked_from: usize, listings: &[Listing]) {
    let place = group.periods.iter().position(|period| period.covers(PINNED_ON));
    if let Some(current) = place.and_then(|place| group.periods.get_mut(place)) {
        for (_, listing) in listings.iter().enumerate().filter(|(index, _)| *index != picked_from) {
            let own_names = std::iter::once(key).chain(group.names.iter().map(String::as_str));
            let mut others = own_names.filter_map(|name| listing.models.get(name)?.current());
            let Some(other) = others.find(|other| same_base(&other.card, &current.card)) else {
                continue;
            };
            let filled = fill_card(&mut current.card, &slimmed(other.card.clone()));
            if !filled.is_empty() {
                group.filled = format!("{}; {}: {}", group.filled, filled.join(", "), listing.source.label());
            }
        }
    }
}

/// The same input, output and context steps: then the catalogues speak of the same price.
fn same_base(a: &RateCard, b: &RateCard) -> bool {
    a.rates.input == b.rates.input && a.rates.output == b.rates.output && same_steps(&a.context, &b.context)
}

fn same_steps(a: &[ContextRates], b: &[ContextRates]) -> bool {
    let base = |step: &ContextRates| (step.above, step.rates.input, step.rates.output);
    a.iter().map(base).eq(b.iter().map(base))
}

fn fill_card(card: &mut RateCard, other: &RateCard) -> Vec<&'static str> {
    let mut filled = vec![];
    for (name, tier, other) in [
        ("batch", &mut card.tiers.batch, &other.tiers.batch),
        ("flex", &mut card.tiers.flex, &other.tiers.flex),
        ("priority", &mut card.tiers.priority, &other.tiers.priority),
    ] {
        // A tier with other context steps than the standard price would be priced wrongly beyond them.
        let fits = |other: &&TierCard| {
            other.context.iter().map(|step| step.above).eq(card.context.iter().map(|step| step.above))
        };
        if let (None, Some(other)) = (&tier, other.as_ref().filter(fits)) {
            *tier = Some(undiscounted(other, &card.rates, &card.context));
            filled.push(name);
        }
    }
    for (name, slot) in optional_rates() {
        if slot(&mut card.rates).is_some() || slot(&mut other.rates.clone()).is_none() {
            continue;
        }
        *slot(&mut card.rates) = *slot(&mut other.rates.clone());
        for (step, others) in card.context.iter_mut().zip(&other.context) {
            *slot(&mut step.rates) = *slot(&mut others.rates.clone());
        }
        let tiers = [
            (&mut card.tiers.batch, &other.tiers.batch),
            (&mut card.tiers.flex, &other.tiers.flex),
            (&mut card.tiers.priority, &other.tiers.priority),
        ];
        for (tier, others) in tiers {
            fill_tier(tier.as_mut(), others.as_ref(), slot, &other.rates);
        }
        filled.push(name);
    }
    filled
}

/// A tier whose missing rates are the standard ones: what a catalogue gives no discount for has none.
fn undiscounted(tier: &TierCard, standard: &Rates, context: &[ContextRates]) -> TierCard {
    let mut tier = tier.clone();
    fill_rates(&mut tier.rates, standard);
    for (step, standard) in tier.context.iter_mut().zip(context) {
        fill_rates(&mut step.rates, &standard.rates);
    }
    tier
}

fn fill_rates(rates: &mut Rates, standard: &Rates) {
    for (_, slot) in optional_rates() {
        if slot(rates).is_none() {
            *slot(rates) = *slot(&mut standard.clone());
        }
    }
}

type Slot = fn(&mut Rates) -> &mut Option<meterwire_core::money::PicosPerUnit>;

/// A rate that no tier names is not discounted there, so the standard one stands.
fn fill_tier(tier: Option<&mut TierCard>, others: Option<&TierCard>, slot: Slot, standard: &Rates) {
    let Some(tier) = tier else { return };
    let other = others.filter(|other| same_steps(&other.context, &tier.context));
    let value = other.and_then(|other| *slot(&mut other.rates.clone())).or(*slot(&mut standard.clone()));
    if slot(&mut tier.rates).is_none() {
        *slot(&mut tier.rates) = value;
    }
    for (index, step) in tier.context.iter_mut().enumerate() {
        if slot(&mut step.rates).is_none() {
            let from_step = other.and_then(|other| *slot(&mut other.context.get(index)?.rates.clone()));
            *slot(&mut step.rates) = from_step.or(value);
        }
    }
}

fn optional_rates() -> [(&'static str, Slot); 8] {
    [
        ("cache_read", |rates| &mut rates.cache_read),
        ("cache_write_short", |rates| &mut rates.cache_write_short),
        ("cache_write_long", |rates| &mut rates.cache_write_long),
        ("reasoning", |rates| &mut rates.reasoning),
        ("audio_input", |rates| &mut rates.audio_input),
        ("audio_output", |rates| &mut rates.audio_output),
        ("image_input", |rates| &mut rates.image_input),
        ("image_output", |rates| &mut rates.image_output),
    ]
}

/// Dated, regional and `-latest` names that cost what the plain name costs become aliases of it.
fn fold_same_prices(models: &mut BTreeMap<String, Group>) {
    let names: Vec<String> = models.keys().cloned().collect();
    // Longest first, so that `us.x-20250101` reaches `x` by way of `x-20250101`.
    for name in names.iter().rev() {
        let plain = plainer(name).into_iter().find(|plain| {
            let group = models.get(name);
            models
                .get(plain.as_str())
                .is_some_and(|other| group.is_some_and(|group| group.periods == other.periods))
        });
        let Some(plain) = plain else { continue };
        if let Some(folded) = models.remove(name)
            && let Some(kept) = models.get_mut(&plain)
        {
            kept.names.insert(name.clone());
            kept.names.extend(folded.names);
        }
    }
}

/// What a name may be a variant of.
fn plainer(name: &str) -> Vec<String> {
    let mut plainer = vec![];
    for prefix in [
        "global/",
        "global-standard/",
        "us/",
        "eu/",
        "us.",
        "eu.",
        "apac.",
        "global.",
        "jp.",
        "au.",
        "us-gov.",
    ] {
        plainer.extend(name.strip_prefix(prefix).map(str::to_owned));
    }
    plainer.extend(name.strip_suffix("-latest").map(str::to_owned));
    let digits = |text: &str, length: usize| text.len() == length && text.bytes().all(|b| b.is_ascii_digit());
    if let Some((base, day)) = name.rsplit_once(['-', '@']) {
        let dashed = base.rsplit_once('-').and_then(|(base, month)| Some((base.rsplit_once('-')?, month)));
        match dashed {
            _ if digits(day, 8) => plainer.push(base.to_owned()),
            Some(((base, year), month)) if digits(year, 4) && digits(month, 2) && digits(day, 2) => {
                plainer.push(base.to_owned());
            }
            _ => {}
        }
    }
    plainer
}

fn sheet_model(model: String, group: Group) -> ModelPrices {
    let source_of = |period: &Period| {
        let filled = if period.covers(PINNED_ON) { group.filled.as_str() } else { "" };
        format!("{}{filled}", group.source)
    };
    let price = |period: Period| SheetPrice {
        from: period.from,
        until: period.until,
        source: source_of(&period),
        card: slimmed(period.card),
    };
    ModelPrices {
        model,
        aliases: group.names.into_iter().collect(),
        prices: group.periods.into_iter().map(price).collect(),
    }
}

/// Leaves out rates that say what their absence says too.
fn slimmed(mut card: RateCard) -> RateCard {
    let tiers = [&mut card.tiers.batch, &mut card.tiers.flex, &mut card.tiers.priority];
    for tier in tiers.into_iter().flatten() {
        slim(&mut tier.rates);
        tier.context.iter_mut().for_each(|step| slim(&mut step.rates));
    }
    slim(&mut card.rates);
    card.context.iter_mut().for_each(|step| slim(&mut step.rates));
    card
}

fn slim(rates: &mut Rates) {
    for (_, slot) in optional_rates() {
        let full = rates.per_bucket();
        let kept = slot(rates).take();
        if rates.per_bucket() != full {
            *slot(rates) = kept;
        }
    }
}

fn provenance(used: &str) -> Vec<Provenance> {
    let names = |source: Source| used.contains(&source.label());
    PACKAGES
        .iter()
        .filter(|package| names(package.source))
        .map(|package| Provenance {
            package: package.name.to_owned(),
            version: package.version.to_owned(),
            date: PINNED_ON,
            license: "MIT".to_owned(),
        })
        .collect()
}
