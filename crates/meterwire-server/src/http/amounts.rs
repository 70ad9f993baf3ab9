//! Amounts of metrics in JSON: exact decimals, never through a float.

use meterwire_core::amount::Amount;
use meterwire_core::invalid::Invalid;
use meterwire_core::limit::MetricName;
use meterwire_core::money::format_decimal;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;
use std::borrow::Cow;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};
use utoipa::{PartialSchema, ToSchema};

/// An amount as callers see it: a JSON number with exactly its digits (`10`, `2.5`, `0.001`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AmountToApi {
    units: i64,
    decimals: u32,
}

impl AmountToApi {
    /// Nothing, of any metric.
    pub(crate) const ZERO: Self = Self { units: 0, decimals: 0 };

    /// An amount with so many decimals.
    pub(crate) fn of_decimals(units: i64, decimals: u32) -> Self {
        Self { units, decimals }
    }

    /// An amount of this metric.
    pub(crate) fn new(metric: &MetricName, units: i64) -> Self {
        Self { units, decimals: metric.decimals() }
    }
}

impl Serialize for AmountToApi {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let one = 10_i64.pow(self.decimals);
        if self.units % one == 0 {
            return to.serialize_i64(self.units / one);
        }
        let number = format_decimal(self.units, self.decimals);
        RawValue::from_string(number).map_err(serde::ser::Error::custom)?.serialize(to)
    }
}

impl PartialSchema for AmountToApi {
    fn schema() -> RefOr<Schema> {
        let number = ObjectBuilder::new()
            .schema_type(Type::Number)
            .description(Some("An exact decimal with up to six places; of `cost_usd` up to nine."))
            .examples([serde_json::json!(2.5)]);
        Schema::Object(number.build()).into()
    }
}

impl ToSchema for AmountToApi {
    fn name() -> Cow<'static, str> {
        "Amount".into()
    }
}

/// An amount as callers send it: a JSON number, rounded half to even where its tail is too long, or a decimal string,
/// which must be exact. Kept as it was written until the metric is known.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(crate) struct AmountFromApi(pub(crate) Box<RawValue>);

impl AmountFromApi {
    /// Reads it as an amount of this metric; `field` is what the caller calls it.
    pub(crate) fn parse(&self, field: &str, metric: &MetricName) -> Result<Amount, Invalid> {
        parse_amount(field, metric, &self.0)
    }
}

impl PartialSchema for AmountFromApi {
    fn schema() -> RefOr<Schema> {
        let either = ObjectBuilder::new()
            .schema_type(SchemaType::from_iter([Type::Number, Type::String]))
            .description(Some("A number, or an exact decimal string: 2.5 or \"2.5\"."));
        Schema::Object(either.build()).into()
    }
}

impl ToSchema for AmountFromApi {
    fn name() -> Cow<'static, str> {
        "AmountFromApi".into()
    }
}

/// A limit as callers see it: null is unlimited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(crate) struct LimitToApi(Option<AmountToApi>);

impl LimitToApi {
    /// A limit of this metric.
    pub(crate) fn new(metric: &MetricName, limit: Option<Amount>) -> Self {
        Self(limit.map(|amount| AmountToApi::new(metric, amount.0)))
    }

    /// A limit of whatever metric but money.
    pub(crate) fn in_millionths(limit: Option<Amount>) -> Self {
        Self(limit.map(|amount| AmountToApi { units: amount.0, decimals: 6 }))
    }
}

impl PartialSchema for LimitToApi {
    fn schema() -> RefOr<Schema> {
        let limit = ObjectBuilder::new()
            .schema_type(SchemaType::from_iter([Type::Number, Type::Null]))
            .description(Some("An exact decimal; null is unlimited."));
        Schema::Object(limit.build()).into()
    }
}

impl ToSchema for LimitToApi {
    fn name() -> Cow<'static, str> {
        "Limit".into()
    }
}

/// A limit as callers send it: an amount, or null for unlimited.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(crate) struct LimitFromApi(pub(crate) Option<AmountFromApi>);

impl LimitFromApi {
    /// Reads it as a limit of this metric; `field` is what the caller calls it.
    pub(crate) fn parse(&self, field: &str, metric: &MetricName) -> Result<Option<Amount>, Invalid> {
        self.0.as_ref().map(|amount| amount.parse(field, metric)).transpose()
    }
}

impl PartialSchema for LimitFromApi {
    fn schema() -> RefOr<Schema> {
        let limit = ObjectBuilder::new()
            .schema_type(SchemaType::from_iter([Type::Number, Type::String, Type::Null]))
            .description(Some("A number, or an exact decimal string; null is unlimited."));
        Schema::Object(limit.build()).into()
    }
}

impl ToSchema for LimitFromApi {
    fn name() -> Cow<'static, str> {
        "LimitFromApi".into()
    }
}

/// Reads an amount as it stands in the body; `field` is what the caller calls it.
pub(crate) fn parse_amount(field: &str, metric: &MetricName, raw: &RawValue) -> Result<Amount, Invalid> {
    metric.parse_amount(field, raw.get())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn amounts_keep_every_digit() {
        let (hours, cost) = (MetricName::parse("metric", "compute_hours").unwrap(), MetricName::cost());
        let write =
            |metric: &MetricName, units| serde_json::to_string(&AmountToApi::new(metric, units)).unwrap();
        assert_eq!(write(&hours, 10_000_000), "10");
        assert_eq!(write(&hours, 2_500_000), "2.5");
        assert_eq!(write(&hours, -1), "-0.000001");
        assert_eq!(write(&hours, 999_999_999_999_999_999), "999999999999.999999");
        assert_eq!(write(&cost, 1), "0.000000001");
        let row = BTreeMap::from([("a", Some(AmountToApi::new(&hours, 1_000))), ("b", None)]);
        assert_eq!(serde_json::to_string(&row).unwrap(), r#"{"a":0.001,"b":null}"#);
    }

    #[test]
    fn amounts_are_read_as_they_were_written() {
        let metric = MetricName::parse("metric", "storage").unwrap();
        let read = |json: &str| -> BTreeMap<String, Option<AmountFromApi>> {
            crate::http::body::parse_json(json.as_bytes()).unwrap()
        };
        let body = read(r#"{"n":0.30000000000000004,"s":"0.25","x":"0.0000001","z":null,"b":[1]}"#);
        let amount = |name: &str| body[name].as_ref().map(|raw| raw.parse(name, &metric));
        assert_eq!(amount("n"), Some(Ok(Amount(300_000))));
        assert_eq!(amount("s"), Some(Ok(Amount(250_000))));
        assert_eq!(amount("x").unwrap().unwrap_err().field, "x");
        assert_eq!(amount("b").unwrap().unwrap_err().field, "b");
        assert!(amount("z").is_none());
    }
}
