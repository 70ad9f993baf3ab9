//! Amounts of countable metrics (deployments, compute hours, bytes, money): exact decimals in whole numbers.

/// An amount in the smallest parts that its metric is counted in: millionths of its unit, and of `cost_usd` billionths of a
/// dollar. [`crate::limit::MetricName::decimals_of`] tells which, and writes it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(pub i64);

/// The largest amount one event may carry: a thousand billion units.
pub const MAX_AMOUNT: Amount = Amount(1_000_000_000_000 * 1_000_000);
