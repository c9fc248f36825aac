//! Which proxy is used when, and what it is told.

use std::io::{Read, Write};

use super::server::{Server, closed_port, ok, read_request, wait_for_close};
use super::{call, error_text, get};
use crate::{Error, HttpClient, ProxyConfig, Request, Response};

fn through(proxies: ProxyConfig, request: &Request) -> Result<Response, Error> {
    HttpClient::new(proxies).send(request, &call())
}

fn configured(url: &str) -> ProxyConfig {
    let text = format!(r#"{{"proxy":{{"enabled":true,"url":"{url}"}}}}"#);
    ProxyConfig::from_config_text(&text).expect("a valid proxy")
}

/// Names and values.
type Variables<'a> = &'a [(&'a str, &'a str)];

fn env(variables: Variables<'_>) -> ProxyConfig {
    ProxyConfig::from_env(|name| {
        let found = variables.iter().find(|(key, _)| *key == name);
        found.map(|(_, value)| (*value).to_owned())
    })
}

#[test]
fn config_texts() {
    let cases = [
        ("enabled", r#"{"proxy":{"enabled":true,"url":"http://p:1"}}"#, true),
        ("other keys", r#"{"x":1,"proxy":{"enabled":true,"url":"http://p","y":2}}"#, true),
        ("https", r#"{"proxy":{"enabled":true,"url":"https://p"}}"#, true),
        ("socks5", r#"{"proxy":{"enabled":true,"url":"socks5://u:p@p:1080"}}"#, true),
        ("socks5h", r#"{"proxy":{"enabled":true,"url":"socks5h://p"}}"#, true),
        ("no scheme", r#"{"proxy":{"enabled":true,"url":"p:8080"}}"#, true),
        ("disabled", r#"{"proxy":{"enabled":false,"url":"http://p"}}"#, false),
        ("no enabled", r#"{"proxy":{"url":"http://p"}}"#, false),
        ("no url", r#"{"proxy":{"enabled":true}}"#, false),
        ("enabled is text", r#"{"proxy":{"enabled":"true","url":"http://p"}}"#, false),
        ("url is a number", r#"{"proxy":{"enabled":true,"url":1}}"#, false),
        ("empty url", r#"{"proxy":{"enabled":true,"url":""}}"#, false),
        ("blank url", r#"{"proxy":{"enabled":true,"url":"  "}}"#, false),
        ("no host", r#"{"proxy":{"enabled":true,"url":"http://:80"}}"#, false),
        ("other scheme", r#"{"proxy":{"enabled":true,"url":"ftp://p"}}"#, false),
        ("bad url", r#"{"proxy":{"enabled":true,"url":"http://a b"}}"#, false),
        ("proxy is null", r#"{"proxy":null}"#, false),
        ("no proxy", "{}", false),
        ("an array", "[]", false),
        ("not JSON", "proxy", false),
        ("empty", "", false),
    ];
    for (name, text, valid) in cases {
        assert_eq!(ProxyConfig::from_config_text(text).is_some(), valid, "{name}");
    }
}

#[test]
fn a_configured_proxy_is_used_for_all_but_loopback() {
    let proxies = configured("http://proxy.example:3128");
    let cases = [
        ("http://example.com/", true),
        ("https://example.com/", true),
        ("http://10.0.0.1/", true),
        ("http://127.0.0.2/", true),
        ("http://localhost:8080/", false),
        ("https://LOCALHOST/", false),
        ("http://127.0.0.1/", false),
        ("http://127.1/", false),
        ("http://[::1]:9/", false),
        ("http://notlocalhost/", true),
        ("nonsense", false),
        ("ftp://example.com/", false),
    ];
    for (url, used) in cases {
        assert_eq!(proxies.is_used_for(url), used, "{url}");
    }
}

#[test]
fn environment_variables() {
    let cases: &[(&str, Variables<'_>, bool, bool)] = &[
        ("nothing", &[], false, false),
        ("http", &[("HTTP_PROXY", "http://p")], true, false),
        ("https", &[("HTTPS_PROXY", "http://p")], false, true),
        ("all", &[("ALL_PROXY", "socks5://p")], true, true),
        ("lower case", &[("http_proxy", "p:1"), ("https_proxy", "p:1")], true, true),
        ("empty is unset", &[("HTTP_PROXY", ""), ("HTTPS_PROXY", " ")], false, false),
        ("empty falls back to all", &[("HTTP_PROXY", ""), ("ALL_PROXY", "p")], true, true),
        ("invalid", &[("ALL_PROXY", "ftp://p")], false, false),
        ("CGI", &[("HTTP_PROXY", "http://p"), ("REQUEST_METHOD", "GET")], false, false),
        ("no proxy", &[("ALL_PROXY", "http://p"), ("NO_PROXY", "example.com")], false, false),
        ("no proxy, lower case", &[("all_proxy", "http://p"), ("no_proxy", "*")], false, false),
    ];
    for (name, variables, http, https) in cases {
        let proxies = env(variables);
        assert_eq!(proxies.is_used_for("http://example.com/"), *http, "{name}: http");
        assert_eq!(proxies.is_used_for("https://example.com/"), *https, "{name}: https");
    }
}

#[test]
fn no_proxy_entries() {
    let cases = [
        ("example.com", "http://example.com/", true),
        ("example.com", "http://api.example.com/", true),
        (".example.com", "http://example.com/", true),
        ("*.example.com", "http://api.example.com/", true),
        ("EXAMPLE.com", "http://Example.COM/", true),
        ("example.com", "http://notexample.com/", false),
        ("example.com", "http://example.com.evil.org/", false),
        (" a.org , example.com ,", "http://example.com/", true),
        ("*", "http://10.0.0.1/", true),
        ("10.0.0.1", "http://10.0.0.1:99/", true),
        ("10.0.0.1", "http://10.0.0.2/", false),
        ("10.0.0.0/8", "http://10.9.9.9/", true),
        ("10.0.0.0/8", "http://11.0.0.1/", false),
        ("10.0.0.0/0", "http://1.2.3.4/", true),
        ("10.0.0.0/99", "http://10.0.0.0/", true),
        ("10.0.0.0/8", "http://[::1]/", false),
        ("::1", "http://[::1]/", true),
        ("[::1]", "http://[::1]/", true),
        ("fe80::/10", "http://[fe80::1]/", true),
        ("10.0.0.0/x", "http://10.0.0.0/", false),
        ("", "http://example.com/", false),
        // The environment has no exception for loopback, unlike the configured proxy.
        ("", "http://127.0.0.1/", false),
    ];
    for (list, url, bypassed) in cases {
        let proxies = env(&[("ALL_PROXY", "http://p"), ("NO_PROXY", list)]);
        assert_eq!(!proxies.is_used_for(url), bypassed, "{list:?} {url}");
    }
}

#[test]
fn a_plain_request_is_handed_to_an_http_proxy_whole() {
    let proxy = Server::answering(ok("", b"from the proxy"));
    let proxies = configured(&format!("http://us%65r:p%40ss@127.0.0.1:{}", proxy.port));
    let request = Request {
        method: "POST".to_owned(),
        body: Some("body".into()),
        ..get("http://nowhere.invalid:81/p?q=1")
    };
    assert_eq!(through(proxies, &request).unwrap().body, "from the proxy");
    assert_eq!(
        proxy.request_text(),
        "POST http://nowhere.invalid:81/p?q=1 HTTP/1.1\r\n\
         proxy-authorization: Basic dXNlcjpwQHNz\r\n\
         content-length: 4\r\naccept: */*\r\nhost: nowhere.invalid:81\r\n\r\nbody"
    );
}

#[test]
fn a_plain_request_without_a_body_announces_none_to_a_proxy_either() {
    let proxy = Server::answering(ok("", b""));
    let proxies = configured(&format!("http://127.0.0.1:{}", proxy.port));
    let request = Request { method: "POST".to_owned(), ..get("http://nowhere.invalid/p") };
    through(proxies, &request).unwrap();
    assert_eq!(
        proxy.request_text(),
        "POST http://nowhere.invalid/p HTTP/1.1\r\naccept: */*\r\nhost: nowhere.invalid\r\n\r\n"
    );
}

#[test]
fn an_encrypted_request_gets_a_tunnel() {
    let proxy = Server::answering("HTTP/1.1 403 Forbidden\r\n\r\n");
    let proxies = env(&[("HTTPS_PROXY", &format!("http://u:p@127.0.0.1:{}", proxy.port))]);
    let url = "https://nowhere.invalid/";
    let expected = format!("error sending request for url ({url})");
    assert_eq!(error_text(through(proxies, &get(url))), expected);
    let sent = proxy.request_text();
    assert!(sent.starts_with("CONNECT nowhere.invalid:443 HTTP/1.1\r\n"), "{sent}");
    assert!(sent.contains("\r\nProxy-Authorization: Basic dTpw\r\n"), "{sent}");
}

#[test]
fn loopback_goes_past_a_configured_proxy() {
    let server = Server::answering(ok("", b"direct"));
    let proxies = configured(&format!("http://127.0.0.1:{}", closed_port()));
    assert_eq!(through(proxies, &get(&server.url())).unwrap().body, "direct");
}

#[test]
fn a_proxy_that_is_down_is_a_failure_to_send() {
    let proxies = configured(&format!("http://127.0.0.1:{}", closed_port()));
    let url = "http://nowhere.invalid/";
    let expected = format!("error sending request for url ({url})");
    assert_eq!(error_text(through(proxies, &get(url))), expected);
}

#[test]
fn a_socks_proxy_may_resolve_the_name() {
    let proxy = Server::start(|stream| {
        // Greeting: version 5 and the methods on offer. Chosen: no authentication.
        let mut greeting = [0; 2];
        stream.read_exact(&mut greeting).unwrap();
        let mut methods = vec![0; usize::from(greeting[1])];
        stream.read_exact(&mut methods).unwrap();
        stream.write_all(&[5, 0]).unwrap();
        // Connect to a name: its length, the name, the port.
        let mut head = [0; 5];
        stream.read_exact(&mut head).unwrap();
        let mut target = vec![0; usize::from(head[4]) + 2];
        stream.read_exact(&mut target).unwrap();
        stream.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).unwrap();
        let mut seen = [head.as_slice(), &target].concat();
        seen.extend(read_request(stream));
        stream.write_all(&ok("", b"through socks")).unwrap();
        wait_for_close(stream);
        seen
    });
    let proxies = configured(&format!("socks5h://127.0.0.1:{}", proxy.port));
    let response = through(proxies, &get("http://nowhere.invalid/x")).unwrap();
    assert_eq!(response.body, "through socks");
    let expected = [
        b"\x05\x01\x00\x03\x0fnowhere.invalid\x00\x50".as_slice(),
        b"GET /x HTTP/1.1\r\naccept: */*\r\nhost: nowhere.invalid\r\n\r\n",
    ];
    assert_eq!(proxy.finish(), expected.concat());
}
