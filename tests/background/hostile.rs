//! Plugins that mean no good, or know no better: the others go on, and the host stays small.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};
use vario_background::Storage as _;
use vario_dialects::Supervision;
use vario_manifest::Dialect;
use vario_model::BackgroundState as State;
use vario_test_support::TempHome;

use crate::rig::{LONG, Options, Rig, User, impatient, quick_restarts};
use crate::shapes::{Code, Family, write};

/// Well above what an answer takes on a busy machine.
const BOUND: Duration = Duration::from_secs(15);

fn hasty(dialect: Dialect) -> Supervision {
    Supervision { restart: quick_restarts(dialect).restart, ..impatient(dialect) }
}

/// Ten plugins of all families that serve.
fn good(rig: &Rig) -> Vec<(String, Family)> {
    use Family::{Mudstack, Smartcars, Stratos, Vario};
    let families = [Smartcars, Stratos, Mudstack, Vario];
    let good: Vec<_> = (0..10)
        .map(|number| (format!("good-n{number}"), families[number % families.len()]))
        .collect();
    for (id, family) in &good {
        let top = "let count = 0; globalThis.served = () => ++count;";
        write(rig, id, *family, Code { top, ..Code::default() });
    }
    good
}

fn ask(rig: &Rig, id: &str, family: Family) -> Json {
    match family {
        Family::Mudstack => rig.request(id, "own", &Json::Null).unwrap(),
        _ => rig.get(&format!("/api/{id}/own")).json(),
    }
}

/// Every question to every good plugin has its answer in time.
fn serve(rig: &Rig, good: &[(String, Family)], from: u32, rounds: u32) {
    for count in from..from + rounds {
        for (id, family) in good {
            let begun = Instant::now();
            assert_eq!(ask(rig, id, *family), json!(count), "{id}");
            assert!(begun.elapsed() < BOUND, "{id} took {:?}", begun.elapsed());
        }
    }
}

/// What this process holds in memory, in bytes, where that can be known.
fn own_memory() -> u64 {
    let Ok(numbers) = std::fs::read_to_string("/proc/self/statm") else { return 0 };
    let pages = numbers.split_ascii_whitespace().nth(1).and_then(|pages| pages.parse().ok());
    pages.unwrap_or(0_u64) * 4096
}

