//! Who may send what: names a request is sent to, and pages it is sent from.

use vario_server::{Surface, page_host};

use crate::client::{ask, get};
use crate::site::{MAP, NOTES, start};

const SURFACES: [Surface; 4] =
    [Surface::Main, Surface::Smartcars, Surface::SmartcarsBus, Surface::Stratos];

#[test]
fn a_name_that_is_not_loopback_gets_nothing_on_any_port() {
    let (server, site) = start();
    for surface in SURFACES {
        let port = server.port(surface).unwrap();
        let good = [
            format!("localhost:{port}"),
            format!("LocalHost:{port}"),
            format!("127.0.0.1:{port}"),
            format!("[::1]:{port}"),
        ];
        let path = "/api/plain/echo";
        for host in &good {
            let status = ask(&server, surface, "GET", path).raw_host(host).status();
            let expected = if surface == Surface::SmartcarsBus { 404 } else { 200 };
            assert_eq!(status, expected, "{surface:?} {host}");
        }
        let calls = site.calls.load(std::sync::atomic::Ordering::SeqCst);
        let bad = [
            String::new(),
            "localhost".to_owned(),
            "127.0.0.1".to_owned(),
            format!("localhost:{}", port ^ 1),
            format!("localhost:0{port}x"),
            format!("localhost:{port}:{port}"),
            format!("localhost:+{port}"),
            "localhost:".to_owned(),
            format!(":{port}"),
            format!("localhost.:{port}"),
            format!("localhost.example.com:{port}"),
            format!("evil.example:{port}"),
            format!("127.0.0.2:{port}"),
            format!("127.1:{port}"),
            format!("2130706433:{port}"),
            format!("0x7f000001:{port}"),
            format!("0.0.0.0:{port}"),
            format!("[::]:{port}"),
            format!("[::ffff:127.0.0.1]:{port}"),
            format!("[0:0:0:0:0:0:0:1]:{port}"),
            format!("127.0.0.1.nip.io:{port}"),
            format!("user@localhost:{port}"),
            format!("localhost:{port}/"),
            format!("localhost,evil.example:{port}"),
            format!("no-such-plugin.localhost:{port}"),
            format!(".localhost:{port}"),
            format!("com.example.map..localhost:{port}"),
            format!("com.example.map.localhost.:{port}"),
            format!("x.com.example.map.localhost:{port}"),
            format!("b\u{fc}cher:{port}"),
        ];
        for host in &bad {
            let status = ask(&server, surface, "GET", path).raw_host(host).status();
            assert!(matches!(status, 400 | 403), "{surface:?} {host}: {status}");
            for path in ["/v1/usage", "/metrics", "/v1/bus", "/", "/plugins/com.example.map/"] {
                let status = ask(&server, surface, "GET", path).raw_host(host).status();
                assert!(matches!(status, 400 | 403), "{surface:?} {path} {host}: {status}");
            }
        }
        assert_eq!(calls, site.calls.load(std::sync::atomic::Ordering::SeqCst));
        // Two names, or another one in the request line.
        let twice = ask(&server, surface, "GET", path).header("Host", "evil.example").status();
        assert_eq!(twice, 403);
        let uri = format!("http://evil.example:{port}/api/plain/echo");
        assert_eq!(ask(&server, surface, "GET", &uri).status(), 403);
    }
}

#[test]
fn a_plugins_name_is_known_on_the_main_port_only() {
    let (server, _site) = start();
    for (surface, expected) in
        [(Surface::Main, 200), (Surface::Smartcars, 403), (Surface::Stratos, 403)]
    {
        let path = format!("/api/{MAP}/echo");
        let answer = ask(&server, surface, "GET", &path).host(&page_host(MAP)).send();
        assert_eq!(answer.status, expected, "{surface:?}");
    }
}

