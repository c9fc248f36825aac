//! What both kinds of WebSocket share: that of the bus and that of a page.

use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::extract::{FromRequestParts as _, Request};
use axum::http::{StatusCode, header};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at, sleep_until};

use crate::front::Visit;
use crate::reply::{self, Refusal};

/// The server stops.
pub(crate) const GOING_AWAY: u16 = 1001;
/// The client is too slow.
pub(crate) const TOO_SLOW: u16 = 1008;

/// How many messages of one client are taken in one window, and how long that is. Well under the
/// length of a queue, so that one client's flood does not wash the others away.
const PER_WINDOW: u32 = 64;
const WINDOW: Duration = Duration::from_millis(50);

/// A request that asks for a WebSocket, with our limits.
pub(crate) async fn upgrade(visit: &Visit, request: Request) -> Result<WebSocketUpgrade, Refusal> {
    let (mut parts, _body) = request.into_parts();
    let upgrade = WebSocketUpgrade::from_request_parts(&mut parts, &()).await;
    let most = visit.app.limits.body_bytes;
    upgrade.map(|upgrade| upgrade.max_message_size(most).max_frame_size(most)).map_err(|_other| {
        let mut response = reply::error(StatusCode::UPGRADE_REQUIRED, "websocket_needed");
        reply::set(&mut response, header::UPGRADE, "websocket");
        Box::new(response)
    })
}

/// Ends a WebSocket politely.
pub(crate) async fn close(socket: &mut WebSocket, code: u16) {
    let frame = CloseFrame { code, reason: "".into() };
    // It ends either way.
    let _closed = socket.send(Message::Close(Some(frame))).await;
}

/// Finds clients that are not there any more.
pub(crate) struct Pulse {
    ticks: Interval,
    silent: u32,
}

impl Pulse {
    pub(crate) fn new(time: Duration) -> Self {
        let mut ticks = interval_at(Instant::now() + time, time);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { ticks, silent: 0 }
    }

    /// The client said something.
    pub(crate) fn heard(&mut self) {
        self.silent = 0;
    }

    /// Waits until the client is to be pinged; false if it has not answered the last two times.
    pub(crate) async fn beat(&mut self) -> bool {
        self.ticks.tick().await;
        self.silent += 1;
        self.silent <= 2
    }
}

/// Slows down a client that sends more than anybody needs.
pub(crate) struct Pace {
    end: Instant,
    left: u32,
}

impl Pace {
    pub(crate) fn new() -> Self {
        Self { end: Instant::now() + WINDOW, left: PER_WINDOW }
    }

    /// Returns when one more message may be taken.
    pub(crate) async fn take(&mut self) {
        if self.left == 0 {
            sleep_until(self.end).await;
        }
        let now = Instant::now();
        if now >= self.end {
            *self = Self { end: now + WINDOW, left: PER_WINDOW };
        }
        self.left -= 1;
    }
}
