//! Framing, size and text of a response body.

use super::server::{Server, ok};
use super::{error_text, get, send};
use crate::{Request, charset};

#[test]
fn every_framing_gives_the_whole_body() {
    let cases: [(&str, &str); 6] = [
        ("length", "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello"),
        ("length, more sent", "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello world"),
        (
            "chunked",
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n",
        ),
        (
            "chunked with a trailer",
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nx: y\r\n\r\n",
        ),
        ("until close", "HTTP/1.1 200 OK\r\n\r\nhello"),
        ("HTTP/1.0 without length", "HTTP/1.0 200 OK\r\n\r\nhello"),
    ];
    for (name, response) in cases {
        let server = Server::answering(response);
        let response = send(&get(&server.url())).unwrap();
        assert_eq!((response.body.as_str(), response.bytes_received), ("hello", 5), "{name}");
    }
}

#[test]
fn compressed_bodies_are_left_alone() {
    let server = Server::answering(ok("content-encoding: gzip\r\n", b"\x1f\x8b not gzip"));
    let response = send(&get(&server.url())).unwrap();
    assert_eq!(response.headers["content-encoding"], "gzip");
    assert_eq!(response.body, "\u{1f}\u{fffd} not gzip");
    assert_eq!(response.bytes_received, 11);
}

/// Makes a response with a body of this size.
type Framing<'a> = &'a dyn Fn(usize) -> Vec<u8>;

#[test]
fn the_size_limit_counts_what_arrives() {
    let chunked = |size: usize| {
        let body = "x".repeat(size);
        format!(
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{size:x}\r\n{body}\r\n0\r\n\r\n"
        )
        .into_bytes()
    };
    let until_close =
        |size: usize| [b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), vec![b'x'; size]].concat();
    let with_length = |size: usize| ok("", &vec![b'x'; size]);
    let framings: [(&str, Framing<'_>); 3] =
        [("length", &with_length), ("chunked", &chunked), ("until close", &until_close)];
    for (name, response) in framings {
        for (size, limit, fits) in
            [(1000, 1000, true), (1001, 1000, false), (0, 0, true), (1, 0, false)]
        {
            let server = Server::answering(response(size));
            let result = send(&Request { max_body_bytes: limit, ..get(&server.url()) });
            if fits {
                assert_eq!(result.unwrap().body.len(), size, "{name} {size}");
            } else {
                let expected = format!("response body exceeds the limit of {limit} bytes");
                assert_eq!(error_text(result), expected, "{name} {size}");
            }
        }
    }
}

#[test]
fn the_default_limit_is_eight_mebibytes() {
    let size = 8 * 1024 * 1024;
    let server = Server::answering(ok("", &vec![b'x'; size]));
    assert_eq!(send(&get(&server.url())).unwrap().body.len(), size);
    let server = Server::answering(ok("", &vec![b'x'; size + 1]));
    assert_eq!(
        error_text(send(&get(&server.url()))),
        "response body exceeds the limit of 8388608 bytes"
    );
}

#[test]
fn a_body_that_breaks_off_cannot_be_decoded() {
    let cases = [
        ("short", "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello"),
        ("no byte", "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n"),
        ("inside a chunk", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhe"),
        ("between chunks", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhe\r\n"),
        ("bad chunk size", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nhe\r\n"),
        (
            "huge chunk size",
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nffffffffffffffffff\r\nhe",
        ),
    ];
    for (name, response) in cases {
        let server = Server::answering(response);
        let expected = format!("error decoding response body for url ({})", server.url());
        assert_eq!(error_text(send(&get(&server.url()))), expected, "{name}");
    }
}

#[test]
fn text_follows_the_mark_then_the_charset_then_utf_8() {
    let cases: &[(&str, &str, &[u8], &str)] = &[
        ("no content type", "", "\u{fc}".as_bytes(), "\u{fc}"),
        ("no charset", "text/html", "\u{fc}".as_bytes(), "\u{fc}"),
        ("latin-1", "text/plain; charset=iso-8859-1", b"\xfc", "\u{fc}"),
        ("quoted, upper case, spaces", "text/plain;a=b; CHARSET=\"Latin1\" ", b"\xfc", "\u{fc}"),
        ("shift-jis", "text/plain;charset=shift_jis", b"\x82\xa0", "\u{3042}"),
        ("unknown charset", "text/plain; charset=klingon", "\u{fc}".as_bytes(), "\u{fc}"),
        ("not a media type", "charset=iso-8859-1", b"\xfc", "\u{fffd}"),
        ("bad bytes", "application/json", b"a\xff\xc3b", "a\u{fffd}\u{fffd}b"),
        ("UTF-8 mark is removed", "", b"\xef\xbb\xbfx", "x"),
        ("UTF-16LE mark", "application/json; charset=utf-8", b"\xff\xfea\0b\0", "ab"),
        ("UTF-16BE mark", "", b"\xfe\xff\0a\0b", "ab"),
        ("mark beats charset", "text/plain; charset=latin1", b"\xef\xbb\xbf\xc3\xbc", "\u{fc}"),
        ("NUL is text", "", b"a\0b", "a\0b"),
        ("empty", "text/plain; charset=utf-16le", b"", ""),
    ];
    for (name, content_type, body, expected) in cases {
        let header = format!("content-type: {content_type}\r\n");
        let server = Server::answering(ok(&header, body));
        let response = send(&get(&server.url())).unwrap();
        assert_eq!(response.body, *expected, "{name}");
        assert_eq!(response.bytes_received, body.len() as u64, "{name}");
    }
}

#[test]
fn charset_parameter() {
    let cases = [
        ("text/plain", None),
        ("text/plain;", None),
        ("text/plain; charset", None),
        ("text/plain; charset=", Some("")),
        ("text/plain; xcharset=a; charset=b; charset=c", Some("b")),
        ("; charset=a", None),
        ("/; charset=a", None),
    ];
    for (content_type, expected) in cases {
        assert_eq!(charset::charset(content_type), expected, "{content_type}");
    }
}
