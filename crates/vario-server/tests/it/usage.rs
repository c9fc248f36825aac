//! The probe API, row by row of the contract's section 6.

use serde_json::json;
use vario_server::{Config, Surface};

use crate::client::{ask, get};
use crate::site::{config, start, start_with};

#[test]
fn every_row_of_the_contract() {
    let (server, _site) = start();
    let rows: &[(&str, &str, u16, &str)] = &[
        ("GET", "/v1/usage", 200, ""),
        ("GET", "/v1/usage/", 200, ""),
        ("GET", "/v1/usage///", 200, ""),
        ("GET", "/v1/usage?x=1", 200, ""),
        ("GET", "/v1/usage/claude", 200, ""),
        ("GET", "/v1/usage/claude/", 200, ""),
        ("GET", "/v1/usage/claude?x=/y", 200, ""),
        ("GET", "/v1/usage/quiet", 204, ""),
        ("GET", "/v1/usage/nobody", 404, "provider_not_found"),
        ("GET", "/v1/usage/cl%61ude", 404, "provider_not_found"),
        ("OPTIONS", "/v1/usage", 204, ""),
        ("OPTIONS", "/v1/usage/nobody", 204, ""),
        ("POST", "/v1/usage", 405, "method_not_allowed"),
        ("DELETE", "/v1/usage/claude", 405, "method_not_allowed"),
        ("GET", "/v1/usage/a/b", 404, "not_found"),
        ("OPTIONS", "/v1/usage/a/b", 404, "not_found"),
        ("GET", "/v1/usages", 404, "not_found"),
        ("GET", "/v1", 404, "not_found"),
        ("GET", "/", 404, "not_found"),
        ("OPTIONS", "/elsewhere", 404, "not_found"),
        ("GET", "/V1/usage", 404, "not_found"),
    ];
    for (method, path, status, error) in rows {
        let answer = ask(&server, Surface::Main, method, path).send();
        assert_eq!(answer.status, *status, "{method} {path}");
        if !error.is_empty() {
            assert_eq!(answer.json(), json!({ "error": error }), "{method} {path}");
        }
        if *status != 204 {
            let kind = answer.header("content-type");
            assert_eq!(kind, Some("application/json; charset=utf-8"), "{method} {path}");
        }
    }
    assert_eq!(ask(&server, Surface::Main, "HEAD", "/v1/usage").status(), 405);
}

#[test]
fn a_snapshot_has_the_keys_of_the_contract_and_no_others() {
    let (server, _site) = start();
    let answer = get(&server, "/v1/usage/claude").send();
    let quota = |label: &str, format| {
        json!({ "type": "progress", "label": label, "used": 42.0, "limit": 100.0,
            "format": format, "resetsAt": "2026-01-02T00:00:00Z",
            "periodDurationMs": 3_600_000, "color": null })
    };
    let expected = json!({
        "providerId": "claude", "displayName": "Name", "plan": "Pro",
        "lines": [
            { "type": "text", "label": "Plan", "value": "x", "color": null, "subtitle": null },
            { "type": "badge", "label": "Mode", "text": "on", "color": null, "subtitle": null },
            quota("Week", json!({ "kind": "percent" })),
            quota("Week", json!({ "kind": "percent" })),
            quota("Calls", json!({ "kind": "count", "suffix": "calls" })),
            { "type": "barChart", "label": "Days",
              "points": [{ "label": "Mo", "value": 3.0, "valueLabel": null }],
              "note": null, "color": null },
        ],
        "fetchedAt": "2026-01-01T00:00:00.000Z",
    });
    assert_eq!(answer.json().to_string(), expected.to_string());
    let all = get(&server, "/v1/usage").send();
    assert_eq!(all.json()[0], expected);
    assert_eq!(all.json().as_array().unwrap().len(), 2);
}

#[test]
fn pages_may_read_it_only_when_any_page_may() {
    for cors_any in [false, true] {
        let (server, _site) = start_with(&Config { cors_any, ..config() });
        for path in ["/v1/usage", "/v1/usage/claude", "/v1/usage/quiet", "/v1/usage/nobody"] {
            for method in ["GET", "OPTIONS", "PUT"] {
                let answer =
                    ask(&server, Surface::Main, method, path).origin("https://example.com").send();
                let origin = answer.header("access-control-allow-origin");
                assert_eq!(origin, cors_any.then_some("*"), "{method} {path}");
                let methods = answer.header("access-control-allow-methods");
                assert_eq!(methods, Some("GET, OPTIONS"));
                assert_eq!(answer.header("access-control-allow-headers"), Some("Content-Type"));
            }
        }
        // Nothing else opens.
        let others = ["/metrics", "/api/plain/echo", "/v1/events", "/v1/bus"];
        for path in others {
            let answer = get(&server, path).origin("https://example.com").send();
            assert_eq!(answer.status, 403, "{path}");
            assert_eq!(answer.header("access-control-allow-origin"), None, "{path}");
        }
    }
}
