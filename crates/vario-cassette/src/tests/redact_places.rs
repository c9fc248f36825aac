//! A plugin makes its next call out of earlier answers; redaction must not make that another call.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value as Json, json};

use super::recorded;
use super::redact::{TOKEN, claims, hex, jwt, redacted, redacted_with, written};
use crate::{Cassette, RecordedCall, RedactOptions};

fn ok(cassette: &Cassette, index: usize) -> &str {
    cassette.calls[index].ok.as_ref().and_then(Json::as_str).expect("a text")
}

fn request(headers: &Json, body: &str) -> RecordedCall {
    let args = json!([{"url": "https://a.example/x", "headers": headers, "bodyText": body}]);
    recorded("http.request", args, json!({"status": 200, "headers": {}, "bodyText": "{}"}))
}

fn header<'a>(cassette: &'a Cassette, index: usize, name: &str) -> &'a str {
    cassette.calls[index].args[0]["headers"][name].as_str().expect("a header")
}

fn body(cassette: &Cassette, index: usize) -> &str {
    cassette.calls[index].args[0]["bodyText"].as_str().expect("a body")
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len() / 2)
        .map(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).expect("hex"))
        .collect()
}

#[test]
fn a_token_out_of_a_file_goes_into_a_header_and_a_form() {
    let file = json!({"tokens": {"access_token": TOKEN, "refresh_token": "rt.a+b/c=9"}});
    let (cassette, _) = redacted(vec![
        recorded("fs.readText", json!(["~/.x/auth.json"]), json!(file.to_string())),
        request(
            &json!({"Authorization": format!("Bearer {TOKEN}")}),
            "grant_type=refresh_token&client_id=app_EMoamEEZ73f0CkXaXp7hrann&refresh_token=rt.a%2Bb%2Fc%3D9",
        ),
    ]);
    let file: Json = serde_json::from_str(ok(&cassette, 0)).expect("JSON stays JSON");
    let access = file["tokens"]["access_token"].as_str().expect("text");
    let refresh = file["tokens"]["refresh_token"].as_str().expect("text");
    assert_eq!(header(&cassette, 1, "Authorization"), format!("Bearer {access}"));
    let escaped = refresh.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    assert_eq!(
        body(&cassette, 1),
        format!(
            "grant_type=refresh_token&client_id=app_EMoamEEZ73f0CkXaXp7hrann&refresh_token={escaped}"
        )
    );
}

#[test]
fn a_keyring_value_is_unwrapped() {
    let wrapped = format!("go-keyring-base64:{}", STANDARD.encode("gho_abcdEFGH12345678"));
    let (cassette, _) = redacted(vec![
        recorded("keychain.readGenericPassword", json!(["gh:github.com"]), json!(wrapped)),
        request(&json!({"Authorization": "token gho_abcdEFGH12345678"}), ""),
    ]);
    let inner = ok(&cassette, 0).strip_prefix("go-keyring-base64:").expect("the mark stays");
    let inner = STANDARD.decode(inner).expect("base64 stays base64");
    let token = std::str::from_utf8(&inner).expect("text");
    assert!(token.starts_with("gho_") && token != "gho_abcdEFGH12345678", "{token}");
    assert_eq!(header(&cassette, 1, "Authorization"), format!("token {token}"));
}

#[test]
fn a_keychain_value_in_hex_is_decoded() {
    let json =
        json!({"claudeAiOauth": {"accessToken": "sk-ant-oat01-AbCd1234xyz", "expiresAt": 5}});
    let (cassette, _) = redacted(vec![
        recorded(
            "keychain.readGenericPassword",
            json!(["S"]),
            json!(hex(json.to_string().as_bytes())),
        ),
        request(&json!({"Authorization": "Bearer sk-ant-oat01-AbCd1234xyz"}), ""),
    ]);
    let json: Json = serde_json::from_slice(&unhex(ok(&cassette, 0))).expect("JSON stays JSON");
    let token = json["claudeAiOauth"]["accessToken"].as_str().expect("text");
    assert_eq!(json["claudeAiOauth"]["expiresAt"], 5);
    assert!(token.starts_with("sk-ant-oat01-") && !token.contains("AbCd1234"), "{token}");
    assert_eq!(header(&cassette, 1, "Authorization"), format!("Bearer {token}"));
}

