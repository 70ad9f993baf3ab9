//! The dimensions by which usage can be grouped and filtered.

use std::fmt;
use std::str::FromStr;

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
}

impl Dimension {
    /// Every dimension, in the order of the contract.
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

    /// The dimensions whose values are texts; the status is a number.
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

    /// The name in routes, columns and files.
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
        }
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
