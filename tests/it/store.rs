//! The state directory: fresh answers, and everything that can be wrong with it.

use std::process::Stdio;

use serde_json::json;
use vario_test_support::{Reply, Server};

use crate::rig::{LANGUAGES, Ran, Rig};

fn counter(rig: &Rig, server: &Server) {
    let url = server.url("/");
    rig.plugin(
        LANGUAGES[0],
        "counter",
        &format!("return {{ lines = {{ ctx.line.text({{ label = 'Body', value = ctx.host.http.request({{ url = '{url}' }}).bodyText }}) }} }}"),
        &format!("return {{ lines: [ctx.line.text({{ label: 'Body', value: ctx.host.http.request({{ url: '{url}' }}).bodyText }})] }}"),
    );
}

fn body(ran: &Ran) -> String {
    ran.json()[0]["lines"][0]["value"].as_str().unwrap_or_else(|| panic!("{ran}")).to_owned()
}

#[test]
fn max_age_answers_from_the_store() {
    let rig = Rig::new();
    let server = Server::start(["one", "two"].map(|body| Reply::new(200, body)));
    counter(&rig, &server);
    let first = rig.run(&["probe", "--allow-all", "--json"]).exits(0);
    let again = rig.run(&["probe", "--allow-all", "--json", "--max-age", "1h"]).exits(0);
    assert_eq!((body(&first), body(&again)), ("one".to_owned(), "one".to_owned()));
    assert_eq!(first.json(), again.json(), "the stored snapshot is the same to the letter");
    assert_eq!(server.received().len(), 1);
    assert_eq!(body(&rig.run(&["probe", "--allow-all", "--json"]).exits(0)), "two");
}

/// The last run answers however it ended: a provider that fails is not asked more often for it.
#[test]
fn a_failure_answers_from_the_store_too() {
    let rig = Rig::new();
    rig.says("one", "good");
    rig.run(&["probe"]).exits(0);
    rig.throws("one", "Not now.");
    rig.run(&["probe"]).exits(1);
    rig.says("one", "better");
    let ran = rig.run(&["probe", "--json", "--max-age", "1h"]).exits(1);
    assert_eq!(ran.json()[0]["error"], json!("Not now."));
    let ran = rig.run(&["probe", "--json"]).exits(0);
    assert_eq!(ran.json()[0]["lines"][0]["value"], json!("better"));
}

#[test]
fn a_corrupt_database_is_set_aside() {
    let rig = Rig::new();
    rig.says("one", "hello");
    rig.run(&["probe"]).exits(0);
    let database = rig.home.path().join("state/vario/state.db");
    assert!(database.is_file());
    for name in ["state.db-wal", "state.db-shm"] {
        let _may_be_gone = std::fs::remove_file(database.with_file_name(name));
    }
    std::fs::write(
        &database,
        "this is no database, and it is long enough to be read as one".repeat(100),
    )
    .expect("own file");
    let ran = rig.run(&["probe", "--json"]).exits(0);
    assert_eq!(ran.json()[0]["ok"], json!(true));
    assert!(ran.stderr.contains("state.db"), "{ran}");
    let aside = rig.home.names("state/vario");
    assert!(
        aside.iter().any(|name| name.starts_with("state.db") && name.contains("corrupt")),
        "{aside:?}"
    );
    // It is said once, and the new one is as good as the old one was.
    let ran = rig.run(&["probe", "--json", "--max-age", "1h"]).exits(0);
    assert_eq!(ran.stderr, "");
}

#[test]
fn a_state_directory_that_cannot_be_made() {
    let rig = Rig::new();
    rig.says("one", "hello");
    let file = rig.home.write("file", "not a folder");
    let mut command = rig.command(&["probe", "--json"]);
    command.env("XDG_STATE_HOME", file).arg("--plugins").arg(rig.plugins());
    let ran = rig.finish(command).exits(0);
    assert_eq!(ran.json()[0]["ok"], json!(true));
    assert!(ran.stderr.contains("[TEMP]/file"), "{ran}");
}

#[cfg(unix)]
#[test]
fn a_read_only_state_directory() {
    use std::os::unix::fs::PermissionsExt as _;

    if crate::rig::is_root() {
        return;
    }
    let rig = Rig::new();
    rig.says("one", "hello");
    rig.run(&["probe"]).exits(0);
    let folder = rig.home.path().join("state/vario");
    let set = |mode| {
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(mode)).expect("own file");
    };
    set(0o555);
    let ran = rig.run(&["probe", "--json"]);
    set(0o755);
    assert_eq!(ran.exits(0).json()[0]["ok"], json!(true));
}

/// A disk that is full is played by a limit on the size of files, with a signal for whoever passes
/// it that ends a program which is not prepared.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_while_saving_loses_nothing() {
    let rig = Rig::new();
    rig.says("one", "hello");
    let config =
        "# kept\n[display]\ndisplay_mode = \"used\"\n".to_owned() + &"# padding\n".repeat(400);
    let file = rig.home.write("config/vario/config.toml", &config);
    let limited = |args: &str| {
        let program = rig.command(&[]);
        let mut command = rig.command(&[]);
        let mut shell = std::process::Command::new("/bin/sh");
        let script = format!("ulimit -f 1; exec \"$0\" {args} --plugins \"$1\"");
        shell.args(["-c", &script]).arg(program.get_program()).arg(rig.plugins());
        shell.env_clear().current_dir(rig.home.path()).stdin(Stdio::null());
        shell.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        command.stdin(Stdio::null());
        rig.finish(shell)
    };
    let ran = limited("probe --json").exits(0);
    assert_eq!(ran.json()[0]["ok"], json!(true));
    assert!(!ran.stderr.is_empty(), "what was not saved is said: {ran}");
    let ran = limited("disable one");
    assert_ne!(ran.code, Some(0), "{ran}");
    assert!(ran.stderr.contains("config.toml"), "{ran}");
    assert_eq!(std::fs::read_to_string(file).expect("still there"), config);
    // Once there is room again, all is well.
    assert_eq!(rig.run(&["probe", "--json"]).exits(0).stderr, "");
}

#[test]
fn two_at_once() {
    let rig = Rig::new();
    for number in 0..4 {
        rig.says(&format!("p{number}"), "hello");
    }
    let start = |_: usize| {
        let mut command = rig.command(&["probe", "--json", "--plugins", "plugins"]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().expect("the program starts")
    };
    let children: Vec<_> = (0..4).map(start).collect();
    for child in children {
        let output = child.wait_with_output().expect("it ends");
        let ran = Ran::of(&output, rig.home.path()).exits(0);
        assert_eq!(ran.stderr, "");
        assert_eq!(ran.json().as_array().map(Vec::len), Some(4));
    }
    let children: Vec<_> = (0..4)
        .map(|number| {
            let id = format!("p{number}");
            let mut command = rig.command(&["disable", &id, "--plugins", "plugins"]);
            command.stdout(Stdio::piped()).stderr(Stdio::piped());
            command.spawn().expect("the program starts")
        })
        .collect();
    for child in children {
        let output = child.wait_with_output().expect("it ends");
        Ran::of(&output, rig.home.path()).exits(0);
    }
    let list = rig.run(&["list", "--json"]).exits(0).json();
    let enabled =
        list.as_array().expect("an array").iter().filter(|plugin| plugin["enabled"] == true);
    assert_eq!(enabled.count(), 0, "no word of the four is lost");
}
