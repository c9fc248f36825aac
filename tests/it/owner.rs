//! One process owns the state directory: watchers and single calls at once, and owners that are
//! killed, stopped, forged or of another version. Whatever happens, no probe runs twice at once.

mod bars;
mod hostile;
mod meter;
mod watcher;
#[cfg(all(feature = "lua", feature = "js"))]
mod window;

use std::process::{Child, Stdio};

use serde_json::{Value as Json, json};

use self::meter::Meter;
use self::watcher::{Watcher, kill, stop};
use crate::rig::{LANGUAGES, Ran, Rig};

pub(crate) use self::watcher::status;

/// A plugin that asks the meter and shows the number that it answers with.
fn measured(rig: &Rig, meter: &Meter, id: &str) {
    let url = meter.url(id);
    rig.plugin(
        LANGUAGES[0],
        id,
        &format!("return {{ lines = {{ ctx.line.text({{ label = 'Body', value = ctx.host.http.request({{ url = '{url}', timeoutMs = 9000 }}).bodyText }}) }} }}"),
        &format!("return {{ lines: [ctx.line.text({{ label: 'Body', value: ctx.host.http.request({{ url: '{url}', timeoutMs: 9000 }}).bodyText }})] }}"),
    );
    rig.run(&["grant", id, "net:127.0.0.1"]).exits(0);
}

/// One rig, one meter, one plugin named `a`.
fn start() -> (Rig, Meter) {
    let (rig, meter) = (Rig::new(), Meter::start());
    measured(&rig, &meter, "a");
    (rig, meter)
}

fn value(snapshot: &Json) -> &str {
    snapshot["lines"][0]["value"].as_str().unwrap_or_else(|| panic!("{snapshot}"))
}

fn probe(rig: &Rig, args: &[&str]) -> Child {
    let mut command = rig.command(&["probe", "--json", "--plugins", "plugins"]);
    command.args(args).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("the program starts")
}

fn ended(rig: &Rig, child: Child) -> Ran {
    Ran::of(&child.wait_with_output().expect("it ends"), rig.home.path())
}

/// Waits until the owner says so; what it is asked costs it nothing.
pub(crate) fn until(rig: &Rig, is_so: impl Fn(&Json) -> bool) -> Json {
    for _ in 0..1_000_000 {
        if let Some(status) = status(rig).filter(&is_so) {
            return status;
        }
        std::thread::yield_now();
    }
    panic!("the owner never is as it should be: {:?}", status(rig));
}

#[test]
fn all_who_ask_at_once_share_one_run() {
    let (rig, meter) = start();
    meter.hold();
    let mut watcher = Watcher::start(&rig, &[]);
    meter.until_asked();
    let second = Watcher::start(&rig, &[]);
    let calls: Vec<Child> = (0..4).map(|_| probe(&rig, &[])).collect();
    // The first watcher asks, the second, and the four.
    until(&rig, |status| status["asking"] == 6 && status["followers"] == 1);
    assert_eq!(status(&rig).expect("an owner")["running"], json!(["a"]));
    meter.answer_at_once();
    meter.release();
    let first = watcher.next();
    assert_eq!(value(&first), "1");
    for call in calls {
        let ran = ended(&rig, call).exits(0);
        assert_eq!((&ran.json()[0], ran.stderr.as_str()), (&first, ""));
    }
    let mut second = second;
    assert_eq!(second.next(), first);
    assert_eq!(meter.asked(), 1);
    // And whoever comes later is told to all who watch.
    let ran = rig.run(&["probe", "--json"]).exits(0);
    assert_eq!(value(&ran.json()[0]), "2");
    assert_eq!((watcher.next(), second.next()), (ran.json()[0].clone(), ran.json()[0].clone()));
    assert_eq!((watcher.interrupt(), second.interrupt()), (Some(0), Some(0)));
    assert_eq!(meter.most_at_once(), 1);
}