#[test]
fn a_request_blob_in_hex_keeps_what_is_around_the_token() {
    let token = jwt(&json!({"sub": "user-17-abcdef", "exp": 1_800_000_000}));
    let mut blob = b"bplist00\xd1\x01\x02\x00\xff__CFURLRequestNullTokenString__".to_vec();
    blob.extend_from_slice(format!("Authorization\x00Bearer {token}\x00").as_bytes());
    blob.extend_from_slice(
        b"\xfe\xfd\x00User-Agent\x00Perplexity/1.2 (example@mail.example)\x00\x80",
    );
    let rows = format!("[{{\"requestHex\":\"{}\"}}]\n", hex(&blob));
    let (cassette, _) = redacted(vec![
        recorded("sqlite.query", json!(["~/Cache.db", "SELECT hex(x) AS requestHex"]), json!(rows)),
        request(&json!({"Authorization": format!("Bearer {token}")}), ""),
    ]);
    let rows: Json = serde_json::from_str(ok(&cassette, 0)).expect("JSON stays JSON");
    let new = unhex(rows[0]["requestHex"].as_str().expect("text"));
    assert_eq!(new.len(), blob.len());
    let find = |bytes: &[u8], part: &[u8]| bytes.windows(part.len()).position(|at| at == part);
    for part in
        [&b"\xff__CFURLRequestNullTokenString__Authorization\x00Bearer eyJ"[..], b"\xfe\xfd"]
    {
        assert_eq!(find(&new, part), find(&blob, part));
        assert!(find(&new, part).is_some());
    }
    assert_eq!(find(&new, b"example@mail"), None);
    let sent = header(&cassette, 1, "Authorization").strip_prefix("Bearer ").expect("a scheme");
    assert!(find(&new, sent.as_bytes()).is_some(), "the blob and the header have the same token");
    assert_eq!(claims(sent)["exp"], 1_800_000_000);
    assert_ne!(claims(sent)["sub"], "user-17-abcdef");
}

#[test]
fn a_cookie_is_made_of_a_claim_and_its_token() {
    let token = jwt(&json!({"sub": "auth0|user_01HXABCDEF9GH", "exp": 1_800_000_000}));
    let cookie = format!("WorkosCursorSessionToken=user_01HXABCDEF9GH%3A%3A{token}");
    let rows = json!([{"value": token}]).to_string() + "\n";
    let (cassette, _) = redacted(vec![
        recorded("sqlite.query", json!(["d", "SELECT value FROM ItemTable"]), json!(rows)),
        request(&json!({"Cookie": cookie}), ""),
        recorded(
            "http.request",
            json!([{"url": "https://a.example/?user=user_01HXABCDEF9GH"}]),
            json!({}),
        ),
    ]);
    let rows: Json = serde_json::from_str(ok(&cassette, 0)).expect("JSON stays JSON");
    let token = rows[0]["value"].as_str().expect("text");
    let claims = claims(token);
    let user = claims["sub"].as_str().and_then(|sub| sub.split('|').nth(1)).expect("a user");
    assert_ne!(user, "user_01HXABCDEF9GH");
    assert_eq!(
        header(&cassette, 1, "Cookie"),
        format!("WorkosCursorSessionToken={user}%3A%3A{token}")
    );
    assert_eq!(cassette.calls[2].args[0]["url"], format!("https://a.example/?user={user}"));
}

