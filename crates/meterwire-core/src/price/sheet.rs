//! The file format of `prices/`: one provider a file, checked whole before anything of it is used.

use super::rates::{rest, take};
use super::{PriceError, RateCard};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::HashSet;

/// The longest name of a provider or model, and the longest source.
const MAX_NAME_BYTES: usize = 128;
/// The most models of one sheet.
const MAX_MODELS: usize = 10_000;
/// The most dated prices of one model.
const MAX_PRICES: usize = 200;

/// One provider's prices, as a file of `prices/` holds them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceSheet {
    /// The JSON schema of the file, for editors.
    #[serde(rename = "$schema", default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The provider's name in the book, such as `azure_openai`.
    pub provider: String,
    /// Other names of the provider. Case and the separators `. - / _` and space make no difference.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// It sells other makers' models too, so `maker/model` names are looked up here as `model`.
    #[serde(default, skip_serializing_if = "is_false")]
    pub resells: bool,
    /// Where the facts come from.
    pub provenance: Vec<Provenance>,
    /// The models, sorted by name.
    pub models: Vec<ModelPrices>,
}

/// A catalogue that prices were taken from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provenance {
    /// The package's name on PyPI.
    pub package: String,
    /// The version that was read.
    pub version: String,
    /// The day it was taken.
    pub date: Date,
    /// Its licence (SPDX).
    pub license: String,
}

/// One model's names and dated prices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelPrices {
    /// The model's name in the book, in lower case.
    pub model: String,
    /// Other names with the same price, dated ones for example.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// The prices, oldest first, without overlaps.
    pub prices: Vec<SheetPrice>,
}

/// One price and the days it is in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Map<String, Value>")]
pub struct SheetPrice {
    /// The first day, from midnight UTC on; `null` = always before.
    pub from: Option<Date>,
    /// The first day it is no longer in force; `null` = it still is.
    pub until: Option<Date>,
    /// The catalogues it was taken from.
    pub source: String,
    /// The rates.
    #[serde(flatten)]
    pub card: RateCard,
}

impl TryFrom<Map<String, Value>> for SheetPrice {
    type Error = String;
    fn try_from(mut object: Map<String, Value>) -> Result<Self, String> {
        Ok(Self {
            from: take(&mut object, "from")?,
            until: take(&mut object, "until")?,
            source: take(&mut object, "source")?,
            card: rest(object)?,
        })
    }
}

impl PriceSheet {
    /// Reads and checks a sheet.
    pub fn parse(json: &str) -> Result<Self, PriceError> {
        let sheet: Self =
            serde_json::from_str(json).map_err(|e| PriceError::new("price sheet", e.to_string()))?;
        sheet.check()?;
        Ok(sheet)
    }

    /// Refuses names that are doubled or badly written, days out of order, and rates out of range.
    pub fn check(&self) -> Result<(), PriceError> {
        check_name("provider", &self.provider)?;
        for alias in &self.aliases {
            check_name(&format!("{} aliases", self.provider), alias)?;
        }
        if self.models.len() > MAX_MODELS {
            return Err(PriceError::new(&self.provider, format!("has more than {MAX_MODELS} models")));
        }
        if self.provenance.is_empty() {
            return Err(PriceError::new(&self.provider, "names no provenance"));
        }
        let mut names = HashSet::new();
        for model in &self.models {
            let at = format!("{}/{}", self.provider, model.model);
            for name in std::iter::once(&model.model).chain(&model.aliases) {
                check_name(&at, name)?;
                if !names.insert(name.as_str()) {
                    return Err(PriceError::new(at, format!("{name:?} is named twice in this sheet")));
                }
            }
            check_prices(&at, &model.prices)?;
        }
        Ok(())
    }
}

impl SheetPrice {
    /// The id of this price.
    pub(super) fn id(&self, provider: &str, model: &str) -> String {
        match self.from {
            Some(day) => format!("{provider}/{model}@{day}"),
            None => format!("{provider}/{model}@-"),
        }
    }

    /// The first instant, in milliseconds.
    pub(super) fn starts_ms(&self) -> Result<Option<i64>, PriceError> {
        midnight_ms(self.from)
    }

    /// The first instant after, in milliseconds.
    pub(super) fn ends_ms(&self) -> Result<Option<i64>, PriceError> {
        midnight_ms(self.until)
    }
}

fn midnight_ms(day: Option<Date>) -> Result<Option<i64>, PriceError> {
    day.map(|day| match day.to_zoned(TimeZone::UTC) {
        Ok(midnight) => Ok(midnight.timestamp().as_millisecond()),
        Err(e) => Err(PriceError::new(day.to_string(), e.to_string())),
    })
    .transpose()
}

fn check_name(at: &str, name: &str) -> Result<(), PriceError> {
    let plain = |c: char| c.is_ascii_graphic() && !c.is_ascii_uppercase();
    if name.is_empty() || name.len() > MAX_NAME_BYTES || !name.chars().all(plain) {
        return Err(PriceError::new(
            at,
            format!("{name:?} must be 1 to {MAX_NAME_BYTES} plain lower-case characters"),
        ));
    }
    Ok(())
}