#[test]
fn bad_plugins_leave_ten_others_serving() {
    let rig = Rig::with(Options { supervision: hasty });
    rig.sign_in(1);
    let good = good(&rig);
    let timer = |code: &str| format!("setTimeout(() => {{ {code} }}, 1);");
    let bad: Vec<(&str, Family, String)> = vec![
        ("bad-loops", Family::Mudstack, timer("for (;;) {}")),
        ("bad-spins", Family::Vario, timer("Promise.resolve().then(function again() { return Promise.resolve().then(again); });")),
        ("bad-crashes", Family::Mudstack, "setTimeout(() => { throw new Error('on purpose'); }, 1); await new Promise(() => {});".to_owned()),
        ("bad-leaks", Family::Vario, "const all = []; setInterval(() => { for (let n = 0; n < 200; n++) all.push(new Array(1000).fill(n)); }, 1);".to_owned()),
        ("bad-floods", Family::Mudstack, "setInterval(() => { for (let n = 0; n < 500; n++) ctx.events.emit('flood', { n, text: 'x'.repeat(1000) }); }, 1);".to_owned()),
        ("bad-hears", Family::Mudstack, "ctx.events.on('*', ({ event }) => { if (event === 'flood') for (let n = 0; n < 1e6; n++); });".to_owned()),
        ("bad-logs", Family::Smartcars, "setInterval(() => { for (let n = 0; n < 500; n++) console.log('line', n, 'x'.repeat(1000)); }, 1);".to_owned()),
        ("bad-timers", Family::Stratos, "let n = 0; const more = () => { for (let end = n + 1000; n < end; n++) setTimeout(() => {}, 1e6 + n); if (n < 100000) setTimeout(more, 0); else console.log('timers', n); }; more();".to_owned()),
        ("bad-subscribes", Family::Mudstack, "let n = 0; try { for (; n < 100000; n++) ctx.events.on(`e${n}`, () => {}); } catch (error) { console.log(n, error.message); }".to_owned()),
        ("bad-routes", Family::Vario, "let n = 0; try { for (; n < 100000; n++) ctx.server.route('GET', `r${n}`, () => {}); } catch (error) { console.log(n, error.message); }".to_owned()),
    ];
    rig.rescan();
    for (id, _) in &good {
        rig.until_active(id);
    }
    serve(&rig, &good, 1, 3);
    let before = own_memory();
    for (id, family, start) in &bad {
        write(&rig, id, *family, Code { start, ..Code::default() });
    }
    // Never answers, and answers too much.
    let top =
        "globalThis.served = ({ big }) => (big ? 'x'.repeat(Number(big)) : new Promise(() => {}));";
    write(&rig, "bad-silent", Family::Smartcars, Code { top, ..Code::default() });
    let top = "globalThis.served = () => 'x'.repeat(100 << 20);";
    write(&rig, "bad-big", Family::Vario, Code { top, ..Code::default() });
    rig.rescan();
    for id in ["bad-silent", "bad-big", "bad-floods", "bad-logs"] {
        rig.until_active(id);
    }
    let mut silent = Vec::new();
    for _ in 0..50 {
        let (sender, receiver) = std::sync::mpsc::channel();
        let request = crate::rig::request("GET", "/api/bad-silent/own", &[], b"");
        rig.supervisor.http(
            &request,
            Box::new(move |response| {
                let _gone = sender.send(response.status);
            }),
        );
        silent.push(receiver);
    }
    serve(&rig, &good, 4, 10);
    assert!(rig.get("/api/bad-big/own").status() >= 400);
    serve(&rig, &good, 14, 10);
    for receiver in silent {
        let status = receiver.recv_timeout(LONG).unwrap();
        assert!(status >= 500, "{status}");
    }
    for id in ["bad-loops", "bad-spins", "bad-crashes"] {
        rig.until(&format!("{id} is ended"), || rig.path(id).contains(&"failed".to_owned()));
    }
    rig.until_logged("bad-subscribes", "1000 a plugin may have 1000 subscriptions");
    rig.until_logged("bad-routes", "a plugin may have 1000 routes");
    rig.until_logged("bad-timers", "timers 100000");
    rig.until_active("bad-timers");
    serve(&rig, &good, 24, 10);
    for (id, _) in &good {
        let info = rig.info(id).unwrap();
        assert_eq!((info.state, info.restarts), (State::Active, 0), "{id}");
    }
    // Other tests of this program share the number: it is far below what was sent.
    let grown = own_memory().saturating_sub(before);
    assert!(grown < 512 << 20, "the host has grown by {grown} bytes");
}

#[test]
fn a_leak_ends_with_its_plugin() {
    let rig = Rig::with(Options { supervision: quick_restarts });
    let start = "const all = []; setInterval(() => { for (let n = 0; n < 500; n++) all.push(new Array(1000).fill(n)); }, 1);";
    write(&rig, "bad-leaks", Family::Stratos, Code { start, ..Code::default() });
    rig.rescan();
    let mut most = 0;
    rig.until("it is ended", || {
        let info = rig.info("bad-leaks");
        most = most.max(info.as_ref().and_then(|info| info.memory_bytes).unwrap_or(0));
        info.is_some_and(|info| info.state == State::Failed)
    });
    let reason = rig.reason("bad-leaks");
    assert!(reason.contains("out of memory (limit 256 MiB)"), "{reason}");
    assert!(most < 512 << 20, "{most} bytes");
}

/// Waits until none of these processes is there.
#[cfg(unix)]
fn until_gone(pids: &BTreeSet<u32>) {
    use rustix::process::{Pid, test_kill_process};

    let is_there = |pid: &u32| {
        let pid = i32::try_from(*pid).ok().and_then(Pid::from_raw).unwrap();
        test_kill_process(pid).is_ok()
    };
    let end = Instant::now() + LONG;
    while pids.iter().any(is_there) {
        assert!(Instant::now() < end, "processes are left: {pids:?}");
        std::thread::park_timeout(Duration::from_millis(10));
    }
}

