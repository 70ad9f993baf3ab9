//! The HTTP contract, over the real router and the real store, with the clock fixed and no port.

#![expect(clippy::unwrap_used, reason = "a test stops where something is wrong")]

mod access;
mod bad_input;
mod catalogue;
mod compare;
mod dimensions;
mod document;
mod erase;
mod explain;
mod export;
mod forecast;
mod harness;
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
mod questions;
mod receipt;
mod recording;
mod retention;
mod sign_in;
mod statistics;
mod stream;
