//! What reaches a plugin's route, and what comes back.

use serde_json::{Value as Json, json};
use vario_server::Surface;

use crate::client::{ask, get};
use crate::site::{TOKEN, start};

#[test]
fn a_request_arrives_as_it_was_sent() {
    let (server, _site) = start();
    for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
        let path = "/api/plain/a-b_c.wav?1712345&x=%20%2F&x=2";
        let answer = ask(&server, Surface::Main, method, path)
            .header("X-One", "a")
            .header("x-ONE", "b")
            .body(b"{\"a\": 1}")
            .send();
        let asked = answer.json();
        assert_eq!(asked["method"], method);
        assert_eq!(asked["target"], path);
        assert_eq!(asked["body"], "{\"a\": 1}");
        assert_eq!(asked["page"], Json::Null);
        let sent = asked["headers"].as_array().unwrap();
        assert!(sent.contains(&json!(["x-one", "a"])) && sent.contains(&json!(["x-one", "b"])));
    }
    assert_eq!(ask(&server, Surface::Main, "POST", "/api/plain/echo").send().json()["body"], "");
    for method in ["TRACE", "CONNECT", "PROPFIND", "get"] {
        let status = ask(&server, Surface::Main, method, "/api/plain/echo").status();
        assert!(matches!(status, 400 | 405), "{method} {status}");
    }
}

#[test]
fn cookies_and_our_token_stay_here() {
    let (server, _site) = start();
    let seen = |value: &str| {
        let request = get(&server, "/api/plain/echo").header("Cookie", "a=b");
        request.header("Authorization", value).send().json()["headers"].to_string()
    };
    let own = seen("Bearer plugins-own");
    assert!(own.contains("plugins-own") && !own.contains("cookie"));
    assert!(!seen(&format!("Bearer {TOKEN}")).contains(TOKEN));
}

#[test]
fn a_plugins_answer_cannot_break_the_connection() {
    let (server, _site) = start();
    for (what, status) in [("100", 500), ("7", 500), ("1000", 500), ("204", 204)] {
        assert_eq!(get(&server, &format!("/api/plain/odd?{what}")).status(), status, "{what}");
    }
    let hop = get(&server, "/api/plain/odd?hop").send();
    assert_eq!(hop.text(), "odd");
    for name in ["transfer-encoding", "set-cookie", "access-control-allow-origin"] {
        assert_eq!(hop.header(name), None, "{name}");
    }
    let split = get(&server, "/api/plain/odd?split").send();
    assert_eq!((split.header("x-injected"), split.header("x-a")), (None, None));
    assert_eq!(split.header("x-good"), Some("1"));
    let twice = get(&server, "/api/plain/odd?twice").send();
    assert_eq!(twice.headers.iter().filter(|(name, _)| name == "x-twice").count(), 2);
    assert_eq!(twice.header("content-type"), Some("text/plain"));
    assert_eq!(get(&server, "/api/plain/gone").status(), 502);
}

/// On `localhost:PORT` a page of a plugin would share an origin with everything else there.
#[test]
fn what_a_route_sends_is_no_page_of_the_main_port() {
    let (server, _site) = start();
    let policy = |answer: &crate::client::Answer| {
        answer.header("content-security-policy").map(str::to_owned)
    };
    let main = get(&server, "/api/plain/odd?hop").send();
    assert_eq!(policy(&main).as_deref(), Some("sandbox"));
    assert_eq!(main.header("x-content-type-options"), Some("nosniff"));
    let cars = ask(&server, Surface::Smartcars, "GET", "/api/plain/odd?hop").send();
    assert_eq!(policy(&cars).as_deref(), Some("default-src *"));
}

#[test]
fn files_are_sent_with_type_and_range() {
    let (server, _site) = start();
    let whole = get(&server, "/api/plain/sound").send();
    assert_eq!((whole.status, whole.text().as_str()), (200, "0123456789"));
    assert_eq!(whole.header("content-type"), Some("audio/wav"));
    assert_eq!(whole.header("accept-ranges"), Some("bytes"));
    assert_eq!(whole.header("x-own"), Some("1"));
    let rows = [
        ("bytes=2-4", 206, "234", Some("bytes 2-4/10")),
        ("bytes=8-", 206, "89", Some("bytes 8-9/10")),
        ("bytes=-3", 206, "789", Some("bytes 7-9/10")),
        ("bytes=0-0,5-6", 200, "0123456789", None),
        ("bytes=10-", 416, "", Some("bytes */10")),
    ];
    for (range, status, text, content) in rows {
        let answer = get(&server, "/api/plain/sound").header("Range", range).send();
        assert_eq!((answer.status, answer.text().as_str()), (status, text), "{range}");
        assert_eq!(answer.header("content-range"), content, "{range}");
    }
    let mark = whole.header("etag").unwrap();
    let again = get(&server, "/api/plain/sound").header("If-None-Match", mark).send();
    assert_eq!(again.status, 304);
    let post = ask(&server, Surface::Main, "POST", "/api/plain/sound").send();
    assert_eq!((post.status, post.text().as_str()), (200, "0123456789"));
    let wrong = get(&server, "/api/plain/sound404").header("Range", "bytes=2-4").send();
    assert_eq!((wrong.status, wrong.text().as_str()), (404, "0123456789"));
    let head = ask(&server, Surface::Main, "HEAD", "/api/plain/sound").send();
    assert_eq!((head.status, head.header("content-length")), (200, Some("10")));
    for path in ["/api/plain/nofile", "/api/plain/folder"] {
        assert_eq!(get(&server, path).status(), 404, "{path}");
    }
}

#[test]
fn a_preflight_names_what_is_allowed() {
    let (server, _site) = start();
    let port = server.port(Surface::Main).unwrap();
    let origin = format!("http://com.example.map.localhost:{port}");
    let answer = ask(&server, Surface::Main, "OPTIONS", "/api/com.example.map/echo")
        .origin(&origin)
        .header("Access-Control-Request-Headers", "content-type, x-own")
        .send();
    assert_eq!(answer.status, 204);
    let rows = [
        ("access-control-allow-origin", origin.as_str()),
        ("access-control-allow-methods", "GET, POST, PUT, PATCH, DELETE, OPTIONS"),
        ("access-control-allow-headers", "content-type, x-own"),
        ("vary", "origin"),
    ];
    for (name, value) in rows {
        assert_eq!(answer.header(name), Some(value), "{name}");
    }
    let any = ask(&server, Surface::Smartcars, "OPTIONS", "/api/plain/x")
        .origin("http://localhost:5173")
        .send();
    assert_eq!(any.header("access-control-allow-headers"), Some("*"));
}
