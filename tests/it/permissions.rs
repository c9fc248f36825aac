//! What plugins may do, as their user decides it.

use serde_json::{Value as Json, json};
use vario_test_support::{Reply, Server};

use crate::rig::{LANGUAGES, Language, Ran, Rig};

/// Reads a file, and sends what is in it to a server.
const LUA: &str = r#"
    if not ctx.host.fs.exists("~/.tool/key") then error("Not logged in.", 0) end
    local key = ctx.host.fs.readText("~/.tool/key")
    local answer = ctx.host.http.request({ url = "URL/usage?key=" .. key })
    return { lines = { ctx.line.text({ label = "Answer", value = answer.bodyText }) } }
"#;
const JS: &str = r#"
    if (!ctx.host.fs.exists("~/.tool/key")) throw "Not logged in.";
    const key = ctx.host.fs.readText("~/.tool/key");
    const answer = ctx.host.http.request({ url: "URL/usage?key=" + key });
    return { lines: [ctx.line.text({ label: "Answer", value: answer.bodyText })] };
"#;

const KEY: &str = "key-0123456789abcdef";

struct Tool {
    rig: Rig,
    server: Server,
}

impl Tool {
    /// A tool with a key, a server, and a plugin that wants both.
    fn new(language: Language, replies: usize) -> Self {
        let tool = Self {
            rig: Rig::new(),
            server: Server::start((0..replies).map(|_| Reply::new(200, "fine"))),
        };
        tool.rig.home.write(".tool/key", KEY);
        tool.write_plugin(language, "");
        tool
    }

    fn write_plugin(&self, language: Language, more: &str) {
        let url = self.server.url("");
        let fill =
            |script: &str| format!("{more}\n{}", script.replace("URL", url.trim_end_matches('/')));
        self.rig.plugin(language, "tool", &fill(LUA), &fill(JS));
    }

    fn net(&self) -> String {
        format!("net:{}", self.server.address())
    }

    fn probe(&self) -> Ran {
        self.rig.run(&["probe", "tool", "--json"])
    }
}

fn needs(ran: &Ran) -> Vec<String> {
    let needs = ran.json()[0]["needs"].as_array().cloned().unwrap_or_default();
    needs.iter().filter_map(|need| need["permission"].as_str().map(str::to_owned)).collect()
}

fn answer(ran: &Ran) -> Json {
    ran.json()[0]["lines"][0]["value"].clone()
}

#[test]
fn rights_are_asked_for_granted_and_taken_back() {
    for language in LANGUAGES {
        let tool = Tool::new(*language, 2);
        let ran = tool.probe().exits(3);
        assert_eq!(needs(&ran), ["read:~/.tool/key"], "{ran}");
        assert_eq!(ran.json()[0]["error"], "Not logged in.", "a refusal looks like absence");
        assert!(ran.stderr.contains("vario grant tool --from-last-run"), "{ran}");

        tool.rig.run(&["grant", "tool", "--from-last-run"]).exits(0);
        let ran = tool.probe().exits(3);
        assert_eq!(needs(&ran), [tool.net()], "the next thing it lacks: {ran}");
        assert_eq!(tool.server.received().len(), 0, "nothing was sent without the right to");

        tool.rig.run(&["grant", "tool", &tool.net()]).exits(0);
        let ran = tool.probe().exits(0);
        assert_eq!((answer(&ran), needs(&ran)), (json!("fine"), vec![]), "{ran}");

        tool.rig.run(&["grant", "tool", "--deny", "net:127.0.0.1"]).exits(0);
        let ran = tool.probe().exits(3);
        assert_eq!(ran.json()[0]["needs"][0]["reason"], "denied", "deny wins: {ran}");

        tool.rig.run(&["revoke", "tool"]).exits(0);
        assert_eq!(needs(&tool.probe().exits(3)), ["read:~/.tool/key"], "as at first");
        assert_eq!(tool.server.received().len(), 1, "one request in all");
    }
}

