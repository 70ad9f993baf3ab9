//! Amounts of countable metrics (deployments, compute hours, bytes): exact decimals with six places.

use crate::money::{MoneyError, format_decimal, parse_decimal};
use std::fmt;

/// An amount in millionths of its unit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(pub i64);

/// The largest amount one event may carry: a thousand billion units.
pub const MAX_AMOUNT: Amount = Amount(1_000_000_000_000 * 1_000_000);

impl Amount {
    /// Reads a plain decimal with up to six places.
    pub fn parse(text: &str) -> Result<Self, MoneyError> {
        parse_decimal(text, 6).map(Self)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&format_decimal(self.0, 6))
    }
}
