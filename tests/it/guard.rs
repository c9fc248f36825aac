//! `vario guard`: exit codes for scripts.

use std::process::Stdio;

use serde_json::json;
use vario_test_support::{Reply, Server};

use crate::rig::{LANGUAGES, Rig};

/// A plugin with three quotas, of which the manifest names the second.
fn quotas(rig: &Rig) {
    let keys = r#""lines": [{ "type": "progress", "label": "Weekly", "scope": "overview", "primaryOrder": 1 }],"#;
    rig.plugin_with(
        LANGUAGES[0],
        "one",
        "return { lines = {
            ctx.line.progress({ label = 'Session', used = 82, limit = 100, format = { kind = 'percent' }, resetsAt = '2030-01-01T00:00:00Z' }),
            ctx.line.progress({ label = 'Weekly', used = 50, limit = 100, format = { kind = 'percent' } }),
            ctx.line.progress({ label = 'Extra', used = 45.5, limit = 50, format = { kind = 'dollars' } }),
        } }",
        "return { lines: [
            ctx.line.progress({ label: 'Session', used: 82, limit: 100, format: { kind: 'percent' }, resetsAt: '2030-01-01T00:00:00Z' }),
            ctx.line.progress({ label: 'Weekly', used: 50, limit: 100, format: { kind: 'percent' } }),
            ctx.line.progress({ label: 'Extra', used: 45.5, limit: 50, format: { kind: 'dollars' } }),
        ] }",
        keys,
    );
}

#[test]
fn the_exit_code_says_whether_enough_is_left() {
    let rig = Rig::new();
    quotas(&rig);
    let cases: [(&[&str], i32, &str); 9] = [
        (&[], 0, "ok: Weekly of one has 50% of 100% left, any wanted"),
        (&["--left", "50%"], 0, "ok: Weekly of one has 50% of 100% left, at least 50% wanted"),
        (&["--left", "51"], 1, "not ok: Weekly of one has 50% of 100% left, at least 51 wanted"),
        (&["--metric", "session", "--left", "20%"], 1, "not ok: Session of one has 18% of 100%"),
        (&["--metric", "Session", "--used", "82%"], 0, "ok: Session of one has 82% of 100% used"),
        (&["--metric", "Session", "--used", "80%"], 1, "at most 80% wanted"),
        (&["--metric", "Extra", "--left", "5"], 1, "Extra of one has $4.50 of $50 left"),
        (&["--metric", "Extra", "--left", "4"], 0, "ok: Extra of one"),
        (&["--metric", "Extra", "--left", "4", "-q"], 0, ""),
    ];
    for (args, code, words) in cases {
        let ran = rig.run(&[&["guard", "one"], args].concat()).exits(code);
        assert_eq!(ran.stdout, "");
        assert!(ran.stderr.contains(words), "{ran}");
        assert_eq!(ran.stderr.lines().count(), usize::from(!words.is_empty()), "{ran}");
    }
}

#[test]
fn what_cannot_be_meant_is_said() {
    let rig = Rig::new();
    quotas(&rig);
    rig.says("two", "no quota at all");
    rig.throws("three", "Not today.");
    let cases: [(&[&str], i32, &str); 8] = [
        (&["onw"], 4, "there is no plugin `onw`; did you mean `one`?"),
        (&["one", "--metric", "Sesion"], 4, "no quota `Sesion`; did you mean `Session`?"),
        (&["two"], 4, "`two` shows no quota"),
        (&["two", "--metric", "A"], 4, "it has none at all"),
        (&["three"], 1, "not ok: three: Not today."),
        (&["one", "--left", "120%"], 2, "at most `100%`"),
        (&["one", "--left", "some"], 2, "expected a share"),
        (&["one", "--left", "1", "--used", "1"], 2, "cannot be used with"),
    ];
    for (args, code, words) in cases {
        let ran = rig.run(&[&["guard"], args].concat()).exits(code);
        assert_eq!(ran.stdout, "");
        assert!(ran.stderr.contains(words), "{ran}");
    }
}

