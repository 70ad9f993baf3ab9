//! `/v1/organization/...`: `OpenAI`'s usage and costs API over the events of every provider, so that its official clients,
//! and whatever else reads that API, work against this server unchanged.
//!
//! A project, a user and an API key go by the names that events give them. Parameters may be written with or without
//! brackets (`group_by=model`, `group_by[]=model`), since the specification does the one and the clients do the other.

pub(crate) mod costs;
mod error;
mod page;
mod result;
pub(crate) mod usage;

use crate::http::error::ApiError;
use crate::http::params::Params;
use meterwire_app::{OrganizationBounds, OrganizationQuery, OrganizationSubject, UsageField};
use meterwire_core::event::MAX_TEXT_BYTES;
use meterwire_core::invalid::Invalid;
use meterwire_core::usage_page::{BucketWidth, SpanInput};
use meterwire_core::usage_query::MAX_FILTER_VALUES;
use page::Fingerprint;

/// What a route allows to be asked.
struct Allowed {
    subject: OrganizationSubject,
    group_by: &'static [UsageField],
    filters: &'static [UsageField],
    /// Whether `batch` may be given.
    batch: bool,
    /// Whether `group_by=api_source` may be given.
    api_source: bool,
    widths: &'static [BucketWidth],
    /// Buckets of a page of days: where none are asked for, and at most.
    days: (usize, usize),
}

/// A question as it was asked.
struct Question {
    query: OrganizationQuery,
    fingerprint: Fingerprint,
    /// Whether `group_by` named `api_source`, which nothing is told apart by here.
    by_api_source: bool,
}

/// The name of a field in `group_by` and in results.
fn field_name(field: UsageField) -> &'static str {
    match field {
        UsageField::Project => "project_id",
        UsageField::User => "user_id",
        UsageField::ApiKey => "api_key_id",
        UsageField::Model => "model",
        UsageField::Batch => "batch",
        UsageField::ServiceTier => "service_tier",
        UsageField::LineItem => "line_item",
        UsageField::Size => "size",
        UsageField::Source => "source",
        UsageField::VectorStore => "vector_store_id",
        UsageField::ContextLevel => "context_level",
    }
}

/// The parameter that filters by a field.
fn filter_name(field: UsageField) -> String {
    format!("{}s", field_name(field))
}

/// Reads all parameters but `tenant`; what is left over is refused.
fn read_question(mut params: Params, allowed: &Allowed) -> Result<Question, ApiError> {
    let start_s = params.take_parsed("start_time", "a Unix time in seconds")?;
    let start_s = start_s.ok_or_else(|| Invalid::new("start_time", "start_time is required"))?;
    let end_s = params.take_parsed("end_time", "a Unix time in seconds")?;
    let width = read_width(&mut params, allowed)?;
    let limit = read_limit(&mut params, allowed, width)?;
    let (group_by, by_api_source) = read_group_by(&mut params, allowed)?;
    let mut filters = Vec::new();
    for field in allowed.filters {
        let values = take_both(&mut params, &filter_name(*field));
        if !values.is_empty() {
            check_values(*field, &values)?;
            filters.push((*field, values));
        }
    }
    if allowed.batch
        && let Some(batch) = params.take_parsed::<bool>("batch", "true or false")?
    {
        filters.push((UsageField::Batch, vec![batch.to_string()]));
    }
    let page = params.take("page")?;
    params.finish()?;
    let subject = allowed.subject;
    let said = format!("{subject:?} {start_s} {end_s:?} {width:?} {group_by:?} {by_api_source} {filters:?}");
    let fingerprint = Fingerprint::of(&said);
    let resume = page.map(|text| page::parse_cursor(&text, fingerprint)).transpose()?;
    let span = SpanInput { start_s, end_s, width, resume };
    let bounds = OrganizationBounds::default();
    let query = OrganizationQuery { subject, span, limit, group_by, filters, bounds };
    Ok(Question { query, fingerprint, by_api_source })
}

fn read_width(params: &mut Params, allowed: &Allowed) -> Result<BucketWidth, ApiError> {
    let Some(text) = params.take("bucket_width")? else {
        return Ok(BucketWidth::default());
    };
    let width = BucketWidth::parse(&text).filter(|width| allowed.widths.contains(width));
    width.ok_or_else(|| {
        let known: Vec<_> = allowed.widths.iter().map(|width| width.name()).collect();
        Invalid::new("bucket_width", format!("bucket_width must be one of {}", known.join(", "))).into()
    })
}

fn read_limit(params: &mut Params, allowed: &Allowed, width: BucketWidth) -> Result<usize, ApiError> {
    let (usual, most) = if width == BucketWidth::Day { allowed.days } else { width.limits() };
    let limit = params.take_parsed("limit", "a number of buckets")?.unwrap_or(usual);
    if (1..=most).contains(&limit) {
        return Ok(limit);
    }
    let message = format!("limit must be from 1 to {most} with bucket_width={}", width.name());
    Err(Invalid::new("limit", message).into())
}

fn read_group_by(params: &mut Params, allowed: &Allowed) -> Result<(Vec<UsageField>, bool), Invalid> {
    let (mut group_by, mut by_api_source) = (Vec::new(), false);
    let values = take_both(params, "group_by");
    for name in values.iter().flat_map(|value| value.split(',')) {
        if allowed.api_source && name == "api_source" {
            by_api_source = true;
            continue;
        }
        let Some(field) = allowed.group_by.iter().find(|field| field_name(**field) == name) else {
            let known: Vec<_> = allowed.group_by.iter().map(|field| field_name(*field)).collect();
            return Err(Invalid::new("group_by", format!("group_by must be of {}", known.join(", "))));
        };
        if !group_by.contains(field) {
            group_by.push(*field);
        }
    }
    Ok((group_by, by_api_source))
}

/// The values of a list, with and without brackets.
fn take_both(params: &mut Params, name: &str) -> Vec<String> {
    let mut values = params.take_all(name);
    values.append(&mut params.take_all(&format!("{name}[]")));
    values
}

fn check_values(field: UsageField, values: &[String]) -> Result<(), Invalid> {
    let name = filter_name(field);
    let refused = |message: String| Err(Invalid::new(&name, message));
    if values.len() > MAX_FILTER_VALUES {
        return refused(format!("{name} may have at most {MAX_FILTER_VALUES} values"));
    }
    if values.iter().any(|value| value.is_empty() || value.len() > 2 * MAX_TEXT_BYTES + 1) {
        return refused(format!("{name} holds an empty value or one that is too long"));
    }
    let known: &[&str] = match field {
        UsageField::Source => &["image.generation", "image.edit", "image.variation"],
        UsageField::ContextLevel => &["low", "medium", "high"],
        _ => return Ok(()),
    };
    if values.iter().all(|value| known.contains(&value.as_str())) {
        return Ok(());
    }
    refused(format!("{name} must be of {}", known.join(", ")))
}
