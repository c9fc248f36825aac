//! What a `Target` says is where `send` goes, however the URL spells it.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, mpsc};

use proptest::prelude::*;
use ureq::unversioned::resolver::{DefaultResolver, Resolver as _};

use super::server::{Server, ok};
use super::{PATIENCE, call, error_text, get};
use crate::request::Prepared;
use crate::resolve;
use crate::{AddressCheck, Call, Error, HttpClient, ProxyConfig, Request, Target};

fn send(url: &str, check: impl AddressCheck + 'static) -> Result<crate::Response, Error> {
    let call = Call { address_check: Some(Arc::new(check)), ..call() };
    HttpClient::new(ProxyConfig::none()).send(&get(url), &call)
}

#[test]
fn spellings_of_loopback_lead_where_the_target_says() {
    // `PORT` stands for the server's port.
    let cases = [
        ("plain", "http://127.0.0.1:PORT/", "127.0.0.1"),
        ("name", "http://localhost:PORT/", "localhost"),
        ("upper case", "HTTP://LOCALHOST:PORT/", "localhost"),
        ("user info", "http://example.com@127.0.0.1:PORT/", "127.0.0.1"),
        ("user info with a port", "http://example.com:80@127.0.0.1:PORT/", "127.0.0.1"),
        ("user info with two at signs", "http://a@example.com@127.0.0.1:PORT/", "127.0.0.1"),
        ("escaped at sign", "http://example.com%40@localhost:PORT/", "localhost"),
        ("hexadecimal", "http://0x7f.1:PORT/", "127.0.0.1"),
        ("one hexadecimal number", "http://0x7F000001:PORT/", "127.0.0.1"),
        ("one number", "http://2130706433:PORT/", "127.0.0.1"),
        ("two numbers", "http://127.1:PORT/", "127.0.0.1"),
        ("octal", "http://0177.0.0.01:PORT/", "127.0.0.1"),
        ("final dot", "http://127.0.0.1.:PORT/", "127.0.0.1"),
        ("full-width digits", "http://\u{ff11}\u{ff12}\u{ff17}.0.0.1:PORT/", "127.0.0.1"),
        ("full-width dots", "http://127\u{3002}0\u{ff0e}0\u{ff61}1:PORT/", "127.0.0.1"),
        ("full-width name", "http://\u{ff4c}ocal\u{ff48}ost:PORT/", "localhost"),
        ("circled letter", "http://l\u{24de}calhost:PORT/", "localhost"),
        ("soft hyphen", "http://local\u{ad}host:PORT/", "localhost"),
        ("escaped name", "http://%6c%6Fcalhost:PORT/", "localhost"),
        ("escaped address", "http://%31%32%37.0.0.1:PORT/", "127.0.0.1"),
        ("mapped address", "http://[::ffff:127.0.0.1]:PORT/", "::ffff:127.0.0.1"),
        ("mapped address in hexadecimal", "http://[::FFFF:7f00:1]:PORT/", "::ffff:127.0.0.1"),
        ("tab and line ends", "ht\ntp://127.\t0.0.\r1:PORT/", "127.0.0.1"),
        ("spaces around", "  http://127.0.0.1:PORT/ \n", "127.0.0.1"),
        ("backslashes", "http:\\\\127.0.0.1:PORT\\@example.com", "127.0.0.1"),
        ("mixed slashes", "http:/\\127.0.0.1:PORT/", "127.0.0.1"),
        ("one slash", "http:/127.0.0.1:PORT/", "127.0.0.1"),
        ("no slash", "http:127.0.0.1:PORT/", "127.0.0.1"),
        ("many slashes", "http://///127.0.0.1:PORT/", "127.0.0.1"),
        ("host in the path", "http://127.0.0.1:PORT/@example.com", "127.0.0.1"),
        ("host in the query", "http://127.0.0.1:PORT?@example.com", "127.0.0.1"),
        ("host in the fragment", "http://127.0.0.1:PORT#@example.com", "127.0.0.1"),
        ("zeros before the port", "http://127.0.0.1:00PORT/", "127.0.0.1"),
    ];
    for (name, url, host) in cases {
        let server = Server::answering(ok("", b"here"));
        let url = url.replace("PORT", &server.port.to_string());
        let target = Target::of(&url).expect(name);
        assert_eq!((target.host(), target.port()), (host, server.port), "{name}");
        assert_eq!(target.address(), host.parse().ok(), "{name}");
        let (asked, questions) = mpsc::channel();
        let response = send(&url, move |host: &str, address: SocketAddr| {
            asked.send((host.to_owned(), address)).unwrap();
            // The server listens on one of the addresses that `localhost` may have.
            matches!(address.ip().to_canonical(), IpAddr::V4(_))
        });
        assert_eq!(response.expect(name).body, "here", "{name}");
        let mut questions = questions.try_iter().peekable();
        assert!(questions.peek().is_some(), "{name}");
        for (asked_host, address) in questions {
            assert_eq!((asked_host.as_str(), address.port()), (host, server.port), "{name}");
            assert!(address.ip().to_canonical().is_loopback(), "{name}: {address}");
            assert_eq!(target.address().unwrap_or(address.ip()), address.ip(), "{name}");
        }
        let authority = match target.address() {
            Some(IpAddr::V6(_)) => "\r\nhost: [::ffff:7f00:1]:",
            _ => &format!("\r\nhost: {host}:"),
        };
        let request = server.request_text();
        assert!(request.contains(authority), "{name}: {request}");
    }
}

