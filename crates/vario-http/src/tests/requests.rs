//! What goes over the wire, and what is refused before anything does.

use super::server::{Server, closed_port, ok};
use super::{call, error_text, get, send};
use crate::{HttpClient, ProxyConfig, Request};

fn header(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

/// The raw request that leaves; `HOST` stands for the server's address.
#[track_caller]
fn check_wire(build: impl FnOnce(&str) -> Request, expected: &str) {
    let server = Server::answering(ok("", b""));
    let host = format!("127.0.0.1:{}", server.port);
    send(&build(&format!("http://{host}"))).unwrap();
    assert_eq!(server.request_text(), expected.replace("HOST", &host));
}

#[test]
fn default_headers_are_accept_and_host_only() {
    check_wire(get, "GET / HTTP/1.1\r\naccept: */*\r\nhost: HOST\r\n\r\n");
}

#[test]
fn headers_of_the_caller_override_and_follow_in_order() {
    check_wire(
        |url| Request {
            headers: vec![
                header("X-First", "1"),
                header("Accept", "text/plain"),
                header("User-Agent", "me"),
                header("Accept-Encoding", "gzip"),
                header("x-FIRST", "2"),
            ],
            ..get(url)
        },
        "GET / HTTP/1.1\r\nhost: HOST\r\nx-first: 2\r\naccept: text/plain\r\nuser-agent: me\r\n\
         accept-encoding: gzip\r\n\r\n",
    );
}

/// A right to reach a host is none to speak to another one behind the same address, or to make
/// two requests of one.
#[test]
fn headers_of_the_connection_are_not_the_callers() {
    let names = [
        "Connection",
        "Keep-Alive",
        "Proxy-Authorization",
        "TE",
        "Trailer",
        "Transfer-Encoding",
        "Upgrade",
    ];
    let headers = names.map(|name| header(name, "x"));
    let body = Some(b"GET /second HTTP/1.1\r\n\r\n".to_vec());
    check_wire(
        |url| Request { headers: headers.to_vec(), body: body.clone(), ..get(url) },
        "GET / HTTP/1.1\r\ncontent-length: 24\r\naccept: */*\r\nhost: HOST\r\n\r\n\
         GET /second HTTP/1.1\r\n\r\n",
    );
    for host in ["other.example", "127.0.0.1", "127.0.0.1:1", ""] {
        let request = Request { headers: vec![header("Host", host)], ..get("http://127.0.0.1:9/") };
        let text = "invalid header value for 'host': only the host of the url can be named here";
        assert_eq!(error_text(send(&request)), text, "{host}");
    }
    let own = |url: &str| {
        let host = url.trim_start_matches("http://").trim_end_matches('/');
        Request { headers: vec![header("HOST", host)], ..get(url) }
    };
    check_wire(own, "GET / HTTP/1.1\r\naccept: */*\r\nhost: HOST\r\n\r\n");
}

#[test]
fn methods_keep_their_case_and_may_be_invented() {
    for method in ["get", "GeT", "PURGE", "x-1", "DELETE", "OPTIONS"] {
        check_wire(
            |url| Request { method: method.to_owned(), ..get(url) },
            &format!("{method} / HTTP/1.1\r\naccept: */*\r\nhost: HOST\r\n\r\n"),
        );
    }
}

#[test]
fn bodies_go_with_any_method_and_add_no_content_type() {
    for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "post", "REPORT"] {
        check_wire(
            |url| Request { method: method.to_owned(), body: Some("h\u{e9}".into()), ..get(url) },
            &format!(
                "{method} / HTTP/1.1\r\ncontent-length: 3\r\naccept: */*\r\nhost: HOST\r\n\r\nh\u{e9}"
            ),
        );
    }
}

#[test]
fn methods_that_expect_a_body_go_without_one_and_announce_none() {
    for method in ["POST", "PUT", "PATCH"] {
        check_wire(
            |url| Request { method: method.to_owned(), ..get(url) },
            &format!("{method} / HTTP/1.1\r\naccept: */*\r\nhost: HOST\r\n\r\n"),
        );
    }
}

#[test]
fn a_length_of_the_callers_own_is_sent_without_a_body_too() {
    check_wire(
        |url| Request {
            method: "POST".to_owned(),
            headers: vec![header("Content-Length", "0")],
            ..get(url)
        },
        "POST / HTTP/1.1\r\naccept: */*\r\nhost: HOST\r\ncontent-length: 0\r\n\r\n",
    );
}

