//! Every route, on one page.

use crate::http::error::ApiError;
use crate::http::state::AppState;
use crate::http::{
    alerts, audit, budgets, channels, closings, cors, departments, dimensions, embed, events, export, health,
    keys, layers, limits, limits_admin, metrics, organization, page, prices, projects, providers,
    reconciliation, reports, rerates, session, spend, statistics, tenants, tiers, usage_explain,
    usage_forecast, usage_live, usage_log, usage_metrics, usage_query, usage_stream, user_limits, users,
};
use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::any::Any;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, Predicate, SizeAbove};
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
        .routes(routes!(events::receipt::read, events::void))
        // R0
        .routes(routes!(usage_live::summary))
        .routes(routes!(usage_live::daily))
        .routes(routes!(usage_query::query))
        .routes(routes!(usage_explain::explain))
        .routes(routes!(usage_forecast::forecast))
        .routes(routes!(usage_stream::stream))
        // R1
        .routes(routes!(spend::current_month))
        .routes(routes!(spend::today))
        .routes(routes!(spend::budget_status))
        .routes(routes!(spend::model_comparison))
        .routes(routes!(spend::cost_intelligence))
        .routes(routes!(spend::dashboard))
        .routes(routes!(spend::what_if, spend::what_if_prices))
        // R2
        .routes(routes!(statistics::usage))
        .route("/api/tenants/{slug}/usage", get(statistics::usage))
        .routes(routes!(statistics::quota))
        // R3
        .routes(routes!(usage_metrics::summary))
        .routes(routes!(usage_metrics::breakdown))
        .routes(routes!(usage_log::log))
        // To take away
        .routes(routes!(export::export))
        // OpenAI's shape
        .routes(routes!(organization::usage::usage))
        .routes(routes!(organization::costs::costs))
        // Sign-in
        .routes(routes!(session::me))
        .routes(routes!(session::sign_in, session::sign_out))
        // Catalogue
        .routes(routes!(tenants::list, tenants::create))
        .routes(routes!(tenants::read, tenants::update, tenants::delete))
        .routes(routes!(keys::list, keys::create))
        .routes(routes!(keys::read, keys::revoke))
        .routes(routes!(keys::rotate))
        .routes(routes!(embed::create))
        .routes(routes!(users::list, users::create))
        .routes(routes!(users::read, users::update, users::delete))
        .routes(routes!(users::erase))
        .routes(routes!(projects::list, projects::create))
        .routes(routes!(projects::read, projects::update, projects::delete))
        .routes(routes!(prices::list, prices::create))
        .routes(routes!(prices::book))
        .routes(routes!(prices::read, prices::update, prices::delete))
        .routes(routes!(rerates::rerate))
        .routes(routes!(rerates::list))
        .routes(routes!(rerates::read))
        .routes(routes!(dimensions::list, dimensions::create))
        .routes(routes!(dimensions::read, dimensions::delete))
        .routes(routes!(audit::list))
        .routes(routes!(metrics::list, metrics::create))
        .routes(routes!(metrics::read, metrics::update, metrics::delete))
        .routes(routes!(tiers::list, tiers::create))
        .routes(routes!(tiers::read, tiers::update, tiers::delete))
        .routes(routes!(user_limits::read_user, user_limits::set_user))
        .routes(routes!(user_limits::read_tenant, user_limits::set_tenant))
        // R4
        .routes(routes!(limits::status))
        .routes(routes!(limits::check))
        .routes(routes!(limits::increment))
        .routes(routes!(limits::consume))
        .routes(routes!(limits::reservations::create))
        .routes(routes!(limits::reservations::read, limits::reservations::release))
        .routes(routes!(limits::reservations::commit))
        // R4, for the admin
        .routes(routes!(limits_admin::manual_reset))
        .routes(routes!(limits_admin::top_users))
        .routes(routes!(limits_admin::near_limits))
        .routes(routes!(limits_admin::history))
        .routes(routes!(limits_admin::read_usage_limits, limits_admin::set_usage_limits))
        .routes(routes!(limits_admin::set_tier))
        // Budgets
        .routes(routes!(budgets::list, budgets::create))
        .routes(routes!(budgets::read, budgets::update, budgets::delete))
        .routes(routes!(budgets::split))
        .routes(routes!(budgets::history))
        // What providers say
        .routes(routes!(providers::list, providers::create))
        .routes(routes!(providers::read, providers::update, providers::delete))
        .routes(routes!(providers::backfill))
        .routes(routes!(providers::refresh))
        .routes(routes!(reconciliation::read))
        // Closed months, and who pays
        .routes(routes!(closings::list, closings::create))
        .routes(routes!(closings::read, closings::delete))
        .routes(routes!(closings::statement))
        .routes(routes!(closings::adjustment))
        .routes(routes!(closings::changes))
        .routes(routes!(departments::costs))
        .routes(routes!(reports::list, reports::create))
        .routes(routes!(reports::file))
        .routes(routes!(reports::mail))
        .routes(routes!(reports::read, reports::update, reports::delete))
        .routes(routes!(reports::send))
        .routes(routes!(reports::deliveries))
        // Alerts
        .routes(routes!(channels::list, channels::create))
        .routes(routes!(channels::read, channels::update, channels::delete))
        .routes(routes!(channels::test))
        .routes(routes!(alerts::list))
        .routes(routes!(alerts::read))
        .routes(routes!(alerts::snooze))
        .routes(routes!(alerts::retry))
        .routes(routes!(alerts::list_rules))
        .routes(routes!(alerts::read_rule, alerts::update_rule))
        // Operation
        .routes(routes!(health::healthz))
        .routes(routes!(health::readyz))
        .routes(routes!(health::prometheus))
}

/// The OpenAPI document, from the code.
pub fn openapi() -> utoipa::openapi::OpenApi {
    api().to_openapi()
}

/// Answers smaller than this, in bytes, fit one packet as they are; packing them would cost more than sending them.
const COMPRESS_FROM: u64 = 1024;

fn panicked(_: Box<dyn Any + Send>) -> Response {
    ApiError::Internal("a handler panicked".into()).into_response()
}

/// The documentation asks nobody else to validate it.
fn docs_config() -> utoipa_swagger_ui::Config<'static> {
    utoipa_swagger_ui::Config::default().validator_url("none").display_request_duration(true)
}

/// The whole application: API, documentation, dashboard, and what surrounds every request.
pub fn router(state: AppState) -> Router {
    let (routes, document) = api().split_for_parts();
    let cors = cors::layer(&state.settings.cors_origins);
    // One layer made of three: each would box the service of every request once more. Outermost first.
    let surroundings = ServiceBuilder::new()
        .layer(axum::middleware::from_fn(layers::surround))
        .layer(CatchPanicLayer::custom(panicked as fn(_) -> _))
        .layer(
            CompressionLayer::new().compress_when(DefaultPredicate::new().and(SizeAbove::new(COMPRESS_FROM))),
        );
    let router = routes
        .with_state(state)
        .merge(SwaggerUi::new("/docs").url("/openapi.json", document).config(docs_config()))
        .fallback(page::serve)
        .method_not_allowed_fallback(|| async { ApiError::MethodNotAllowed })
        .layer(surroundings);
    match cors {
        Some(cors) => router.layer(cors),
        None => router,
    }
}
