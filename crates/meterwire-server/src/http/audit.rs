//! `/api/v1/audit`: what was changed, by whom.

use crate::http::auth::Authed;
use crate::http::error::{ApiError, ErrorBody};
use crate::http::list::ListReply;
use crate::http::params::Params;
use crate::http::state::AppState;
use axum::Json;
use axum::extract::State;
use meterwire_app::ports::AuditEntry;
use meterwire_core::period::rfc3339;
use serde::Serialize;
use utoipa::ToSchema;

/// One change.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditToApi {
    /// Its number, ascending.
    seq: i64,
    /// When.
    at: String,
    /// Who: a key by its public beginning, a JWT by its user, or the command line.
    #[schema(example = "key:mw_ab12cd34")]
    actor: String,
    /// What.
    #[schema(example = "key.revoke")]
    action: String,
    /// On what.
    target: String,
}

fn to_api(entry: AuditEntry) -> AuditToApi {
    AuditToApi {
        seq: entry.seq,
        at: rfc3339(entry.at_ms),
        actor: entry.actor,
        action: entry.action,
        target: entry.target,
    }
}

/// List changes, newest first. An admin who names no tenant sees those of the instance.
#[utoipa::path(get, path = "/api/v1/audit", operation_id = "list_audit", tag = "Audit",
    params(("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query), ("tenant" = Option<String>, Query)),
    responses((status = 200, body = ListReply<AuditToApi>), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn list(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
) -> Result<Json<ListReply<AuditToApi>>, ApiError> {
    let (tenant, page) = (params.take("tenant")?, params.take_page()?);
    params.finish()?;
    Ok(Json(ListReply::from_page(state.app.list_audit(&caller, tenant.as_deref(), page).await?, to_api)))
}
