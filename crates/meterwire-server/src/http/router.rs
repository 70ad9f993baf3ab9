//! Every route, on one page.

use crate::http::error::ApiError;
use crate::http::state::AppState;
use crate::http::{
    audit, events, health, keys, layers, page, prices, projects, session, tenants, usage_live, usage_metrics,
    usage_query, users,
};
use axum::Router;
use axum::response::IntoResponse;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use utoipa_swagger_ui::SwaggerUi;

#[derive(OpenApi)]
#[openapi(
    info(title = "Meterwire", description = "Metering, cost, budgets and limits for AI and API usage.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")),
    modifiers(&Security),
    security(("token" = [])))]
struct Document;

struct Security;

impl Modify for Security {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("An API key (`mw_...`) or a JWT. `Authorization: Token` is the same."))
            .build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(scheme));
    }
}

fn api() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(Document::openapi())
        // Recording
        .routes(routes!(events::create))
        .routes(routes!(events::void))
        // R0
        .routes(routes!(usage_live::summary))
        .routes(routes!(usage_live::daily))
        .routes(routes!(usage_query::query))
        // R3
        .routes(routes!(usage_metrics::summary))
        .routes(routes!(usage_metrics::breakdown))
        .routes(routes!(usage_metrics::log))
        // Sign-in
        .routes(routes!(session::me))
        .routes(routes!(session::sign_in, session::sign_out))
        // Catalogue
        .routes(routes!(tenants::list, tenants::create))
        .routes(routes!(tenants::read, tenants::update, tenants::delete))
        .routes(routes!(keys::list, keys::create))
        .routes(routes!(keys::read, keys::revoke))
        .routes(routes!(keys::rotate))
        .routes(routes!(users::list, users::create))
        .routes(routes!(users::read, users::update, users::delete))
        .routes(routes!(projects::list, projects::create))
        .routes(routes!(projects::read, projects::update, projects::delete))
        .routes(routes!(prices::list, prices::create))
        .routes(routes!(prices::book))
        .routes(routes!(prices::read, prices::update, prices::delete))
        .routes(routes!(audit::list))
        // Operation
        .routes(routes!(health::healthz))
        .routes(routes!(health::readyz))
        .routes(routes!(health::prometheus))
}

/// The OpenAPI document, from the code.
pub fn openapi() -> utoipa::openapi::OpenApi {
    api().to_openapi()
}

/// The documentation asks nobody else to validate it.
fn docs_config() -> utoipa_swagger_ui::Config<'static> {
    utoipa_swagger_ui::Config::default().validator_url("none").display_request_duration(true)
}

/// The whole application: API, documentation, dashboard, and what surrounds every request.
pub fn router(state: AppState) -> Router {
    let (routes, document) = api().split_for_parts();
    routes
        .with_state(state)
        .merge(SwaggerUi::new("/docs").url("/openapi.json", document).config(docs_config()))
        .fallback(page::serve)
        .method_not_allowed_fallback(|| async { ApiError::MethodNotAllowed })
        .layer(CompressionLayer::new())
        .layer(CatchPanicLayer::custom(|_| ApiError::Internal("a handler panicked".into()).into_response()))
        .layer(axum::middleware::from_fn(layers::surround))
}
