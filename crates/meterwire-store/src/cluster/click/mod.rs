//! ClickHouse: a small client of its HTTP interface, its row format, our tables in it and the questions to them.

pub(crate) mod client;
pub(crate) mod ddl;
mod error;
pub(crate) mod folds;
pub(crate) mod rowbinary;
pub(crate) mod text;
pub(crate) mod values;

#[cfg(test)]
mod tests;
