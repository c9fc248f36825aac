//! Bytes that no honest client sends.

use std::io::Write as _;
use std::sync::atomic::Ordering;
use std::time::Duration;

use vario_server::{Config, Limits, Server, Surface};

use crate::client::{connect, exchange, get, read_answer, statuses};
use crate::site::{config, start, start_with};

fn head(server: &Server, line: &str, headers: &str) -> String {
    let port = server.port(Surface::Main).unwrap();
    format!("{line}\r\nHost: localhost:{port}\r\n{headers}\r\n")
}

#[test]
fn rubbish_is_refused_and_hurts_nobody() {
    let (server, site) = start();
    let port = server.port(Surface::Main).unwrap();
    let ok = |line: &str| head(&server, line, "Connection: close\r\n").into_bytes();
    let path = "GET /api/plain/echo";
    let rows: Vec<Vec<u8>> = vec![
        b"GET /api/plain/echo\r\n\r\n".to_vec(),
        b"GET /api/plain/echo\n\n".to_vec(),
        b"\r\n\r\n\r\n\0\0\0\0\r\n\r\n".to_vec(),
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(),
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".repeat(20),
        vec![0xff; 5000],
        b"GET /api/plain/echo HTTP/1.1\r\n\r\n".to_vec(),
        b"GET /api/plain/echo HTTP/1.0\r\n\r\n".to_vec(),
        ok(&format!("{path} HTTP/1.2")),
        ok(&format!("{path} HTTP/3.0")),
        ok(&format!("{path} HTTP/1.1 extra")),
        ok(&format!("{path}  HTTP/1.1")),
        ok("GET  HTTP/1.1"),
        ok("GET api/plain/echo HTTP/1.1"),
        ok("GET http:// HTTP/1.1"),
        ok("GET //evil.example/api/plain/echo HTTP/1.1"),
        ok("OPTIONS * HTTP/1.1"),
        ok("CONNECT localhost:22 HTTP/1.1"),
        [
            b"GET /api/plain/\xff\xfe\x00 HTTP/1.1\r\nHost: localhost:".as_slice(),
            format!("{port}\r\n\r\n").as_bytes(),
        ]
        .concat(),
        head(&server, "GET /api/plain/echo HTTP/1.1", "bad name: x\r\n").into_bytes(),
        head(&server, "GET /api/plain/echo HTTP/1.1", "x\0y: x\r\n").into_bytes(),
        head(&server, "GET /api/plain/echo HTTP/1.1", "x: a\0b\r\n").into_bytes(),
        head(&server, "GET /api/plain/echo HTTP/1.1", " folded: x\r\n").into_bytes(),
        head(&server, "GET /api/plain/echo HTTP/1.1", ": x\r\n").into_bytes(),
        head(&server, "GET /api/plain/echo HTTP/1.1", "no colon\r\n").into_bytes(),
        head(&server, "GET /api/plain/echo HTTP/1.1", "Content-Length: -1\r\n").into_bytes(),
        head(&server, "GET /api/plain/echo HTTP/1.1", "Content-Length: 1, 2\r\n").into_bytes(),
        head(&server, "GET /api/plain/echo HTTP/1.1", "Content-Length: 99999999999999999999\r\n")
            .into_bytes(),
        head(&server, "GET /x HTTP/1.1", "Content-Length: 1\r\nContent-Length: 2\r\n").into_bytes(),
        head(&server, "POST /x HTTP/1.1", "Transfer-Encoding: gzip\r\n").into_bytes(),
        head(&server, "POST /x HTTP/1.1", "Transfer-Encoding: chunked, gzip\r\n").into_bytes(),
        head(&server, "POST /x HTTP/1.0", "Transfer-Encoding: chunked\r\n").into_bytes(),
    ];
    for bytes in rows {
        let mut stream = connect(&server, Surface::Main);
        let _sent = stream.write_all(&bytes);
        let _closed = stream.shutdown(std::net::Shutdown::Write);
        let answer = crate::client::read_all(&mut stream);
        let shown = String::from_utf8_lossy(&bytes);
        assert!(statuses(&answer).iter().all(|status| *status >= 400), "{shown}: {answer:?}");
    }
    assert_eq!(site.calls.load(Ordering::SeqCst), 0);
    assert_eq!(get(&server, "/api/plain/echo").status(), 200);
}

