//! `[budget]`.

use meterwire_core::budget::{DEFAULT_MONTHLY_BUDGET, parse_amount};
use meterwire_core::money::CostNanos;
use serde::{Deserialize, Deserializer, Serialize};

/// What a month may cost.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BudgetConfig {
    /// Dollars of every tenant's default budget that nobody has changed; `MONTHLY_BUDGET` sets it too.
    #[serde(deserialize_with = "text")]
    pub monthly: String,
}

impl Default for BudgetConfig {
    fn default() -> Self {
        Self { monthly: format!("{DEFAULT_MONTHLY_BUDGET}.00") }
    }
}

impl BudgetConfig {
    /// The amount; a sentence says what is wrong with it.
    pub fn amount(&self) -> Result<CostNanos, String> {
        let json = self.monthly.trim();
        parse_amount("budget.monthly", json).map_err(|invalid| format!("configuration: {}", invalid.message))
    }
}

/// An amount may be written as a number or as a text.
fn text<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    match serde_json::Value::deserialize(from)? {
        serde_json::Value::String(text) => Ok(text),
        serde_json::Value::Number(number) => Ok(number.to_string()),
        _ => Err(serde::de::Error::custom("budget.monthly must be an amount of dollars such as 100.00")),
    }
}
