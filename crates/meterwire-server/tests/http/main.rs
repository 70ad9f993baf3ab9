//! The HTTP contract, over the real router and the real store, with the clock fixed and no port.

mod access;
mod bad_input;
mod catalogue;
mod document;
mod harness;
mod jwt;
mod questions;
mod recording;
mod sign_in;
