//! Believable events from a seed: 30 models with prices, 50 projects, 2,000 users, some much busier than others.

use meterwire_core::price::PriceBook;
use serde_json::json;

pub(crate) const MODELS: usize = 30;
const PROVIDERS: [&str; 6] = ["openai", "anthropic", "google", "mistral", "cohere", "deepseek"];

/// One event, as plain values.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub id: String,
    pub time_ms: i64,
    pub provider: &'static str,
    pub model: &'static str,
    pub project: u64,
    pub user: u64,
    pub api_key: u64,
    pub agent: u64,
    pub department: u64,
    pub country: &'static str,
    pub status: u16,
    pub latency_ms: u64,
    pub first_token_ms: u64,
    pub input: u64,
    pub cached: u64,
    pub output: u64,
    pub reasoning: u64,
}

/// Makes events.
pub(crate) struct Source {
    state: u64,
    models: Vec<(&'static str, &'static str)>,
}

impl Source {
    /// The same seed makes the same events.
    pub(crate) fn new(seed: u64) -> Self {
        let mut models: Vec<(&str, &str)> = Vec::new();
        let entries = || PriceBook::builtin().entries().filter(|entry| entry.until_ms().is_none());
        for provider in PROVIDERS {
            let of_provider = entries().filter(|entry| entry.provider() == provider);
            models.extend(of_provider.map(|entry| (provider, entry.model())).take(MODELS / PROVIDERS.len()));
        }
        Self { state: seed, models }
    }

    fn random(&mut self) -> u64 {
        // SplitMix64: small, seeded, good enough to spread ids.
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.random() % bound
    }

    /// Small numbers are more frequent than large ones.
    fn skewed(&mut self, bound: u64) -> u64 {
        self.below(bound).min(self.below(bound))
    }

    /// An event at a time.
    pub(crate) fn event(&mut self, time_ms: i64) -> Event {
        const COUNTRIES: [&str; 8] = ["US", "DE", "GB", "FR", "IN", "JP", "BR", "NP"];
        const STATUSES: [u16; 10] = [200, 200, 200, 200, 200, 200, 200, 200, 429, 500];
        let models = self.models.len() as u64;
        let (provider, model) = at(&self.models.clone(), self.skewed(models));
        let (cached, reasoning) = (self.skewed(4_000), self.skewed(300));
        Event {
            id: format!("{:016x}{:016x}", self.random(), self.random()),
            time_ms,
            provider,
            model,
            project: self.skewed(50),
            user: self.skewed(2_000),
            api_key: self.skewed(20),
            agent: self.skewed(10),
            department: self.below(8),
            country: at(&COUNTRIES, self.skewed(8)),
            status: at(&STATUSES, self.below(10)),
            latency_ms: 100 + self.skewed(4_000),
            first_token_ms: 50 + self.skewed(500),
            input: cached + self.skewed(8_000),
            cached,
            output: reasoning + self.skewed(1_000),
            reasoning,
        }
    }
}

fn at<T: Copy>(values: &[T], place: u64) -> T {
    values[usize::try_from(place).unwrap_or(0) % values.len()]
}

/// A batch as a client sends it.
pub(crate) fn body(events: &[Event]) -> Vec<u8> {
    let mut body = Vec::new();
    for event in events {
        let time = meterwire_core::period::rfc3339(event.time_ms);
        let line = json!({
            "id": event.id, "source": "bench", "time": time, "provider": event.provider, "model": event.model,
            "project": format!("project-{}", event.project), "user": format!("user-{}", event.user),
            "api_key": format!("key-{}", event.api_key), "agent": format!("agent-{}", event.agent),
            "department": format!("department-{}", event.department), "country": event.country,
            "operation": "chat", "service_tier": "default", "status": event.status,
            "latency_ms": event.latency_ms, "time_to_first_token_ms": event.first_token_ms,
            "usage": { "input_tokens": event.input, "cached_input_tokens": event.cached,
                       "output_tokens": event.output, "reasoning_tokens": event.reasoning },
        });
        body.extend_from_slice(line.to_string().as_bytes());
        body.push(b'\n');
    }
    body
}