#[test]
fn a_manifest_bounds_what_can_be_granted() {
    let rig = Rig::new();
    rig.home.write(".tool/key", KEY);
    let keys = r#""permissions": { "env": ["TOOL"] },"#;
    let (lua, js) = ("ctx.host.fs.readText('~/.tool/key')", "ctx.host.fs.readText('~/.tool/key');");
    rig.plugin_with(LANGUAGES[0], "tool", lua, js, keys);
    let ran = rig.run(&["grant", "tool", "read:~/.tool/key"]).exits(1);
    assert!(ran.stderr.contains("does not ask for `read:~/.tool/key`"), "{ran}");
    let ran = rig.run(&["probe", "tool", "--json"]).exits(3);
    let need = json!([{ "permission": "read:~/.tool/key", "reason": "notRequested" }]);
    assert_eq!(ran.json()[0]["needs"], need, "{ran}");
}

#[test]
fn everything_may_be_allowed_for_once_and_loudly() {
    let tool = Tool::new(LANGUAGES[0], 1);
    let ran = tool.rig.run(&["probe", "tool", "--json", "--allow-all", "--quiet"]).exits(0);
    assert_eq!(answer(&ran), "fine", "{ran}");
    assert!(ran.stderr.contains("--allow-all"), "even with --quiet: {ran}");
    tool.probe().exits(3);
}

#[test]
fn an_update_keeps_rights_and_asks_for_new_ones() {
    let tool = Tool::new(LANGUAGES[0], 1);
    tool.rig.run(&["grant", "tool", "read:~/.tool/key", &tool.net()]).exits(0);
    let more = match LANGUAGES[0] {
        Language::Lua => "pcall(ctx.host.fs.readText, '~/.other')",
        Language::Js => "try { ctx.host.fs.readText('~/.other'); } catch { }",
    };
    tool.write_plugin(LANGUAGES[0], more);
    let ran = tool.probe().exits(0);
    assert_eq!((answer(&ran), needs(&ran)), (json!("fine"), vec!["read:~/.other".to_owned()]));
    let listed = tool.rig.run(&["grants", "tool", "--json"]).exits(0).json();
    assert_eq!(
        (&listed[0]["state"], &listed[0]["wanted"]),
        (&json!("updated"), &json!(["read:~/.other"]))
    );
}

#[test]
fn other_code_with_the_same_id_has_no_rights() {
    let tool = Tool::new(LANGUAGES[0], 1);
    tool.rig.run(&["grant", "tool", "read:~/.tool/key", &tool.net()]).exits(0);
    let elsewhere = tool.rig.home.path().join("elsewhere");
    std::fs::rename(tool.rig.plugins(), &elsewhere).expect("the folder can be moved");
    let there = elsewhere.to_string_lossy().into_owned();
    let probe =
        |tool: &Tool| tool.rig.run_configured(&["probe", "tool", "--json", "--plugins", &there]);
    probe(&tool).exits(0);
    let entry = format!("tool/plugin.{}", LANGUAGES[0].name());
    let script = std::fs::read_to_string(elsewhere.join(&entry)).expect("the script");
    std::fs::write(elsewhere.join(&entry), script + "\n").expect("it can be changed");
    let ran = probe(&tool).exits(3);
    assert_eq!(needs(&ran), ["read:~/.tool/key"], "moved and changed, it is other code: {ran}");
}

#[test]
fn an_unreadable_grants_file_grants_nothing() {
    let tool = Tool::new(LANGUAGES[0], 0);
    tool.rig.run(&["grant", "tool", "read:~/.tool/key"]).exits(0);
    let file = tool.rig.home.path().join("config/vario/grants.toml");
    let text = std::fs::read_to_string(&file).expect("grants are kept in a file");
    assert!(text.contains("read:~/.tool/key"), "a person can read it: {text}");
    let broken = format!("{text}\n[");
    std::fs::write(&file, &broken).expect("it can be written");
    let ran = tool.probe().exits(3);
    assert_eq!(needs(&ran), ["read:~/.tool/key"], "{ran}");
    assert!(ran.stderr.contains("grants.toml"), "{ran}");
    tool.rig.run(&["grant", "tool", &tool.net()]).exits(1);
    assert_eq!(std::fs::read_to_string(&file).ok(), Some(broken), "what is broken is not lost");
}

