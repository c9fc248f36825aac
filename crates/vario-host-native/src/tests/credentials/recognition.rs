//! Which requests count as an exchange, and whose credential they send.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use vario_host::HttpRequest;

use super::super::support::World;
use crate::credentials::{Credentials, Source, Store};
use crate::refusal::Failure;

/// What a tool stored.
const TOKEN: &str = "refresh-token-1-abcdef";
const ACCESS: &str = "access-token-1-abcdefg";

/// An address that nothing is known of.
const ELSEWHERE: &str = "https://login.example/go";

fn request(method: &str, url: &str, headers: &[(&str, &str)], body: &str) -> HttpRequest {
    let header = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    HttpRequest {
        url: url.to_owned(),
        method: method.to_owned(),
        headers: headers.iter().map(header).collect(),
        body: Some(body.to_owned()).filter(|body| !body.is_empty()),
        timeout_ms: 1000,
        ignore_tls: false,
    }
}

fn file(name: &str) -> Store {
    let path = PathBuf::from("/tool").join(name);
    Store::File { named: path.clone(), real: path }
}

fn keychain(service: &str) -> Store {
    Store::Keychain { service: service.to_owned(), account: None }
}

/// What becomes of a request after these reads: `-` when it is none of our business, `sent`, or
/// the right that it lacks. Nothing may be written unless granted.
fn judged(granted: &[&str], reads: &[(Source, &str)], request: &HttpRequest) -> String {
    let world = World::new().rights(granted, &[]);
    let credentials = Credentials::new(&world.scope, world.config.home.as_deref());
    for (source, content) in reads {
        credentials.read(source.clone(), content);
    }
    let now = |source: &Source| {
        let same = |read: &&(Source, &str)| format!("{:?}", read.0) == format!("{source:?}");
        reads.iter().find(same).map(|(_, content)| (*content).to_owned())
    };
    match credentials.before_request(request, &world.scope, &now) {
        Ok(None) => "-".to_owned(),
        Ok(Some(_)) => "sent".to_owned(),
        Err(Failure::Refused(refusal)) => refusal.permission.to_string(),
        Err(Failure::Host(error)) => error.to_string(),
    }
}

