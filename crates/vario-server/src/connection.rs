//! One connection: its limits, and the requests that come over it.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::response::Response;
use hyper::body::{Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio_io_timeout::TimeoutStream;

use crate::app::App;
use crate::front;
use crate::pool::Slot;
use crate::site::Surface;

const REFUSAL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\n\
    content-type: application/json; charset=utf-8\r\ncontent-length: 23\r\nconnection: close\r\n\r\n\
    {\"error\":\"server_busy\"}";

/// How long to wait after accepting has failed: the system has no more file handles.
const PAUSE: Duration = Duration::from_millis(50);

/// Takes connections until the server stops.
pub(crate) async fn accept(app: Arc<App>, surface: Surface, port: u16, listener: TcpListener) {
    loop {
        let accepted = tokio::select! {
            () = app.stopped() => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, _)) => match app.pool.admit() {
                Some(slot) => {
                    tokio::spawn(serve(Arc::clone(&app), surface, port, stream, slot));
                }
                None => refuse(&stream),
            },
            Err(_no_handles) => tokio::time::sleep(PAUSE).await,
        }
    }
}

/// Says what fits in the socket's buffer at once, and forgets the client.
fn refuse(stream: &TcpStream) {
    let _best_effort = stream.try_write(REFUSAL);
}

async fn serve(app: Arc<App>, surface: Surface, port: u16, stream: TcpStream, slot: Slot) {
    let slot = Arc::new(slot);
    let limits = &app.limits;
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(limits.write_time));
    let service = {
        let (app, slot) = (Arc::clone(&app), Arc::clone(&slot));
        service_fn(move |request| {
            answer(Arc::clone(&app), surface, port, Arc::clone(&slot), request)
        })
    };
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_time)
        .max_buf_size(limits.head_bytes.max(8192))
        .max_headers(limits.headers)
        .serve_connection(TokioIo::new(Box::pin(stream)), service)
        .with_upgrades();
    tokio::pin!(connection);
    tokio::select! {
        // What a client did wrong ends its connection and is nobody else's concern.
        _ended = connection.as_mut() => return,
        () = slot.evicted() => return,
        () = app.stopped() => connection.as_mut().graceful_shutdown(),
    }
    // The runtime ends soon, and with it this task.
    let _ended = connection.await;
}

async fn answer(
    app: Arc<App>,
    surface: Surface,
    port: u16,
    slot: Arc<Slot>,
    request: hyper::Request<Incoming>,
) -> Result<Response, Infallible> {
    let request: Request = request.map(Body::new);
    if request.body().is_end_stream() {
        slot.busy();
    }
    let response = front::answer(app, surface, port, Arc::clone(&slot), request).await;
    slot.busy();
    Ok(response.map(|body| Body::new(Sent { body, slot })))
}

/// A body that says when it has been sent.
struct Sent {
    body: Body,
    slot: Arc<Slot>,
}

impl HttpBody for Sent {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Sent {
    fn drop(&mut self) {
        self.slot.waiting();
    }
}