#[test]
fn every_call_is_on_record_without_secrets() {
    let tool = Tool::new(LANGUAGES[0], 1);
    tool.probe().exits(3);
    tool.rig.run(&["grant", "tool", "read:~/.tool/key", &tool.net()]).exits(0);
    tool.probe().exits(0);
    let ran = tool.rig.run(&["audit", "tool", "--json"]).exits(0);
    let rows: Vec<Json> = ran
        .json()
        .as_array()
        .expect("a list")
        .iter()
        .map(|entry| json!([entry["function"], entry["allowed"], entry["ok"]]))
        .collect();
    let expected = json!([
        ["fs.exists", false, false],
        ["fs.exists", true, true],
        ["fs.readText", true, true],
        ["http.request", true, true],
    ]);
    assert_eq!(json!(rows), expected, "{ran}");
    assert!(!ran.stdout.contains(KEY), "a secret is on record: {ran}");
}

#[test]
fn wrong_words_are_explained() {
    let tool = Tool::new(LANGUAGES[0], 0);
    let cases: &[(&[&str], i32, &str)] = &[
        (&["grant", "tol", "net:a.example"], 4, "did you mean `tool`"),
        (&["grant", "tool"], 2, "--from-last-run"),
        (&["grant", "tool", "nett:a.example"], 2, "nett"),
        (&["grant", "tool", "read:relative"], 2, "relative"),
        (&["grant", "tool", "--profile"], 4, "no profile"),
        (&["grant", "tool", "--declared"], 4, "declares no permissions"),
        (&["grant", "tool", "--from-last-run"], 4, "has not run yet"),
        (&["revoke", "tool"], 4, "nothing is granted"),
    ];
    for (args, code, words) in cases {
        let ran = tool.rig.run(args).exits(*code);
        assert!(ran.stderr.contains(words), "{args:?}: {ran}");
    }
}

/// The questions, and what users do about them.
#[cfg(target_os = "linux")]
mod prompt {
    use super::{LANGUAGES, Rig, Tool, needs};
    use crate::rig::{Does, on_terminal};

    const QUESTION: &str = "Allow this?";
    const YES: Does = Does::Types(b"y\n");
    const NO: Does = Does::Types(b"n\n");

    /// On a terminal everything is asked at once, and the run goes on with what was allowed.
    #[test]
    fn a_terminal_is_asked_once() {
        let tool = Tool::new(LANGUAGES[0], 1);
        let says = on_terminal(&tool.rig, &["probe", "tool"], &[(QUESTION, YES)]).exits(0).stdout;
        let host = tool.server.address().to_string();
        for words in ["The tool", "~/.tool/key", host.as_str(), "fine"] {
            assert!(says.contains(words), "`{words}` is missing in: {says}");
        }
        assert_eq!(needs(&tool.probe().exits(0)), [""; 0]);
        let again = on_terminal(&tool.rig, &["probe", "tool"], &[]).stdout;
        assert!(!again.contains(QUESTION), "it is asked once: {again}");
    }

    /// Saying no is an answer, too.
    #[test]
    fn a_no_is_kept() {
        let tool = Tool::new(LANGUAGES[0], 0);
        let says = on_terminal(&tool.rig, &["probe", "tool"], &[(QUESTION, NO)]).exits(3).stdout;
        assert!(says.contains("Nothing was allowed"), "{says}");
        let again = on_terminal(&tool.rig, &["probe", "tool"], &[]).stdout;
        assert!(!again.contains(QUESTION), "{again}");
        assert_eq!(needs(&tool.probe().exits(3)), ["read:~/.tool/key"]);
    }