/// Path, origin, status. `PORT` is the main port, `CARS` that of smartCARS.
const MAIN: &[(&str, &str, u16)] = &[
    ("/api/com.example.map/echo", "", 200),
    ("/api/com.example.map/echo", "http://com.example.map.localhost:PORT", 200),
    ("/api/com.example.map/echo", "http://COM.example.map.localhost:PORT", 200),
    ("/api/com.example.map/echo", "http://org.example.notes.localhost:PORT", 403),
    ("/api/com.example.map/echo", "http://com.example.map.localhost:CARS", 403),
    ("/api/com.example.map/echo", "http://com.example.map.localhost", 403),
    ("/api/com.example.map/echo", "https://com.example.map.localhost:PORT", 403),
    ("/api/com.example.map/echo", "http://com.example.map.localhost.evil.example:PORT", 403),
    ("/api/com.example.map/echo", "http://localhost:PORT", 403),
    ("/api/com.example.map/echo", "http://localhost:3000", 403),
    ("/api/com.example.map/echo", "https://example.com", 403),
    ("/api/com.example.map/echo", "null", 403),
    ("/api/com.example.map/echo", "file://", 403),
    ("/api/com.example.map/echo", "chrome-extension://abcdef", 403),
    ("/api/com.example.map/echo", "http://com.example.map.localhost:PORT http://x", 403),
    ("/api/com.example.map/echo", "HTTP://com.example.map.localhost:PORT", 403),
    ("/ofp/flight", "", 200),
    ("/ofp/flight", "http://com.example.map.localhost:PORT", 403),
    ("/api/config", "", 200),
    ("/api/config", "http://com.example.map.localhost:PORT", 200),
    ("/api/config", "http://org.example.notes.localhost:PORT", 200),
    ("/api/config", "https://example.com", 403),
    ("/api/nobody/echo", "", 404),
    ("/api/nobody/echo", "http://com.example.map.localhost:PORT", 404),
    ("/api/nobody/echo", "https://example.com", 403),
];

#[test]
fn on_the_main_port_only_a_plugins_own_page_calls_its_routes() {
    let (server, _site) = start();
    for (path, origin, status) in MAIN {
        let origin = fill(&server, origin);
        for method in ["GET", "POST", "OPTIONS"] {
            let mut request = ask(&server, Surface::Main, method, path);
            if !origin.is_empty() {
                request = request.origin(&origin);
            }
            let answer = request.send();
            let status = if *status == 200 && method == "OPTIONS" { 204 } else { *status };
            assert_eq!(answer.status, status, "{method} {path} from {origin}");
            let may_read = (status < 300 && !origin.is_empty()).then_some(origin.as_str());
            if status != 404 {
                assert_eq!(answer.header("access-control-allow-origin"), may_read, "{path}");
            }
        }
    }
}

#[test]
fn on_the_ports_of_others_pages_come_from_loopback_or_a_plugin() {
    let (server, _site) = start();
    let rows = [
        ("", 200),
        ("http://localhost:CARS", 200),
        ("http://127.0.0.1:1", 200),
        ("http://[::1]:5173", 200),
        ("https://localhost:3000", 200),
        ("http://localhost", 200),
        ("http://com.example.map.localhost:PORT", 200),
        ("http://org.example.notes.localhost:PORT", 200),
        ("http://nobody.localhost:PORT", 403),
        ("http://com.example.map.localhost:3000", 403),
        ("http://localhost.evil.example:CARS", 403),
        ("http://192.168.0.1:CARS", 403),
        ("https://example.com", 403),
        ("null", 403),
        ("", 200),
    ];
    for surface in [Surface::Smartcars, Surface::Stratos] {
        for (origin, status) in rows {
            let origin = fill(&server, origin);
            let path = if surface == Surface::Stratos { "/ofp/x" } else { "/api/plain/echo" };
            let mut request = ask(&server, surface, "GET", path);
            if !origin.is_empty() {
                request = request.origin(&origin);
            }
            let answer = request.send();
            assert_eq!(answer.status, status, "{surface:?} from {origin}");
        }
        let answer = ask(&server, surface, "GET", "/api/plain/echo").send();
        assert_eq!(answer.json()["surface"], format!("{surface:?}"));
    }
}

fn fill(server: &vario_server::Server, text: &str) -> String {
    let port = |surface| server.port(surface).unwrap().to_string();
    text.replace("PORT", &port(Surface::Main)).replace("CARS", &port(Surface::Smartcars))
}

