//! The rules of metering: what an event is, what it costs, which period it falls in and what can be asked.
//!
//! Pure and synchronous: no clock, no disk, no network. `now` and ids are given by the caller.

pub mod amount;
pub mod compare;
pub mod dimension;
pub mod event;
pub mod explain;
pub mod forecast;
pub mod invalid;
pub mod limit;
pub mod money;
pub mod percent;
pub mod period;
pub mod price;
pub mod property;
pub mod provider_usage;
pub mod sketch;
pub mod tokens;
pub mod totals;
pub mod usage_kind;
pub mod usage_page;
pub mod usage_query;
