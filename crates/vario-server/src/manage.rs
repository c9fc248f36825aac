//! Commands of the command line and other fronts.

use axum::extract::Request;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use serde_json::Value as Json;

use crate::front::{Visit, Who};
use crate::{reply, routes};

/// `POST /v1/manage`: JSON in, JSON out, for programs that have the token.
pub(crate) async fn answer(visit: Visit, request: Request) -> Response {
    if visit.who != Who::Program {
        return reply::forbidden("origin_not_allowed");
    }
    if !visit.has_token {
        return reply::error(StatusCode::UNAUTHORIZED, "token_needed");
    }
    if request.method() != Method::POST {
        return reply::method_not_allowed("POST");
    }
    let body = match routes::read_body(&visit, request).await {
        Ok(body) => body,
        Err(refusal) => return *refusal,
    };
    let Ok(command) = serde_json::from_slice::<Json>(&body) else {
        return reply::error(StatusCode::BAD_REQUEST, "invalid_json");
    };
    match visit.app.command(move |site| site.manage(command)).await {
        Ok(Ok(answer)) => reply::json(StatusCode::OK, &answer),
        Ok(Err(problem)) => {
            let (status, text) = problem.parts();
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            reply::error(status, text)
        }
        Err(response) => *response,
    }
}
