//! From a request to a caller: an API key, a JWT, or the page's session cookie.

use crate::http::error::ApiError;
use crate::http::state::AppState;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use meterwire_app::{AppError, Caller};
use std::sync::Arc;

/// The cookie of the page's session.
pub(crate) const SESSION_COOKIE: &str = "meterwire_session";

/// An authenticated caller.
pub(crate) struct Authed(pub Arc<Caller>);

impl FromRequestParts<AppState> for Authed {
    type Rejection = ApiError;
    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        // Only this process itself can attach one: the command line, talking to the router directly.
        if let Some(caller) = parts.extensions.get::<Caller>() {
            return Ok(Self(Arc::new(caller.clone())));
        }
        let safe = matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS);
        let by_cookie = !safe && !parts.headers.contains_key(header::AUTHORIZATION);
        if by_cookie && session_cookie(&parts.headers).is_some() {
            same_origin(&parts.headers)?;
        }
        Ok(Self(authenticate(state, &parts.headers).await?))
    }
}

/// The caller that the headers of a request name.
pub(crate) async fn authenticate(state: &AppState, headers: &HeaderMap) -> Result<Arc<Caller>, ApiError> {
    if let Some(token) = bearer(headers)? {
        let jwt = state.jwt.as_ref().filter(|_| token.split('.').count() == 3);
        let Some(verifier) = jwt else { return Ok(state.app.authenticate(token).await?) };
        let now_s = state.app.now_ms() / 1000;
        let claims = verifier.verify(token, now_s).await.map_err(AppError::Unauthenticated)?;
        return Ok(Arc::new(state.app.caller_from_claims(claims).await?));
    }
    let Some(cookie) = session_cookie(headers) else {
        return Err(AppError::Unauthenticated("send Authorization: Bearer <token>").into());
    };
    Ok(state.app.resume_session(cookie).await?)
}

/// The token of the `Authorization` header; `Bearer` and `Token` are the same.
fn bearer(headers: &HeaderMap) -> Result<Option<&str>, ApiError> {
    let Some(value) = headers.get(header::AUTHORIZATION) else {
        return Ok(None);
    };
    let refused = || ApiError::from(AppError::Unauthenticated("Authorization must be: Bearer <token>"));
    let text = value.to_str().map_err(|_| refused())?;
    let (scheme, token) = text.split_once(' ').ok_or_else(refused)?;
    if scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("token") {
        return Ok(Some(token.trim()));
    }
    Err(refused())
}

/// The value of the session's cookie.
pub(crate) fn session_cookie(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == SESSION_COOKIE).map(|(_, value)| value)
}

/// A change that is authorised by a cookie must come from the page itself: another site's page cannot set `Origin`.
pub(crate) fn same_origin(headers: &HeaderMap) -> Result<(), ApiError> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let host = text(header::HOST.as_str());
    let origin =
        text(header::ORIGIN.as_str()).and_then(|origin| origin.split_once("://")).map(|(_, host)| host);
    match (origin, host) {
        (Some(origin), Some(host)) if origin == host => Ok(()),
        _ => Err(AppError::Forbidden("the request does not come from this server's own page").into()),
    }
}
