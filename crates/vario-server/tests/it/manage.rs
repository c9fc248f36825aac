//! Management needs the token, and no page has it.

use serde_json::json;
use vario_server::{Config, Server, Surface, Token};

use crate::client::{Ask, ask};
use crate::site::{TOKEN, config, start, start_with};

fn post<'a>(server: &'a Server, body: &str) -> Ask<'a> {
    ask(server, Surface::Main, "POST", "/v1/manage").body(body.as_bytes())
}

#[test]
fn commands_are_answered_by_the_site() {
    let (server, _site) = start();
    let rows = [
        (r#"{"do":"echo","x":[1]}"#, 200, json!({ "do": "echo", "x": [1] })),
        (r#"{"do":"unknown"}"#, 404, json!({ "error": "no plugin of this name" })),
        (r#"{"do":"conflict"}"#, 409, json!({ "error": "it runs" })),
        (r#"{"do":"fail"}"#, 500, json!({ "error": "it broke" })),
        (r#"{"do":"panic"}"#, 500, json!({ "error": "internal" })),
        ("[]", 400, json!({ "error": "what?" })),
        ("{", 400, json!({ "error": "invalid_json" })),
        ("", 400, json!({ "error": "invalid_json" })),
        ("{} {}", 400, json!({ "error": "invalid_json" })),
    ];
    for (body, status, expected) in rows {
        let answer = post(&server, body).token(TOKEN).send();
        assert_eq!((answer.status, answer.json()), (status, expected), "{body}");
    }
}

#[test]
fn without_the_token_nothing_is_done() {
    let (server, _site) = start();
    let body = r#"{"do":"echo"}"#;
    let wrong = ["", "x", &TOKEN[1..], &format!("{TOKEN}x"), &TOKEN.to_uppercase(), "\u{e9}"];
    for token in wrong {
        assert_eq!(post(&server, body).token(token).status(), 401, "{token:?}");
    }
    assert_eq!(post(&server, body).status(), 401);
    for value in [TOKEN, &format!("Basic {TOKEN}"), &format!("Bearer{TOKEN}"), "Bearer"] {
        assert_eq!(post(&server, body).header("Authorization", value).status(), 401, "{value}");
    }
    // Which of two would count?
    assert_eq!(post(&server, body).token("x").token(TOKEN).status(), 401);
    assert_eq!(post(&server, body).token(TOKEN).token(TOKEN).status(), 401);
    // The scheme's name may be written in any way.
    let value = format!("bEARER  {TOKEN}");
    assert_eq!(post(&server, body).header("Authorization", &value).status(), 200);
    assert_eq!(ask(&server, Surface::Main, "POST", "/v1/manage?token=x").status(), 401);
}

#[test]
fn pages_manage_nothing_even_with_the_token() {
    let (server, _site) = start();
    let body = r#"{"do":"echo"}"#;
    let own = format!("http://localhost:{}", server.port(Surface::Main).unwrap());
    for origin in ["https://example.com", "null", &own] {
        assert_eq!(post(&server, body).token(TOKEN).origin(origin).status(), 403, "{origin}");
    }
    let page = "com.example.map.localhost";
    assert_eq!(post(&server, body).token(TOKEN).host(page).status(), 404);
    assert_eq!(ask(&server, Surface::Main, "GET", "/v1/manage").token(TOKEN).status(), 405);
    for surface in [Surface::Smartcars, Surface::SmartcarsBus, Surface::Stratos] {
        let answer = ask(&server, surface, "POST", "/v1/manage").token(TOKEN).body(b"{}").send();
        assert_eq!(answer.status, 404, "{surface:?}");
    }
}

#[test]
fn without_a_configured_token_nobody_manages() {
    let (server, _site) = start_with(&Config { token: None, ..config() });
    assert_eq!(post(&server, "{}").token(TOKEN).status(), 401);
    assert_eq!(post(&server, "{}").token("").status(), 401);
}

#[test]
fn a_token_is_long_and_visible() {
    for text in ["", "short", "0123456789 abcdef", "0123456789abcde\u{e9}", "0123456789abcdef\n"] {
        assert!(Token::new(text).is_none(), "{text:?}");
    }
    assert_eq!(format!("{:?}", Token::new(TOKEN).unwrap()), "Token(…)");
}
