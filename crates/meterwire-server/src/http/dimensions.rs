//! `/api/v1/dimensions`: properties of events that a tenant declares as dimensions.

use crate::http::auth::Authed;
use crate::http::body::JsonBody;
use crate::http::error::{ApiError, ErrorBody};
use crate::http::list::ListReply;
use crate::http::params::{Params, Path};
use crate::http::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use meterwire_app::ports::{DeclaredDimension, Page};
use meterwire_core::period::rfc3339;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A declared dimension.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DimensionToApi {
    /// Its name in `group_by` and `filter[..]`.
    #[schema(example = "feature")]
    name: String,
    /// The key under the `properties` of events.
    #[schema(example = "feature")]
    property: String,
    /// `filling` while events from before the declaration are being counted, then `ready`.
    #[schema(example = "ready")]
    state: &'static str,
    /// Events from before the declaration that are counted.
    filled_events: i64,
    /// Of about so many.
    events_to_fill: i64,
    /// When it was declared.
    created_at: String,
}

/// A dimension to declare.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewDimension {
    /// 1 to 63 of a-z, 0-9 and _, beginning with a letter; not the name of a built-in dimension.
    #[schema(example = "feature")]
    name: String,
    /// The key under the `properties` of events; the name where it is absent.
    property: Option<String>,
}

fn to_api(dimension: DeclaredDimension) -> DimensionToApi {
    DimensionToApi {
        state: if dimension.declared.ready { "ready" } else { "filling" },
        name: dimension.declared.name,
        property: dimension.declared.property,
        filled_events: dimension.filled_events,
        events_to_fill: dimension.events_to_fill,
        created_at: rfc3339(dimension.created_ms),
    }
}

/// List declared dimensions, by name; there are at most 8.
#[utoipa::path(get, path = "/api/v1/dimensions", operation_id = "list_dimensions", tag = "Dimensions",
    params(("tenant" = Option<String>, Query)),
    responses((status = 200, body = ListReply<DimensionToApi>), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn list(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
) -> Result<Json<ListReply<DimensionToApi>>, ApiError> {
    let tenant = params.take("tenant")?;
    params.take_only_page()?;
    params.finish()?;
    let items = state.app.list_dimensions(&caller, tenant.as_deref()).await?;
    Ok(Json(ListReply::from_page(Page { items, next: None }, to_api)))
}

/// Declare a property of events as a dimension (owner).
///
/// From now on usage can be grouped and filtered by it like by a built-in one. The value of an event is a text as it is,
/// or a number or truth value as its JSON; everything else, an empty text and one of more than 256 bytes are absent. Of
/// more than 10,000 different values the later ones count under `(more)`. Older events are counted by a job: until the
/// state is `ready`, questions that use the dimension get 409 `dimension_filling`. A ninth dimension is refused with 422.
#[utoipa::path(post, path = "/api/v1/dimensions", operation_id = "declare_dimension", tag = "Dimensions", request_body = NewDimension,
    params(("tenant" = Option<String>, Query)),
    responses((status = 201, body = DimensionToApi), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn create(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
    JsonBody(new): JsonBody<NewDimension>,
) -> Result<(StatusCode, Json<DimensionToApi>), ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    let property = new.property.as_deref();
    let declared = state.app.declare_dimension(&caller, tenant.as_deref(), &new.name, property).await?;
    Ok((StatusCode::CREATED, Json(to_api(declared))))
}

/// Read one declared dimension and how far it is filled.
#[utoipa::path(get, path = "/api/v1/dimensions/{name}", operation_id = "read_dimension", tag = "Dimensions",
    params(("name" = String, Path), ("tenant" = Option<String>, Query)),
    responses((status = 200, body = DimensionToApi), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn read(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(name): Path<String>,
    mut params: Params,
) -> Result<Json<DimensionToApi>, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    Ok(Json(to_api(state.app.read_dimension(&caller, tenant.as_deref(), &name).await?)))
}

/// Remove a declared dimension (owner); the properties of events stay, and it can be declared again.
#[utoipa::path(delete, path = "/api/v1/dimensions/{name}", operation_id = "remove_dimension", tag = "Dimensions",
    params(("name" = String, Path), ("tenant" = Option<String>, Query)),
    responses((status = 204, description = "Removed"), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn delete(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(name): Path<String>,
    mut params: Params,
) -> Result<StatusCode, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    state.app.remove_dimension(&caller, tenant.as_deref(), &name).await?;
    Ok(StatusCode::NO_CONTENT)
}
