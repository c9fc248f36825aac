//! Statuses and headers.

use super::server::{Server, ok};
use super::{call, error_text, get, send};
use crate::{HttpClient, ProxyConfig, Request, Response};

fn answer(response: impl Into<Vec<u8>>) -> Response {
    let server = Server::answering(response);
    send(&get(&server.url())).unwrap()
}

#[test]
fn any_status_is_a_normal_return() {
    for status in
        [200, 201, 206, 299, 300, 301, 302, 303, 307, 308, 400, 401, 404, 429, 500, 503, 599, 999]
    {
        let response = answer(format!("HTTP/1.1 {status} X\r\ncontent-length: 4\r\n\r\nbody"));
        assert_eq!((response.status, response.body.as_str()), (status, "body"), "{status}");
    }
}

#[test]
fn redirects_are_returned_whatever_their_location() {
    let cases = [
        ("absolute", "location: http://elsewhere.example/\r\n"),
        ("relative", "location: /next\r\n"),
        ("nonsense", "location: ::::\r\n"),
        ("missing", ""),
    ];
    for (name, header) in cases {
        for framing in ["content-length: 0\r\n", "connection: close\r\n"] {
            let response = answer(format!("HTTP/1.1 302 Found\r\n{header}{framing}\r\n"));
            assert_eq!(response.status, 302, "{name}");
            let location = header.strip_prefix("location: ").map(str::trim_end);
            assert_eq!(response.headers.get("location").map(String::as_str), location, "{name}");
        }
    }
}

#[test]
fn a_redirect_answers_a_request_with_a_body_too() {
    let server =
        Server::answering("HTTP/1.1 307 X\r\nlocation: /again\r\ncontent-length: 0\r\n\r\n");
    let request =
        Request { method: "POST".to_owned(), body: Some("x".into()), ..get(&server.url()) };
    assert_eq!(send(&request).unwrap().status, 307);
}

#[test]
fn statuses_without_a_body() {
    for status in [204, 304] {
        let response = answer(format!("HTTP/1.1 {status} X\r\netag: e\r\n\r\n"));
        assert_eq!((response.status, response.body.as_str()), (status, ""));
        assert_eq!(response.headers["etag"], "e");
    }
    let server = Server::answering("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n");
    let head = send(&Request { method: "HEAD".to_owned(), ..get(&server.url()) }).unwrap();
    assert_eq!((head.body.as_str(), head.bytes_received), ("", 0));
    assert_eq!(head.headers["content-length"], "1000");
}

#[test]
fn informational_responses_are_skipped() {
    let response = answer(
        "HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok",
    );
    assert_eq!((response.status, response.body.as_str()), (200, "ok"));
}

#[test]
fn header_names_are_lower_case_and_the_last_value_wins() {
    let response = answer(ok("X-Multi: one\r\nx-other: o\r\nx-MULTI: two\r\nX-Empty:\r\n", b""));
    let headers: Vec<_> =
        response.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(
        headers,
        [("x-multi", "two"), ("x-other", "o"), ("x-empty", ""), ("content-length", "0")]
    );
}

#[test]
fn header_values_must_be_visible_ascii() {
    let visible = answer(ok("x: a\tb ~!\r\n", b""));
    assert_eq!(visible.headers["x"], "a\tb ~!");

    let cases: [(&str, &[u8]); 3] = [
        ("utf-8", "caf\u{e9}".as_bytes()),
        ("latin-1", b"caf\xe9"),
        ("overwritten", b"\xff\r\nX-Bad: fine"),
    ];
    for (name, value) in cases {
        let response =
            [b"HTTP/1.1 200 OK\r\nX-Bad: ", value, b"\r\ncontent-length: 0\r\n\r\n"].concat();
        let server = Server::answering(response);
        assert_eq!(
            error_text(send(&get(&server.url()))),
            "invalid response header 'x-bad': failed to convert header to a str",
            "{name}"
        );
    }
}

#[test]
fn a_raw_answer_is_as_it_came() {
    let mut bytes = b"HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\n".to_vec();
    bytes.extend(b"x-name: h\xe9\r\ncontent-length: 3\r\n\r\n\x00\xff\x01");
    let server = Server::answering(bytes.clone());
    let client = HttpClient::new(ProxyConfig::none());
    let found = client.send_raw(&get(&server.url()), &call()).unwrap();
    assert_eq!((found.status, found.body.as_slice()), (200, &b"\x00\xff\x01"[..]));
    let pairs: Vec<_> = found.headers.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    assert_eq!(pairs[..3], [("set-cookie", "a=1"), ("set-cookie", "b=2"), ("x-name", "h\u{e9}")]);
    assert_eq!(found.header("set-cookie"), Some("b=2"));
    let server = Server::answering(bytes);
    assert!(error_text(send(&get(&server.url()))).contains("invalid response header 'x-name'"));
}
