//! One result of a usage bucket, in the shape of its kind.

use super::Question;
use meterwire_app::{OrganizationResult, UsageField};
use meterwire_core::tokens::TokenUsage;
use meterwire_core::usage_kind::UsageKind;
use serde::Serialize;
use utoipa::ToSchema;

/// Millionths, in which amounts of metrics are kept.
const AMOUNT_UNIT: i64 = 1_000_000;

/// What was used: `object` tells the kind.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "object")]
pub(crate) enum UsageResult {
    /// Text out of a model.
    #[serde(rename = "organization.usage.completions.result")]
    Completions(CompletionsResult),
    /// Decisions of a model.
    #[serde(rename = "organization.usage.decisions.result")]
    Decisions(CompletionsResult),
    /// Vectors out of a model.
    #[serde(rename = "organization.usage.embeddings.result")]
    Embeddings(TokensResult),
    /// Moderation.
    #[serde(rename = "organization.usage.moderations.result")]
    Moderations(TokensResult),
    /// What is of no other kind. Not of `OpenAI`'s.
    #[serde(rename = "organization.usage.other.result")]
    Other(TokensResult),
    /// Images.
    #[serde(rename = "organization.usage.images.result")]
    Images(ImagesResult),
    /// Speech out of text.
    #[serde(rename = "organization.usage.audio_speeches.result")]
    AudioSpeeches(SpeechesResult),
    /// Text out of speech.
    #[serde(rename = "organization.usage.audio_transcriptions.result")]
    AudioTranscriptions(TranscriptionsResult),
    /// Bytes kept for searching.
    #[serde(rename = "organization.usage.vector_stores.result")]
    VectorStores(VectorStoresResult),
    /// Sessions of a code interpreter.
    #[serde(rename = "organization.usage.code_interpreter_sessions.result")]
    CodeInterpreterSessions(SessionsResult),
    /// Searches in kept files.
    #[serde(rename = "organization.usage.file_searches.result")]
    FileSearches(FileSearchesResult),
    /// Searches in the web.
    #[serde(rename = "organization.usage.web_searches.result")]
    WebSearches(WebSearchesResult),
}

/// Who and what a result is of: null where it was not grouped by, or where the events do not say.
#[derive(Debug, Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the published names")]
pub(crate) struct ResultOwner {
    /// The project.
    project_id: Option<String>,
    /// The user.
    user_id: Option<String>,
    /// The name of the API key, as events give it.
    api_key_id: Option<String>,
}

/// What was counted of every kind.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ResultCounts {
    /// All input tokens, cached ones too.
    input_tokens: u64,
    /// All output tokens, reasoning too.
    output_tokens: u64,
    /// Events with a status of 400 or above. Not of `OpenAI`'s.
    errors: i64,
}

/// Text out of a model.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CompletionsResult {
    #[serde(flatten)]
    counted: ResultCounts,
    /// Input tokens read from a cache.
    input_cached_tokens: u64,
    /// Input tokens written to a cache, for however long.
    input_cache_write_tokens: u64,
    /// Input tokens neither read from nor written to a cache, of text, audio and images.
    input_uncached_tokens: u64,
    /// Those of them that are text.
    input_text_tokens: u64,
    /// Output tokens that are text, reasoning too.
    output_text_tokens: u64,
    /// Cached text; null where there are cached tokens, since their kind is not known.
    input_cached_text_tokens: Option<u64>,
    /// Uncached audio input tokens.
    input_audio_tokens: u64,
    /// Cached audio; null like the text.
    input_cached_audio_tokens: Option<u64>,
    /// Audio output tokens.
    output_audio_tokens: u64,
    /// Uncached image input tokens.
    input_image_tokens: u64,
    /// Cached images; null like the text.
    input_cached_image_tokens: Option<u64>,
    /// Image output tokens.
    output_image_tokens: u64,
    /// Output tokens spent on reasoning. Not of `OpenAI`'s.
    reasoning_tokens: u64,
    /// Events, failed ones too.
    num_model_requests: i64,
    #[serde(flatten)]
    owner: ResultOwner,
    /// The model.
    model: Option<String>,
    /// Whether the service tier is `batch`.
    batch: Option<bool>,
    /// The service tier.
    service_tier: Option<String>,
    /// `unlabeled` where it was grouped by: events do not tell.
    api_source: Option<&'static str>,
}

