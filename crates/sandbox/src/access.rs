//! Who may ask.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::PoisonError;

use axum::extract::{Path, Request, State as Extract};
use axum::http::header::{AUTHORIZATION, COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::reply::{Refusal, Reply};
use crate::state::{Shared, State};
use crate::world::DEFAULT_TEMPLATE;

const API_TOKEN: HeaderName = HeaderName::from_static("genestack-api-token");
const SESSION: &str = "ODMSANDBOXSESSION";

/// Lets a request through that carries the token in either header; the access token wins when both are there.
pub(crate) async fn check(Extract(state): Extract<State>, request: Request, next: Next) -> Response {
    if permitted(&state, request.headers()) {
        return next.run(request).await;
    }
    Refusal::new(
        StatusCode::UNAUTHORIZED,
        "User is not authenticated: send the token as Genestack-API-Token or as Authorization: Bearer",
    )
    .into_response()
}

/// Signing in and the templates, which the token opens through a session's cookie.
pub(crate) fn routes() -> Router<State> {
    Router::new()
        .route("/signin/{method}", axum::routing::post(sign_in))
        .route(
            "/study-metainfotemplateeditor/listTemplates",
            axum::routing::post(list_templates),
        )
}

async fn sign_in(
    Extract(state): Extract<State>,
    Path(method): Path<String>,
    Json(tokens): Json<Vec<String>>,
) -> Response {
    if !matches!(
        method.as_str(),
        "authenticateByApiToken" | "authenticateOAuthAccessToken"
    ) {
        return Refusal::missing("no such way to sign in").into_response();
    }
    let known = tokens.len() == 1 && tokens.iter().all(|token| same(token, &state.config.token));
    if !known {
        return Reply::json(json!({"result": {"authenticated": false}})).into_response();
    }
    let session = format!(
        "{:016x}{:016x}",
        RandomState::new().hash_one(0_u8),
        RandomState::new().hash_one(1_u8)
    );
    let cookie = format!("{SESSION}={session}; Path=/; HttpOnly; SameSite=Strict");
    state
        .sessions
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .insert(session);
    let mut response = Reply::json(json!({"result": {"authenticated": true}})).into_response();
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    response
}

async fn list_templates(Extract(state): Extract<State>, headers: HeaderMap) -> Response {
    if !(in_session(&state, &headers) || permitted(&state, &headers)) {
        return Refusal::new(StatusCode::UNAUTHORIZED, "sign in first").into_response();
    }
    let templates: Value =
        json!([{"accession": DEFAULT_TEMPLATE, "name": "Default template", "isDefault": true}]);
    Reply::json(json!({"result": templates})).into_response()
}

fn permitted(state: &Shared, headers: &HeaderMap) -> bool {
    let access = headers
        .get(AUTHORIZATION)
        .map(|value| value.to_str().ok().and_then(bearer).unwrap_or_default());
    let sent = access.or_else(|| {
        headers
            .get(API_TOKEN)
            .map(|value| value.to_str().unwrap_or_default())
    });
    sent.is_some_and(|sent| same(sent, &state.config.token))
}

fn bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn in_session(state: &Shared, headers: &HeaderMap) -> bool {
    let sessions = state.sessions.lock().unwrap_or_else(PoisonError::into_inner);
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .any(|pair| {
            pair.trim()
                .split_once('=')
                .is_some_and(|(name, value)| name == SESSION && sessions.contains(value))
        })
}

/// Compares in a time that does not depend on where two texts differ.
pub(crate) fn same(left: &str, right: &str) -> bool {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    let mut difference = usize::from(left.len() != right.len());
    for (index, byte) in left.iter().enumerate() {
        difference |= usize::from(byte ^ right.get(index % right.len().max(1)).copied().unwrap_or_default());
    }
    std::hint::black_box(difference) == 0 && !right.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_equal_or_not() {
        assert!(same("abc", "abc"));
        for (left, right) in [
            ("", ""),
            ("abc", ""),
            ("", "abc"),
            ("abc", "abd"),
            ("ab", "abab"),
            ("abab", "ab"),
        ] {
            assert!(!same(left, right), "{left:?} {right:?}");
        }
    }
}