/// A page of the outside that loads `http://localhost:PORT/api/…` as an image sends no Origin.
#[test]
fn what_a_browser_says_of_a_request_without_origin_counts() {
    let (server, _site) = start();
    let own = fill(&server, "http://com.example.map.localhost:PORT/");
    let other = fill(&server, "http://org.example.notes.localhost:PORT/");
    let rows = [
        ("none", "", 200),
        ("same-origin", "", 200),
        ("cross-site", "", 403),
        ("same-site", "", 403),
        ("Cross-Site", "", 403),
        ("nonsense", "", 403),
        ("cross-site", "https://example.com/page", 403),
        ("cross-site", &own, 200),
        ("same-site", &own, 200),
        ("cross-site", &other, 403),
    ];
    for (site, referer, status) in rows {
        let mut request = get(&server, &format!("/api/{MAP}/echo")).header("Sec-Fetch-Site", site);
        if !referer.is_empty() {
            request = request.header("Referer", referer);
        }
        assert_eq!(request.status(), status, "{site} {referer}");
    }
    // A referer alone lets nobody in and keeps nobody out.
    let path = format!("/api/{MAP}/echo");
    assert_eq!(get(&server, &path).header("Referer", "https://example.com/").status(), 200);
    let two = get(&server, &path).origin("http://localhost:1").origin(&own[..own.len() - 1]);
    assert_eq!(two.status(), 403);
}

#[test]
fn a_plugins_name_offers_that_plugin_only() {
    let (server, _site) = start();
    let rows = [
        ("/plugins/com.example.map/", 200),
        ("/api/com.example.map/echo", 200),
        ("/api/config", 200),
        ("/plugins/org.example.notes/", 404),
        ("/api/org.example.notes/echo", 403),
        ("/ofp/flight", 403),
        ("/v1/usage", 404),
        ("/v1/usage/claude", 404),
        ("/v1/events", 404),
        ("/v1/manage", 404),
        ("/metrics", 404),
        ("/", 302),
    ];
    for (path, status) in rows {
        assert_eq!(get(&server, path).host(&page_host(MAP)).status(), status, "{path}");
        let answer = get(&server, path).host(&page_host(MAP)).origin("https://example.com").send();
        assert_eq!(answer.status, 403, "{path}");
        let notes = fill(&server, &format!("http://{}:PORT", page_host(NOTES)));
        assert_eq!(get(&server, path).host(&page_host(MAP)).origin(&notes).status(), 403);
    }
    let answer = get(&server, "/api/com.example.map/echo").host(&page_host(MAP)).send();
    assert_eq!(answer.json()["page"], MAP);
}

#[test]
fn every_id_has_a_name_of_its_own() {
    let plain = ["a", "com.example.map", "a-b_c", "1.2", "x--y", "-a-"];
    for id in plain {
        assert_eq!(page_host(id), format!("{id}.localhost"));
    }
    let long = "a".repeat(64);
    let longer = vec!["abc"; 60].join(".");
    let odd = [
        "Mixed.Case",
        "mixed.Case",
        "",
        ".",
        "a..b",
        "a.",
        ".a",
        "xn--a",
        "a.xn--b",
        "id--a",
        "a b",
        "a/b",
        "\u{e9}",
        "a:1",
        &long,
        &longer,
    ];
    let names: std::collections::BTreeSet<_> = odd.iter().map(|id| page_host(id)).collect();
    assert_eq!(names.len(), odd.len());
    for name in names {
        let digits = name.strip_prefix("id--").and_then(|rest| rest.strip_suffix(".localhost"));
        assert!(digits.is_some_and(|digits| digits.len() == 32), "{name}");
    }
    let (server, _site) = start();
    let mixed = get(&server, "/plugins/Mixed.Case/").host(&page_host("Mixed.Case")).status();
    assert_eq!(mixed, 200);
    assert_eq!(get(&server, "/plugins/Mixed.Case/").host("mixed.case.localhost").status(), 403);
}