#[test]
fn hosts_and_ports() {
    let cases = [
        ("http://example.com/", "http", "example.com", 80),
        ("https://example.com", "https", "example.com", 443),
        ("https://example.com:443/", "https", "example.com", 443),
        ("http://example.com:443/", "http", "example.com", 443),
        ("http://example.com:/", "http", "example.com", 80),
        ("http://example.com:0/", "http", "example.com", 0),
        ("http://example.com:65535/", "http", "example.com", 65535),
        ("http://EXAMPLE.com./", "http", "example.com.", 80),
        ("http://b\u{fc}cher.example/", "http", "xn--bcher-kva.example", 80),
        ("http://B\u{dc}CHER\u{3002}example/", "http", "xn--bcher-kva.example", 80),
        ("http://xn--bcher-kva.example/", "http", "xn--bcher-kva.example", 80),
        ("http://example.com\\.evil.org/", "http", "example.com", 80),
        ("http://evil.org\\@example.com/", "http", "evil.org", 80),
        ("http://a_b.example/", "http", "a_b.example", 80),
        ("https://[::1]/", "https", "::1", 443),
        ("http://[0:0::0:1]:80/", "http", "::1", 80),
        ("http://0/", "http", "0.0.0.0", 80),
        ("http://0x/", "http", "0.0.0.0", 80),
        ("http://4294967295/", "http", "255.255.255.255", 80),
        ("http://169.254.43518/", "http", "169.254.169.254", 80),
    ];
    for (url, scheme, host, port) in cases {
        let target = Target::of(url).expect(url);
        assert_eq!((target.scheme(), target.host(), target.port()), (scheme, host, port), "{url}");
        assert_eq!(target.address(), host.parse().ok(), "{url}");
        assert!(!target.url().contains('\\'), "{url}");
    }
}

#[test]
fn what_has_no_target_is_not_sent() {
    let cases = [
        "",
        "http://",
        "http:///",
        "http://:80/",
        "http://@/",
        "http://user@/",
        "http://user:80@:80/",
        "http://h:65536/",
        "http://h:-1/",
        "http://h:8O/",
        "http://h:+80/",
        "http://256.0.0.1/",
        "http://1.2.3.4.5/",
        "http://0x7f.1.x.08/",
        "http://4294967296/",
        "http://[::1/",
        "http://::1/",
        "http://[::1%25lo]/",
        "http://[127.0.0.1]/",
        "http://a%00b/",
        "http://a%2fb/",
        "http://a%23b/",
        "http://a%40b/",
        "http://a b/",
        "http://a<b/",
        "http://%zz/",
        "http://\u{ad}/",
        "//example.com/",
        "example.com",
        "file://localhost/etc/passwd",
        "ftp://example.com/",
        "ws://example.com/",
        "unix:/run/socket",
        "javascript:alert(1)",
        "data:text/plain,x",
        "blob:http://example.com/x",
        "view-source:http://example.com/",
    ];
    for url in cases {
        let error = Target::of(url).expect_err(url);
        assert!(matches!(error, Error::Builder { .. }), "{url}: {error:?}");
        let sent = error_text(send(url, |_: &str, _: SocketAddr| true));
        assert_eq!(sent, error.to_string(), "{url}");
    }
}

