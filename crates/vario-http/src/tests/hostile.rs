//! Servers that mean harm: an error text, never a panic, never a hang.

use std::io::Write;
use std::time::Duration;

use super::server::{Server, ok, read_request, wait_for_close};
use super::{error_text, get, send};
use crate::Request;

#[test]
fn nonsense_instead_of_a_response() {
    let many_headers = format!("HTTP/1.1 200 OK\r\n{}\r\n", "x: y\r\n".repeat(5000));
    let long_header = format!("HTTP/1.1 200 OK\r\nx: {}\r\n\r\n", "y".repeat(1_000_000));
    let cases: &[(&str, &[u8])] = &[
        ("nothing", b""),
        ("half a status line", b"HTTP/1.1 20"),
        ("half a head", b"HTTP/1.1 200 OK\r\nx: y\r\n"),
        ("not HTTP", b"SSH-2.0-OpenSSH_9\r\n\r\n"),
        ("HTTP/0.9", b"<html>hello</html>"),
        ("bad version", b"HTTP/9.9 200 OK\r\n\r\n"),
        ("bad status", b"HTTP/1.1 abc OK\r\n\r\n"),
        ("status with four digits", b"HTTP/1.1 2000 OK\r\n\r\n"),
        ("NUL bytes", &[0; 512]),
        ("header without colon", b"HTTP/1.1 200 OK\r\nnonsense\r\n\r\n"),
        ("header name with a space", b"HTTP/1.1 200 OK\r\na b: c\r\n\r\n"),
        ("control character in a value", b"HTTP/1.1 200 OK\r\na: \x01\r\n\r\n"),
        ("negative length", b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n"),
        ("length that is no number", b"HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n"),
        ("many headers", many_headers.as_bytes()),
        ("long header", long_header.as_bytes()),
    ];
    for (name, response) in cases {
        let server = Server::answering(*response);
        let expected = format!("error sending request for url ({})", server.url());
        assert_eq!(error_text(send(&get(&server.url()))), expected, "{name}");
    }
}

const CHUNKED: &str = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
const SENDING: &str = "error sending request";
const DECODING: &str = "error decoding response body";

#[test]
fn endless_responses_end_with_an_error() {
    // Sent once, and then for ever.
    let cases = [
        ("status line", "HTTP/1.1 200 ", "x", SENDING),
        ("headers", "HTTP/1.1 200 OK\r\n", "x-again: and again\r\n", SENDING),
        ("header name", "HTTP/1.1 200 OK\r\n", "x", SENDING),
        ("header value", "HTTP/1.1 200 OK\r\nx: ", "y", SENDING),
        ("folded header", "HTTP/1.1 200 OK\r\nx: y\r\n", " more\r\n", SENDING),
        ("empty lines first", "", "\r\n", SENDING),
        ("informational responses", "", "HTTP/1.1 103 Hints\r\n\r\n", SENDING),
        ("length with many digits", "HTTP/1.1 200 OK\r\ncontent-length: ", "0", SENDING),
        ("chunk size", CHUNKED, "0", DECODING),
        ("chunk extension", &format!("{CHUNKED}1;"), "x", DECODING),
        ("trailers", &format!("{CHUNKED}0\r\n"), "x: y\r\n", DECODING),
    ];
    for (name, start, again, text) in cases {
        let (start, again) = (start.to_owned(), again.repeat(1000));
        let server = Server::start(move |stream| {
            read_request(stream);
            let mut sent = stream.write_all(start.as_bytes());
            while sent.is_ok() {
                sent = stream.write_all(again.as_bytes());
            }
            Vec::new()
        });
        let request = Request { timeout: Duration::from_millis(500), ..get(&server.url()) };
        let expected = format!("{text} for url ({})", server.url());
        assert_eq!(error_text(send(&request)), expected, "{name}");
        // It ends only when the connection is closed.
        server.finish();
    }
}

#[test]
fn a_drip_at_any_stage_runs_into_the_time_out() {
    let cases = [
        ("status line", "", SENDING),
        ("header", "HTTP/1.1 200 OK\r\nx: ", SENDING),
        ("body", "HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n", DECODING),
        ("chunk size", CHUNKED, DECODING),
        ("chunk", &format!("{CHUNKED}fffff\r\n"), DECODING),
    ];
    for (name, start, text) in cases {
        let start = start.to_owned();
        let server = Server::start(move |stream| {
            read_request(stream);
            let mut sent = stream.write_all(start.as_bytes());
            // A pause of the server's, in the form of a read that nothing answers.
            stream.set_read_timeout(Some(Duration::from_millis(10))).unwrap();
            while sent.is_ok() {
                wait_for_close(stream);
                sent = stream.write_all(b"0");
            }
            Vec::new()
        });
        let request = Request { timeout: Duration::from_millis(100), ..get(&server.url()) };
        let expected = format!("{text} for url ({})", server.url());
        assert_eq!(error_text(send(&request)), expected, "{name}");
        server.finish();
    }
}

#[test]
fn a_server_that_never_finishes_the_tls_handshake_runs_into_the_time_out() {
    let server = Server::start(|stream| {
        wait_for_close(stream);
        Vec::new()
    });
    let url = format!("https://127.0.0.1:{}/", server.port);
    let request = Request { timeout: Duration::from_millis(100), ignore_tls: true, ..get(&url) };
    assert_eq!(error_text(send(&request)), format!("{SENDING} for url ({url})"));
    server.finish();
}

#[test]
fn a_compressed_bomb_stays_small() {
    // Claims that would unpack to much more: nothing is unpacked, whatever is claimed.
    for encoding in ["gzip", "deflate", "br", "zstd", "gzip, gzip", "x-gzip"] {
        let header = format!("content-encoding: {encoding}\r\n");
        let server = Server::answering(ok(&header, &[b'z'; 1000]));
        let request = Request {
            headers: vec![("accept-encoding".to_owned(), encoding.to_owned())],
            max_body_bytes: 1000,
            ..get(&server.url())
        };
        let response = send(&request).expect(encoding);
        assert_eq!(response.body, "z".repeat(1000), "{encoding}");
        assert_eq!(response.headers["content-encoding"], encoding);
    }
}

#[test]
fn tiny_chunks_count_by_what_they_hold() {
    let server = Server::start(|stream| {
        read_request(stream);
        let mut sent = stream.write_all(CHUNKED.as_bytes());
        let chunks = "1\r\nx\r\n".repeat(1000);
        while sent.is_ok() {
            sent = stream.write_all(chunks.as_bytes());
        }
        Vec::new()
    });
    let request = Request { max_body_bytes: 50_000, ..get(&server.url()) };
    assert_eq!(error_text(send(&request)), "response body exceeds the limit of 50000 bytes");
    server.finish();
}

#[test]
fn a_promise_of_a_huge_body_reserves_nothing() {
    for length in ["18446744073709551615", "9223372036854775807", "1000000000000"] {
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\nxx");
        let server = Server::answering(head);
        let expected = format!("{DECODING} for url ({})", server.url());
        assert_eq!(error_text(send(&get(&server.url()))), expected, "{length}");
    }
}

#[test]
fn an_endless_body_ends_at_the_size_limit() {
    for head in ["HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"]
    {
        let server = Server::start(move |stream| {
            read_request(stream);
            let mut sent = stream.write_all(head.as_bytes());
            while sent.is_ok() {
                sent = stream.write_all(b"5\r\nhello\r\n");
            }
            Vec::new()
        });
        assert_eq!(
            error_text(send(&Request { max_body_bytes: 100_000, ..get(&server.url()) })),
            "response body exceeds the limit of 100000 bytes"
        );
        server.finish();
    }
}
