//! Limits: what is counted, over which window, and whether one more fits.
//!
//! A [`Metric`] is a countable quantity with a [`Window`]; a tier, a user and the tenant itself may limit it. Where a user
//! stands on a metric is a [`Standing`]; what came of a wish to use some is a [`Decision`]. The store that keeps the
//! counters decides with these rules and nothing else.

mod decision;
mod metric;
mod window;

pub use decision::{Decision, Reservation, ReservationStatus, Scope, Standing};
pub use metric::{Counted, Counts, MAX_METRICS_OF_TENANT, Metric, MetricName};
pub use window::{Calendar, DAY_MS, Span, Window, day_label, parse_day};

/// The longest that a reservation may hold, in seconds.
pub const MAX_HOLD_SECONDS: u32 = 86_400;
/// How long a reservation holds unless it says so, in seconds.
pub const DEFAULT_HOLD_SECONDS: u32 = 600;
/// How long the answer to an idempotency key is remembered, in milliseconds.
pub const IDEMPOTENCY_MS: i64 = 48 * 3_600_000;
/// The longest idempotency key, in bytes.
pub const MAX_IDEMPOTENCY_KEY_BYTES: usize = 256;
/// The most decisions of one request.
pub const MAX_DECISIONS: usize = 10_000;
/// The tier of a user that has no other.
pub const DEFAULT_TIER: &str = "free";

/// The tiers that a tenant is made with: name and limits of deployments, API calls and compute hours, in whole units.
pub const BUILTIN_TIERS: [(&str, Option<[i64; 3]>); 3] =
    [("free", Some([10, 5_000, 10])), ("pro", Some([50, 50_000, 100])), ("enterprise", None)];
/// The metrics that [`BUILTIN_TIERS`] limits, in its order.
pub const LIMITED_BUILTINS: [&str; 3] = ["deployments", "api_calls", "compute_hours"];
