//! The rules of metering: what an event is, what it costs, which period it falls in and what can be asked.
//!
//! Pure and synchronous: no clock, no disk, no network. `now` and ids are given by the caller.

pub mod alert;
pub mod amount;
pub mod budget;
pub mod closing;
pub mod compare;
pub mod dimension;
pub mod event;
pub mod explain;
pub mod forecast;
pub mod insight;
pub mod invalid;
pub mod limit;
pub mod model_cost;
pub mod money;
pub mod name;
pub mod pace;
pub mod percent;
pub mod period;
pub mod price;
pub mod property;
pub mod provider_report;
pub mod provider_usage;
pub mod report;
pub mod rerate;
pub mod sketch;
pub mod survey;
pub mod tokens;
pub mod totals;
pub mod usage_kind;
pub mod usage_page;
pub mod usage_query;
pub mod what_if;