fn pids(rig: &Rig) -> BTreeSet<u32> {
    rig.supervisor.list().iter().filter_map(|info| info.pid).collect()
}

#[cfg(unix)]
#[test]
fn nothing_is_left_when_the_host_is_dropped() {
    let rig = Rig::with(Options { supervision: impatient });
    rig.sign_in(1);
    let good = good(&rig);
    let start = "setTimeout(() => { for (;;) {} }, 1);";
    write(&rig, "bad-loops", Family::Vario, Code { start, ..Code::default() });
    rig.rescan();
    for (id, _) in &good {
        rig.until_active(id);
    }
    let pids = pids(&rig);
    assert!(pids.len() >= good.len());
    drop(rig);
    until_gone(&pids);
}

/// Where the process that is killed keeps its files.
const HOME: &str = "VARIO_TEST_HOSTILE_HOME";

const KEEPS: &str = "
    const db = ctx.database.open('own');
    db.exec('create table if not exists t (n integer)');
    const add = db.prepare('insert into t values (?)');
    const count = () => db.prepare('select count(*) as n from t').get().n;
    globalThis.served = () => [ctx.config.get('starts'), count(), db.prepare('pragma integrity_check').get().integrity_check];
    ctx.config.set('starts', (ctx.config.get('starts') ?? 0) + 1);
    setInterval(() => { add.run(1); ctx.config.set('last', count()); }, 1);
";

/// Hosts a plugin, and writes down where and with which processes once it has worked.
fn host(home: &std::path::Path) -> Rig {
    let rig = Rig::stored(TempHome::new(), Arc::new(User::default()));
    write(&rig, "keeps", Family::Vario, Code { start: KEEPS, ..Code::default() });
    rig.rescan();
    rig.until_active("keeps");
    rig.until("it has worked", || {
        rig.user.get("keeps", "last").unwrap().is_some_and(|count| count.as_u64() > Some(10))
    });
    let line = json!({ "home": rig.home.path(), "pids": pids(&rig) });
    std::fs::write(home.join("line.json"), line.to_string()).unwrap();
    rig
}

#[cfg(unix)]
#[test]
fn a_host_that_is_killed_leaves_no_process_and_loses_nothing() {
    const NAME: &str = "hostile::a_host_that_is_killed_leaves_no_process_and_loses_nothing";

    // Started by itself, it is the host.
    if let Some(home) = std::env::var_os(HOME) {
        let _rig = host(home.as_ref());
        println!("\nready");
        loop {
            std::thread::park();
        }
    }
    let home = TempHome::new();
    let mut host = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "--nocapture", NAME])
        .env(HOME, home.path())
        .env("TMPDIR", home.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let output = BufReader::new(host.stdout.take().unwrap());
    let ready = output.lines().map_while(Result::ok).any(|line| line == "ready");
    assert!(ready, "the other process hosts");
    let line = std::fs::read_to_string(home.path().join("line.json")).unwrap();
    let line: Json = serde_json::from_str(&line).unwrap();
    let pids: BTreeSet<u32> = serde_json::from_value(line["pids"].clone()).unwrap();
    assert_eq!(pids.len(), 1);
    host.kill().unwrap();
    host.wait().unwrap();
    until_gone(&pids);

    let next = TempHome::new();
    std::fs::remove_dir(next.path()).unwrap();
    std::fs::rename(line["home"].as_str().unwrap(), next.path()).unwrap();
    let rig = Rig::stored(next, Arc::new(User::default()));
    rig.rescan();
    rig.until_active("keeps");
    let answer = rig.get("/api/keeps/own").json();
    assert_eq!((&answer[0], &answer[2]), (&json!(2), &json!("ok")), "{answer}");
    assert!(answer[1].as_u64().is_some_and(|count| count > 10), "{answer}");
}
