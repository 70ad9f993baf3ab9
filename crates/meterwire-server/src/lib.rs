//! The server: HTTP over the use cases, configuration, lifecycle, the command line.

pub mod cli;
pub mod config;
mod deliver;
mod export;
pub mod http;
pub mod lifecycle;
mod opened;
mod outgoing;
mod providers;
pub mod reports;
mod secrets;
