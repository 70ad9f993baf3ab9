//! Servers that come and go, and clients that do not give up: what is not answered is sent again, to any of them.

use super::send;
use crate::cli_support::Random;
use serde_json::Value;
use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant};

/// The longest that a client waits for one answer. None is ever missing for so long.
const PATIENCE: Duration = Duration::from_mins(1);

/// Where the servers are now; none while one is down.
#[derive(Clone)]
pub(crate) struct Fleet {
    http: reqwest::Client,
    urls: Arc<RwLock<Vec<Option<String>>>>,
}

/// An answer of any server.
#[derive(Debug)]
pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) body: Value,
    /// How often it was sent before without an answer; what was sent may have been done nevertheless.
    pub(crate) cut: u32,
}

impl Fleet {
    pub(crate) fn new(servers: usize) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().timeout(Duration::from_secs(20)).build().unwrap();
        Self { http, urls: Arc::new(RwLock::new(vec![None; servers])) }
    }

    /// A server is there from now on, or not any more.
    pub(crate) fn set(&self, server: usize, url: Option<String>) {
        self.urls.write().unwrap()[server] = url;
    }

    fn any(&self, random: &mut Random) -> Option<String> {
        let urls = self.urls.read().unwrap();
        let there: Vec<&String> = urls.iter().flatten().collect();
        let place = usize::try_from(random.below(there.len().max(1) as u64)).unwrap();
        there.get(place).map(|url| (*url).clone())
    }

    /// Sends to any server, again and again, until one answers with something else than 503.
    pub(crate) async fn persist(
        &self,
        random: &mut Random,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Answered {
        let begun = Instant::now();
        let mut cut = 0;
        loop {
            let mut last = None;
            if let Some(url) = self.any(random) {
                match send(&self.http, method, &format!("{url}{path}"), body).await {
                    Some((status, body)) if status != 503 => return Answered { status, body, cut },
                    // Also a 503 may mean that only the answer of a commit was lost.
                    answer => {
                        cut += 1;
                        last = answer;
                    }
                }
            }
            assert!(begun.elapsed() < PATIENCE, "{method} {path}: no answer for {PATIENCE:?}, last {last:?}");
            tokio::time::sleep(Duration::from_millis(10 + random.below(90))).await;
        }
    }

    /// Sends once to any server; `None` where nobody answered, or with 503.
    pub(crate) async fn once(
        &self,
        random: &mut Random,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Option<(u16, Value)> {
        let url = self.any(random)?;
        send(&self.http, method, &format!("{url}{path}"), body).await.filter(|(status, _)| *status != 503)
    }
}