proptest! {
    /// Two libraries read a URL: whatever text they are given, they find the same place in it.
    #[test]
    fn any_text_gives_one_target_or_none(
url in prop_oneof![
            "\\PC{0,40}",
            "(https?:|HTTP:/?)[/\\\\]{1,2}[a-z0-9.]{0,6}[^a-z]{0,2}[a-z0-9.:]{0,6}[:@/\\\\?#]?[a-z0-9.]{0,9}(:[0-9]{1,5})?",
            "http://[0-9a-fx.:]{0,14}(/[^\\PC]{0,3})?",
        ],
    ) {
        let prepared = Prepared::new(&Request::get(url.as_str()));
        match Target::of(&url) {
            Ok(target) => {
                prop_assert_eq!(&prepared.unwrap().target, &target);
                let authority = target.uri().authority().unwrap();
                let host = authority.host().trim_start_matches('[').trim_end_matches(']');
                prop_assert!(!authority.as_str().contains('@'));
                if let Some(address) = target.address() {
                    prop_assert_eq!(host.parse(), Ok(address));
                } else {
                    prop_assert_eq!(host, target.host());
                    prop_assert!(host.parse::<IpAddr>().is_err());
                }
                let connection =
                    DefaultResolver::host_and_port(target.uri().scheme().unwrap(), authority);
                let expected = format!("{}:{}", authority.host(), target.port());
                prop_assert_eq!(connection, Some(expected));
            }
            Err(_) => prop_assert!(prepared.is_err()),
        }
    }
}

#[test]
fn a_refusal_names_host_and_address_and_nothing_is_sent() {
    let server = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    server.set_nonblocking(true).unwrap();
    let address = server.local_addr().unwrap();
    let url = format!("http://u:p@127.1:{}/?q", address.port());
    let error = send(&url, |_: &str, _: SocketAddr| false).expect_err("refused");
    let text = format!("error sending request for url (http://{address}/?q)");
    assert_eq!(error.to_string(), text);
    match error {
        Error::AddressRefused { url, host, address: refused } => {
            assert_eq!(url, format!("http://{address}/?q"));
            assert_eq!((host.as_str(), refused), ("127.0.0.1", address));
        }
        other => panic!("{other:?}"),
    }
    assert!(server.accept().is_err(), "nobody connected");
}

/// Addresses with ports, as texts.
type Addresses = &'static [&'static str];

#[test]
fn of_mixed_answers_only_the_allowed_are_connected_to() {
    let address = |text: &str| text.parse::<SocketAddr>().unwrap();
    let is_public = |_: &str, address: SocketAddr| match address.ip().to_canonical() {
        IpAddr::V4(address) => !address.is_private() && !address.is_loopback(),
        IpAddr::V6(address) => !address.is_loopback(),
    };
    let cases: &[(&str, Addresses, Option<Addresses>)] = &[
        ("one public", &["93.184.216.34:80"], Some(&["93.184.216.34:80"])),
        ("one private", &["10.0.0.1:80"], None),
        (
            "private first",
            &["10.0.0.1:80", "93.184.216.34:80", "[::1]:80"],
            Some(&["93.184.216.34:80"]),
        ),
        ("all private", &["10.0.0.1:80", "[::ffff:127.0.0.1]:80"], None),
        (
            "in their order",
            &["[2606:2800::1]:80", "192.168.0.1:80", "93.184.216.34:80"],
            Some(&["[2606:2800::1]:80", "93.184.216.34:80"]),
        ),
        ("none", &[], Some(&[])),
    ];
    for (name, found, expected) in cases {
        let found: Vec<_> = found.iter().map(|text| address(text)).collect();
        let empty = DefaultResolver::default().empty();
        let allowed = resolve::allowed(&found, empty, "h", &is_public);
        let allowed = allowed.ok().map(|allowed| allowed.to_vec());
        let expected =
            expected.map(|texts| texts.iter().map(|text| address(text)).collect::<Vec<_>>());
        assert_eq!(allowed, expected, "{name}");
    }
}

