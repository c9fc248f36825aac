//! The event bus over WebSocket (smartCARS reference, section 6).

use std::collections::HashSet;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::Request;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket};
use axum::response::Response;
use vario_background::{Event, read_frame};

use crate::app::App;
use crate::fan::{Ear, Frame};
use crate::front::{Visit, Who};
use crate::reply;
use crate::site::Surface;
use crate::socket::{self, GOING_AWAY, Pace, Pulse, TOO_SLOW};

/// What clients get of an event.
pub(crate) fn frame(event: &Event) -> Frame {
    let text = vario_background::frame(event).to_string();
    Frame { id: event.id.as_str().into(), text: Utf8Bytes::from(text) }
}

/// Opens the bus to whoever may hear it.
pub(crate) async fn open(visit: Visit, request: Request) -> Response {
    let may = match (visit.surface, &visit.who) {
        (_, Who::Foreign) => false,
        // A browser always says which page opens a WebSocket; who does not say it is a program.
        (Surface::SmartcarsBus, _) => true,
        (_, Who::Page(_)) if request.headers().contains_key("origin") => true,
        _ => visit.has_token,
    };
    if !may {
        return reply::forbidden("origin_not_allowed");
    }
    let upgrade = match socket::upgrade(&visit, request).await {
        Ok(upgrade) => upgrade,
        Err(refusal) => return *refusal,
    };
    let permit = match visit.app.stream() {
        Ok(permit) => permit,
        Err(refusal) => return *refusal,
    };
    visit.slot.hold();
    // Now, so that a client hears all that happens after it was answered.
    let ear = visit.app.events.listen();
    upgrade.on_upgrade(async move |mut socket| {
        let (_permit, _slot) = (permit, visit.slot);
        serve(&mut socket, &visit.app, ear).await;
    })
}

async fn serve(socket: &mut WebSocket, app: &Arc<App>, mut ear: Ear) {
    let mut pulse = Pulse::new(app.limits.ping_time);
    let mut pace = Pace::new();
    // What this client sent itself and is not to hear.
    let mut own = HashSet::new();
    loop {
        let to_send = tokio::select! {
            () = app.stopped() => return socket::close(socket, GOING_AWAY).await,
            frame = ear.next() => match frame {
                None => return socket::close(socket, TOO_SLOW).await,
                Some(frame) if own.remove(&*frame.id) => continue,
                Some(frame) => Message::Text(frame.text),
            },
            alive = pulse.beat() => if alive { Message::Ping(Bytes::new()) } else { return },
            message = socket.recv() => match message {
                Some(Ok(Message::Text(text))) => {
                    pulse.heard();
                    pace.take().await;
                    publish(app, &mut own, &text);
                    continue;
                }
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(_)) => {
                    pulse.heard();
                    pace.take().await;
                    continue;
                }
            },
        };
        if socket.send(to_send).await.is_err() {
            return;
        }
    }
}

fn publish(app: &App, own: &mut HashSet<String>, text: &str) {
    let id = read_frame(text).and_then(|(kind, data)| app.site.publish(&kind, data));
    if own.len() >= app.limits.queue {
        // These were published and yet never came.
        own.clear();
    }
    own.extend(id);
}
