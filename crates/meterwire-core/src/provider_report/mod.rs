//! Provider reports: what a provider says was used and what it cost, in our terms.
//!
//! - [`ReportRow`] is one line of a report, whatever provider it came from; [`ReportBucket`] is a UTC day of them.
//! - [`StreamState`] tells how far the reports of one kind have come; [`health`] judges a connection by them.
//! - [`Side`] and [`explain`] set a provider's day beside ours and name the causes of the difference.
//!
//! A provider's days are UTC days, whatever the tenant's zone: nobody can cut them elsewhere.

mod explain;
mod state;

pub use explain::{Cause, CauseKind, Comparison, Side, Unknown, explain};
pub use state::{Failure, Health, StreamState, Work, health, next_work, span_of, utc_day};

use crate::event::MAX_TEXT_BYTES;
use crate::money::CostNanos;
use crate::period::Range;
use crate::tokens::TokenUsage;
use sha2::{Digest, Sha256};

/// A UTC day, which is how long every bucket is.
pub const DAY_MS: i64 = 86_400_000;
/// The most rows of one bucket.
pub const MAX_BUCKET_ROWS: usize = 5_000;
/// The longest text of a row.
pub const MAX_ROW_TEXT_BYTES: usize = MAX_TEXT_BYTES;

/// Who can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReportProvider {
    /// OpenAI's organization usage and costs.
    OpenAi,
    /// Anthropic's usage and cost reports.
    Anthropic,
}

/// What a report is about; a provider is asked for each by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the providers' own names")]
pub enum ReportKind {
    Completions,
    Decisions,
    Embeddings,
    Moderations,
    Images,
    AudioSpeeches,
    AudioTranscriptions,
    VectorStores,
    CodeInterpreterSessions,
    FileSearchCalls,
    WebSearchCalls,
    Messages,
    Costs,
}

use ReportKind::{
    AudioSpeeches, AudioTranscriptions, CodeInterpreterSessions, Completions, Costs, Decisions, Embeddings,
    FileSearchCalls, Images, Messages, Moderations, VectorStores, WebSearchCalls,
};

impl ReportProvider {
    /// Every provider.
    pub const ALL: [Self; 2] = [Self::OpenAi, Self::Anthropic];

    /// The contract's name, which is also that of the price book.
    pub fn name(self) -> &'static str {
        match self {
            Self::OpenAi => "openai",
            Self::Anthropic => "anthropic",
        }
    }

    /// The provider of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|provider| provider.name() == name)
    }

    /// What it reports, each asked for by itself.
    pub fn kinds(self) -> &'static [ReportKind] {
        match self {
            Self::OpenAi => &[
                Costs,
                Completions,
                Decisions,
                Embeddings,
                Moderations,
                Images,
                AudioSpeeches,
                AudioTranscriptions,
                VectorStores,
                CodeInterpreterSessions,
                FileSearchCalls,
                WebSearchCalls,
            ],
            Self::Anthropic => &[Costs, Messages],
        }
    }
}

impl ReportKind {
    /// Every kind.
    pub const ALL: [Self; 13] = [
        Completions,
        Decisions,
        Embeddings,
        Moderations,
        Images,
        AudioSpeeches,
        AudioTranscriptions,
        VectorStores,
        CodeInterpreterSessions,
        FileSearchCalls,
        WebSearchCalls,
        Messages,
        Costs,
    ];

    /// The provider's name for it.
    pub fn name(self) -> &'static str {
        match self {
            Completions => "completions",
            Decisions => "decisions",
            Embeddings => "embeddings",
            Moderations => "moderations",
            Images => "images",
            AudioSpeeches => "audio_speeches",
            AudioTranscriptions => "audio_transcriptions",
            VectorStores => "vector_stores",
            CodeInterpreterSessions => "code_interpreter_sessions",
            FileSearchCalls => "file_search_calls",
            WebSearchCalls => "web_search_calls",
            Messages => "messages",
            Costs => "costs",
        }
    }

    /// The kind of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether its rows are usage of models. The rest counts tools, sessions and storage: its requests to models are among
    /// those of the other kinds already.
    pub fn is_of_models(self) -> bool {
        !matches!(self, VectorStores | CodeInterpreterSessions | FileSearchCalls | WebSearchCalls)
    }

    /// Whether a provider may lack it: old or compatible servers know fewer kinds. Costs and plain completions are what the
    /// rest rests on.
    pub fn may_be_missing(self) -> bool {
        !matches!(self, Costs | Completions | Messages)
    }
}

/// One line of a report.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReportRow {
    /// The provider's id of its project (Anthropic: workspace).
    pub project: Option<String>,
    /// The provider's id of the API key.
    pub api_key: Option<String>,
    /// The model as the provider names it.
    pub model: Option<String>,
    /// The service tier; `batch` where only that is told.
    pub service_tier: Option<String>,
    /// What else tells it from other rows: a line item, the size of an image, the depth of a search.
    pub detail: Option<String>,
    /// Requests, where they are told.
    pub requests: Option<i64>,
    /// Tokens in our disjoint buckets, in the order of [`TokenUsage::buckets`].
    pub tokens: [i64; 10],
    /// Images, characters, seconds, bytes or sessions.
    pub quantity: Option<i64>,
    /// Cost; only rows of [`ReportKind::Costs`] have one.
    pub cost: Option<CostNanos>,
}

impl ReportRow {
    /// Its tokens.
    pub fn token_usage(&self) -> TokenUsage {
        TokenUsage::from_buckets(self.tokens.map(|count| u64::try_from(count).unwrap_or(0)))
    }

    /// What it is about: the model, or what the provider calls a cost that no model made.
    pub fn subject(&self) -> Option<&str> {
        self.model.as_deref().or(self.detail.as_deref())
    }

    /// Whether it says nothing: providers also send lines of zeros.
    pub fn is_empty(&self) -> bool {
        self.requests.unwrap_or(0) == 0
            && self.tokens == [0; 10]
            && self.quantity.unwrap_or(0) == 0
            && self.cost.unwrap_or_default() == CostNanos::ZERO
    }
}

/// A UTC day of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportBucket {
    /// First instant, Unix milliseconds.
    pub start_ms: i64,
    /// Its rows, in the provider's order.
    pub rows: Vec<ReportRow>,
}

impl ReportBucket {
    /// Rows in an order of our own and none of zeros, so that the same report is the same whatever order it came in.
    pub fn tidy(&mut self) {
        self.rows.retain(|row| !row.is_empty());
        self.rows.sort();
    }

    /// Tells one content from another; the order of rows matters, so [`Self::tidy`] comes first.
    pub fn fingerprint(&self) -> [u8; 32] {
        let mut digest = Sha256::new();
        for row in &self.rows {
            // Debug quotes texts, so that nothing of one row can pass for another.
            digest.update(format!("{row:?}\n"));
        }
        digest.finalize().into()
    }
}

/// One page of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportPage {
    /// Its buckets.
    pub buckets: Vec<ReportBucket>,
    /// What the next page is asked for with.
    pub next: Option<String>,
}

/// The whole UTC days that a range touches.
pub fn utc_days(range: Range) -> Range {
    let to_ms = range.to_ms.div_euclid(DAY_MS) * DAY_MS;
    let to_ms = if to_ms < range.to_ms { to_ms + DAY_MS } else { to_ms };
    Range { from_ms: range.from_ms.div_euclid(DAY_MS) * DAY_MS, to_ms }
}