/// Requests that are counted by their tokens.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TokensResult {
    #[serde(flatten)]
    counted: ResultCounts,
    /// Events, failed ones too.
    num_model_requests: i64,
    #[serde(flatten)]
    owner: ResultOwner,
    /// The model.
    model: Option<String>,
}

/// Images.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImagesResult {
    /// The sum of the metric `images`.
    images: i64,
    /// Events, failed ones too.
    num_model_requests: i64,
    /// The property `size`.
    size: Option<String>,
    /// `image.generation`, `image.edit` or `image.variation`.
    source: Option<String>,
    #[serde(flatten)]
    owner: ResultOwner,
    /// The model.
    model: Option<String>,
    #[serde(flatten)]
    counted: ResultCounts,
}

/// Speech out of text.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SpeechesResult {
    /// The sum of the metric `characters`.
    characters: i64,
    /// Events, failed ones too.
    num_model_requests: i64,
    #[serde(flatten)]
    owner: ResultOwner,
    /// The model.
    model: Option<String>,
    #[serde(flatten)]
    counted: ResultCounts,
}

/// Text out of speech.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TranscriptionsResult {
    /// The sum of the metric `seconds`, cut to whole seconds.
    seconds: i64,
    /// Events, failed ones too.
    num_model_requests: i64,
    #[serde(flatten)]
    owner: ResultOwner,
    /// The model.
    model: Option<String>,
    #[serde(flatten)]
    counted: ResultCounts,
}

/// Bytes kept for searching.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VectorStoresResult {
    /// The sum of the metric `usage_bytes`.
    usage_bytes: i64,
    /// The project.
    project_id: Option<String>,
    /// Events. Not of `OpenAI`'s.
    num_requests: i64,
    #[serde(flatten)]
    counted: ResultCounts,
}

/// Sessions of a code interpreter.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionsResult {
    /// Events.
    num_sessions: i64,
    /// The project.
    project_id: Option<String>,
    #[serde(flatten)]
    counted: ResultCounts,
}

/// Searches in kept files.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FileSearchesResult {
    /// Events.
    num_requests: i64,
    #[serde(flatten)]
    owner: ResultOwner,
    /// The property `vector_store_id`.
    vector_store_id: Option<String>,
    #[serde(flatten)]
    counted: ResultCounts,
}

/// Searches in the web.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WebSearchesResult {
    /// Events.
    num_requests: i64,
    /// Events: each search is a request.
    num_model_requests: i64,
    #[serde(flatten)]
    owner: ResultOwner,
    /// The model.
    model: Option<String>,
    /// The property `search_context_size`.
    context_level: Option<String>,
    /// `unlabeled` where it was grouped by: events do not tell.
    api_source: Option<&'static str>,
    #[serde(flatten)]
    counted: ResultCounts,
}

/// The values that a result was grouped by.
pub(super) struct Grouped<'a> {
    question: &'a Question,
    key: Vec<Option<String>>,
}

impl<'a> Grouped<'a> {
    pub(super) fn new(question: &'a Question, key: Vec<Option<String>>) -> Self {
        Self { question, key }
    }

    /// Takes the value of a field out; `None` where it was not grouped by.
    pub(super) fn take(&mut self, field: UsageField) -> Option<String> {
        let place = self.question.query.group_by.iter().position(|grouped| *grouped == field)?;
        self.key.get_mut(place)?.take()
    }

    pub(super) fn api_source(&self) -> Option<&'static str> {
        self.question.by_api_source.then_some("unlabeled")
    }

    fn owner(&mut self) -> ResultOwner {
        ResultOwner {
            project_id: self.take(UsageField::Project),
            user_id: self.take(UsageField::User),
            api_key_id: self.take(UsageField::ApiKey),
        }
    }
}

