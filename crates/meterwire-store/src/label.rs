//! Labels: texts kept once and known by a number. 0 stands for an absent value.

use meterwire_core::dimension::Dimension;

/// What a label is a value of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum LabelKind {
    /// A text dimension.
    Dimension(Dimension),
    /// The source of events.
    Source,
    /// The id of the price an event was rated with.
    Price,
}

/// How many kinds there are, plus one: codes begin at 1.
pub(crate) const KIND_CODES: usize = 21;

impl LabelKind {
    /// The code on disk; it must never change.
    pub(crate) fn code(self) -> Option<u8> {
        Some(match self {
            Self::Dimension(Dimension::Provider) => 1,
            Self::Dimension(Dimension::Model) => 2,
            Self::Dimension(Dimension::Project) => 3,
            Self::Dimension(Dimension::User) => 4,
            Self::Dimension(Dimension::ApiKey) => 5,
            Self::Dimension(Dimension::Agent) => 6,
            Self::Dimension(Dimension::Department) => 7,
            Self::Dimension(Dimension::Country) => 8,
            Self::Dimension(Dimension::Operation) => 9,
            Self::Dimension(Dimension::ServiceTier) => 10,
            Self::Source => 11,
            Self::Price => 12,
            Self::Dimension(Dimension::Property(place)) => 13 + u8::try_from(place.index()).unwrap_or(0),
            // The status is a number, not a label.
            Self::Dimension(Dimension::Status) => return None,
        })
    }
}

/// How many labels an event has, its source and price aside.
pub(crate) const LABELS: usize = Dimension::LABELLED.len();

/// The place of a text dimension in a row's labels.
pub(crate) fn text_index(dimension: Dimension) -> Option<usize> {
    Dimension::LABELLED.iter().position(|text| *text == dimension)
}
