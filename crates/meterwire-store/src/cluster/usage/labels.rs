//! Texts and the numbers that stand for them in ClickHouse.

use crate::cluster::outbox::property_hash;
use crate::cluster::usage::moment::Moment;
use crate::error::{Fault, Work};
use crate::label::LabelKind;
use async_trait::async_trait;
use meterwire_app::ports::{MAX_GROUP_BY, StoreError, TenantId};
use meterwire_core::dimension::Dimension;
use meterwire_core::property::MORE_VALUES;
use meterwire_core::usage_query::Filter;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// Labels by number and by text.
#[async_trait]
pub(crate) trait LabelTexts: Send + Sync {
    /// The texts of these numbers, none of which is 0. One that is not known is absent from the answer.
    async fn texts(&self, tenant: TenantId, numbers: Vec<u32>) -> Work<HashMap<u32, Arc<str>>>;

    /// The numbers of these texts; one that this tenant never had is absent from the answer.
    async fn numbers(
        &self,
        tenant: TenantId,
        kind: LabelKind,
        texts: Vec<String>,
    ) -> Work<HashMap<String, u32>>;
}

/// A filter by numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NumberFilter {
    pub(crate) dimension: Dimension,
    /// The numbers, ascending and each once.
    pub(crate) values: Vec<u64>,
    /// Whether these pass, or all others.
    pub(crate) pass: bool,
}

impl NumberFilter {
    /// Only these.
    pub(crate) fn these(dimension: Dimension, values: impl IntoIterator<Item = u64>) -> Self {
        let values: BTreeSet<_> = values.into_iter().collect();
        Self { dimension, values: values.into_iter().collect(), pass: true }
    }

    pub(crate) fn passes(&self, value: u64) -> bool {
        self.values.binary_search(&value).is_ok() == self.pass
    }
}

/// The number of a property's value beyond those that are told apart.
pub(crate) fn more() -> u64 {
    property_hash(MORE_VALUES)
}

/// The filters by numbers; `None` where one has no value that this tenant ever had, so that nothing passes.
pub(crate) async fn number_filters(
    labels: &dyn LabelTexts,
    moment: &Moment,
    filters: &[Filter],
) -> Work<Option<Vec<NumberFilter>>> {
    let mut numbers = Vec::with_capacity(filters.len());
    for filter in filters {
        let found = match filter.dimension {
            Dimension::Status => NumberFilter::these(
                filter.dimension,
                filter.values.iter().filter_map(|value| status(value.as_deref())),
            ),
            Dimension::Property(_) => property_filter(moment, filter)?,
            dimension => {
                let texts: Vec<String> = filter.values.iter().flatten().cloned().collect();
                let absent = (texts.len() < filter.values.len()).then_some(0);
                let kind = LabelKind::Dimension(dimension);
                let known = labels.numbers(moment.tenant(), kind, texts).await?;
                NumberFilter::these(dimension, known.into_values().map(u64::from).chain(absent))
            }
        };
        if found.pass && found.values.is_empty() {
            return Ok(None);
        }
        numbers.push(found);
    }
    Ok(Some(numbers))
}

fn status(value: Option<&str>) -> Option<u64> {
    let Some(digits) = value else { return Some(0) };
    digits.parse::<u16>().ok().filter(|status| *status > 0).map(u64::from)
}

fn property_filter(moment: &Moment, filter: &Filter) -> Work<NumberFilter> {
    let declared = moment.declared_at(filter.dimension).ok_or(StoreError::NotFound("dimension"))?;
    let is_known = |hash: &u64| declared.values.contains_key(hash);
    let wanted: BTreeSet<u64> =
        filter.values.iter().map(|value| value.as_deref().map_or(0, property_hash)).collect();
    if !wanted.contains(&more()) {
        let known = wanted.into_iter().filter(|hash| *hash == 0 || is_known(hash));
        return Ok(NumberFilter::these(filter.dimension, known));
    }
    // All beyond those that are told apart, so: not one of these, but for those that are wanted.
    let others = declared.values.keys().copied().chain([0]).filter(|hash| !wanted.contains(hash));
    Ok(NumberFilter { pass: false, ..NumberFilter::these(filter.dimension, others) })
}

/// The number that stands for a property's value in an answer.
pub(crate) fn told_apart(moment: &Moment, dimension: Dimension, value: u64) -> u64 {
    match moment.declared_at(dimension) {
        Some(declared) if value != 0 && !declared.values.contains_key(&value) => more(),
        _ => value,
    }
}

/// The texts of many keys at once.
pub(crate) struct KeyTexts<'a> {
    moment: &'a Moment,
    dimensions: &'a [Dimension],
    texts: HashMap<u32, Arc<str>>,
}

impl<'a> KeyTexts<'a> {
    /// Looks up what these keys need.
    pub(crate) async fn of(
        labels: &dyn LabelTexts,
        moment: &'a Moment,
        dimensions: &'a [Dimension],
        keys: impl Iterator<Item = [u64; MAX_GROUP_BY]>,
    ) -> Work<Self> {
        let is_label: Vec<bool> = dimensions.iter().map(|dimension| is_label(*dimension)).collect();
        let mut numbers = BTreeSet::new();
        for key in keys {
            for (number, is_label) in key.iter().zip(&is_label) {
                if *is_label && *number != 0 {
                    numbers.insert(u32::try_from(*number).map_err(|_| no_label(*number))?);
                }
            }
        }
        let texts = if numbers.is_empty() {
            HashMap::new()
        } else {
            labels.texts(moment.tenant(), numbers.into_iter().collect()).await?
        };
        Ok(Self { moment, dimensions, texts })
    }

    /// The values of a key, as an answer tells them.
    pub(crate) fn values(&self, key: [u64; MAX_GROUP_BY]) -> Work<Vec<Option<String>>> {
        self.dimensions.iter().zip(key).map(|(dimension, number)| self.value(*dimension, number)).collect()
    }

    fn value(&self, dimension: Dimension, number: u64) -> Work<Option<String>> {
        if number == 0 {
            return Ok(None);
        }
        let text = match dimension {
            Dimension::Status => return Ok(Some(number.to_string())),
            Dimension::Property(_) => {
                let declared = self.moment.declared_at(dimension).ok_or(StoreError::NotFound("dimension"))?;
                return Ok(Some(declared.values.get(&number).map_or(MORE_VALUES, |text| text).to_owned()));
            }
            _ => u32::try_from(number).ok().and_then(|number| self.texts.get(&number)),
        };
        Ok(Some(text.ok_or_else(|| no_label(number))?.to_string()))
    }
}

fn is_label(dimension: Dimension) -> bool {
    !matches!(dimension, Dimension::Status | Dimension::Property(_))
}

pub(crate) fn no_label(number: u64) -> Fault {
    Fault::Damaged(format!("there is no label {number}"))
}
