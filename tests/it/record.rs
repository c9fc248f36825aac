//! `vario probe ID --record FILE`: what was recorded replays, and no secret is in it.

use serde_json::json;
use vario_test_support::{Reply, Server};

use crate::rig::{LANGUAGES, Language, Rig};

const JWT: &str = "eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjQxMDI0NDQ4MDAsInN1YiI6ImpvaG4uZG9lIn0.c2lnbmF0dXJlLXNpZ25hdHVyZQ";
const SECRETS: &[&str] = &[
    JWT,
    "c2lnbmF0dXJlLXNpZ25hdHVyZQ",
    "john.doe@example.com",
    "refresh-0123456789-abcdefghij",
    "fresh-9876543210-zyxwvutsrq",
];

/// A plugin that logs in with a token from a file, and writes a new one back.
fn client(rig: &Rig, language: Language, server: &Server) {
    let url = server.url("");
    rig.plugin(
        language,
        "client",
        &format!(
            r#"
local file = ctx.util.tryParseJson(ctx.host.fs.readText("~/login.json"))
local answer = ctx.util.requestJson({{
  method = "POST",
  url = "{url}/token",
  headers = {{ Authorization = "Bearer " .. file.access_token }},
  bodyText = ctx.json.encode({{ refresh_token = file.refresh_token }}),
}})
ctx.host.fs.writeText("~/login.json", ctx.json.encode({{ access_token = answer.json.access_token }}))
local used = ctx.util.requestJson({{
  url = "{url}/used",
  headers = {{ Authorization = "Bearer " .. answer.json.access_token }},
}})
return {{
  plan = ctx.fmt.planLabel(used.json.plan),
  lines = {{
    ctx.line.text({{ label = "Expires", value = ctx.util.toIso(ctx.jwt.decodePayload(file.access_token).exp) }}),
    ctx.line.progress({{ label = "Used", used = used.json.used, limit = 100, format = {{ kind = "percent" }} }}),
  }},
}}"#
        ),
        &format!(
            r#"
const file = ctx.util.tryParseJson(ctx.host.fs.readText("~/login.json"));
const answer = ctx.util.requestJson({{
  method: "POST",
  url: "{url}/token",
  headers: {{ Authorization: "Bearer " + file.access_token }},
  bodyText: JSON.stringify({{ refresh_token: file.refresh_token }}),
}});
ctx.host.fs.writeText("~/login.json", JSON.stringify({{ access_token: answer.json.access_token }}));
const used = ctx.util.requestJson({{
  url: "{url}/used",
  headers: {{ Authorization: "Bearer " + answer.json.access_token }},
}});
return {{
  plan: ctx.fmt.planLabel(used.json.plan),
  lines: [
    ctx.line.text({{ label: "Expires", value: ctx.util.toIso(ctx.jwt.decodePayload(file.access_token).exp) }}),
    ctx.line.progress({{ label: "Used", used: used.json.used, limit: 100, format: {{ kind: "percent" }} }}),
  ],
}};"#
        ),
    );
    let login = json!({ "access_token": JWT, "refresh_token": "refresh-0123456789-abcdefghij" });
    rig.home.write("login.json", login.to_string());
}

fn server() -> Server {
    let token =
        json!({ "access_token": "fresh-9876543210-zyxwvutsrq", "email": "john.doe@example.com" });
    let used = json!({ "plan": "pro", "used": 12.5, "email": "john.doe@example.com" });
    Server::start([Reply::new(200, token.to_string()), Reply::new(200, used.to_string())])
}

#[test]
fn what_was_recorded_replays_offline_without_its_secrets() {
    for language in LANGUAGES {
        let rig = Rig::new();
        let live = server();
        client(&rig, *language, &live);
        let ran = rig
            .run(&[
                "probe",
                "client",
                "--allow-all",
                "--json",
                "--record",
                "run.json",
                "--name",
                "a login",
            ])
            .exits(0);
        let asked = live.received();
        assert_eq!(asked[0].header("authorization"), Some(format!("Bearer {JWT}").as_str()));
        assert_eq!(asked[1].header("authorization"), Some("Bearer fresh-9876543210-zyxwvutsrq"));
        drop(live);
        let text = std::fs::read_to_string(rig.home.path().join("run.json")).expect("recorded");
        for secret in SECRETS {
            assert!(!text.contains(secret), "{language:?}: {secret} is in {text}");
        }
        let cassette: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(cassette["name"], json!("a login"));
        assert_eq!(cassette["calls"].as_array().map(Vec::len), Some(4));
        let replayed = rig.run(&["replay", "run.json", "--json", "--strict-end"]).exits(0);
        let report = &replayed.json_lines()[0];
        let snapshot = &ran.json()[0];
        assert_eq!(report["output"]["lines"], snapshot["lines"], "{language:?}");
        assert_eq!(report["output"]["plan"], snapshot["plan"], "{language:?}");
        assert_eq!(snapshot["lines"][0]["value"], json!("2100-01-01T00:00:00.000Z"));
    }
}

#[test]
fn a_run_that_redaction_would_change_is_not_written() {
    let rig = Rig::new();
    rig.home.write("login.json", json!({ "access_token": JWT }).to_string());
    rig.plugin(
        LANGUAGES[0],
        "vain",
        "local file = ctx.util.tryParseJson(ctx.host.fs.readText('~/login.json'))
         return { plan = ctx.host.crypto.sha256Hex('x') == '' and 'a' or string.sub(file.access_token, -3), lines = {} }",
        "const file = ctx.util.tryParseJson(ctx.host.fs.readText('~/login.json'));
         return { plan: ctx.host.crypto.sha256Hex('x') === '' ? 'a' : file.access_token.slice(-3), lines: [] }",
    );
    let ran = rig.run(&["probe", "vain", "--allow-all", "--json", "--record", "run.json"]).exits(1);
    assert!(!rig.home.path().join("run.json").exists());
    assert!(ran.stderr.contains("was not written") && ran.stderr.contains("plan"), "{ran}");
    assert!(!ran.stderr.contains(JWT), "{ran}");
}

#[test]
fn failures_are_recorded_too() {
    let rig = Rig::new();
    rig.fixture("plugins/minimal-openusage", LANGUAGES[0]);
    let mut command = rig.command(&[
        "probe",
        "minimal-openusage",
        "--allow-all",
        "--json",
        "--record",
        "run.json",
    ]);
    // A proxy that nobody listens at: no name is looked up outside.
    command.env("ALL_PROXY", "http://127.0.0.1:1").arg("--plugins").arg(rig.plugins());
    let ran = rig.finish(command).exits(1);
    assert_eq!(ran.json()[0]["error"], json!("Could not reach the quota server."));
    rig.run(&["replay", "run.json", "--strict-end"]).exits(0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_said() {
    let rig = Rig::new();
    rig.says("one", "hello");
    let ran = rig.run(&["probe", "one", "--json", "--record", "/dev/full"]).exits(1);
    assert!(ran.stderr.contains("/dev/full") && ran.stderr.contains("space"), "{ran}");
    assert_eq!(ran.json()[0]["ok"], json!(true), "the result is shown all the same");
}

/// Where `vario test` looks for them.
#[test]
fn the_folder_of_cassettes_is_made() {
    let rig = Rig::new();
    rig.says("one", "hello");
    rig.run(&["probe", "one", "--record", "cassettes/first.json"]).exits(0);
    rig.run(&["replay", "cassettes/first.json"]).exits(0);
    let ran = rig.run(&["probe", "one", "--record", "nowhere/first.json"]).exits(1);
    assert!(ran.stderr.contains("there is no folder nowhere"), "{ran}");
}
