//! Believable events from a seed: 30 models of 6 providers, 50 projects, 2,000 users, some much busier than others.

use meterwire_core::dimension::Dimension;
use meterwire_core::event::{Event, NewEvent, Rating};
use meterwire_core::money::CostNanos;
use meterwire_core::price::PriceId;
use meterwire_core::tokens::TokenUsage;

pub(crate) const DAY_MS: i64 = 86_400_000;
/// 2026-11-22T00:00:00Z; history ends here.
pub(crate) const END_MS: i64 = 1_795_305_600_000;
pub(crate) const DAYS: i64 = 90;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Everything happens within ten minutes.
    Live,
    /// In order, as dense as a million events over ninety days.
    History,
}

pub(crate) struct Source {
    shape: Shape,
    state: u64,
    made: i64,
}

impl Source {
    pub(crate) fn new(shape: Shape) -> Self {
        Self { shape, state: 42, made: 0 }
    }

    fn random(&mut self) -> u64 {
        // SplitMix64: small, seeded, good enough to spread ids.
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.random() % bound
    }

    /// Small numbers are more frequent than large ones.
    fn skewed(&mut self, bound: u64) -> u64 {
        self.below(bound).min(self.below(bound))
    }

    pub(crate) fn next_event(&mut self) -> Event {
        let model = self.skewed(30);
        let mut sent = NewEvent {
            id: Some(format!("{:016x}{:016x}", self.random(), self.random())),
            time_ms: Some(self.time_ms()),
            status: Some(
                [200, 200, 200, 200, 200, 200, 200, 200, 429, 500][usize::try_from(self.below(10)).unwrap()],
            ),
            latency_ms: u32::try_from(100 + self.skewed(4_000)).ok(),
            time_to_first_token_ms: u32::try_from(50 + self.skewed(500)).ok(),
            ..NewEvent::default()
        };
        sent.tokens = TokenUsage {
            input_uncached: self.skewed(8_000),
            cache_read: self.skewed(4_000),
            output_visible: self.skewed(1_000),
            reasoning: self.skewed(300),
            ..TokenUsage::default()
        };
        let labels = [
            (Dimension::Provider, format!("provider-{}", model % 6)),
            (Dimension::Model, format!("model-{model}")),
            (Dimension::Project, format!("project-{}", self.skewed(50))),
            (Dimension::User, format!("user-{}", self.skewed(2_000))),
            (Dimension::ApiKey, format!("key-{}", self.skewed(20))),
            (Dimension::Agent, format!("agent-{}", self.skewed(10))),
            (Dimension::Department, format!("department-{}", self.below(8))),
            (Dimension::Country, format!("C{}", self.skewed(20))),
            (Dimension::Operation, if model < 25 { "chat".to_owned() } else { "embeddings".to_owned() }),
            (Dimension::ServiceTier, "default".to_owned()),
        ];
        for (dimension, text) in labels {
            sent.labels.set(dimension, Some(text));
        }
        let cost =
            CostNanos(i64::try_from(sent.tokens.input() * 2_500 + sent.tokens.output() * 10_000).unwrap());
        let price_id = PriceId::new(format!("provider-{}/model-{model}@-", model % 6));
        self.made += 1;
        let fingerprint = sent.fingerprint();
        sent.complete(fingerprint, String::new, END_MS, Rating::Priced { cost, price_id }).unwrap()
    }

    fn time_ms(&mut self) -> i64 {
        match self.shape {
            Shape::Live => END_MS - 600_000 + i64::try_from(self.below(600_000)).unwrap(),
            Shape::History => {
                END_MS - DAYS * DAY_MS + self.made * (DAYS * DAY_MS / 1_000_000) % (DAYS * DAY_MS)
            }
        }
    }
}
