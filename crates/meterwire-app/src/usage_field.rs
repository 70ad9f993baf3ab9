//! The fields of `OpenAI`'s usage API, and what of an event each of them is.

use meterwire_core::dimension::Dimension;
use meterwire_core::price::ServiceTier;
use meterwire_core::usage_kind::image_source;

/// By what results are grouped or filtered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UsageField {
    /// The project.
    Project,
    /// The user.
    User,
    /// The customer's name for the API key.
    ApiKey,
    /// The model.
    Model,
    /// Whether the service tier is a batch: `true` or `false`.
    Batch,
    /// The service tier as it was sent.
    ServiceTier,
    /// Provider and model: `openai/gpt-4o`.
    LineItem,
    /// The event's property `size`.
    Size,
    /// How an image came about.
    Source,
    /// The event's property `vector_store_id`.
    VectorStore,
    /// The event's property `search_context_size`.
    ContextLevel,
}

impl UsageField {
    /// The dimension that it is, value for value.
    pub(crate) fn dimension(self) -> Option<Dimension> {
        match self {
            Self::Project => Some(Dimension::Project),
            Self::User => Some(Dimension::User),
            Self::ApiKey => Some(Dimension::ApiKey),
            Self::Model => Some(Dimension::Model),
            Self::ServiceTier => Some(Dimension::ServiceTier),
            _ => None,
        }
    }

    /// The dimensions that it is made of.
    pub(crate) fn made_of(self) -> &'static [Dimension] {
        match self {
            Self::Project => &[Dimension::Project],
            Self::User => &[Dimension::User],
            Self::ApiKey => &[Dimension::ApiKey],
            Self::Model => &[Dimension::Model],
            Self::Batch | Self::ServiceTier => &[Dimension::ServiceTier],
            Self::LineItem => &[Dimension::Provider, Dimension::Model],
            Self::Source => &[Dimension::Operation],
            Self::Size | Self::VectorStore | Self::ContextLevel => &[],
        }
    }

    /// The property of events that it is.
    pub(crate) fn property(self) -> Option<&'static str> {
        match self {
            Self::Size => Some("size"),
            Self::VectorStore => Some("vector_store_id"),
            Self::ContextLevel => Some("search_context_size"),
            _ => None,
        }
    }

    /// Its value of an event or of a group of sums, from labels and properties.
    pub(crate) fn value<'a>(
        self,
        label: &impl Fn(Dimension) -> Option<&'a str>,
        property: &impl Fn(&str) -> Option<String>,
    ) -> Option<String> {
        match self {
            Self::Batch => {
                let tier = ServiceTier::from_name(label(Dimension::ServiceTier));
                Some((tier == ServiceTier::Batch).to_string())
            }
            Self::LineItem => match (label(Dimension::Provider), label(Dimension::Model)) {
                (Some(provider), Some(model)) => Some(format!("{provider}/{model}")),
                (one, other) => one.or(other).map(str::to_owned),
            },
            Self::Source => Some(image_source(label(Dimension::Operation)).to_owned()),
            _ => match self.property() {
                Some(name) => property(name),
                None => self.dimension().and_then(label).map(str::to_owned),
            },
        }
    }
}