#[test]
fn a_digest_of_a_folder_still_names_the_keychain_item() {
    let digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    let (cassette, _) = redacted(vec![
        recorded("env.get", json!(["CLAUDE_CONFIG_DIR"]), json!("/home/robert/.claude")),
        recorded("crypto.sha256Hex", json!(["/home/robert/.claude"]), json!(digest)),
        recorded(
            "keychain.readGenericPassword",
            json!(["Claude Code-credentials-9f86d081"]),
            json!(null),
        ),
        recorded("fs.listDir", json!(["~/x"]), json!([digest])),
    ]);
    assert_eq!(cassette.calls[0].ok.as_ref(), Some(&cassette.calls[1].args[0]));
    assert_eq!(ok(&cassette, 1), digest);
    assert_eq!(cassette.calls[2].args[0], "Claude Code-credentials-9f86d081");
    assert!(!written(&cassette).contains("robert"));
}

#[test]
fn an_encrypted_file_is_decrypted_and_encrypted_again() {
    let key = STANDARD.encode([7_u8, 200, 3, 99, 255, 1, 17, 80].repeat(4));
    let envelope = "q83vEjRWeJCrze8SNFZ4kA==:ABEiM0RVZneImaq7zN3u/w==:yv66vgECAwQFBgcICQoLDA0ODxA=";
    let plain = json!({"access_token": TOKEN}).to_string();
    let (cassette, _) = redacted(vec![
        recorded("fs.readText", json!(["~/.factory/auth.v2.key"]), json!(format!("{key}\n"))),
        recorded("fs.readText", json!(["~/.factory/auth.v2.file"]), json!(format!("{envelope}\n"))),
        recorded("crypto.decryptAes256Gcm", json!([envelope, key]), json!(plain)),
        recorded("crypto.encryptAes256Gcm", json!([plain, key]), json!(envelope)),
        recorded("fs.writeText", json!(["~/.factory/auth.v2.file", envelope]), json!(null)),
    ]);
    let calls = &cassette.calls;
    assert_eq!(ok(&cassette, 0).trim(), calls[2].args[1]);
    assert_eq!(ok(&cassette, 1).trim(), calls[2].args[0]);
    assert_eq!(
        (calls[2].ok.as_ref(), &calls[2].args[1]),
        (Some(&calls[3].args[0]), &calls[3].args[1])
    );
    assert_eq!(calls[3].ok.as_ref(), Some(&calls[4].args[1]));
    let text = written(&cassette);
    assert!(!text.contains(&key) && !text.contains(envelope) && !text.contains(TOKEN), "{text}");
}

#[test]
fn what_the_plugin_brings_itself_stays() {
    let source = "const KEY = 'AIzaSyA1b2C3d4E5f6G7h8I9j0KlMnOpQrStUv'; // support@vendor.example";
    let address = "https://a.example/?key=AIzaSyA1b2C3d4E5f6G7h8I9j0KlMnOpQrStUv";
    let calls = || {
        vec![
            recorded("http.request", json!([{"url": address}]), json!({})),
            request(
                &json!({"X-Trace": "Zx9Yw8Vu7Ts6Rq5Po4Nm3Lk2", "User-Agent": "a (support@vendor.example)"}),
                "client_id=Zx9Yw8Vu7Ts6Rq5Po4Nm3Lk2&client_secret=abcDEF123456abcDEF123456",
            ),
        ]
    };
    let (unknown, _) = redacted(calls());
    assert_ne!(unknown.calls[0].args[0]["url"], address, "it could be the user's");
    assert_eq!(unknown.calls[1].args[0]["bodyText"], calls()[1].args[0]["bodyText"]);
    let options = RedactOptions { public: vec![source.to_owned()], ..RedactOptions::default() };
    let (known, _) = redacted_with(calls(), &options);
    assert_eq!(known.calls, calls());
}

#[test]
fn a_text_of_the_plugin_does_not_shield_an_answered_secret() {
    let options = RedactOptions {
        public: vec!["const example = 'hunter-x2-hunter'".to_owned()],
        ..RedactOptions::default()
    };
    let file = json!("{\"password\":\"hunter-x2-hunter\"}");
    let (cassette, _) =
        redacted_with(vec![recorded("fs.readText", json!(["~/x"]), file)], &options);
    assert!(!written(&cassette).contains("hunter"));
}
