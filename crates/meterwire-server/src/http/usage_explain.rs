//! `GET /api/v1/usage/explain`: why the cost changed.

use crate::http::auth::Authed;
use crate::http::error::{ApiError, ErrorBody};
use crate::http::params::Params;
use crate::http::state::AppState;
use crate::http::usage_query::take_compare;
use axum::Json;
use axum::extract::State;
use meterwire_app::ChangeReply;
use meterwire_core::compare::Matched;
use meterwire_core::explain::{Effects, ExplainedModel, Explanation};
use meterwire_core::period::rfc3339;
use meterwire_core::usage_query::UsageQueryInput;
use serde::Serialize;
use utoipa::ToSchema;

/// The change of cost between two periods, taken apart.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExplainReply {
    /// Where the numbers come from: `metered` are our own events.
    #[schema(example = "metered")]
    source: &'static str,
    /// When it was asked; everything answered before is in it.
    as_of: String,
    /// The zone of days, weeks and months.
    #[schema(example = "UTC")]
    tz: String,
    /// First instant of the range.
    from: String,
    /// First instant after it.
    to: String,
    /// The period that it is compared with.
    compared: ExplainCompared,
    /// Cost of the range, an exact decimal of US dollars.
    #[schema(example = "1.66")]
    cost_usd: String,
    /// Cost of the period that it is compared with.
    #[schema(example = "0.8")]
    compared_cost_usd: String,
    /// `cost_usd` less `compared_cost_usd`.
    #[schema(example = "0.86")]
    difference_usd: String,
    /// The parts of the difference; they add up to it exactly.
    effects: EffectsToApi,
    /// The models, the largest difference first; the rest beyond `top` last. They add up to everything above, exactly.
    models: Vec<ExplainedToApi>,
    /// Events of the range with tokens whose model has no price; they are not in `cost_usd`.
    unpriced_calls: i64,
    /// The same of the period that it is compared with.
    compared_unpriced_calls: i64,
}

/// The period that a range is compared with.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExplainCompared {
    /// First instant.
    from: String,
    /// First instant after it.
    to: String,
    /// `weekday` where the days were matched by the day of the week.
    matched: Option<&'static str>,
}

/// Parts of a difference of cost, exact decimals of US dollars.
#[derive(Debug, Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the contract's names tell the unit")]
pub(crate) struct EffectsToApi {
    /// From what a unit costs.
    #[schema(example = "0.12")]
    price_usd: String,
    /// From how many units there were in all.
    #[schema(example = "0.48")]
    volume_usd: String,
    /// From which models they went to.
    #[schema(example = "0.26")]
    mix_usd: String,
}

/// One model in both periods.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExplainedToApi {
    /// Who sells it; null where no event said so.
    provider: Option<String>,
    /// Its name; null where no event said so.
    model: Option<String>,
    /// Whether it is the rest beyond `top`.
    other: bool,
    /// Events of the range.
    calls: i64,
    /// Events of the period that it is compared with.
    compared_calls: i64,
    /// Input and output tokens of the range.
    tokens: i64,
    /// Those of the period that it is compared with.
    compared_tokens: i64,
    /// Cost of the range.
    cost_usd: String,
    /// Cost of the period that it is compared with.
    compared_cost_usd: String,
    /// What it costs more.
    difference_usd: String,
    /// The parts of that.
    #[serde(flatten)]
    effects: EffectsToApi,
    /// `both`, `new` (not called before) or `ended` (not called any more); null for the rest beyond `top`.
    #[schema(example = "both")]
    state: Option<&'static str>,
    /// Events of the range without a price.
    unpriced_calls: i64,
    /// The same of the period that it is compared with.
    compared_unpriced_calls: i64,
}