#[test]
fn requests_that_send_a_refresh_token() {
    let content =
        format!("{{\"a\":[{{\"refresh_token\":\"{TOKEN}\",\"accessToken\":\"{ACCESS}\"}}]}}");
    let reads = [(Source::whole(file("auth.json")), content.as_str())];
    let body = |text: &str| text.replace("<T>", TOKEN).replace("<A>", ACCESS);
    let bodies = [
        ("a form", "grant_type=refresh_token&refresh_token=<T>", true),
        ("a form without a grant", "client=1&refresh_token=<T>", true),
        ("a form with another name", "token=<T>", true),
        ("a grant with another name", "grant_type=refresh_token&code=<T>", true),
        ("json", r#"{"refresh_token":"<T>"}"#, true),
        ("camel case", r#"{"refreshToken":"<T>"}"#, true),
        ("deep json", r#"{"variables":{"input":[{"x":{"refresh-token":"<T>"}}]}}"#, true),
        ("json with another name", r#"{"session":"<T>"}"#, true),
        ("json in json", r#"{"payload":"{\"q\":\"<T>\"}"}"#, true),
        ("a query language", r#"{"query":"mutation { renew(with: \"<T>\") }"}"#, true),
        ("a part of several", "--x\r\nname=\"refresh_token\"\r\n\r\n<T>\r\n--x--", true),
        ("plain text", "<T>", true),
        ("the access token", r#"{"token":"<A>"}"#, false),
        ("a list of grants", r#"{"grants":["refresh_token"]}"#, false),
        ("a flag", r#"{"refresh":true,"refreshToken":null}"#, false),
        ("another flag", "refresh=true", false),
        ("nothing", "", false),
    ];
    for (name, text, is_refresh) in bodies {
        let request = request("POST", ELSEWHERE, &[], &body(text));
        let expected = if is_refresh { "write:/tool/auth.json" } else { "-" };
        assert_eq!(judged(&[], &reads, &request), expected, "{name}");
    }
    let queries = [
        ("?refresh_token=<T>", true),
        ("?x=1&token=<T>#y", true),
        ("/<T>", true),
        ("?token=refresh%2Dtoken%2d1-abcdef", true),
        ("?token=<A>", false),
        ("#<T>", false),
    ];
    for (end, is_refresh) in queries {
        let request = request("GET", &format!("{ELSEWHERE}{}", body(end)), &[], "");
        let expected = if is_refresh { "write:/tool/auth.json" } else { "-" };
        assert_eq!(judged(&[], &reads, &request), expected, "{end}");
    }
    let headers = [
        (("X-Refresh-Token", "<T>"), true),
        (("Authorization", "Bearer <T>"), true),
        (("Cookie", "a=b; session=<T>"), true),
        (("Authorization", "Bearer <A>"), false),
    ];
    for ((name, value), is_refresh) in headers {
        let request = request("GET", ELSEWHERE, &[(name, &body(value))], "");
        let expected = if is_refresh { "write:/tool/auth.json" } else { "-" };
        assert_eq!(judged(&[], &reads, &request), expected, "{name}: {value}");
    }
}

#[test]
fn a_token_for_all_purposes_is_no_refresh_token_unless_it_is_called_so() {
    let content = format!("{{\"accessToken\":\"{TOKEN}\",\"refreshToken\":\"{TOKEN}\"}}");
    let reads = [(Source::whole(file("auth.json")), content.as_str())];
    let bearer = [("authorization", format!("Bearer {TOKEN}"))];
    let bearer = bearer.each_ref().map(|(name, value)| (*name, value.as_str()));
    assert_eq!(judged(&[], &reads, &request("GET", ELSEWHERE, &bearer, "")), "-");
    let body = format!("refresh_token={TOKEN}");
    let exchange = request("POST", ELSEWHERE, &[], &body);
    assert_eq!(judged(&[], &reads, &exchange), "write:/tool/auth.json");
}

#[test]
fn stores_of_any_form() {
    let json = format!("{{\"oauth\":{{\"refreshToken\":\"{TOKEN}\"}}}}");
    let digits = |byte: u8| [byte >> 4, byte & 15].map(|digit| char::from_digit(digit.into(), 16));
    let hex: String = json.bytes().flat_map(digits).flatten().collect();
    let rows = |value: &str| format!("{}\n", serde_json::json!([{ "value": value }]));
    let database = |sql| Source::query(Path::new("/tool/db"), Path::new("/tool/db"), sql);
    let service = "Tool-credentials";
    let cases: [(Source, String, &str); 12] = [
        (Source::whole(file("a")), json.clone(), "write:/tool/a"),
        (Source::whole(file("a")), format!("refresh_token = \"{TOKEN}\"\n"), "write:/tool/a"),
        (Source::whole(file("a")), TOKEN.to_owned(), "write:/tool/a"),
        (Source::whole(file("a")), BASE64_STANDARD.encode(&json), "write:/tool/a"),
        (Source::whole(keychain(service)), json.clone(), "keychain:Tool-credentials"),
        (Source::whole(keychain(service)), hex.clone(), "keychain:Tool-credentials"),
        (Source::whole(keychain(service)), hex.to_uppercase(), "keychain:Tool-credentials"),
        (
            Source::whole(keychain(service)),
            format!("go-keyring-base64:{}", BASE64_STANDARD.encode(&json)),
            "keychain:Tool-credentials",
        ),
        (
            Source::whole(keychain(service)),
            BASE64_URL_SAFE_NO_PAD.encode(&json),
            "keychain:Tool-credentials",
        ),
        (database("SELECT 1"), rows(TOKEN), "write:/tool/db"),
        (database("SELECT 2"), rows(&json), "write:/tool/db"),
        (database("SELECT hex(value)"), [rows("1"), rows(&hex)].concat(), "write:/tool/db"),
    ];
    for (source, content, need) in cases {
        let exchange = request("POST", ELSEWHERE, &[], &format!("refresh_token={TOKEN}"));
        let reads = [(source, content.as_str())];
        assert_eq!(judged(&[], &reads, &exchange), need, "{content}");
        assert_eq!(judged(&[need], &reads, &exchange), "sent", "{content}");
    }
}

#[test]
fn contents_that_are_too_long_are_searched_too() {
    let long = "filling ".repeat(200_000);
    let content = format!("{{\"x\":\"{long}\",\"refreshToken\":\"{TOKEN}\"}}");
    let reads = [(Source::whole(file("big")), content.as_str())];
    let exchange = request("POST", ELSEWHERE, &[], &format!("refresh_token={TOKEN}"));
    assert_eq!(judged(&[], &reads, &exchange), "write:/tool/big");
    assert_eq!(judged(&["write:/tool/big"], &reads, &exchange), "sent");
}

#[test]
fn every_store_of_the_token_must_be_writable() {
    let content = format!("refresh_token={TOKEN}");
    let read = |name| (Source::whole(file(name)), content.as_str());
    let reads = [read("a"), read("b"), (Source::whole(keychain("K")), content.as_str())];
    let exchange = request("POST", ELSEWHERE, &[], &content);
    let steps: [(&[&str], &str); 4] = [
        (&[], "write:/tool/a"),
        (&["write:/tool/a"], "write:/tool/b"),
        (&["write:/tool/*"], "keychain:K"),
        (&["write:/tool/*", "keychain:K"], "sent"),
    ];
    for (granted, outcome) in steps {
        assert_eq!(judged(granted, &reads, &exchange), outcome);
    }
}

#[test]
fn a_token_of_unknown_origin() {
    let exchange = request("POST", ELSEWHERE, &[], "refresh_token=made-up-token-12345678");
    // From a variable or a setting: there is nothing to write it back to.
    assert_eq!(judged(&[], &[], &exchange), "sent");
    // It could be from whatever holds a secret, changed beyond recognition.
    let reads = [
        (Source::whole(file("notes")), "nothing that could be a secret"),
        (Source::whole(file("secret")), "{\"blob\":\"x9f8e7d6c5b4a3210xyz\"}"),
    ];
    assert_eq!(judged(&[], &reads, &exchange), "write:/tool/secret");
    assert_eq!(judged(&["write:/tool/secret"], &reads, &exchange), "sent");
}

#[test]
fn known_endpoints() {
    let reads = [(Source::whole(file("secret")), "{\"blob\":\"x9f8e7d6c5b4a3210xyz\"}")];
    let rotating = [
        "https://platform.claude.com/v1/oauth/token",
        "https://console.anthropic.com/v1/oauth/token",
        "https://auth.openai.com/oauth/token",
        "https://AUTH.openai.com:443/oauth/token?x",
        "https://auth.openai.com./oauth/token",
        "https://api.workos.com/user_management/authenticate",
        "https://auth.x.ai/oauth2/token",
        "https://auth.kimi.com/api/oauth/token",
        "https://prod.us-east-1.auth.desktop.kiro.dev/refreshToken",
        "https://api2.cursor.sh/oauth/token",
    ];
    for url in rotating {
        let post = request("POST", url, &[], "{\"x\":\"y\"}");
        assert_eq!(judged(&[], &reads, &post), "write:/tool/secret", "{url}");
        assert_eq!(judged(&[], &reads, &request("GET", url, &[], "")), "-", "{url}");
    }
    let others = [
        "https://oauth2.googleapis.com.example/token",
        "https://api2.cursor.sh/auth/usage",
        "https://x-api2.cursor.sh/oauth/token",
    ];
    for url in others {
        assert_eq!(judged(&[], &reads, &request("POST", url, &[], "{}")), "-", "{url}");
    }
    // Google's tokens stay good, so what is not known to be in a store needs no right to it.
    let google = "https://oauth2.googleapis.com/token";
    let post = request("POST", google, &[], "grant_type=refresh_token&refresh_token=abc");
    assert_eq!(judged(&[], &reads, &post), "sent");
    let content = format!("{{\"refresh_token\":\"{TOKEN}\"}}");
    let reads = [(Source::whole(file("creds")), content.as_str())];
    let post = request("POST", google, &[], &format!("refresh_token={TOKEN}"));
    assert_eq!(judged(&[], &reads, &post), "write:/tool/creds");
}
