//! `GET /v1/organization/usage/{kind}`.

use super::error::{OrganizationCaller, OrganizationError, OrganizationErrorBody, named_tenant};
use super::page::PageToApi;
use super::result::UsageResult;
use super::{Allowed, read_question};
use crate::http::error::ApiError;
use crate::http::params::{Params, Path};
use crate::http::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use meterwire_app::{AppError, OrganizationSubject, UsageField};
use meterwire_core::usage_kind::UsageKind;
use meterwire_core::usage_page::BucketWidth;

/// Usage in the shape of `OpenAI`'s usage API, for the events of every provider.
///
/// `OpenAI`'s official clients work unchanged: give them `http://<here>/v1` as the base URL and a Meterwire key as the
/// admin key. Buckets are minutes, hours or days of UTC; times are Unix seconds.
///
/// Every event is in exactly one kind, decided by its `operation`: `chat`, `responses`, `messages`, `generate_content`
/// and their like are `completions`; `embeddings`, `moderation`, `image_generation`, `speech`, `transcription`,
/// `vector_store`, `code_interpreter`, `file_search`, `web_search` and `decision` (each in several spellings) are what they
/// say; tools, `rerank`, `retrieval` and video are `other`, which `OpenAI` does not have. An event whose operation is
/// absent or not known is a completion if it names a model or a provider, else `other`. So `num_model_requests` (or
/// `num_requests`, `num_sessions`) over all kinds is the number of events, failed ones included, and `input_tokens` and
/// `output_tokens` over all kinds are all tokens of `usage/query`.
///
/// `project_id` is the project, `user_id` the user, `api_key_id` the name of the API key as events give it; a group
/// whose events do not name it is null. `batch` is whether the service tier is `batch`. `images`, `characters`, `seconds` and
/// `usage_bytes` add up what events say under `metrics` by these names (0 where they say nothing, the sum cut to a whole
/// number); `size`, `vector_store_id` and `context_level` are the properties `size`, `vector_store_id` and
/// `search_context_size`. Beside `OpenAI`'s fields each result has `errors`, and `input_tokens` and `output_tokens` where
/// `OpenAI` has none. How cached tokens split into text, audio and images is not known: null, unless there are none.
///
/// A page may hold fewer buckets than `limit` where they hold very much; follow `next_page`.
/// Errors have `OpenAI`'s shape; a value that is refused is 400.
#[utoipa::path(get, path = "/v1/organization/usage/{kind}", operation_id = "organization_usage", tag = "OpenAI-compatible",
    params(("kind" = String, Path, description = "completions decisions embeddings moderations images audio_speeches audio_transcriptions vector_stores code_interpreter_sessions file_search_calls web_search_calls other"),
        ("start_time" = i64, Query, description = "First second, Unix time"),
        ("end_time" = Option<i64>, Query, description = "First second after; default the end of the bucket that is running"),
        ("bucket_width" = Option<String>, Query, description = "1m 1h 1d; default 1d"),
        ("project_ids" = Option<Vec<String>>, Query, description = "Only these projects; lists are repeated, with or without []"),
        ("user_ids" = Option<Vec<String>>, Query, description = "Only these users"),
        ("api_key_ids" = Option<Vec<String>>, Query, description = "Only these API keys, by name"),
        ("models" = Option<Vec<String>>, Query, description = "Only these models"),
        ("batch" = Option<bool>, Query, description = "Only batches, or only others (completions, decisions)"),
        ("sizes" = Option<Vec<String>>, Query, description = "Only these sizes (images)"),
        ("sources" = Option<Vec<String>>, Query, description = "Only image.generation, image.edit or image.variation (images)"),
        ("vector_store_ids" = Option<Vec<String>>, Query, description = "Only these (file_search_calls)"),
        ("context_levels" = Option<Vec<String>>, Query, description = "Only low, medium or high (web_search_calls)"),
        ("group_by" = Option<Vec<String>>, Query, description = "project_id user_id api_key_id model; batch service_tier (completions, decisions); size source (images); vector_store_id; context_level"),
        ("limit" = Option<u32>, Query, description = "Buckets a page: 1d 7, at most 31; 1h 24, at most 168; 1m 60, at most 1440"),
        ("page" = Option<String>, Query, description = "next_page of the answer before, with the same other parameters"),
        ("tenant" = Option<String>, Query, description = "Slug of the tenant, only for an admin token; the header OpenAI-Organization is the same")),
    responses((status = 200, body = PageToApi<UsageResult>),
        (status = "default", description = "Not answered", body = OrganizationErrorBody)))]
pub(crate) async fn usage(
    State(state): State<AppState>,
    OrganizationCaller(caller): OrganizationCaller,
    kind: Result<Path<String>, ApiError>,
    headers: HeaderMap,
    mut params: Params,
) -> Result<Json<PageToApi<UsageResult>>, OrganizationError> {
    let Path(kind) = kind?;
    let kind = UsageKind::from_name(&kind).ok_or(AppError::NotFound("kind of usage"))?;
    let tenant = named_tenant(params.take("tenant")?, &headers)?;
    let question = read_question(params, &allowed(kind))?;
    let reply = state.app.organization_usage(&caller, tenant.as_deref(), &question.query).await?;
    let to_result = |result| UsageResult::new(kind, &question, result);
    Ok(Json(PageToApi::new(reply, question.fingerprint, to_result)))
}

/// What the specification lets one ask of a kind.
fn allowed(kind: UsageKind) -> Allowed {
    use UsageField::{
        ApiKey, Batch, ContextLevel, Model, Project, ServiceTier, Size, Source, User, VectorStore,
    };
    let (group_by, filters): (&[UsageField], &[UsageField]) = match kind {
        UsageKind::Completions | UsageKind::Decisions => {
            (&[Project, User, ApiKey, Model, Batch, ServiceTier], &[Project, User, ApiKey, Model])
        }
        UsageKind::Images => {
            (&[Project, User, ApiKey, Model, Size, Source], &[Project, User, ApiKey, Model, Size, Source])
        }
        UsageKind::VectorStores | UsageKind::CodeInterpreterSessions => (&[Project], &[Project]),
        UsageKind::FileSearchCalls => {
            (&[Project, User, ApiKey, VectorStore], &[Project, User, ApiKey, VectorStore])
        }
        UsageKind::WebSearchCalls => {
            (&[Project, User, ApiKey, Model, ContextLevel], &[Project, User, ApiKey, Model, ContextLevel])
        }
        _ => (&[Project, User, ApiKey, Model], &[Project, User, ApiKey, Model]),
    };
    let like_completions = matches!(kind, UsageKind::Completions | UsageKind::Decisions);
    Allowed {
        subject: OrganizationSubject::Usage(kind),
        group_by,
        filters,
        batch: like_completions,
        api_source: like_completions || kind == UsageKind::WebSearchCalls,
        widths: &[BucketWidth::Minute, BucketWidth::Hour, BucketWidth::Day],
        days: BucketWidth::Day.limits(),
    }
}
