//! A plugin's page and its background code, over a WebSocket.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::Request;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket};
use axum::http::header;
use axum::response::Response;
use futures_util::StreamExt as _;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use serde_json::{Value as Json, json};
use tokio::sync::oneshot;
use tokio::time::timeout;
use vario_background::Keep;

use crate::app::App;
use crate::fan::{Fan, Frame};
use crate::front::Visit;
use crate::reply;
use crate::socket::{self, GOING_AWAY, Pace, Pulse, TOO_SLOW};

/// How many calls of one page may wait for answers; then no more are read.
const MAX_CALLS: usize = 64;

/// A page's call.
#[derive(Debug, PartialEq)]
pub(crate) struct Call {
    /// Any JSON; the answer repeats it.
    pub(crate) id: Json,
    pub(crate) channel: String,
    pub(crate) args: Vec<Json>,
}

/// Reads a call; nothing if this is none.
pub(crate) fn read(text: &str) -> Option<Call> {
    let Ok(Json::Object(mut object)) = serde_json::from_str::<Json>(text) else {
        return None;
    };
    let Some(Json::String(channel)) = object.remove("channel") else {
        return None;
    };
    let args = match object.remove("args") {
        None | Some(Json::Null) => Vec::new(),
        Some(Json::Array(args)) => args,
        Some(_) => return None,
    };
    Some(Call { id: object.remove("id")?, channel, args })
}

/// Opens a page's line to its plugin. That it comes from this page was judged already, but a
/// program that sends no Origin is told to go elsewhere: the line is for pages.
pub(crate) async fn open(visit: Visit, plugin: &str, request: Request) -> Response {
    if !request.headers().contains_key(header::ORIGIN) {
        return reply::forbidden("origin_needed");
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
    let plugin = plugin.to_owned();
    upgrade.on_upgrade(async move |mut socket| {
        let (_permit, _slot) = (permit, visit.slot);
        serve(&mut socket, &visit.app, &plugin).await;
    })
}

async fn serve(socket: &mut WebSocket, app: &Arc<App>, plugin: &str) {
    let fan = Arc::new(Fan::new(app.limits.queue, app.limits.queue_bytes));
    let mut ear = fan.listen();
    let pushes = Arc::downgrade(&fan);
    let feed = app.site.ipc_feed(
        plugin,
        Box::new(move |channel, payload| match pushes.upgrade() {
            Some(fan) => {
                fan.send(|| push(channel, payload));
                Keep::Yes
            }
            None => Keep::No,
        }),
    );
    let mut calls: FuturesUnordered<BoxFuture<'static, String>> = FuturesUnordered::new();
    let mut pulse = Pulse::new(app.limits.ping_time);
    let mut pace = Pace::new();
    loop {
        let to_send = tokio::select! {
            () = app.stopped() => break socket::close(socket, GOING_AWAY).await,
            frame = ear.next() => match frame {
                None => break socket::close(socket, TOO_SLOW).await,
                Some(frame) => Message::Text(frame.text),
            },
            Some(answer) = calls.next() => Message::Text(answer.into()),
            alive = pulse.beat() => if alive { Message::Ping(Bytes::new()) } else { break },
            message = socket.recv(), if calls.len() < MAX_CALLS => match message {
                Some(Ok(Message::Text(text))) => {
                    pulse.heard();
                    pace.take().await;
                    if let Some(call) = read(&text) {
                        calls.push(ask(app, plugin, call));
                    }
                    continue;
                }
                Some(Ok(Message::Close(_)) | Err(_)) | None => break,
                Some(Ok(_)) => {
                    pulse.heard();
                    pace.take().await;
                    continue;
                }
            },
        };
        if socket.send(to_send).await.is_err() {
            break;
        }
    }
    drop(feed);
}

fn push(channel: &str, payload: &Json) -> Frame {
    let text = json!({ "channel": channel, "payload": payload }).to_string();
    Frame { id: "".into(), text: Utf8Bytes::from(text) }
}

fn ask(app: &Arc<App>, plugin: &str, call: Call) -> BoxFuture<'static, String> {
    let (sender, receiver) = oneshot::channel();
    let respond = Box::new(move |result| {
        // The page has gone if this fails.
        let _sent = sender.send(result);
    });
    let Call { id, channel, args } = call;
    app.site.ipc(plugin, &channel, args, respond);
    let time = app.limits.answer_time;
    Box::pin(async move {
        let result = match timeout(time, receiver).await {
            Ok(Ok(result)) => result,
            Ok(Err(_dropped)) => Err("the plugin has gone".to_owned()),
            Err(_elapsed) => Err("the plugin does not answer".to_owned()),
        };
        match result {
            Ok(value) => json!({ "id": id, "result": value }).to_string(),
            Err(message) => json!({ "id": id, "error": message }).to_string(),
        }
    })
}
