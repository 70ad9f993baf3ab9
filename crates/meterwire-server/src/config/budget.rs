//! `[budget]`.

use meterwire_core::budget::{AlertLevels, DEFAULT_MONTHLY_BUDGET, parse_amount};
use meterwire_core::money::CostNanos;
use serde::{Deserialize, Deserializer, Serialize};

const PPM_OF_PERCENT: u32 = 10_000;

/// What a month may cost, and when it is worrying.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BudgetConfig {
    /// Dollars of every tenant's default budget that nobody has changed; `MONTHLY_BUDGET` sets it too.
    #[serde(deserialize_with = "text")]
    pub monthly: String,
    /// From this percentage of a budget on its level is `warning`.
    #[serde(deserialize_with = "super::or_text")]
    pub warning_percent: u32,
    /// From this one on it is `critical`.
    #[serde(deserialize_with = "super::or_text")]
    pub critical_percent: u32,
}

impl Default for BudgetConfig {
    fn default() -> Self {
        let AlertLevels { warning_ppm, critical_ppm } = AlertLevels::default();
        Self {
            monthly: format!("{DEFAULT_MONTHLY_BUDGET}.00"),
            warning_percent: warning_ppm / PPM_OF_PERCENT,
            critical_percent: critical_ppm / PPM_OF_PERCENT,
        }
    }
}

impl BudgetConfig {
    /// The amount; a sentence says what is wrong with it.
    pub fn amount(&self) -> Result<CostNanos, String> {
        let json = self.monthly.trim();
        parse_amount("budget.monthly", json).map_err(|invalid| format!("configuration: {}", invalid.message))
    }
}

impl BudgetConfig {
    /// From which parts of its amount on a budget is worrying; a sentence says what is wrong with them.
    pub fn levels(&self) -> Result<AlertLevels, String> {
        let (warning, critical) = (self.warning_percent, self.critical_percent);
        if warning == 0 || warning > critical || critical > 1_000 {
            let sentence = "budget.warning_percent and budget.critical_percent must be from 1 to 1000, the first at most the second";
            return Err(format!("configuration: {sentence}"));
        }
        Ok(AlertLevels { warning_ppm: warning * PPM_OF_PERCENT, critical_ppm: critical * PPM_OF_PERCENT })
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