#[test]
fn json_says_it_all() {
    let rig = Rig::new();
    quotas(&rig);
    rig.throws("three", "Not today.");
    let args = ["guard", "one", "--metric", "Session", "--left", "20%", "--json", "-q"];
    let ran = rig.run(&args).exits(1);
    assert_eq!(ran.stderr, "");
    let mut answer = ran.json();
    let age = answer["age"].take();
    assert!(age.as_i64().is_some_and(|age| (0..300).contains(&age)), "{age}");
    let expected = json!({
        "plugin": "one",
        "metric": "Session",
        "used": 82.0,
        "limit": 100.0,
        "left": 18.0,
        "leftPercent": 18.0,
        "resetsAt": "2030-01-01T00:00:00Z",
        "ok": false,
        "age": null,
        "error": null,
    });
    assert_eq!(answer, expected);
    let answer = rig.run(&["guard", "three", "--json"]).exits(1).json();
    assert_eq!((&answer["ok"], &answer["metric"]), (&json!(false), &json!(null)));
    assert_eq!(answer["error"], json!("not ok: three: Not today."));
}

/// A plugin that shows as its quota what a server says.
fn counter(rig: &Rig, url: &str) {
    rig.plugin(
        LANGUAGES[0],
        "counter",
        &format!("return {{ lines = {{ ctx.line.progress({{ label = 'Q', used = tonumber(ctx.host.http.request({{ url = '{url}' }}).bodyText), limit = 10, format = {{ kind = 'count', suffix = 'cups' }} }}) }} }}"),
        &format!("return {{ lines: [ctx.line.progress({{ label: 'Q', used: Number(ctx.host.http.request({{ url: '{url}' }}).bodyText), limit: 10, format: {{ kind: 'count', suffix: 'cups' }} }})] }}"),
    );
}

#[test]
fn a_missing_right_is_its_own_exit_code_and_is_asked_for_again() {
    let rig = Rig::new();
    let server = Server::start([Reply::new(200, "3")]);
    counter(&rig, &server.url("/"));
    let ran = rig.run(&["guard", "counter"]).exits(3);
    assert!(ran.stderr.contains("not ok: counter lacks rights"), "{ran}");
    assert!(ran.stderr.contains("vario grant counter --from-last-run"), "{ran}");
    let answer = rig.run(&["guard", "counter", "--metric", "Q", "--json"]).exits(3).json();
    assert_eq!(answer["ok"], json!(false));
    rig.run(&["grant", "counter", "net:127.0.0.1"]).exits(0);
    let ran = rig.run(&["guard", "counter"]).exits(0);
    assert!(ran.stderr.contains("Q of counter has 7 cups of 10 cups left"), "{ran}");
}

#[test]
fn the_store_answers_while_it_is_fresh_enough() {
    let rig = Rig::new();
    let server = Server::start(["3", "10"].map(|body| Reply::new(200, body)));
    counter(&rig, &server.url("/"));
    rig.run(&["grant", "counter", "net:127.0.0.1"]).exits(0);
    rig.run(&["guard", "counter"]).exits(0);
    rig.run(&["guard", "counter", "--used", "3"]).exits(0);
    rig.run(&["guard", "counter", "--max-age", "1h"]).exits(0);
    assert_eq!(server.received().len(), 1);
    // What is older than a millisecond is always too old.
    rig.run(&["guard", "counter", "--max-age", "1ms"]).exits(1);
    assert_eq!(server.received().len(), 2);
    // And what guard has found out, others may use.
    let stored = rig.run(&["probe", "--json", "--max-age", "1h"]).exits(0).json();
    assert_eq!(stored[0]["lines"][0]["used"], json!(10.0));
}

/// A script may look at the exit code alone.
#[test]
fn the_exit_code_holds_when_nobody_reads() {
    let rig = Rig::new();
    quotas(&rig);
    rig.run(&["guard", "one"]).exits(0);
    let mut command = rig.command(&["guard", "one", "--left", "99%", "--json"]);
    command.args(["--plugins", "plugins"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    drop((child.stdout.take(), child.stderr.take()));
    assert_eq!(child.wait().expect("it ends").code(), Some(1));
}
