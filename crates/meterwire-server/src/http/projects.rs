//! `/api/v1/projects`. A project first seen in an event is made by it.

use crate::http::auth::Authed;
use crate::http::body::JsonBody;
use crate::http::error::{ApiError, ErrorBody};
use crate::http::list::{ListReply, present};
use crate::http::params::{Params, Path};
use crate::http::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use meterwire_app::ports::Project;
use meterwire_core::period::rfc3339;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A project (workspace).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProjectToApi {
    /// Its name in events and addresses.
    #[schema(example = "support-bot")]
    slug: String,
    /// Its name for people.
    name: String,
    /// The department that pays.
    department: Option<String>,
    /// The team that works on it.
    team: Option<String>,
    /// When it was made or first seen.
    created_at: String,
}

/// A project to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewProject {
    /// Its name in events and addresses.
    slug: String,
    /// The slug where it is absent.
    name: Option<String>,
    /// The department that pays.
    department: Option<String>,
    /// The team that works on it.
    team: Option<String>,
}

/// What to change of a project; null takes department or team away.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(clippy::option_option, reason = "absent, or null to take it away")]
pub(crate) struct ProjectChange {
    /// Its name for people.
    name: Option<String>,
    /// The department that pays.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    department: Option<Option<String>>,
    /// The team that works on it.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    team: Option<Option<String>>,
}

fn to_api(project: Project) -> ProjectToApi {
    ProjectToApi {
        slug: project.slug,
        name: project.name,
        department: project.department,
        team: project.team,
        created_at: rfc3339(project.created_ms),
    }
}

/// List projects.
#[utoipa::path(get, path = "/api/v1/projects", operation_id = "list_projects", tag = "Projects",
    params(("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query), ("tenant" = Option<String>, Query)),
    responses((status = 200, body = ListReply<ProjectToApi>), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn list(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
) -> Result<Json<ListReply<ProjectToApi>>, ApiError> {
    let (tenant, page) = (params.take("tenant")?, params.take_page()?);
    params.finish()?;
    Ok(Json(ListReply::from_page(state.app.list_projects(&caller, tenant.as_deref(), page).await?, to_api)))
}

/// Make a project.
#[utoipa::path(post, path = "/api/v1/projects", operation_id = "create_project", tag = "Projects", request_body = NewProject, params(("tenant" = Option<String>, Query)),
    responses((status = 201, body = ProjectToApi), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn create(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
    JsonBody(new): JsonBody<NewProject>,
) -> Result<(StatusCode, Json<ProjectToApi>), ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    let project = Project {
        name: new.name.unwrap_or_else(|| new.slug.clone()),
        slug: new.slug,
        department: new.department,
        team: new.team,
        created_ms: 0,
    };
    let project = state.app.create_project(&caller, tenant.as_deref(), project).await?;
    Ok((StatusCode::CREATED, Json(to_api(project))))
}

/// Read one project.
#[utoipa::path(get, path = "/api/v1/projects/{slug}", operation_id = "read_project", tag = "Projects", params(("slug" = String, Path), ("tenant" = Option<String>, Query)),
    responses((status = 200, body = ProjectToApi), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn read(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(slug): Path<String>,
    mut params: Params,
) -> Result<Json<ProjectToApi>, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    Ok(Json(to_api(state.app.read_project(&caller, tenant.as_deref(), &slug).await?)))
}

/// Change a project's name or tier.
#[utoipa::path(patch, path = "/api/v1/projects/{slug}", operation_id = "update_project", tag = "Projects", request_body = ProjectChange,
    params(("slug" = String, Path), ("tenant" = Option<String>, Query)),
    responses((status = 200, body = ProjectToApi), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn update(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(slug): Path<String>,
    mut params: Params,
    JsonBody(change): JsonBody<ProjectChange>,
) -> Result<Json<ProjectToApi>, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    let apply = |project: &mut Project| {
        project.name = change.name.unwrap_or_else(|| project.name.clone());
        project.department = change.department.unwrap_or_else(|| project.department.clone());
        project.team = change.team.unwrap_or_else(|| project.team.clone());
    };
    Ok(Json(to_api(state.app.update_project(&caller, tenant.as_deref(), &slug, apply).await?)))
}

/// Delete a project; its events stay.
#[utoipa::path(delete, path = "/api/v1/projects/{slug}", operation_id = "delete_project", tag = "Projects", params(("slug" = String, Path), ("tenant" = Option<String>, Query)),
    responses((status = 204, description = "Deleted"), (status = "default", description = "Not done", body = ErrorBody)))]
pub(crate) async fn delete(
    State(state): State<AppState>,
    Authed(caller): Authed,
    Path(slug): Path<String>,
    mut params: Params,
) -> Result<StatusCode, ApiError> {
    let tenant = params.take("tenant")?;
    params.finish()?;
    state.app.delete_project(&caller, tenant.as_deref(), &slug).await?;
    Ok(StatusCode::NO_CONTENT)
}