fn check_prices(at: &str, prices: &[SheetPrice]) -> Result<(), PriceError> {
    if prices.is_empty() || prices.len() > MAX_PRICES {
        return Err(PriceError::new(at, format!("must have 1 to {MAX_PRICES} prices")));
    }
    for price in prices {
        if price.source.is_empty() || price.source.len() > MAX_NAME_BYTES {
            return Err(PriceError::new(at, format!("a source must have 1 to {MAX_NAME_BYTES} bytes")));
        }
        if let (Some(from), Some(until)) = (price.from, price.until)
            && from >= until
        {
            return Err(PriceError::new(at, format!("the price from {from} ends before it begins")));
        }
        price.card.check(at)?;
    }
    for (earlier, later) in prices.iter().zip(prices.iter().skip(1)) {
        let in_order = matches!((earlier.until, later.from), (Some(until), Some(from)) if until <= from);
        if !in_order {
            return Err(PriceError::new(at, "prices overlap or are not oldest first"));
        }
    }
    Ok(())
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's `skip_serializing_if` demands this shape")]
fn is_false(value: &bool) -> bool {
    !value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(prices: &str) -> Result<PriceSheet, PriceError> {
        PriceSheet::parse(&format!(
            r#"{{"provider":"p","provenance":[{{"package":"x","version":"1","date":"2026-11-22","license":"MIT"}}],
                "models":[{{"model":"m","prices":{prices}}}]}}"#
        ))
    }

    #[test]
    fn a_sheet_reads_and_writes_the_same() {
        let text = r#"[{"from":null,"until":"2025-01-01","source":"x 1","input":"2.50","output":"10"},
            {"from":"2025-01-01","until":null,"source":"x 1","input":"2","output":"8","cache_read":"0.5","per_request":"0.01",
             "context":[{"above":200000,"input":"4","output":"12"}],
             "tiers":{"batch":{"input":"1","output":"4","context":[{"above":200000,"input":"2","output":"6"}]}}}]"#;
        let read = sheet(text).unwrap();
        let written = serde_json::to_string(&read).unwrap();
        assert_eq!(PriceSheet::parse(&written).unwrap(), read);
        assert!(written.contains(r#""input":"2.5","output":"10""#), "{written}");
        assert_eq!(read.models[0].prices[1].id("p", "m"), "p/m@2025-01-01");
        assert_eq!(read.models[0].prices[0].ends_ms(), Ok(Some(1_735_689_600_000)));
    }

    #[test]
    fn a_bad_sheet_is_refused_with_the_place() {
        let bad = [
            ("[]", "must have 1 to"),
            (r#"[{"source":"x","input":"1"}]"#, "missing field `output`"),
            (r#"[{"source":"x","input":"1","output":"1","typo":"1"}]"#, "unknown field `typo`"),
            (r#"[{"source":"x","input":1,"output":"1"}]"#, "expected a string"),
            (r#"[{"source":"x","input":"1e3","output":"1"}]"#, "not a decimal number"),
            (r#"[{"source":"x","input":"-1","output":"1"}]"#, "must not be negative"),
            (r#"[{"source":"x","input":"10000.1","output":"1"}]"#, "must be at most"),
            (
                r#"[{"source":"x","input":"1","output":"1","tiers":{"turbo":{"input":"1","output":"1"}}}]"#,
                "unknown field `turbo`",
            ),
            (
                r#"[{"source":"x","input":"1","output":"1","tiers":{"batch":{"input":"-1","output":"1"}}}]"#,
                "tiers.batch input",
            ),
            (
                r#"[{"source":"x","input":"1","output":"1","context":[{"above":0,"input":"1","output":"1"}]}]"#,
                "must rise",
            ),
            (
                r#"[{"source":"x","input":"1","output":"1","context":[{"above":9,"input":"1","output":"1"},{"above":9,"input":"1","output":"1"}]}]"#,
                "must rise",
            ),
            (r#"[{"input":"1","output":"1"}]"#, "a source must have"),
            (
                r#"[{"from":"2025-01-01","until":"2025-01-01","source":"x","input":"1","output":"1"}]"#,
                "ends before it begins",
            ),
            (
                r#"[{"source":"x","input":"1","output":"1"},{"source":"x","input":"1","output":"1"}]"#,
                "overlap",
            ),
            (
                r#"[{"until":"2025-01-02","source":"x","input":"1","output":"1"},{"from":"2025-01-01","source":"x","input":"1","output":"1"}]"#,
                "overlap",
            ),
            (r#"[{"from":"2025-02-30","source":"x","input":"1","output":"1"}]"#, "from"),
        ];
        for (prices, expected) in bad {
            let message = sheet(prices).unwrap_err().to_string();
            assert!(message.contains(expected), "{prices} gave {message}");
        }
    }

    #[test]
    fn names_are_plain_and_single() {
        let with = |models: &str| {
            PriceSheet::parse(&format!(
                r#"{{"provider":"p","provenance":[{{"package":"x","version":"1","date":"2026-11-22","license":"MIT"}}],"models":[{models}]}}"#
            ))
        };
        let price = r#""prices":[{"source":"x","input":"1","output":"1"}]"#;
        assert!(with(&format!(r#"{{"model":"a","aliases":["b"],{price}}},{{"model":"c",{price}}}"#)).is_ok());
        for models in [
            format!(r#"{{"model":"a",{price}}},{{"model":"a",{price}}}"#),
            format!(r#"{{"model":"a","aliases":["a"],{price}}}"#),
            format!(r#"{{"model":"a","aliases":["c"],{price}}},{{"model":"c",{price}}}"#),
            format!(r#"{{"model":"A",{price}}}"#),
            format!(r#"{{"model":"a b",{price}}}"#),
            format!(r#"{{"model":"",{price}}}"#),
        ] {
            assert!(with(&models).is_err(), "{models}");
        }
    }
}
