//! What the doctor finds.

use crate::sqlite::rollup::{DAY, HOUR};
use meterwire_core::money::CostNanos;
use std::fmt;

/// The most findings that are listed; the rest is counted.
const MAX_LISTED: usize = 100;

/// One thing that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// SQLite's own check complains.
    Damage(String),
    /// A sum of a rollup is not what its events add up to. This can be mended.
    Rollup {
        /// The set of dimensions.
        set: &'static str,
        /// The tenant's number.
        tenant_id: i64,
        /// Width of the slot in quarters of an hour.
        width: i64,
        /// Start of the slot, Unix milliseconds.
        start_ms: i64,
        /// Numbers of the labels that tell the row apart.
        labels: Vec<i64>,
        /// The column that differs.
        column: &'static str,
        /// What is stored; `None` where it cannot be read or is no single number.
        stored: Option<i64>,
        /// What the events add up to.
        recounted: Option<i64>,
    },
    /// A segment, or its list of late events, does not hold the events of its time. This can be mended.
    Segment {
        /// The tenant's number.
        tenant_id: i64,
        /// Its start, Unix milliseconds.
        start_ms: i64,
    },
    /// A day's packed users are not what the rollup of users says. This can be mended.
    PackedUsers {
        /// The tenant's number.
        tenant_id: i64,
        /// Start of the day, Unix milliseconds.
        start_ms: i64,
    },
    /// What was spent of a budget in a period is not what usage adds up to. This can be mended.
    Budget {
        /// The tenant's number.
        tenant_id: i64,
        /// The budget's id.
        budget: String,
        /// Start of the period, Unix milliseconds.
        start_ms: i64,
        /// What is stored, nano-dollars.
        stored: i64,
        /// What usage adds up to, nano-dollars.
        recounted: i64,
    },
    /// The statement of a closed period is not what was frozen, or does not make today's totals with what has come since.
    Closing {
        /// The tenant's number.
        tenant_id: i64,
        /// The period: `2026-10`.
        name: String,
        /// What is wrong.
        what: String,
    },
    /// An event is there twice, or its identity is wrong.
    Identity {
        /// The event's number.
        seq: i64,
        /// What is wrong.
        what: &'static str,
    },
    /// An event names a label, or belongs to a tenant, that is not there.
    Orphan {
        /// The event's number.
        seq: i64,
        /// What is missing.
        what: &'static str,
    },
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Damage(line) => write!(f, "database: {line}"),
            Self::Rollup { set, tenant_id, width, start_ms, labels, column, stored, recounted } => {
                let width = match *width {
                    DAY => "day",
                    HOUR => "hour",
                    _ => "15 minutes",
                };
                let number =
                    |value: &Option<i64>| value.map_or("other values".to_owned(), |value| value.to_string());
                let (stored, recounted) = (number(stored), number(recounted));
                write!(
                    f,
                    "rollup {set} of tenant {tenant_id}, {width} from {start_ms}, labels {labels:?}: {column} is {stored}, \
                     events add up to {recounted}"
                )
            }
            Self::Segment { tenant_id, start_ms } => {
                write!(
                    f,
                    "segment of tenant {tenant_id} from {start_ms}: it does not hold the events of its time"
                )
            }
            Self::PackedUsers { tenant_id, start_ms } => {
                write!(
                    f,
                    "packed users of tenant {tenant_id}, day from {start_ms}: they are not what the rollup says"
                )
            }
            Self::Budget { tenant_id, budget, start_ms, stored, recounted } => {
                let (stored, recounted) = (CostNanos(*stored), CostNanos(*recounted));
                write!(
                    f,
                    "budget {budget} of tenant {tenant_id}, period from {start_ms}: {stored} USD spent, usage adds up to \
                     {recounted}"
                )
            }
            Self::Closing { tenant_id, name, what } => {
                write!(f, "closed period {name} of tenant {tenant_id}: {what}")
            }
            Self::Identity { seq, what } | Self::Orphan { seq, what } => write!(f, "event {seq}: {what}"),
        }
    }
}

/// What the doctor saw.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Events that were looked at, voided ones too.
    pub events: u64,
    /// Rows of rollups that were compared.
    pub rollup_rows: u64,
    /// The first findings.
    pub findings: Vec<Finding>,
    /// How many there are in all.
    pub found: u64,
    /// Rows of rollups that were rewritten.
    pub repaired: u64,
}

impl Report {
    /// Nothing is wrong.
    pub fn is_clean(&self) -> bool {
        self.found == 0
    }

    pub(super) fn add(&mut self, finding: Finding) {
        self.found += 1;
        if self.findings.len() < MAX_LISTED {
            self.findings.push(finding);
        }
    }
}
