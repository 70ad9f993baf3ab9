//! The dimensions by which usage can be grouped and filtered: the built-in ones, and properties of events that a tenant
//! has declared as dimensions.

use crate::invalid::Invalid;
use std::fmt;
use std::str::FromStr;

/// The most properties that a tenant can declare as dimensions.
pub const MAX_DECLARED: usize = 8;

/// One of the [`MAX_DECLARED`] places that a tenant has for declared properties.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct Place(u8);

impl Place {
    /// Every place.
    pub const ALL: [Self; MAX_DECLARED] =
        [Self(0), Self(1), Self(2), Self(3), Self(4), Self(5), Self(6), Self(7)];

    /// The place of this number, from 0.
    pub fn new(index: usize) -> Option<Self> {
        Self::ALL.get(index).copied()
    }

    /// Its number, from 0.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// Something by which usage is told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    /// Who sells the model: `openai`.
    Provider,
    /// The model as the sender named it: `gpt-4o`.
    Model,
    /// The project (workspace) that the usage belongs to.
    Project,
    /// The end user.
    User,
    /// The customer's own name for the API key that was used.
    ApiKey,
    /// The agent inside a project.
    Agent,
    /// The department that pays.
    Department,
    /// ISO 3166 country of the caller.
    Country,
    /// HTTP status of the call.
    Status,
    /// What was done: `chat`, `embeddings`.
    Operation,
    /// The provider's service tier: `default`, `batch`, `flex`, `priority`.
    ServiceTier,
    /// A property of events that the tenant has declared; [`Dimensions`] knows its name.
    Property(Place),
}

impl Dimension {
    /// Every built-in dimension, in the order of the contract.
    pub const ALL: [Self; 11] = [
        Self::Provider,
        Self::Model,
        Self::Project,
        Self::User,
        Self::ApiKey,
        Self::Agent,
        Self::Department,
        Self::Country,
        Self::Status,
        Self::Operation,
        Self::ServiceTier,
    ];

    /// The built-in dimensions whose values are texts; the status is a number.
    pub const TEXTS: [Self; 10] = [
        Self::Provider,
        Self::Model,
        Self::Project,
        Self::User,
        Self::ApiKey,
        Self::Agent,
        Self::Department,
        Self::Country,
        Self::Operation,
        Self::ServiceTier,
    ];

    /// Every dimension whose values are texts: [`Self::TEXTS`], then the places of declared properties.
    pub const LABELLED: [Self; Self::TEXTS.len() + MAX_DECLARED] = {
        let mut all = [Self::Provider; Self::TEXTS.len() + MAX_DECLARED];
        let mut i = 0;
        while i < Self::TEXTS.len() {
            all[i] = Self::TEXTS[i];
            i += 1;
        }
        let mut place = 0;
        while place < MAX_DECLARED {
            all[i + place] = Self::Property(Place::ALL[place]);
            place += 1;
        }
        all
    };

    /// The name in routes, columns and files. A declared property has the name of its place; its own is known to
    /// [`Dimensions`].
    pub fn name(self) -> &'static str {
        match self {
            Self::Provider => "provider",
            Self::Model => "model",
            Self::Project => "project",
            Self::User => "user",
            Self::ApiKey => "api_key",
            Self::Agent => "agent",
            Self::Department => "department",
            Self::Country => "country",
            Self::Status => "status",
            Self::Operation => "operation",
            Self::ServiceTier => "service_tier",
            Self::Property(place) => PLACE_NAMES[place.index()],
        }
    }
}

const PLACE_NAMES: [&str; MAX_DECLARED] = [
    "property_1",
    "property_2",
    "property_3",
    "property_4",
    "property_5",
    "property_6",
    "property_7",
    "property_8",
];

/// A property of events that a tenant has declared as a dimension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    /// Its name among the dimensions.
    pub name: String,
    /// The key under `properties`.
    pub property: String,
    /// Where its values are kept.
    pub place: Place,
    /// Whether the events from before its declaration are counted too.
    pub ready: bool,
}

/// The dimensions that one tenant knows: the built-in ones and those it declared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dimensions {
    declared: Vec<Declared>,
}

impl Dimensions {
    /// The built-in dimensions and these.
    pub fn new(declared: Vec<Declared>) -> Self {
        Self { declared }
    }

    /// What was declared.
    pub fn declared(&self) -> &[Declared] {
        &self.declared
    }

    /// What was declared at a dimension's place.
    pub fn declared_at(&self, dimension: Dimension) -> Option<&Declared> {
        self.declared.iter().find(|declared| Dimension::Property(declared.place) == dimension)
    }

    /// Reads a dimension's name, refused under the field that held it.
    pub fn parse(&self, field: &str, name: &str) -> Result<Dimension, Invalid> {
        if let Ok(dimension) = name.parse() {
            return Ok(dimension);
        }
        if let Some(declared) = self.declared.iter().find(|declared| declared.name == name) {
            return Ok(Dimension::Property(declared.place));
        }
        let mut known: Vec<&str> = Dimension::ALL.into_iter().map(Dimension::name).collect();
        known.extend(self.declared.iter().map(|declared| declared.name.as_str()));
        let known = known.join(", ");
        Err(Invalid::new(field, format!("{field} must be one of {known}")))
    }

    /// The name of a dimension.
    pub fn name(&self, dimension: Dimension) -> &str {
        self.declared_at(dimension).map_or(dimension.name(), |declared| &declared.name)
    }
}

impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Dimension {
    type Err = ();
    fn from_str(name: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|dimension| dimension.name() == name).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenant_knows_its_own_dimensions_by_name() {
        let place = Place::new(2).unwrap();
        let feature = Declared { name: "feature".into(), property: "f".into(), place, ready: true };
        let dimensions = Dimensions::new(vec![feature]);
        assert_eq!(dimensions.parse("group_by", "feature"), Ok(Dimension::Property(place)));
        assert_eq!(dimensions.name(Dimension::Property(place)), "feature");
        assert_eq!(dimensions.parse("group_by", "model"), Ok(Dimension::Model));
        let refused = Dimensions::default().parse("group_by", "feature").unwrap_err();
        assert_eq!(refused.field, "group_by");
        let refused = dimensions.parse("filter", "property_3").unwrap_err();
        assert!(refused.message.ends_with("service_tier, feature"), "{}", refused.message);
    }

    #[test]
    fn places_follow_the_texts() {
        assert_eq!(Dimension::LABELLED[..10], Dimension::TEXTS);
        assert_eq!(Dimension::LABELLED[17].name(), "property_8");
        assert_eq!(Place::new(8), None);
    }
}
