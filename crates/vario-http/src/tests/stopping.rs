//! Time-outs, deadlines, cancellation and the veto on addresses.

use std::io::Write;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use super::server::{Server, closed_port, ok, read_request, wait_for_close};
use super::{PATIENCE, call, error_text, get, send};
use crate::{Call, CancelHandle, Error, HttpClient, ProxyConfig, Request};

const SHORT: Duration = Duration::from_millis(100);

/// Reads the request, writes `start`, and then stays silent until the client leaves.
fn silent_after(start: &'static str) -> Server {
    Server::start(move |stream| {
        read_request(stream);
        let _ = stream.write_all(start.as_bytes());
        wait_for_close(stream);
        Vec::new()
    })
}

#[test]
fn the_time_out_covers_every_stage() {
    let cases = [
        ("no response", "", "error sending request"),
        ("half a head", "HTTP/1.1 200 OK\r\nx", "error sending request"),
        (
            "head only",
            "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n",
            "error decoding response body",
        ),
        (
            "half a body",
            "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nxx",
            "error decoding response body",
        ),
        ("until close", "HTTP/1.1 200 OK\r\n\r\nxx", "error decoding response body"),
    ];
    for (name, start, text) in cases {
        let server = silent_after(start);
        let expected = format!("{text} for url ({})", server.url());
        let request = Request { timeout: SHORT, ..get(&server.url()) };
        assert_eq!(error_text(send(&request)), expected, "{name}");
        server.finish();
    }
}

#[test]
fn a_dripping_body_does_not_renew_the_time_out() {
    let server = Server::start(|stream| {
        read_request(stream);
        let mut sent = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
        // A pause of the server's, in the form of a read that nothing answers.
        stream.set_read_timeout(Some(Duration::from_millis(10))).unwrap();
        while sent.is_ok() {
            wait_for_close(stream);
            sent = stream.write_all(b"x");
        }
        Vec::new()
    });
    let request = Request { timeout: SHORT, ..get(&server.url()) };
    let expected = format!("error decoding response body for url ({})", server.url());
    assert_eq!(error_text(send(&request)), expected);
    server.finish();
}

#[test]
fn a_server_that_does_not_take_the_request_runs_into_the_time_out() {
    let (given_up, when_given_up) = mpsc::channel();
    let server = Server::start(move |stream| {
        when_given_up.recv().unwrap();
        wait_for_close(stream);
        Vec::new()
    });
    let request = Request {
        method: "POST".to_owned(),
        body: Some("x".repeat(64 * 1024 * 1024).into()),
        timeout: SHORT,
        ..get(&server.url())
    };
    let expected = format!("error sending request for url ({})", server.url());
    assert_eq!(error_text(send(&request)), expected);
    given_up.send(()).unwrap();
    server.finish();
}

#[test]
fn a_listener_that_never_accepts_runs_into_the_time_out() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let request = Request { timeout: SHORT, ..get(&url) };
    assert_eq!(error_text(send(&request)), format!("error sending request for url ({url})"));
}

#[test]
fn the_deadline_shortens_the_time_out() {
    let server = silent_after("");
    let call = Call::until(Instant::now() + SHORT);
    let result = HttpClient::new(ProxyConfig::none()).send(&get(&server.url()), &call);
    let expected = format!("error sending request for url ({})", server.url());
    assert_eq!(error_text(result), expected);
    server.finish();
}

#[test]
fn after_the_deadline_nothing_happens_and_nothing_is_checked() {
    let call = Call::until(Instant::now());
    let client = HttpClient::new(ProxyConfig::none());
    let request = Request { method: String::new(), ..get("nonsense") };
    assert_eq!(error_text(client.send(&request, &call)), "probe timed out");
}

#[test]
fn an_enormous_time_out_is_fine() {
    let server = Server::answering(ok("", b"ok"));
    let request = Request { timeout: Duration::from_millis(u64::MAX), ..get(&server.url()) };
    assert_eq!(send(&request).unwrap().body, "ok");
}

#[test]
fn cancelling_from_another_thread_ends_every_stage() {
    for start in ["", "HTTP/1.1 200 OK\r\nx", "HTTP/1.1 200 OK\r\n\r\nxx"] {
        let (reached, when_reached) = mpsc::channel();
        let server = Server::start(move |stream| {
            read_request(stream);
            let _ = stream.write_all(start.as_bytes());
            reached.send(()).unwrap();
            wait_for_close(stream);
            Vec::new()
        });
        let call = Call { cancel: CancelHandle::new(), ..call() };
        let cancel = call.cancel.clone();
        let canceller = thread::spawn(move || {
            when_reached.recv().unwrap();
            cancel.cancel();
        });
        let client = HttpClient::new(ProxyConfig::none());
        let result = client.send(&Request { timeout: PATIENCE, ..get(&server.url()) }, &call);
        assert_eq!(error_text(result), "request cancelled", "{start:?}");
        // The connection is closed too: else the server would wait for ever.
        server.finish();
        canceller.join().unwrap();
    }
}

#[test]
fn a_cancelled_handle_forbids_later_requests() {
    let call = call();
    call.cancel.cancel();
    call.cancel.cancel();
    assert!(call.cancel.is_cancelled());
    let client = HttpClient::new(ProxyConfig::none());
    let url = format!("http://127.0.0.1:{}/", closed_port());
    assert!(matches!(client.send(&get(&url), &call), Err(Error::Cancelled)));
}

#[test]
fn one_handle_serves_several_requests() {
    let call = call();
    let client = HttpClient::new(ProxyConfig::none());
    for body in ["one", "two"] {
        let server = Server::answering(ok("", body.as_bytes()));
        assert_eq!(client.send(&get(&server.url()), &call).unwrap().body, body);
    }
    assert!(!call.cancel.is_cancelled());
}

#[test]
fn a_veto_on_the_address_looks_like_a_failed_connection() {
    let client = HttpClient::new(ProxyConfig::none());
    let port = closed_port();
    let spellings =
        ["localhost", "127.0.0.1", "127.1", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]"];
    for host in spellings {
        let call = Call {
            address_check: Some(Arc::new(|_: &str, address: SocketAddr| {
                !address.ip().to_canonical().is_loopback()
            })),
            ..call()
        };
        let url = format!("http://{host}:{port}/");
        let error = client.send(&get(&url), &call).expect_err("vetoed");
        assert!(matches!(error, Error::AddressRefused { .. }), "{host}: {error:?}");
        assert!(error.to_string().starts_with("error sending request for url (http://"), "{host}");
    }
}

#[test]
fn the_check_sees_host_and_address_and_may_agree() {
    let server = Server::answering(ok("", b"ok"));
    let port = server.port;
    let (seen, asked) = mpsc::channel();
    let call = Call {
        address_check: Some(Arc::new(move |host: &str, address: SocketAddr| {
            seen.send((host.to_owned(), address)).unwrap();
            true
        })),
        ..call()
    };
    let response = HttpClient::new(ProxyConfig::none()).send(&get(&server.url()), &call).unwrap();
    assert_eq!(response.body, "ok");
    let asked: Vec<_> = asked.try_iter().collect();
    let address = SocketAddr::new(IpAddr::from([127, 0, 0, 1]), port);
    assert_eq!(asked, [("127.0.0.1".to_owned(), address)]);
}
