//! Meterwire as its users run it: a tenant, an API key of the role that records, limits in the tier.

use crate::Outcome;
use crate::decisions::load::{USER, USERS};
use crate::server::{Server, TENANT};
use serde_json::{Value, json};
use std::path::Path;

/// The metric whose limit nobody reaches.
pub(crate) const OPEN: &str = "api_calls";
/// The metric whose limit everybody has reached.
pub(crate) const FULL: &str = "deployments";
const JSON: &str = "application/json";

/// A running Meterwire with limits.
pub(crate) struct Served {
    pub server: Server,
    pub requests: Requests,
}

/// Requests to one server by a key that records.
pub(crate) struct Requests {
    authorization: String,
}

/// Users may have so much of [`OPEN`] and one of [`FULL`]; answers a new token of the role that records.
pub(crate) fn prepare(server: &Server, limit: u64) -> Outcome<String> {
    let mut admin = server.connect()?;
    let key = json!({ "name": "bench", "role": "ingest" }).to_string();
    let key = admin.post(&format!("/api/v1/keys?tenant={TENANT}"), JSON, key.as_bytes())?.json()?;
    let limits = json!({ "limits": { OPEN: limit, FULL: 1 } }).to_string();
    let tier = format!("/api/v1/tiers/free?tenant={TENANT}");
    admin.send("PATCH", &tier, JSON, limits.as_bytes())?.json()?;
    Ok(key["token"].as_str().ok_or("a key without a token")?.to_owned())
}

impl Requests {
    pub(crate) fn new(server: &Server, token: &str) -> Self {
        Self { authorization: format!("host: {}\r\nauthorization: Bearer {token}\r\n", server.address()) }
    }

    /// `/healthz`: what an answer costs that decides nothing.
    pub(crate) fn healthz(&self) -> Vec<u8> {
        format!("GET /healthz HTTP/1.1\r\n{}\r\n", self.authorization).into_bytes()
    }

    /// One decision of one user.
    pub(crate) fn decision(&self, verb: &str, metric: &str) -> Vec<u8> {
        self.post(verb, &item(metric, USER).to_string())
    }

    /// So many decisions, each of its own user, each with its own verdict.
    pub(crate) fn decisions(&self, metric: &str, count: usize) -> Vec<u8> {
        self.post("consume", &Value::from(vec![item(metric, USER); count]).to_string())
    }

    /// Money of one user, held for a moment.
    pub(crate) fn reservation(&self) -> Vec<u8> {
        let wish = json!({ "cost_usd": "0.000001", "user": format!("u-{USER}"), "ttl_seconds": 1 });
        self.post("reservations", &wish.to_string())
    }

    fn post(&self, verb: &str, body: &str) -> Vec<u8> {
        let (authorization, length) = (&self.authorization, body.len());
        let own = format!("content-type: {JSON}\r\ncontent-length: {length}\r\n");
        format!("POST /api/usage/{verb} HTTP/1.1\r\n{authorization}{own}\r\n{body}").into_bytes()
    }
}

impl Served {
    /// Starts it in a new directory; see [`prepare`].
    pub(crate) fn start(dir: &Path, limit: u64) -> Outcome<Self> {
        let server = Server::start_new(dir)?;
        let requests = Requests::new(&server, &prepare(&server, limit)?);
        Ok(Self { server, requests })
    }

    /// Every user takes the one of [`FULL`] that it may have.
    pub(crate) fn fill(&self) -> Outcome<()> {
        let mut connection = self.server.connect()?;
        let path = format!("/api/usage/consume?tenant={TENANT}");
        let users: Vec<u32> = (0..USERS).collect();
        for users in users.chunks(1_000) {
            let items: Vec<Value> = users.iter().map(|user| item(FULL, &format!("{user:05}"))).collect();
            let answer = connection.post(&path, JSON, Value::from(items).to_string().as_bytes())?.json()?;
            if answer["allowed"] != users.len() {
                return Err(format!("{} of {} were allowed", answer["allowed"], users.len()).into());
            }
        }
        Ok(())
    }

    /// What `status` shows of a metric, for every user.
    pub(crate) fn counted(&self, metric: &str) -> Outcome<Vec<u64>> {
        let mut connection = self.server.connect()?;
        let mut counted = Vec::new();
        for user in 0..USERS {
            let path = format!("/api/usage/status?tenant={TENANT}&user=u-{user:05}");
            let status = connection.get(&path)?.json()?;
            let current = status["metrics"][metric]["current"].as_u64();
            counted.push(current.ok_or_else(|| format!("a status without {metric}: {status}"))?);
        }
        Ok(counted)
    }
}

fn item(metric: &str, user: &str) -> Value {
    json!({ "metric": metric, "user": format!("u-{user}") })
}