impl UsageResult {
    /// A result in the shape of its kind.
    pub(super) fn new(kind: UsageKind, question: &Question, result: OrganizationResult) -> Self {
        let OrganizationResult { key, totals, quantity } = result;
        let mut by = Grouped::new(question, key);
        let (tokens, calls) = (totals.token_usage(), totals.calls);
        let quantity = quantity.0.div_euclid(AMOUNT_UNIT);
        let counted = ResultCounts {
            input_tokens: tokens.input(),
            output_tokens: tokens.output(),
            errors: totals.errors,
        };
        match kind {
            UsageKind::Completions => Self::Completions(completions(&tokens, calls, counted, by)),
            UsageKind::Decisions => Self::Decisions(completions(&tokens, calls, counted, by)),
            UsageKind::Embeddings => Self::Embeddings(by_tokens(calls, counted, by)),
            UsageKind::Moderations => Self::Moderations(by_tokens(calls, counted, by)),
            UsageKind::Other => Self::Other(by_tokens(calls, counted, by)),
            UsageKind::Images => Self::Images(ImagesResult {
                images: quantity,
                num_model_requests: calls,
                size: by.take(UsageField::Size),
                source: by.take(UsageField::Source),
                owner: by.owner(),
                model: by.take(UsageField::Model),
                counted,
            }),
            UsageKind::AudioSpeeches => Self::AudioSpeeches(SpeechesResult {
                characters: quantity,
                num_model_requests: calls,
                owner: by.owner(),
                model: by.take(UsageField::Model),
                counted,
            }),
            UsageKind::AudioTranscriptions => Self::AudioTranscriptions(TranscriptionsResult {
                seconds: quantity,
                num_model_requests: calls,
                owner: by.owner(),
                model: by.take(UsageField::Model),
                counted,
            }),
            UsageKind::VectorStores => Self::VectorStores(VectorStoresResult {
                usage_bytes: quantity,
                project_id: by.take(UsageField::Project),
                num_requests: calls,
                counted,
            }),
            UsageKind::CodeInterpreterSessions => Self::CodeInterpreterSessions(SessionsResult {
                num_sessions: calls,
                project_id: by.take(UsageField::Project),
                counted,
            }),
            UsageKind::FileSearchCalls => Self::FileSearches(FileSearchesResult {
                num_requests: calls,
                owner: by.owner(),
                vector_store_id: by.take(UsageField::VectorStore),
                counted,
            }),
            UsageKind::WebSearchCalls => Self::WebSearches(WebSearchesResult {
                num_requests: calls,
                num_model_requests: calls,
                owner: by.owner(),
                model: by.take(UsageField::Model),
                context_level: by.take(UsageField::ContextLevel),
                api_source: by.api_source(),
                counted,
            }),
        }
    }
}

fn by_tokens(calls: i64, counted: ResultCounts, mut by: Grouped<'_>) -> TokensResult {
    TokensResult { counted, num_model_requests: calls, owner: by.owner(), model: by.take(UsageField::Model) }
}

fn completions(
    tokens: &TokenUsage,
    calls: i64,
    counted: ResultCounts,
    mut by: Grouped<'_>,
) -> CompletionsResult {
    // Without cached tokens there are none of each kind; with them it is not known which.
    let of_cached = (tokens.cache_read == 0).then_some(0);
    CompletionsResult {
        counted,
        input_cached_tokens: tokens.cache_read,
        input_cache_write_tokens: tokens.cache_write_short + tokens.cache_write_long,
        input_uncached_tokens: tokens.input_uncached + tokens.audio_input + tokens.image_input,
        input_text_tokens: tokens.input_uncached,
        output_text_tokens: tokens.output_visible + tokens.reasoning,
        input_cached_text_tokens: of_cached,
        input_audio_tokens: tokens.audio_input,
        input_cached_audio_tokens: of_cached,
        output_audio_tokens: tokens.audio_output,
        input_image_tokens: tokens.image_input,
        input_cached_image_tokens: of_cached,
        output_image_tokens: tokens.image_output,
        reasoning_tokens: tokens.reasoning,
        num_model_requests: calls,
        owner: by.owner(),
        model: by.take(UsageField::Model),
        batch: by.take(UsageField::Batch).map(|batch| batch == "true"),
        service_tier: by.take(UsageField::ServiceTier),
        api_source: by.api_source(),
    }
}