#[test]
fn urls_are_normalised_as_the_url_standard_says() {
    let cases = [
        ("space and umlaut", "/a b/\u{fc}?q=\u{fc} x", "/a%20b/%C3%BC?q=%C3%BC%20x"),
        ("fragment is not sent", "/p?q#frag", "/p?q"),
        ("dot segments", "/a/../b/./c", "/b/c"),
        ("query only", "?q=1", "/?q=1"),
        ("escapes are kept", "/%2F%zz", "/%2F%zz"),
        ("quotes and braces", "/{a}\"?{b}'\"", "/%7Ba%7D%22?{b}%27%22"),
    ];
    for (name, path, sent) in cases {
        let server = Server::answering(ok("", b""));
        let result = send(&get(&format!("HTTP://127.0.0.1:{}{path}", server.port)));
        assert!(result.is_ok(), "{name}: {result:?}");
        let request = server.request_text();
        assert_eq!(request.lines().next(), Some(format!("GET {sent} HTTP/1.1").as_str()), "{name}");
    }
}

#[test]
fn credentials_in_the_url_become_a_header_that_the_caller_may_override() {
    let with_user_info = |url: &str| url.replace("http://", "http://us%65r:p%40ss@");
    check_wire(
        |url| get(&with_user_info(url)),
        "GET / HTTP/1.1\r\naccept: */*\r\nhost: HOST\r\nauthorization: Basic dXNlcjpwQHNz\r\n\r\n",
    );
    check_wire(
        |url| Request {
            headers: vec![header("Authorization", "Bearer t")],
            ..get(&with_user_info(url))
        },
        "GET / HTTP/1.1\r\naccept: */*\r\nhost: HOST\r\nauthorization: Bearer t\r\n\r\n",
    );
}

#[test]
fn header_values_may_hold_any_text_without_control_characters() {
    for value in ["", "tab\there", "caf\u{e9} \u{2603}", "a,b;c=\"d\""] {
        check_wire(
            |url| Request { headers: vec![header("x", value)], ..get(url) },
            &format!("GET / HTTP/1.1\r\naccept: */*\r\nhost: HOST\r\nx: {value}\r\n\r\n"),
        );
    }
}

#[test]
fn bad_requests_have_the_contracts_texts() {
    let url = format!("http://127.0.0.1:{}/", closed_port());
    let with_header = |name: &str, value: &str| Request {
        headers: vec![header("ok", "ok"), header(name, value)],
        ..get(&url)
    };
    let with_method = |method: &str| Request { method: method.to_owned(), ..get(&url) };
    let sending = format!("error sending request for url ({url})");
    let cases: &[(&str, Request, &str)] = &[
        (
            "header name with a space",
            with_header("a b", "x"),
            "invalid header name 'a b': invalid HTTP header name",
        ),
        (
            "empty header name",
            with_header("", "x"),
            "invalid header name '': invalid HTTP header name",
        ),
        (
            "header name that is not ASCII",
            with_header("\u{e9}", "x"),
            "invalid header name '\u{e9}': invalid HTTP header name",
        ),
        (
            "header value with a line break",
            with_header("k", "a\r\nb: c"),
            "invalid header value for 'k': failed to parse header value",
        ),
        (
            "header value with NUL",
            with_header("k", "\0"),
            "invalid header value for 'k': failed to parse header value",
        ),
        (
            "header value with DEL",
            with_header("k", "\u{7f}"),
            "invalid header value for 'k': failed to parse header value",
        ),
        (
            "method with a space",
            with_method("GE T"),
            "invalid http method 'GE T': invalid HTTP method",
        ),
        ("empty method", with_method(""), "invalid http method '': invalid HTTP method"),
        (
            "method with a line break",
            with_method("GET\r\n"),
            "invalid http method 'GET\r\n': invalid HTTP method",
        ),
        ("empty URL", get(""), "builder error"),
        ("relative URL", get("/path"), "builder error"),
        ("no scheme", get("example.com/x"), "builder error"),
        ("no host", get("http://"), "builder error"),
        ("bad port", get("http://h:99999/"), "builder error"),
        ("bad IPv6 address", get("http://[::zz]/"), "builder error"),
        ("space in the host", get("http://a b/"), "builder error"),
        (
            "other scheme",
            get("ftp://h/x?key=secret"),
            "builder error for url (ftp://h/x?key=secret)",
        ),
        ("file", get("file:///etc/passwd"), "builder error for url (file:///etc/passwd)"),
        ("data", get("data:,x"), "builder error for url (data:,x)"),
        (
            "scheme and port look like host and port",
            get("localhost:80/x"),
            "builder error for url (localhost:80/x)",
        ),
        ("connection refused", get(&url), &sending),
    ];
    for (name, request, expected) in cases {
        assert_eq!(error_text(send(request)), *expected, "{name}");
    }
}

