//! The HTTP contract, over the real router and the real store, with the clock fixed and no port.

#![expect(clippy::unwrap_used, reason = "a test stops where something is wrong")]

mod access;
mod alerts;
mod bad_input;
mod budgets;
mod catalogue;
mod closings;
mod compare;
mod departments;
mod dimensions;
mod document;
mod erase;
mod explain;
mod export;
mod forecast;
mod harness;
mod insights;
mod jwt;
mod limit_admin;
mod limit_catalogue;
mod limit_clock;
mod limit_refusals;
mod limit_reservations;
mod limits;
mod log_pages;
mod organization;
mod organization_sums;
mod providers;
mod questions;
mod receipt;
mod reconciliation;
mod recording;
mod reports;
mod retention;
mod sign_in;
mod spend;
mod stand_in;
mod statistics;
mod stream;