/// A guard is one more who asks: what is fresh enough comes from the store, and what is not is run
/// by the owner, for all who watch.
#[test]
fn a_guard_asks_the_owner() {
    let (rig, meter) = start();
    let mut watcher = Watcher::start(&rig, &[]);
    assert_eq!(value(&watcher.next()), "1");
    rig.run(&["guard", "a", "--max-age", "1h"]).exits(4);
    assert_eq!(meter.asked(), 1);
    rig.run(&["guard", "a", "--max-age", "1ms"]).exits(4);
    assert_eq!(value(&watcher.next()), "2");
    assert_eq!((meter.asked(), meter.most_at_once(), watcher.interrupt()), (2, 1, Some(0)));
}

#[test]
fn when_the_owner_is_killed_a_follower_takes_over() {
    let (rig, meter) = start();
    let mut first = Watcher::start(&rig, &[]);
    assert_eq!(value(&first.next()), "1");
    let mut second = Watcher::start(&rig, &[]);
    assert_eq!(value(&second.next()), "1", "what is there is not run again");
    until(&rig, |status| status["pid"] == first.id() && status["followers"] == 1);
    meter.hold();
    let call = probe(&rig, &[]);
    meter.until_asked();
    until(&rig, |status| status["asking"] == 1);
    kill(first);
    // Whoever asked runs it by himself, once, and nobody else does.
    meter.until_asked();
    meter.release();
    meter.release();
    let ran = ended(&rig, call).exits(0);
    assert_eq!(value(&ran.json()[0]), "3");
    assert!(ran.stderr.contains("does not answer"), "{ran}");
    meter.answer_at_once();
    until(&rig, |status| status["pid"] == second.id());
    let ran = rig.run(&["probe", "--json"]).exits(0);
    assert_eq!((value(&ran.json()[0]), ran.stderr.as_str()), ("4", ""));
    // It may have found what the call stored by itself.
    let mut line = second.next();
    if value(&line) == "3" {
        line = second.next();
    }
    assert_eq!(line, ran.json()[0], "it owns now: what others ask for is run by it");
    assert_eq!((meter.asked(), meter.most_at_once()), (4, 1));
}

/// Watchers and calls at once, and the owner killed in the midst of it again and again: every call
/// has its answer, and no plugin ever runs twice at once.
#[test]
fn a_crowd_outlives_its_owners() {
    let (rig, meter) = start();
    measured(&rig, &meter, "b");
    let mut watchers: Vec<Watcher> = (0..3).map(|_| Watcher::start(&rig, &[])).collect();
    for watcher in &mut watchers {
        let mut ids = [watcher.next(), watcher.next()].map(|line| line["providerId"].clone());
        ids.sort_by_key(ToString::to_string);
        assert_eq!(ids, [json!("a"), json!("b")]);
    }
    while watchers.len() > 1 {
        let others = watchers.len() - 1;
        let owner = until(&rig, |status| status["followers"] == others)["pid"].clone();
        meter.hold();
        let calls: Vec<Child> = (0..6).map(|_| probe(&rig, &[])).collect();
        until(&rig, |status| status["asking"] == 12);
        let place = watchers.iter().position(|watcher| owner == watcher.id());
        kill(watchers.remove(place.expect("one of them owns")));
        meter.answer_at_once();
        meter.release();
        for call in calls {
            let ran = ended(&rig, call).exits(0);
            assert_eq!(ran.json().as_array().map(Vec::len), Some(2), "{ran}");
        }
    }
    let last = &watchers[0];
    until(&rig, |status| status["pid"] == last.id() && status["asking"] == 0);
    assert_eq!(meter.most_at_once(), 1);
}

/// What the owner ran for itself when it was killed is run by the one that takes over.
#[test]
fn what_was_being_watched_is_taken_over_too() {
    let (rig, meter) = start();
    meter.hold();
    let first = Watcher::start(&rig, &[]);
    meter.until_asked();
    let mut second = Watcher::start(&rig, &[]);
    until(&rig, |status| status["followers"] == 1 && status["asking"] == 2);
    kill(first);
    meter.until_asked();
    meter.release();
    meter.release();
    assert_eq!(value(&second.next()), "2");
    until(&rig, |status| status["pid"] == second.id());
    assert_eq!((meter.asked(), meter.most_at_once()), (2, 1));
}

