//! The price book: all sheets, indexed by every name a model goes by.

use super::names::{
    MAX_NAME_BYTES, NameIndex, fold_provider, maker_of, without_maker, without_path, without_region,
};
use super::sheet::{ModelPrices, PriceSheet};
use super::{PriceEntry, PriceError, PriceId, TenantBook};
use std::collections::HashMap;
use std::sync::Arc;

/// The prices of all providers. Cheap to clone.
///
/// How a price is found: the provider by any of its names (or, where the event names none, by its model), the model
/// by its exact name, an alias, or the same name spelled otherwise, and then the price in force at the event's time.
/// A time before a model's first known price takes its latest price: a trace replayed on a newer model is meant at
/// today's price. A time in a gap or after the last price has none.
#[derive(Debug, Clone, Default)]
pub struct PriceBook(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    providers: Vec<Provider>,
    /// Every name of a provider, as spelled and folded.
    by_name: HashMap<Box<str>, usize>,
    /// Where a price id points: provider, model, price.
    by_id: HashMap<Box<str>, (usize, usize, usize)>,
}

#[derive(Debug)]
struct Provider {
    name: Box<str>,
    resells: bool,
    names: NameIndex,
    models: Vec<Model>,
}

#[derive(Debug)]
struct Model {
    name: Box<str>,
    /// Oldest first, without overlaps.
    prices: Vec<PriceEntry>,
}

impl PriceBook {
    /// The book of the sheets in `prices/`, read once.
    ///
    /// A sheet that cannot be read would be left out and its models be unpriced; a test proves that all can.
    pub fn builtin() -> &'static Self {
        super::builtin::book()
    }

    /// Whether it is the other one, or a clone of it.
    pub(super) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// A book of these sheets. Refused where one is wrong or two claim the same provider name.
    pub fn from_sheets(sheets: Vec<PriceSheet>) -> Result<Self, PriceError> {
        let mut inner = Inner::default();
        for sheet in sheets {
            sheet.check()?;
            inner.add(&sheet)?;
        }
        Ok(Self(Arc::new(inner)))
    }

    /// The price of a model at a time. See [`PriceBook`] for the rules.
    pub fn resolve(&self, provider: Option<&str>, model: &str, at_ms: i64) -> Option<&PriceEntry> {
        self.0.locate(provider, model)?.at(at_ms)
    }

    /// The book's name for a model, whatever its time.
    pub fn canonical_model(&self, provider: Option<&str>, model: &str) -> Option<&str> {
        self.0.locate(provider, model).map(|found| &*found.name)
    }

    /// The book's name for a provider: `azure.ai.openai` is `azure_openai`.
    pub fn canonical_provider(&self, name: &str) -> Option<&str> {
        self.0.provider(name).map(|index| &*self.0.providers[index].name)
    }

    /// The provider that a model belongs to where its event names none: by a prefix (`azure/gpt-4o`), by Bedrock's way
    /// of writing, or by its family (`claude-...`). Models that many sell have none.
    pub fn provider_of_model(&self, model: &str) -> Option<&str> {
        self.0.provider_of_model(model).map(|index| &*self.0.providers[index].name)
    }

    /// The price with this id.
    pub fn entry(&self, id: &str) -> Option<&PriceEntry> {
        let (provider, model, price) = *self.0.by_id.get(id)?;
        self.0.providers.get(provider)?.models.get(model)?.prices.get(price)
    }

    /// All prices, by provider, model and time.
    pub fn entries(&self) -> impl Iterator<Item = &PriceEntry> {
        self.0
            .providers
            .iter()
            .flat_map(|provider| provider.models.iter().flat_map(|model| model.prices.iter()))
    }

    /// The providers' names, sorted.
    pub fn providers(&self) -> impl Iterator<Item = &str> {
        self.0.providers.iter().map(|provider| &*provider.name)
    }

    /// A tenant's own prices over this book.
    pub fn with_overrides(&self, overrides: Vec<PriceEntry>) -> TenantBook {
        TenantBook::new(self.clone(), overrides)
    }
}

impl Model {
    fn at(&self, at_ms: i64) -> Option<&PriceEntry> {
        let first_ms = self.prices.first()?.from_ms();
        if first_ms.is_some_and(|first_ms| at_ms < first_ms) {
            return self.prices.last();
        }
        self.prices.iter().rfind(|price| price.covers(at_ms))
    }
}

