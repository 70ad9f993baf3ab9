//! The server: HTTP over the use cases, configuration, lifecycle, the command line.

pub mod cli;
pub mod config;
pub mod http;
pub mod lifecycle;
mod outgoing;