#[test]
fn errors_are_found_in_the_contracts_order() {
    let mut request = Request {
        headers: vec![header("bad name", "\n"), header("k", "\n")],
        method: " ".to_owned(),
        ..get("nowhere")
    };
    assert!(error_text(send(&request)).starts_with("invalid header name 'bad name'"));
    request.headers.remove(0);
    assert!(error_text(send(&request)).starts_with("invalid header value for 'k'"));
    request.headers.clear();
    assert!(error_text(send(&request)).starts_with("invalid http method ' '"));
    "GET".clone_into(&mut request.method);
    assert_eq!(error_text(send(&request)), "builder error");
}

#[test]
fn error_texts_show_the_whole_url_but_no_credentials() {
    let port = closed_port();
    let url = format!("http://user:pw@127.0.0.1:{port}/p?token=abc#frag");
    let expected =
        format!("error sending request for url (http://127.0.0.1:{port}/p?token=abc#frag)");
    assert_eq!(error_text(send(&get(&url))), expected);
}

#[test]
fn an_unknown_host_fails_like_a_refused_connection() {
    // No name server is asked about a label of more than 63 bytes.
    let url = format!("http://{}.invalid/", "x".repeat(64));
    assert_eq!(error_text(send(&get(&url))), format!("error sending request for url ({url})"));
}

#[test]
fn a_very_long_url_is_an_error_and_not_a_panic() {
    let url = format!("http://127.0.0.1:{}/{}", closed_port(), "a".repeat(100_000));
    assert!(error_text(send(&get(&url))).starts_with("builder error for url (http://127.0.0.1:"));
}

#[test]
fn lengths_that_the_caller_lies_about_are_errors() {
    let cases = [("shorter", "1"), ("not a number", "x"), ("negative", "-1")];
    for (name, length) in cases {
        let server = Server::start(|stream| {
            super::server::wait_for_close(stream);
            Vec::new()
        });
        let request = Request {
            headers: vec![header("content-length", length)],
            body: Some("body".into()),
            method: "POST".to_owned(),
            ..get(&server.url())
        };
        let text = error_text(send(&request));
        assert_eq!(text, format!("error sending request for url ({})", server.url()), "{name}");
    }
}

#[test]
fn a_server_that_never_says_continue_gets_the_body_all_the_same() {
    check_wire(
        |url| Request {
            method: "POST".to_owned(),
            headers: vec![header("Expect", "100-continue")],
            body: Some("body".into()),
            ..get(url)
        },
        "POST / HTTP/1.1\r\ncontent-length: 4\r\naccept: */*\r\nhost: HOST\r\n\
         expect: 100-continue\r\n\r\nbody",
    );
}

#[test]
fn cookies_are_not_kept() {
    let client = HttpClient::new(ProxyConfig::none());
    for _ in 0..2 {
        let server = Server::answering(ok("set-cookie: a=b; Path=/\r\n", b""));
        let response = client.send(&get(&server.url()), &call()).unwrap();
        assert_eq!(response.headers["set-cookie"], "a=b; Path=/");
        assert!(!server.request_text().contains("cookie"));
    }
}

/// The library could read proxies, and others of its kind credentials, from the surroundings of
/// the process. A process with such surroundings sends what every other one does.
#[test]
fn neither_the_environment_nor_a_netrc_file_changes_anything() {
    let home = std::env::temp_dir().join(format!("vario-http-netrc-{}", std::process::id()));
    std::fs::create_dir_all(&home).unwrap();
    let netrc = home.join(".netrc");
    std::fs::write(&netrc, "machine 127.0.0.1 login me password secret\n").unwrap();
    let proxy = format!("http://127.0.0.1:{}", closed_port());
    let mut child = std::process::Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "tests::requests::default_headers_are_accept_and_host_only"]);
    child.env("HOME", &home).env("NETRC", &netrc).env("NO_PROXY", "");
    for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"] {
        child.env(name, &proxy);
    }
    let output = child.output().unwrap();
    std::fs::remove_dir_all(&home).unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
}