#[test]
fn every_request_is_checked_anew() {
    let client = HttpClient::new(ProxyConfig::none());
    let server = Server::answering(ok("connection: keep-alive\r\n", b"first"));
    let url = server.url();
    let allowing = Call { address_check: Some(Arc::new(|_: &str, _: SocketAddr| true)), ..call() };
    assert_eq!(client.send(&get(&url), &allowing).unwrap().body, "first");
    // The same client, host and port: no earlier answer and no open connection is used again.
    let refusing = Call { address_check: Some(Arc::new(|_: &str, _: SocketAddr| false)), ..call() };
    let error = client.send(&get(&url), &refusing).expect_err("refused");
    assert!(matches!(error, Error::AddressRefused { .. }), "{error:?}");
    server.finish();
}

fn proxied(scheme: &str, port: u16) -> HttpClient {
    let url = format!("{scheme}://127.0.0.1:{port}");
    HttpClient::new(ProxyConfig::from_env(|name| (name == "ALL_PROXY").then(|| url.clone())))
}

#[test]
fn a_proxy_is_not_checked_and_the_target_not_looked_up() {
    let call = Call { address_check: Some(Arc::new(|_: &str, _: SocketAddr| false)), ..call() };
    for url in ["http://nowhere.invalid/", "http://10.0.0.1:8080/", "https://nowhere.invalid/"] {
        let proxy = Server::answering("HTTP/1.1 407 No\r\ncontent-length: 0\r\n\r\n");
        let client = proxied("http", proxy.port);
        assert!(client.uses_proxy(&Target::of(url).unwrap()), "{url}");
        let result = client.send(&get(url), &call);
        assert!(!matches!(result, Err(Error::AddressRefused { .. })), "{url}: {result:?}");
        let request = proxy.request_text();
        let host = Target::of(url).unwrap().host().to_owned();
        assert!(request.lines().next().unwrap().contains(&host), "{url}: {request}");
    }
    assert!(!HttpClient::new(ProxyConfig::none()).uses_proxy(&Target::of("http://h/").unwrap()));
}

#[test]
fn a_proxy_that_is_itself_the_target_is_only_a_proxy() {
    let proxy = Server::answering(ok("", b"forwarded"));
    let url = proxy.url();
    let client = proxied("http", proxy.port);
    let call = Call { address_check: Some(Arc::new(|_: &str, _: SocketAddr| false)), ..call() };
    assert_eq!(client.send(&get(&url), &call).unwrap().body, "forwarded");
    assert!(proxy.request_text().starts_with(&format!("GET {url} HTTP/1.1\r\n")));
}

#[test]
fn what_is_looked_up_here_for_a_socks_proxy_is_checked() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    let call = Call { address_check: Some(Arc::new(|_: &str, _: SocketAddr| false)), ..call() };
    for scheme in ["socks4", "socks5"] {
        let client = proxied(scheme, port);
        let request = Request { timeout: PATIENCE, ..get("http://10.0.0.1/") };
        let error = client.send(&request, &call).expect_err(scheme);
        assert!(matches!(error, Error::AddressRefused { .. }), "{scheme}: {error:?}");
        assert!(listener.accept().is_err(), "{scheme}: the proxy heard nothing");
    }
}

#[test]
fn redirects_are_read_like_any_address() {
    let start = Target::of("https://a.example/x/y?q#part").unwrap();
    let cases = [
        ("z", "https://a.example/x/z#part", true),
        ("/z#other", "https://a.example/z#other", true),
        ("https://a.example:443/", "https://a.example/#part", true),
        ("//b.example/z", "https://b.example/z#part", false),
        ("http://a.example/", "http://a.example/#part", false),
        ("https://me:pass@a.example:8443/", "https://a.example:8443/#part", false),
    ];
    for (location, url, same) in cases {
        let target = start.redirected(location).unwrap();
        assert_eq!(target.url(), url, "{location}");
        assert_eq!(target.is_same_origin(&start), same, "{location}");
    }
    for location in ["file:///etc/passwd", "javascript:x", "https://", "data:,x"] {
        assert!(start.redirected(location).is_err(), "{location}");
    }
}
