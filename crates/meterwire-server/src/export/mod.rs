//! What an export looks like: CSV and NDJSON, a statement as PDF, FOCUS for tools of cost management.
//!
//! What is exported is decided in `meterwire_app`; here it becomes bytes, a bounded piece at a time. A reader that is slow
//! is waited for, one that goes away ends the work, and an error half-way cuts the transfer off, so that nobody takes a
//! part for the whole.

mod about;
mod body;
mod cell;
pub(crate) mod closed;
mod departments;
mod focus;
mod log;
pub(crate) mod pdf;
mod places;
mod reconciliation;
mod totals;

pub(crate) use about::{Header, file_name};
pub(crate) use body::{Pieces, body, file_of};
pub(crate) use departments::departments_csv;
pub(crate) use focus::FocusPieces;
pub(crate) use log::LogPieces;
pub(crate) use places::{Place, Places};
pub(crate) use reconciliation::reconciliation_csv;
pub(crate) use totals::TotalsPieces;

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RowFormat {
    /// Comma-separated values with a line of names.
    Csv,
    /// A JSON object a line.
    Ndjson,
}

/// What goes wrong while bytes are made.
pub(crate) type Fault = Box<dyn std::error::Error + Send + Sync>;