#[test]
fn giant_heads_are_cut_off() {
    let (server, site) = start();
    let long = "a".repeat(100_000);
    let many = |count: usize| "x: 1\r\n".repeat(count);
    let rows = [
        head(&server, &format!("GET /api/plain/{long} HTTP/1.1"), ""),
        head(&server, "GET /api/plain/echo HTTP/1.1", &format!("x: {long}\r\n")),
        head(&server, "GET /api/plain/echo HTTP/1.1", &format!("{long}: x\r\n")),
        head(&server, "GET /api/plain/echo HTTP/1.1", &many(101)),
        head(&server, "GET /api/plain/echo HTTP/1.1", &many(5000)),
        format!("{long}{long}"),
    ];
    for bytes in rows {
        let answer = exchange(&server, Surface::Main, bytes.as_bytes());
        // The answer may be lost when the server closes before it has read everything.
        assert!(statuses(&answer).iter().all(|status| matches!(status, 400 | 414 | 431)));
    }
    assert_eq!(site.calls.load(Ordering::SeqCst), 0);
    let fine = head(&server, "GET /api/plain/echo HTTP/1.1", &many(90));
    let mut stream = connect(&server, Surface::Main);
    stream.write_all(fine.as_bytes()).unwrap();
    assert_eq!(read_answer(&mut stream, false).unwrap().status, 200);
}

/// Whoever reads these differently from us would see a second request in the body.
#[test]
fn a_request_in_a_body_is_not_answered() {
    // Connections that stay open end soon.
    let limits = Limits { head_time: Duration::from_millis(300), ..Limits::default() };
    let (server, site) = start_with(&Config { limits, ..config() });
    let inner = head(&server, "GET /api/plain/smuggled HTTP/1.1", "");
    let chunked = format!("0\r\n\r\n{inner}");
    let sized = format!("Content-Length: {}\r\nTransfer-Encoding: chunked\r\n", chunked.len());
    let turned = format!("Transfer-Encoding: chunked\r\nContent-Length: {}\r\n", chunked.len());
    let rows = [
        (sized, chunked.clone()),
        (turned, chunked.clone()),
        ("Transfer-Encoding: chunked\r\n".to_owned(), chunked.clone()),
        (
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n".to_owned(),
            chunked.clone(),
        ),
        ("Transfer-Encoding: xchunked\r\n".to_owned(), chunked.clone()),
        ("Transfer-Encoding : chunked\r\n".to_owned(), chunked.clone()),
        ("Transfer-Encoding: chunked\r\n".to_owned(), format!("0;x=\"\n\"\r\n\r\n{inner}")),
        ("Transfer-Encoding: chunked\r\n".to_owned(), format!("-1\r\n\r\n{inner}")),
        ("Transfer-Encoding: chunked\r\n".to_owned(), format!("fffffffffffffffff\r\n\r\n{inner}")),
        (format!("Content-Length: {}\r\n", inner.len()), inner.clone()),
        (format!("Content-Length: +{}\r\n", inner.len()), inner.clone()),
        (format!("Content-Length: {0}\r\nContent-Length: 0\r\n", inner.len()), inner.clone()),
    ];
    for (headers, body) in rows {
        let bytes = head(&server, "POST /api/plain/odd?plain HTTP/1.1", &headers) + &body;
        let mut stream = connect(&server, Surface::Main);
        stream.write_all(bytes.as_bytes()).unwrap();
        let answer = crate::client::read_all(&mut stream);
        assert!(statuses(&answer).len() <= 1, "{headers}: {answer:?}");
    }
    let before = site.calls.load(Ordering::SeqCst);
    assert!(before <= 12);
    assert_eq!(get(&server, "/api/plain/echo").status(), 200);
}

#[test]
fn requests_in_a_row_are_answered_in_order() {
    let (server, _site) = start();
    let mut bytes = String::new();
    for number in 0..20 {
        bytes += &head(&server, &format!("GET /api/plain/n{number} HTTP/1.1"), "");
    }
    let mut stream = connect(&server, Surface::Main);
    stream.write_all(bytes.as_bytes()).unwrap();
    for number in 0..20 {
        let answer = read_answer(&mut stream, false).unwrap();
        assert_eq!(answer.json()["target"], format!("/api/plain/n{number}"));
    }
}