    /// What was typed before the question was shown cannot be meant for it, and what is no text
    /// is no answer.
    #[test]
    fn only_an_answer_is_an_answer() {
        let tool = Tool::new(LANGUAGES[0], 0);
        let rubbish = Does::Types(b"\xff\xfe\n");
        let steps = [("", YES), (QUESTION, rubbish), (QUESTION, NO)];
        let says = on_terminal(&tool.rig, &["probe", "tool"], &steps).exits(3).stdout;
        assert!(says.contains("Nothing was allowed"), "{says}");
    }

    #[test]
    fn ctrl_c_at_the_question_ends_everything() {
        let tool = Tool::new(LANGUAGES[0], 0);
        let steps = [(QUESTION, Does::PressesCtrlC)];
        on_terminal(&tool.rig, &["probe", "tool"], &steps).exits(130);
        assert_eq!(needs(&tool.probe().exits(3)), ["read:~/.tool/key"], "nothing was granted");
    }

    /// A plugin's own words cannot pass for a part of the question.
    #[test]
    fn a_question_cannot_be_forged() {
        let rig = Rig::new();
        let folder = rig.plugin(LANGUAGES[0], "tool", "ctx.host.fs.readText('/x')", "");
        let manifest = folder.join("plugin.json");
        let text = std::fs::read_to_string(&manifest).expect("it was just written");
        let name = r"Weather 1.0\n  + connect to  wttr.in\nAllow this? y\u2028\u202e\u001b[2Jx";
        std::fs::write(&manifest, text.replace("The tool", name)).expect("it can be changed");
        let steps = [("Allow this? [y]es", NO)];
        let says = on_terminal(&rig, &["probe", "tool"], &steps).stdout;
        let lines = says.lines().filter(|line| line.contains("wttr.in"));
        assert!(lines.clone().count() > 0, "{says}");
        for line in lines {
            assert!(line.contains("Weather 1.0"), "{says}");
        }
        assert!(!says.contains(['\u{2028}', '\u{202e}']) && !says.contains("\u{1b}[2Jx"), "{says}");
    }
}

/// A denial is lifted by name only: not because the plugin tried again what was denied, and not
/// because its manifest asks for it.
#[test]
fn a_denial_outlives_every_grant() {
    let tool = Tool::new(LANGUAGES[0], 0);
    let run = |args: &[&str]| tool.rig.run(args);
    tool.probe().exits(3);
    run(&["grant", "tool", "--deny", "read:~/.tool/**"]).exits(0);
    for args in [["grant", "tool", "--from-last-run"], ["grant", "tool", "read:~/.tool/key"]] {
        let ran = run(&args).exits(1);
        assert!(ran.stderr.contains("`vario revoke tool 'read:~/.tool/**'` lifts that"), "{ran}");
    }
    let ran = tool.probe().exits(3);
    assert_eq!(ran.json()[0]["needs"][0]["reason"], "denied", "{ran}");
    assert!(!ran.stderr.contains("--from-last-run"), "what does not help is not advised: {ran}");
    run(&["revoke", "tool", "read:~/.tool/**"]).exits(0);
    run(&["grant", "tool", "--from-last-run"]).exits(0);
    assert_eq!(needs(&tool.probe().exits(3)), [tool.net()]);
}

/// Rights that were written by hand hold once they are bound to code, and none of them is lost.
#[test]
fn what_is_written_by_hand_is_bound_first() {
    let tool = Tool::new(LANGUAGES[0], 1);
    let text = format!("[plugin.tool]\nallow = [\"read:~/.tool/**\", \"{}\"]\n", tool.net());
    tool.rig.home.write("config/vario/grants.toml", text);
    let ran = tool.probe().exits(3);
    assert!(ran.stderr.contains("`vario grant tool` binds them"), "{ran}");
    let ran = tool.rig.run(&["grants", "tool", "--json"]).exits(0);
    assert_eq!(ran.json()[0]["state"], "unbound", "{ran}");
    tool.rig.run(&["grant", "tool"]).exits(0);
    assert_eq!(answer(&tool.probe().exits(0)), json!("fine"));
}
