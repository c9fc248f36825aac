//! Each rule by its name: what goes in, what may not come out, what stays.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value as Json, json};

use super::{cassette, recorded};
use crate::{Cassette, RedactOptions, Redaction, redact};

/// A token as services make them.
pub(super) const TOKEN: &str = "q7Xk2LmZ9vB4nT1wR8yH5cJ3";

pub(super) fn jwt(claims: &Json) -> String {
    let part = |json: &str| URL_SAFE_NO_PAD.encode(json);
    let header = part(r#"{"alg":"RS256","typ":"JWT","kid":"a1"}"#);
    format!("{header}.{}.s1gN4tUrE-x_Y9zQ2", part(&claims.to_string()))
}

pub(super) fn hex(bytes: &[u8]) -> String {
    let digit = |digit: u8| char::from(b"0123456789ABCDEF"[usize::from(digit)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

pub(super) fn claims(token: &str) -> Json {
    let payload = token.split('.').nth(1).expect("three parts");
    let bytes = URL_SAFE_NO_PAD.decode(payload).expect("base64");
    serde_json::from_slice(&bytes).expect("claims are JSON")
}

pub(super) fn redacted(calls: Vec<crate::RecordedCall>) -> (Cassette, Redaction) {
    redacted_with(calls, &RedactOptions::default())
}

pub(super) fn redacted_with(
    calls: Vec<crate::RecordedCall>,
    options: &RedactOptions,
) -> (Cassette, Redaction) {
    let mut cassette = cassette(calls);
    let before = written(&cassette).len();
    let redaction = redact(&mut cassette, options);
    assert_eq!(written(&cassette).len(), before, "lengths are kept");
    (cassette, redaction)
}

pub(super) fn written(cassette: &Cassette) -> String {
    serde_json::to_string(cassette).expect("a cassette is JSON")
}

/// One answer in, the same answer without its secrets out.
pub(super) fn one(function: &str, args: Json, ok: Json) -> Json {
    let (cassette, _) = redacted(vec![recorded(function, args, ok)]);
    cassette.calls[0].ok.clone().expect("an answer")
}

/// The same kind of character at every place.
pub(super) fn is_like(old: &str, new: &str) -> bool {
    let kind = |letter: char| match letter {
        '0'..='9' => '0',
        letter if letter.is_alphabetic() && letter.is_uppercase() => 'A',
        letter if letter.is_alphabetic() => 'a',
        other => other,
    };
    old.chars().map(kind).eq(new.chars().map(kind))
}

#[test]
fn values_of_secret_keys_are_replaced_in_every_kind_of_text() {
    let secret = "hunter-x2";
    let cases = [
        ("object", json!({"data": {"password": secret}})),
        ("list", json!({"token": [secret, secret]})),
        ("JSON text", json!(format!("{{ \"access_token\" : \"{secret}\", \"n\": 1 }}"))),
        ("JSON in JSON", json!(json!({"a": json!({"apiKey": secret}).to_string()}).to_string())),
        ("rows", json!(format!("[{{\"sessionToken\":\"{secret}\"}}]\n"))),
        ("several rows", json!(format!("[{{\"id\":1}}]\n[{{\"secret\":\"{secret}\"}}]\n"))),
        ("duplicate key", json!(format!("{{\"token\":\"{secret}\",\"token\":\"other-1\"}}"))),
        ("escaped", json!("{\"token\":\"hunter-\\u0078\\u0032\"}")),
        ("form", json!(format!("grant_type=x&refresh_token={secret}&scope=a"))),
        ("address", json!(format!("https://a.example/x?y=1&api_key={secret}#f"))),
        ("settings file", json!(format!("# mine\ntoken = \"{secret}\"\n"))),
        ("environment file", json!(format!("A=1\nexport password={secret}\n"))),
        ("YAML", json!(format!("user:\n  password: {secret}\n"))),
        ("JSON in a log", json!(format!("sent {{\\\"token\\\":\\\"{secret}\\\"}} to b"))),
        ("base64", json!(STANDARD.encode(json!({"token": secret}).to_string()))),
        ("user info", json!(format!("see https://me:{secret}@a.example/x"))),
        ("key-value row", json!([{"key": "cursorAuth/accessToken", "value": secret}])),
    ];
    for (case, ok) in cases {
        let new = one("fs.readText", json!(["~/x"]), ok.clone());
        let text = new.to_string();
        assert!(!text.contains(secret), "{case}: {text}");
        assert!(!text.contains("0078"), "{case}: {text}");
        assert_ne!(new, ok, "{case}");
        assert_eq!(text.len(), ok.to_string().len(), "{case}");
        if let (Some(old), Some(new)) = (ok.as_str(), new.as_str()) {
            let is_json = |text: &str| serde_json::from_str::<Json>(text).is_ok();
            assert_eq!(is_json(old), is_json(new), "{case}");
            if case == "base64" {
                let decoded = STANDARD.decode(new).expect("base64 stays base64");
                let decoded: Json = serde_json::from_slice(&decoded).expect("JSON stays JSON");
                assert!(is_like(secret, decoded["token"].as_str().expect("a token")));
            }
        }
    }
}

#[test]
fn credential_headers_are_replaced_and_their_scheme_stays() {
    let basic = STANDARD.encode("robert:pa55word");
    let cases = [
        ("bearer", "Authorization", "Bearer abc-123".to_owned(), "Bearer ", "abc-123"),
        ("token", "authorization", "token abc-123".to_owned(), "token ", "abc-123"),
        ("bare", "Authorization", "abc-123".to_owned(), "", "abc-123"),
        ("basic", "Authorization", format!("Basic {basic}"), "Basic ", basic.as_str()),
        ("cookie", "Cookie", "sid=abc-123; theme=d4rk55".to_owned(), "sid=", "abc-123"),
        ("second cookie", "Cookie", "theme=d4rk55; sid=abc-123".to_owned(), "theme=", "abc-123"),
        ("api key", "x-api-key", "abc-123".to_owned(), "", "abc-123"),
        ("any secret", "X-Demo-Secret", "abc-123".to_owned(), "", "abc-123"),
        ("any session", "x-session-id", "plainword".to_owned(), "", "plainword"),
        ("csrf", "x-csrf-token", "abc-123".to_owned(), "", "abc-123"),
        ("short", "x-api-key", "ab1".to_owned(), "", "ab1"),
        ("escaped", "Cookie", "s=a%2Bb1%3D9".to_owned(), "s=", "a%2Bb1%3D9"),
    ];
    for (case, name, value, before, secret) in cases {
        let request = json!([{"url": "https://a.example", "headers": {name: value}}]);
        let (cassette, _) = redacted(vec![recorded("http.request", request, json!({}))]);
        let new = cassette.calls[0].args[0]["headers"][name].as_str().expect("a header").to_owned();
        assert!(new.starts_with(before), "{case}: {new}");
        assert!(!new.contains(secret), "{case}: {new}");
        if case == "basic" {
            let decoded = STANDARD.decode(&new[6..]).expect("base64 stays base64");
            let decoded = String::from_utf8(decoded).expect("text stays text");
            assert!(is_like("robert:pa55word", &decoded), "{decoded}");
            assert!(!decoded.contains("robert") && !decoded.contains("pa55"), "{decoded}");
        } else {
            assert!(is_like(&value, &new), "{case}: {new}");
        }
    }
}

#[test]
fn answered_headers_are_replaced_and_limits_stay() {
    let headers = json!({
        "set-cookie": "sid=abc-123; Path=/; HttpOnly",
        "x-auth-refresh": "r3fr-3sh",
        "x-ratelimit-tokens-limit": "abc-99",
        "x-tokens-left": "12000",
        "x-session-reset": "2026-01-02T03:04:05Z",
        "retry-after": "30",
        "www-authenticate": "Bearer realm=\"x\"",
    });
    let new = one("http.request", json!([{"url": "u"}]), json!({"headers": headers}));
    let new = &new["headers"];
    let cookie = new["set-cookie"].as_str().expect("a cookie");
    assert!(cookie.starts_with("sid=") && cookie.ends_with("; Path=/; HttpOnly"), "{cookie}");
    assert!(!cookie.contains("abc-123"), "{cookie}");
    assert_ne!(new["x-auth-refresh"], headers["x-auth-refresh"]);
    for same in ["x-ratelimit-tokens-limit", "x-tokens-left", "x-session-reset", "retry-after"] {
        assert_eq!(new[same], headers[same], "{same}");
    }
    assert_eq!(new["www-authenticate"], headers["www-authenticate"]);
}

#[test]
fn a_jwt_stays_a_jwt() {
    let old = json!({
        "iat": 1_700_000_000, "exp": 1_700_003_600.5, "admin": true, "none": null,
        "sub": "auth0|user_01HXABCDEF9", "jti": "j1", "sid": "short", "email": "zoë@mail.example",
        "plan": "pro", "scope": "openid email", "client_id": "app_EMoamEEZ73f0CkXaXp7hrann",
        "https://x/auth": {"chatgpt_account_id": "6f1ab2c3-90de-4f56-a7b8-c9d0e1f2a3b4", "n": [1]},
        "name": "Zoë",
    });
    let token = jwt(&old);
    let new = one("fs.readText", json!(["~/x"]), json!({"note": token}));
    let new = new["note"].as_str().expect("a token");
    assert_eq!(new.len(), token.len());
    assert_eq!(new.split('.').next(), token.split('.').next(), "the header stays");
    assert_ne!(new.split('.').nth(2), token.split('.').nth(2), "the signature goes");
    let claims = claims(new);
    for same in ["iat", "exp", "admin", "none", "plan", "scope", "client_id", "name"] {
        assert_eq!(claims[same], old[same], "{same}");
    }
    for other in ["sub", "jti", "sid", "email"] {
        assert_ne!(claims[other], old[other], "{other}");
        let (old, new) =
            (old[other].as_str().expect("text"), claims[other].as_str().expect("text"));
        assert!(is_like(old, new), "{other}: {new}");
    }
    assert!(claims["sub"].as_str().expect("text").starts_with("auth0|user_"), "{claims}");
    let account = claims["https://x/auth"]["chatgpt_account_id"].as_str().expect("text");
    assert!(is_like("6f1ab2c3-90de-4f56-a7b8-c9d0e1f2a3b4", account), "{account}");
    assert_ne!(account, "6f1ab2c3-90de-4f56-a7b8-c9d0e1f2a3b4");
    assert!(account.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit()), "{account}");
}

#[test]
fn what_looks_like_a_token_is_replaced_in_answers() {
    let secrets = [
        TOKEN,
        "sk-ant-oat01-AbCdEf123456",
        "pk-live-abcdef123456",
        "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
        "xoxb-123456789012-abcdefGHIJKL",
        "6f1ab2c3-90de-4f56-a7b8-c9d0e1f2a3b4",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "Zm9vYmFy+9/Kq2LmZ9vB4nT1wR8yH5cJ3xQ==",
        "devin-session-token$abcdef123456ghi",
    ];
    for secret in secrets {
        for text in
            [secret.to_owned(), format!("a: ({secret})."), format!("{{\"x\":\"{secret}\"}}")]
        {
            let new = one("fs.readText", json!(["~/x"]), json!(text));
            let new = new.as_str().expect("text");
            assert!(!new.contains(secret), "{new}");
            assert!(is_like(&text, new), "{text}: {new}");
        }
    }
    let prefixes = ["sk-ant-oat01-", "ghp_", "xoxb-"];
    let new = one("fs.readText", json!(["~/x"]), json!(secrets.join(" ")));
    for prefix in prefixes {
        assert!(new.as_str().expect("text").contains(prefix), "{prefix} stays");
    }
}

#[test]
fn words_dates_versions_and_paths_stay() {
    let texts = [
        "claude-sonnet-4-20250514",
        "anthropic.claude-3-5-sonnet-20241022-v2:0",
        "gpt-5.1-codex-max-2025-11-19-preview-high",
        "accounts/fireworks/models/qwen3-coder-480b-a35b-instruct",
        "~/.config/JetBrains/IntelliJIdea2025.3/options/AIAssistantQuotaManager2.xml",
        "default_claude_max_20x_with_extra_usage_2025",
        "2026-01-02T03:04:05.123456789Z",
        "20260102T030405Z-20260202T030405Z",
        "AIAssistantQuotaManager2Component2025",
        "https://api.example.com/v1/organizations/usage/limits/weekly-2025",
        "No such file or directory (os error 2)",
        "1234567890123456789012345678901234567890",
        "application/vnd.example.codewhisperer.v20240501+json",
        "com.example.IntelliJPlugins.SomeLongName2025Edition",
        "cursorAuth/stripeMembershipType",
    ];
    for text in texts {
        let new = one("fs.readText", json!(["~/x"]), json!(text));
        assert_eq!(new, json!(text));
    }
}

#[test]
fn numbers_stay_and_plain_words_stay_where_they_are_part_of_something() {
    let ok =
        json!({"user_id": 123_456, "token": "claude", "path": "~/.claude/x", "id": "claude.ai"});
    let new = one("fs.readText", json!(["~/.claude"]), ok.clone());
    assert_eq!(new["user_id"], ok["user_id"]);
    assert_ne!(new["token"], ok["token"]);
    assert_eq!((&new["path"], &new["id"]), (&ok["path"], &ok["id"]));
}

#[test]
fn short_secrets_are_replaced_only_as_whole_texts() {
    let ok = json!({"password": "abc", "same": "abc", "word": "abcde", "b": "x abc y"});
    let new = one("fs.readText", json!(["~/abc"]), ok.clone());
    assert_ne!(new["password"], ok["password"]);
    assert_eq!(new["password"], new["same"]);
    assert_eq!((&new["word"], &new["b"]), (&ok["word"], &ok["b"]));
}

#[test]
fn equal_secrets_get_equal_placeholders_and_others_others() {
    let ok = json!({"token": TOKEN, "secret": TOKEN, "password": "other-1", "apiKey": "other-2"});
    let new = one("fs.readText", json!(["~/x"]), ok);
    assert_eq!(new["token"], new["secret"]);
    assert_ne!(new["password"], new["apiKey"]);
}

#[test]
fn placeholders_come_from_the_order_of_appearance_alone() {
    let make = |secrets: [&str; 2]| {
        one("fs.readText", json!(["~/x"]), json!({"token": secrets[0], "secret": secrets[1]}))
    };
    let first = make(["aaaa1111bbbb2222", "Zz99-Yy88xx"]);
    assert_eq!(first, make(["fade5678beef3456", "Wx12-Yz34rs"]));
}

#[test]
fn functions_whose_answers_are_secret() {
    let plain = "plainword";
    let cases = [
        ("keychain", "keychain.readGenericPassword", json!(["Service"]), json!(plain)),
        (
            "keychain, user",
            "keychain.readGenericPasswordForCurrentUser",
            json!(["S"]),
            json!(plain),
        ),
        ("environment", "env.get", json!(["DEMO_API_KEY"]), json!(plain)),
        ("environment, token", "env.get", json!(["demo_token"]), json!(plain)),
        ("settings", "settings.get", json!(["hidden"]), json!(plain)),
        ("language server", "ls.discover", json!([{}]), json!({"csrf": plain, "pid": 7})),
        ("token file", "fs.readText", json!(["~/.demo/token"]), json!("w0rd-of-8\n")),
        (
            "token query",
            "sqlite.query",
            json!(["d", "SELECT value FROM t WHERE key='x/accessToken'"]),
            json!("[{\"value\":\"w0rd-of-8\"}]\n"),
        ),
    ];
    let options =
        RedactOptions { secret_settings: vec!["hidden".to_owned()], ..RedactOptions::default() };
    for (case, function, args, ok) in cases {
        let (cassette, _) = redacted_with(vec![recorded(function, args, ok.clone())], &options);
        let new = cassette.calls[0].ok.clone().expect("an answer");
        assert_ne!(new, ok, "{case}");
        let text = new.to_string();
        assert!(!text.contains(plain) && !text.contains("w0rd"), "{case}: {text}");
    }
    let others = [
        ("env.get", json!(["CLAUDE_CONFIG_DIR"]), json!("~/conf")),
        ("settings.get", json!(["shown"]), json!(plain)),
        ("fs.readText", json!(["~/x"]), json!(plain)),
        ("crypto.sha256Hex", json!(["~/x"]), json!("da39a3ee5e6b4b0d3255bfef95601890afd80709")),
    ];
    for (function, args, ok) in others {
        assert_eq!(one(function, args, ok.clone()), ok, "{function}");
    }
}

#[test]
fn written_values_and_keys_of_ciphers_are_secret() {
    let calls = vec![
        recorded("keychain.writeGenericPassword", json!(["S", "plainword"]), json!(null)),
        recorded("crypto.decryptAes256Gcm", json!(["a:b:c", "a2V5LWtleS1rZXk="]), json!("{}")),
        recorded("fs.writeText", json!(["~/x", "{\"token\":\"plain-2\"}"]), json!(null)),
    ];
    let (cassette, _) = redacted(calls);
    let text = written(&cassette);
    for secret in ["plainword", "a2V5LWtleS1rZXk=", "plain-2"] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
    assert!(text.contains("a:b:c"), "{text}");
}

#[test]
fn errors_names_folders_and_output_are_redacted_too() {
    let mut cassette = cassette(vec![recorded("env.get", json!(["MY_TOKEN"]), json!(TOKEN))]);
    cassette.calls.push(crate::RecordedCall {
        function: "http.request".to_owned(),
        args: vec![json!({"url": "https://a.example"})],
        ok: None,
        err: Some(format!("error sending request for url (https://a.example/?t={TOKEN})")),
    });
    cassette.name = Some(format!("with {TOKEN}"));
    cassette.app = Some(crate::AppRecord {
        app_data_dir: Some("/home/robert/.local/share/vario".to_owned()),
        plugin_data_dir: Some("/home/robert/.local/share/vario/plugins_data/x".to_owned()),
        ..crate::AppRecord::default()
    });
    cassette.output = Some(json!({"plan": TOKEN, "lines": [{"value": "/home/robert/x"}]}));
    let mut live = cassette.output.clone().expect("an output");
    let redaction = redact(&mut cassette, &RedactOptions::default());
    let text = written(&cassette);
    assert!(!text.contains(TOKEN) && !text.contains("robert"), "{text}");
    redaction.apply_json(&mut live);
    assert_eq!(Some(live), cassette.output, "the caller can do the same to the live output");
    let token = cassette.calls[0].ok.as_ref().and_then(Json::as_str).expect("text");
    assert_eq!(redaction.apply_text(TOKEN), token);
    assert!(text.contains("/.local/share/vario/plugins_data/x"), "{text}");
}
