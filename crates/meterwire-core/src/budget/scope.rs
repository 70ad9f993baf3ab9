//! Which usage a budget is for.

use crate::dimension::Dimension;
use crate::invalid::Invalid;
use crate::name::check_label;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// By what usage can be taken into a budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScopeField {
    /// The project.
    Project,
    /// The end user.
    User,
    /// The customer's own name for the API key.
    ApiKey,
    /// The department that pays.
    Department,
    /// The team that the project belongs to now.
    Team,
    /// The model as the sender named it.
    Model,
}

impl ScopeField {
    /// Every one.
    pub const ALL: [Self; 6] =
        [Self::Project, Self::User, Self::ApiKey, Self::Department, Self::Team, Self::Model];

    /// The contract's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Project => "project",
            Self::User => "user",
            Self::ApiKey => "api_key",
            Self::Department => "department",
            Self::Team => "team",
            Self::Model => "model",
        }
    }

    /// Reads the contract's name; `field` is what the caller calls it.
    pub fn parse(field: &str, name: &str) -> Result<Self, Invalid> {
        Self::ALL.into_iter().find(|known| known.name() == name).ok_or_else(|| {
            let known = Self::ALL.map(Self::name).join(", ");
            Invalid::new(field, format!("{field} must be one of {known}"))
        })
    }

    /// The dimension of an event that it is compared with; a team is found by the project.
    pub fn dimension(self) -> Option<Dimension> {
        match self {
            Self::Project => Some(Dimension::Project),
            Self::User => Some(Dimension::User),
            Self::ApiKey => Some(Dimension::ApiKey),
            Self::Department => Some(Dimension::Department),
            Self::Model => Some(Dimension::Model),
            Self::Team => None,
        }
    }
}

/// The values that usage must have to be taken into a budget; nothing named takes in everything.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Scope(pub BTreeMap<ScopeField, String>);

impl Scope {
    /// A scope of these values.
    pub fn of<'a>(values: impl IntoIterator<Item = (ScopeField, &'a str)>) -> Self {
        Self(values.into_iter().map(|(field, value)| (field, value.to_owned())).collect())
    }

    /// Whether it takes in everything.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value of a field.
    pub fn get(&self, field: ScopeField) -> Option<&str> {
        self.0.get(&field).map(String::as_str)
    }

    /// Whether everything in this scope is in the other: it names at least the same values.
    pub fn is_within(&self, other: &Self) -> bool {
        other.0.iter().all(|(field, value)| self.get(*field) == Some(value))
    }

    /// Whether usage with these values is taken in.
    pub fn takes<'a>(&self, value_of: impl Fn(ScopeField) -> Option<&'a str>) -> bool {
        self.0.iter().all(|(field, value)| value_of(*field) == Some(value.as_str()))
    }

    pub(super) fn check(&self) -> Result<(), Invalid> {
        for (field, value) in &self.0 {
            check_label(&format!("scope.{}", field.name()), value)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_takes_in_what_has_all_its_values() {
        let scope = Scope::of([(ScopeField::Project, "bot"), (ScopeField::Model, "gpt-4o")]);
        let usage = |project: Option<&'static str>, model: Option<&'static str>| {
            move |field| match field {
                ScopeField::Project => project,
                ScopeField::Model => model,
                _ => Some("other"),
            }
        };
        assert!(scope.takes(usage(Some("bot"), Some("gpt-4o"))));
        assert!(!scope.takes(usage(Some("bot"), Some("gpt-4"))));
        assert!(!scope.takes(usage(Some("bot"), None)));
        assert!(Scope::default().takes(usage(None, None)));
    }

    #[test]
    fn a_narrower_scope_is_within_a_wider_one() {
        let wide = Scope::of([(ScopeField::Department, "care")]);
        let narrow = Scope::of([(ScopeField::Department, "care"), (ScopeField::Model, "gpt-4o")]);
        assert!(narrow.is_within(&wide) && wide.is_within(&wide) && wide.is_within(&Scope::default()));
        assert!(!wide.is_within(&narrow));
        assert!(!Scope::of([(ScopeField::Department, "sales")]).is_within(&wide));
    }

    #[test]
    fn scopes_are_written_as_plain_maps() {
        let scope = Scope::of([(ScopeField::ApiKey, "batch"), (ScopeField::User, "u-1")]);
        let json = serde_json::to_string(&scope).unwrap();
        assert_eq!(json, r#"{"user":"u-1","api_key":"batch"}"#);
        assert_eq!(serde_json::from_str::<Scope>(&json).unwrap(), scope);
        assert_eq!(Scope::of([(ScopeField::User, "")]).check().unwrap_err().field, "scope.user");
        assert_eq!(ScopeField::parse("by", "country").unwrap_err().field, "by");
    }
}
