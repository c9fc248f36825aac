//! Server-sent events of new snapshots.

use std::convert::Infallible;

use axum::extract::Request;
use axum::http::{Method, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream;

use crate::front::{Visit, Who};
use crate::reply;

/// `/v1/events`: one `snapshot` event for each, shaped as in `/v1/usage`. A client that does not
/// keep up is cut off; it reads `/v1/usage` and comes again.
pub(crate) fn open(visit: &Visit, request: &Request) -> Response {
    if visit.who != Who::Program && !visit.has_token {
        return reply::forbidden("origin_not_allowed");
    }
    if request.method() != Method::GET {
        return reply::method_not_allowed("GET");
    }
    let permit = match visit.app.stream() {
        Ok(permit) => permit,
        Err(refusal) => return *refusal,
    };
    visit.slot.hold();
    let app = visit.app.clone();
    let ear = app.snapshots.listen();
    let events = stream::unfold((ear, app, permit), |(mut ear, app, permit)| async move {
        let frame = tokio::select! {
            () = app.stopped() => None,
            frame = ear.next() => frame,
        }?;
        let event = Event::default().event("snapshot").data(frame.text.as_str());
        Some((Ok::<_, Infallible>(event), (ear, app, permit)))
    });
    let pulse = KeepAlive::new().interval(visit.app.limits.ping_time);
    let mut response = Sse::new(events).keep_alive(pulse).into_response();
    reply::set(&mut response, header::CONNECTION, "close");
    response
}
