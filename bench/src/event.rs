//! One request as plain values, and as the store and HTTP take it.

use meterwire_core::dimension::Dimension;
use meterwire_core::event::NewEvent;
use meterwire_core::tokens::TokenUsage;
use serde_json::json;
use uuid::Uuid;

/// Where every event comes from.
const SOURCE: &str = "gateway";

/// One request. Texts are those of the world it was made in.
#[derive(Debug, Clone)]
pub(crate) struct Event<'w> {
    pub(crate) id: Uuid,
    pub(crate) time_ms: i64,
    pub(crate) tenant: &'w str,
    pub(crate) provider: &'static str,
    pub(crate) model: &'static str,
    pub(crate) project: &'w str,
    pub(crate) user: &'w str,
    pub(crate) api_key: &'w str,
    pub(crate) agent: Option<&'w str>,
    pub(crate) department: &'static str,
    pub(crate) country: &'static str,
    pub(crate) operation: &'static str,
    pub(crate) service_tier: &'static str,
    /// The declared property.
    pub(crate) feature: Option<&'static str>,
    pub(crate) status: u16,
    pub(crate) latency_ms: u64,
    pub(crate) first_token_ms: Option<u64>,
    pub(crate) input: u64,
    pub(crate) cached: u64,
    pub(crate) output: u64,
    pub(crate) reasoning: u64,
    /// What was asked, in numbers: equal requests have equal ones.
    pub(crate) request: u128,
}

impl Event<'_> {
    /// The values of the text dimensions.
    pub(crate) fn texts(&self) -> [(Dimension, Option<&str>); 10] {
        [
            (Dimension::Provider, Some(self.provider)),
            (Dimension::Model, Some(self.model)),
            (Dimension::Project, Some(self.project)),
            (Dimension::User, Some(self.user)),
            (Dimension::ApiKey, Some(self.api_key)),
            (Dimension::Agent, self.agent),
            (Dimension::Department, Some(self.department)),
            (Dimension::Country, Some(self.country)),
            (Dimension::Operation, Some(self.operation)),
            (Dimension::ServiceTier, Some(self.service_tier)),
        ]
    }

    pub(crate) fn tokens(&self) -> TokenUsage {
        TokenUsage {
            input_uncached: self.input - self.cached,
            cache_read: self.cached,
            output_visible: self.output - self.reasoning,
            reasoning: self.reasoning,
            ..TokenUsage::default()
        }
    }

    /// As long as a SHA-256.
    fn request_hash(&self) -> [u8; 32] {
        let half = self.request.to_be_bytes();
        std::array::from_fn(|at| half[at % half.len()])
    }

    /// As the use case takes it.
    pub(crate) fn to_new_event(&self) -> NewEvent {
        let mut event = NewEvent {
            id: Some(self.id.to_string()),
            source: Some(SOURCE.to_owned()),
            time_ms: Some(self.time_ms),
            tokens: self.tokens(),
            status: Some(self.status),
            latency_ms: u32::try_from(self.latency_ms).ok(),
            time_to_first_token_ms: self.first_token_ms.and_then(|ms| u32::try_from(ms).ok()),
            request_hash: Some(self.request_hash()),
            ..NewEvent::default()
        };
        for (dimension, text) in self.texts() {
            event.labels.set(dimension, text.map(str::to_owned));
        }
        event.properties.extend(self.feature.map(|feature| ("feature".to_owned(), feature.into())));
        event
    }

    /// As a client sends it.
    fn to_json(&self) -> String {
        let time = meterwire_core::period::rfc3339(self.time_ms);
        let mut line = json!({
            "id": self.id.to_string(), "source": SOURCE, "time": time, "provider": self.provider, "model": self.model,
            "project": self.project, "user": self.user, "api_key": self.api_key, "department": self.department,
            "country": self.country, "operation": self.operation, "service_tier": self.service_tier,
            "status": self.status, "latency_ms": self.latency_ms, "request_hash": format!("{0:032x}{0:032x}", self.request),
            "usage": { "input_tokens": self.input, "cached_input_tokens": self.cached,
                       "output_tokens": self.output, "reasoning_tokens": self.reasoning },
        });
        if let Some(object) = line.as_object_mut() {
            let mut add = |name: &str, value: Option<serde_json::Value>| {
                object.extend(value.map(|value| (name.to_owned(), value)));
            };
            add("agent", self.agent.map(Into::into));
            add("time_to_first_token_ms", self.first_token_ms.map(Into::into));
            add("properties", self.feature.map(|feature| json!({ "feature": feature })));
        }
        line.to_string()
    }
}

/// A batch as a client sends it: lines of JSON.
pub(crate) fn body(events: &[Event<'_>]) -> Vec<u8> {
    let mut body = Vec::new();
    for event in events {
        body.extend_from_slice(event.to_json().as_bytes());
        body.push(b'\n');
    }
    body
}