impl Inner {
    fn add(&mut self, sheet: &PriceSheet) -> Result<(), PriceError> {
        let mut names = NameIndex::default();
        let mut sorted: Vec<&ModelPrices> = sheet.models.iter().collect();
        sorted.sort_by(|a, b| a.model.cmp(&b.model));
        let mut models = vec![];
        for (index, model) in sorted.into_iter().enumerate() {
            for name in std::iter::once(&model.model).chain(&model.aliases) {
                names.add(name, index);
            }
            models.push(Model {
                name: model.model.as_str().into(),
                prices: entries_of(&sheet.provider, model)?,
            });
        }
        names.add_short_forms();
        let provider =
            Provider { name: sheet.provider.as_str().into(), resells: sheet.resells, names, models };
        let place = self.providers.partition_point(|other| other.name < provider.name);
        self.providers.insert(place, provider);
        for index in self.by_name.values_mut().filter(|index| **index >= place) {
            *index += 1;
        }
        for name in std::iter::once(&sheet.provider).chain(&sheet.aliases) {
            self.add_provider_name(name, place)?;
        }
        self.index_ids();
        Ok(())
    }

    fn add_provider_name(&mut self, name: &str, place: usize) -> Result<(), PriceError> {
        for spelling in [name.to_owned(), fold_provider(name)] {
            let holder = *self.by_name.entry(spelling.into_boxed_str()).or_insert(place);
            if holder != place {
                return Err(PriceError::new(name, "is a name of two providers"));
            }
        }
        Ok(())
    }

    fn index_ids(&mut self) {
        self.by_id.clear();
        for (p, provider) in self.providers.iter().enumerate() {
            for (m, model) in provider.models.iter().enumerate() {
                for (e, entry) in model.prices.iter().enumerate() {
                    self.by_id.insert(entry.id().into(), (p, m, e));
                }
            }
        }
    }

    fn locate(&self, provider: Option<&str>, model: &str) -> Option<&Model> {
        let place = match provider {
            Some(name) => self.provider(name)?,
            None => self.provider_of_model(model)?,
        };
        let provider = self.providers.get(place)?;
        let found = provider.names.exact(model).or_else(|| self.find_spelled_otherwise(place, model))?;
        provider.models.get(found)
    }

    fn provider(&self, name: &str) -> Option<usize> {
        if let Some(place) = self.by_name.get(name) {
            return Some(*place);
        }
        if name.len() > MAX_NAME_BYTES {
            return None;
        }
        self.by_name.get(fold_provider(name).as_str()).copied()
    }

    fn provider_of_model(&self, model: &str) -> Option<usize> {
        if model.len() > MAX_NAME_BYTES {
            return None;
        }
        let lower = model.trim().to_ascii_lowercase();
        if lower.starts_with("projects/") || lower.starts_with("publishers/") {
            return self.provider("google");
        }
        let bare = lower.strip_prefix("models/").unwrap_or(&lower);
        if let Some(maker) = maker_of(bare) {
            return self.provider(maker);
        }
        let (prefix, _) = bare.split_once('/')?;
        self.provider(prefix)
    }

    fn find_spelled_otherwise(&self, place: usize, model: &str) -> Option<usize> {
        if model.len() > MAX_NAME_BYTES {
            return None;
        }
        let names = &self.providers.get(place)?.names;
        let lower = model.trim().to_ascii_lowercase();
        let mut name = lower.as_str();
        loop {
            if let Some(found) = names.known(name).or_else(|| names.known_without_suffixes(name)) {
                return Some(found);
            }
            name = self.without_prefix(place, name)?;
        }
    }

    /// Takes one prefix off that says nothing about the price.
    fn without_prefix<'n>(&self, place: usize, name: &'n str) -> Option<&'n str> {
        let own = self.providers.get(place)?;
        if let Some(rest) = without_path(name).or_else(|| without_region(name)) {
            return Some(rest);
        }
        if let Some(rest) = without_maker(name) {
            // `anthropic.claude-...` may come from the maker itself or, in short, from a seller of many makers.
            let maker = name.split_once('.').and_then(|(maker, _)| self.provider(maker));
            return (maker == Some(place) || own.resells).then_some(rest);
        }
        let (prefix, rest) = name.split_once('/')?;
        let named = self.provider(prefix)?;
        (named == place || own.resells).then_some(rest)
    }
}

fn entries_of(provider: &str, model: &ModelPrices) -> Result<Vec<PriceEntry>, PriceError> {
    let entry = |price: &super::SheetPrice| {
        PriceEntry::from_card(
            PriceId::new(price.id(provider, &model.model)),
            provider,
            &model.model,
            price.starts_ms()?,
            price.ends_ms()?,
            price.card.clone(),
            &price.source,
        )
    };
    model.prices.iter().map(entry).collect()
}

#[cfg(test)]
pub(super) mod tests;