/// The socket and the address are still there, and nobody listens.
#[test]
fn what_a_killed_owner_leaves_is_in_nobodys_way() {
    let (rig, meter) = start();
    let mut first = Watcher::start(&rig, &[]);
    first.next();
    kill(first);
    assert_eq!(rig.home.names("state/vario/owner"), ["address", "lock", "socket"]);
    let ran = rig.run(&["probe", "--json"]).exits(0);
    assert_eq!((value(&ran.json()[0]), ran.stderr.as_str()), ("2", ""));
    let mut next = Watcher::start(&rig, &["--max-age", "1h"]);
    assert_eq!(value(&next.next()), "2");
    assert_eq!(next.interrupt(), Some(0));
    assert_eq!(rig.home.names("state/vario/owner"), ["lock"], "one that ends clears up");
    assert_eq!(meter.asked(), 2);
}

/// It cannot answer, and it runs nothing: after a while nobody waits for it.
#[test]
fn a_stopped_owner_is_not_waited_for() {
    let (rig, meter) = start();
    let mut watcher = Watcher::start(&rig, &[]);
    watcher.next();
    let go_on = stop(&watcher);
    let ran = rig.run(&["probe", "--json"]).exits(0);
    assert_eq!(value(&ran.json()[0]), "2");
    assert!(ran.stderr.contains("the running vario does not answer"), "{ran}");
    go_on();
    let ran = rig.run(&["probe", "--json"]).exits(0);
    assert_eq!((value(&ran.json()[0]), ran.stderr.as_str()), ("3", ""));
    assert_eq!(watcher.next(), ran.json()[0]);
    assert_eq!(meter.most_at_once(), 1);
}

/// What an option changes is run where the option holds; the owner's followers do not see it.
#[test]
fn options_that_change_a_run_keep_it_here() {
    let (rig, _meter) = start();
    let mut watcher = Watcher::start(&rig, &[]);
    watcher.next();
    let others = rig.home.path().join("others");
    std::fs::create_dir_all(others.join("a")).expect("a folder");
    for name in rig.home.names("plugins/a") {
        let from = rig.plugins().join("a").join(&name);
        std::fs::copy(from, others.join("a").join(name)).expect("a copy");
    }
    let cases: [(&str, &[&str]); 5] = [
        ("plugins", &["--timeout", "9s"]),
        ("plugins", &["--memory", "32M"]),
        ("plugins", &["--allow-all"]),
        ("plugins", &["--isolation", "in-process"]),
        ("others", &[]),
    ];
    for (number, case) in cases.iter().enumerate() {
        let mut command = rig.command(&["probe", "--json", "--plugins", case.0]);
        command.args(case.1);
        let own = rig.finish(command).exits(0);
        assert_eq!(value(&own.json()[0]), (2 * number + 2).to_string(), "{case:?}");
        let shared = rig.run(&["probe", "--json"]).exits(0);
        assert_eq!(watcher.next(), shared.json()[0], "{case:?}");
    }
}

/// A plugin sees the variables of whoever asks.
#[test]
fn other_variables_keep_a_run_here() {
    let rig = Rig::new();
    let read = "ctx.line.text({ label: 'Key', value: String(ctx.host.env.get('ZAI_API_KEY')) })";
    let lua = "return { lines = { ctx.line.text({ label = 'Key', value = tostring(ctx.host.env.get('ZAI_API_KEY')) }) } }";
    rig.plugin(LANGUAGES[0], "a", lua, &format!("return {{ lines: [{read}] }}"));
    rig.run(&["grant", "a", "env:ZAI_API_KEY"]).exits(0);
    let mut watcher = Watcher::start(&rig, &[]);
    watcher.next();
    let mut command = rig.command(&["probe", "--json", "--plugins", "plugins"]);
    let ran = rig.finish({
        command.env("ZAI_API_KEY", "a-secret");
        command
    });
    assert_eq!(value(&ran.exits(0).json()[0]), "a-secret");
    let shared = rig.run(&["probe", "--json"]).exits(0);
    assert_ne!(value(&shared.json()[0]), "a-secret");
    assert_eq!(watcher.next(), shared.json()[0]);
}

