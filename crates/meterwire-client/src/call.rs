//! One request of the contract, before it is sent.

use crate::error::Error;
use reqwest::Method;
use serde::Serialize;
use std::time::Duration;

/// How long a settlement that nobody waits for is tried.
const PATIENCE: Duration = Duration::from_mins(5);

/// A request that may be sent several times: every one either reads, or is safe to repeat by its key or its nature.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) method: Method,
    /// The segments of the path, not yet encoded.
    pub(crate) path: Vec<String>,
    pub(crate) query: Vec<(&'static str, String)>,
    pub(crate) body: Option<Vec<u8>>,
    /// Instead of the client's deadline and number of tries.
    pub(crate) patience: Option<Duration>,
}

impl Call {
    pub(crate) fn get(path: &[&str]) -> Self {
        Self::new(Method::GET, path)
    }

    pub(crate) fn new(method: Method, path: &[&str]) -> Self {
        let path = path.iter().map(|&segment| segment.to_owned()).collect();
        Self { method, path, query: Vec::new(), body: None, patience: None }
    }

    pub(crate) fn post(path: &[&str], body: &impl Serialize) -> Result<Self, Error> {
        Self::new(Method::POST, path).json(body)
    }

    pub(crate) fn json(self, body: &impl Serialize) -> Result<Self, Error> {
        let body = serde_json::to_vec(body).map_err(|error| Error::Protocol(format!("not sent: {error}")))?;
        Ok(self.body(body))
    }

    pub(crate) fn body(mut self, body: Vec<u8>) -> Self {
        self.body = Some(body);
        self
    }

    pub(crate) fn query(mut self, name: &'static str, value: impl ToString) -> Self {
        self.query.push((name, value.to_string()));
        self
    }

    pub(crate) fn patiently(mut self) -> Self {
        self.patience = Some(PATIENCE);
        self
    }
}
