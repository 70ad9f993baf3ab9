//! What the doctor finds, of either store.

use crate::slot::{DAY, HOUR};
use meterwire_core::money::CostNanos;
use std::fmt;

/// What the doctor of neither store can hold against anything, for people.
pub const NOT_CHECKED: &[&str] = &[
    "counters and levels of limits (what decisions counted stands nowhere else)",
    "totals of time whose single events were dropped (they are the only ones there are)",
];

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
    /// Something of a cluster: PostgreSQL and ClickHouse do not agree, or one of them with itself.
    Cluster {
        /// What it is about.
        part: Part,
        /// What is wrong, in a sentence.
        what: String,
    },
}

/// Parts of a cluster that the doctor looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// What waits for ClickHouse, or is kept behind it.
    Outbox,
    /// A batch that went there.
    Batch,
    /// What the manifest names.
    Manifest,
    /// The ledger of a tenant.
    Ledger,
    /// Identities of events.
    Identities,
    /// Totals that were folded.
    Fold,
    /// Texts of labels.
    Labels,
    /// On which shard events are.
    Shards,
}

impl Finding {
    /// What to do about it.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Damage(_) | Self::Orphan { .. } => {
                "restore the newest backup that is sound: meterwire restore"
            }
            Self::Rollup { .. } | Self::Segment { .. } | Self::PackedUsers { .. } | Self::Budget { .. } => {
                "it is made from events: meterwire doctor --repair writes it anew"
            }
            Self::Identity { .. } => "meterwire doctor --repair makes the index of identities anew",
            Self::Closing { .. } => {
                "compare the statement with what was sent; reopen the period and close it again, which is noted"
            }
            Self::Cluster { part, .. } => part.advice(),
        }
    }
}

impl Part {
    fn name(self) -> &'static str {
        match self {
            Self::Outbox => "outbox",
            Self::Batch => "batch",
            Self::Manifest => "manifest",
            Self::Ledger => "ledger",
            Self::Identities => "identities",
            Self::Fold => "fold",
            Self::Labels => "labels",
            Self::Shards => "shards",
        }
    }

    fn advice(self) -> &'static str {
        match self {
            Self::Outbox => {
                "ClickHouse cannot get these events: restore PostgreSQL, and ClickHouse of the same moment or later"
            }
            Self::Batch => {
                "ClickHouse lost what it had taken (a power failure without fsync, a lost disk): while PostgreSQL keeps the batch,                  meterwire doctor --repair sends it again; else restore ClickHouse"
            }
            Self::Manifest => {
                "PostgreSQL was changed by hand, or restored from before what ClickHouse has: restore both to one moment,                  PostgreSQL first"
            }
            Self::Ledger | Self::Identities => {
                "PostgreSQL and ClickHouse are not of one moment, or one of them lost rows: look at findings of batches and folds                  first, then restore both to one moment"
            }
            Self::Fold => {
                "events and what they were added up to differ: restore ClickHouse, or the partitions of this time from a replica"
            }
            Self::Labels => "restore PostgreSQL: texts of labels are only there",
            Self::Shards => {
                "storage.clickhouse names the shards in another order or number than before: write it as it was"
            }
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
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
            Self::Cluster { part, what } => write!(f, "{part}: {what}"),
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
    /// Rows of rollups that were rewritten, or rows that were sent to ClickHouse again.
    pub repaired: u64,
    /// Of a cluster: events that have not gone to ClickHouse yet; no fault.
    pub waiting: u64,
}

/// How far a long piece of work has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Done so far.
    pub done: u64,
    /// Of so many.
    pub total: u64,
}

impl Report {
    /// Nothing is wrong.
    pub fn is_clean(&self) -> bool {
        self.found == 0
    }

    pub(crate) fn add(&mut self, finding: Finding) {
        self.found += 1;
        if self.findings.len() < MAX_LISTED {
            self.findings.push(finding);
        }
    }
}