/// Why the cost changed.
///
/// Takes the difference to another period apart into price, volume and mix of models, for each model and in all, to the
/// last nano-dollar. The units `q` of a model are its tokens; a model that was called without tokens in either period
/// is counted in calls, and a period in which none of its calls has a price has no units of it. `Q` is the sum over all
/// models counted in the same unit, `c` the cost, 0 the earlier period, 1 the present one. With `A = c0 * q1 / q0` (the
/// present units at the earlier price; `c1` where `q0` is 0) and `B = c0 * Q1 / Q0` (the earlier cost, had all models
/// grown alike; `A` where `Q0` is 0), each rounded to the nano-dollar, half to even:
///
/// - `price_usd = c1 - A`: what a unit costs more. Longer answers, fewer cache hits and other service tiers are in it.
/// - `volume_usd = B - c0`: what more units in all would have cost, had nothing else changed.
/// - `mix_usd = A - B`: that the model grew more than the rest. A new model is all mix.
///
/// Of a period that is still running only as much of the other one is taken as has passed.
#[utoipa::path(get, path = "/api/v1/usage/explain", operation_id = "explain_change", tag = "Usage",
    params(("range" = Option<String>, Query, description = "today yesterday 24h 7d 30d 90d this_week this_month last_month this_year 12m; default 30d"),
        ("from" = Option<String>, Query, description = "Date or instant, instead of range"),
        ("to" = Option<String>, Query, description = "Date or instant, exclusive"),
        ("tz" = Option<String>, Query, description = "IANA zone; default the tenant's"),
        ("compare" = Option<String>, Query, description = "previous (default), last_year, or custom with compare_from and compare_to"),
        ("compare_from" = Option<String>, Query), ("compare_to" = Option<String>, Query),
        ("match" = Option<String>, Query, description = "weekday: the other period is moved by whole weeks, so that Mondays meet Mondays; with compare=previous or last_year"),
        ("filter[project]" = Option<String>, Query, description = "Only these values; likewise for every dimension, repeatable"),
        ("top" = Option<u32>, Query, description = "Models beside the rest, 1 to 1000; default 100"),
        ("tenant" = Option<String>, Query, description = "Slug of the tenant; only for an admin token")),
    responses((status = 200, body = ExplainReply), (status = "default", description = "Not answered", body = ErrorBody)))]
pub(crate) async fn explain(
    State(state): State<AppState>,
    Authed(caller): Authed,
    mut params: Params,
) -> Result<Json<ExplainReply>, ApiError> {
    let tenant = params.take("tenant")?;
    let input = UsageQueryInput {
        range: params.take_range()?,
        tz: params.take("tz")?,
        filters: params.take_filters(),
        compare: take_compare(&mut params, Some("previous"))?,
        top: params.take_parsed("top", "a number from 1 to 1000")?,
        ..UsageQueryInput::default()
    };
    params.finish()?;
    Ok(Json(to_api(state.app.explain_change(&caller, tenant.as_deref(), input).await?)))
}

fn to_api(reply: ChangeReply) -> ExplainReply {
    let ChangeReply { query, as_of_ms, compared, explanation, has_rest } = reply;
    let Explanation { present, earlier, effects, models } = explanation;
    let last = models.len().saturating_sub(1);
    let rows = models.into_iter().enumerate();
    ExplainReply {
        source: "metered",
        as_of: rfc3339(as_of_ms),
        tz: query.tz,
        from: rfc3339(query.window.range.from_ms),
        to: rfc3339(query.window.range.to_ms),
        compared: ExplainCompared {
            from: rfc3339(compared.from_ms),
            to: rfc3339(compared.to_ms),
            matched: query.matched.map(Matched::name),
        },
        cost_usd: present.cost.to_string(),
        compared_cost_usd: earlier.cost.to_string(),
        difference_usd: (present.cost - earlier.cost).to_string(),
        effects: effects_to_api(effects),
        models: rows.map(|(place, row)| row_to_api(row, has_rest && place == last)).collect(),
        unpriced_calls: present.unpriced_calls,
        compared_unpriced_calls: earlier.unpriced_calls,
    }
}

fn effects_to_api(effects: Effects) -> EffectsToApi {
    EffectsToApi {
        price_usd: effects.price.to_string(),
        volume_usd: effects.volume.to_string(),
        mix_usd: effects.mix.to_string(),
    }
}

fn row_to_api(row: ExplainedModel, other: bool) -> ExplainedToApi {
    let (present, earlier) = (row.usage.present, row.usage.earlier);
    ExplainedToApi {
        state: (!other).then(|| row.presence().name()),
        difference_usd: row.usage.difference().to_string(),
        provider: row.usage.provider,
        model: row.usage.model,
        other,
        calls: present.calls,
        compared_calls: earlier.calls,
        tokens: present.tokens,
        compared_tokens: earlier.tokens,
        cost_usd: present.cost.to_string(),
        compared_cost_usd: earlier.cost.to_string(),
        effects: effects_to_api(row.effects),
        unpriced_calls: present.unpriced_calls,
        compared_unpriced_calls: earlier.unpriced_calls,
    }
}