/// Rights that were taken back while the owner runs do not hold any more.
#[test]
fn the_owner_heeds_what_was_revoked() {
    let (rig, meter) = start();
    let mut watcher = Watcher::start(&rig, &[]);
    watcher.next();
    rig.run(&["revoke", "a"]).exits(0);
    let ran = rig.run(&["probe", "--json"]);
    assert_eq!(ran.json()[0]["needs"][0]["reason"], json!("notGranted"), "{ran}");
    assert_eq!(watcher.next(), ran.json()[0]);
    assert_eq!(meter.asked(), 1);
}

/// Those who follow the owner may have read what is changed by someone else.
#[test]
fn changes_are_told_to_followers() {
    let (rig, _meter) = start();
    let mut watcher = Watcher::start(&rig, &[]);
    watcher.next();
    let mut all = watcher::follow(&rig);
    // Whoever follows just then hears of the first result, too.
    let mut news = || loop {
        match all() {
            event if event["reply"] == "followed" => {}
            told => return told,
        }
    };
    let cases: [(&[&str], &str); 5] = [
        (&["grant", "a", "net:127.0.0.1"], "grants"),
        (&["revoke", "a"], "grants"),
        (&["disable", "a"], "config"),
        (&["enable", "a"], "config"),
        (&["config", "updates.auto_update_interval", "30"], "config"),
    ];
    for (args, what) in cases {
        rig.run(args).exits(0);
        assert_eq!(news(), json!({ "reply": "changed", "what": what }), "{args:?}");
    }
}

#[test]
fn a_plugins_log_reaches_whoever_asked() {
    let rig = Rig::new();
    let (lua, js) = (
        "ctx.host.log.error('it broke') error('no', 0)",
        "ctx.host.log.error('it broke'); throw 'no'",
    );
    rig.plugin(LANGUAGES[0], "a", lua, js);
    let mut watcher = Watcher::start(&rig, &[]);
    watcher.next();
    let ran = rig.run(&["probe", "--json"]).exits(1);
    assert_eq!(watcher.next(), ran.json()[0]);
    assert!(ran.stderr.contains("it broke"), "{ran}");
    let quiet = rig.run(&["probe", "--json", "--quiet"]).exits(1);
    assert_eq!(quiet.stderr, "");
}

/// No socket's address is that long, so it is elsewhere.
#[test]
fn a_very_long_path() {
    let (rig, meter) = start();
    let deep = rig.home.path().join("d".repeat(100)).join("e".repeat(100));
    let with_state = |args: &[&str]| {
        let mut command = rig.command(args);
        command.env("XDG_STATE_HOME", &deep).arg("--plugins").arg(rig.plugins());
        command
    };
    let mut watcher = Watcher::of(with_state(&["probe", "--watch", "--json"]));
    watcher.next();
    let ran = rig.finish(with_state(&["probe", "--json"])).exits(0);
    assert_eq!(watcher.next(), ran.json()[0], "the owner was found");
    assert_eq!(watcher.interrupt(), Some(0));
    assert_eq!((meter.asked(), meter.most_at_once()), (2, 1));
}

#[test]
fn without_a_state_directory_a_watch_goes_on_alone() {
    let (rig, meter) = start();
    let file = rig.home.write("file", "not a folder");
    let mut command = rig.command(&["probe", "--watch", "--json", "--plugins", "plugins"]);
    command.env("XDG_STATE_HOME", file);
    let mut watcher = Watcher::of(command);
    assert_eq!(value(&watcher.next()), "1");
    let text = watcher.errors_until("without an owner");
    assert!(text.contains("cannot write"), "{text}");
    assert_eq!(watcher.interrupt(), Some(0));
    assert_eq!(meter.asked(), 1);
}

#[test]
fn a_read_only_state_directory() {
    use std::os::unix::fs::PermissionsExt as _;

    if crate::rig::is_root() {
        return;
    }
    let (rig, meter) = start();
    rig.run(&["probe", "--json"]).exits(0);
    let folder = rig.home.path().join("state/vario");
    let set = |mode| {
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(mode)).expect("own file");
    };
    set(0o555);
    let mut watcher = Watcher::start(&rig, &[]);
    let line = watcher.next();
    let code = watcher.interrupt();
    set(0o755);
    assert_eq!((value(&line), code, meter.asked()), ("2", Some(0), 2));
}
