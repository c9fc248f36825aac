//! The same with a real browser, which is who keeps pages apart.

use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::{Value as Json, json};
use vario_test_support::{Reply, Server};

use super::client::{Served, hear};
use super::{ID, home_with, route};
use crate::rig::Rig;

/// A browser with a profile of its own and nothing to see it in.
struct Browser(Child);

impl Browser {
    /// Opens a page. `evil.example` is this machine, as it is once somebody has bent its name.
    fn open(rig: &Rig, address: &str) -> Self {
        let profile = rig.home.path().join("browser");
        let mut command = Command::new("chromium");
        command
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"])
            .args(["--disable-background-networking", "--disable-component-update"])
            .args(["--disable-sync", "--no-first-run", "--disable-quic"])
            .arg("--host-resolver-rules=MAP evil.example 127.0.0.1")
            .arg(format!("--user-data-dir={}", profile.display()))
            .arg(address)
            .env("HOME", rig.home.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0);
        Self(command.spawn().expect("chromium is there: `cargo xtask setup` installs it"))
    }
}

/// With all the processes it has started.
impl Drop for Browser {
    fn drop(&mut self) {
        let _already_dead = kill_process_group(Pid::from_child(&self.0), Signal::KILL);
        let _already_reaped = self.0.wait();
    }
}

/// What a page tries, each with what becomes of it: the text of the answer that it could read, or
/// `no` when it got none.
const TRY: &str = r#"
    const seen = async (address, options) => {
        try { return await (await fetch(address, options)).text(); } catch { return "no"; }
    };
    const opens = (address) => new Promise((done) => {
        try {
            const socket = new WebSocket(address);
            socket.onopen = () => done("open");
            socket.onerror = () => done("no");
        } catch { done("no"); }
    });
"#;

#[test]
fn a_plugins_page_reaches_what_is_its_own_and_nothing_else() {
    let outside =
        Server::answering(|_| Reply::with(200, &[("Access-Control-Allow-Origin", "*")], "outside"));
    let page = format!(
        r#"<!doctype html><title>Demo</title><script src="assets/app.js"></script><script>{TRY}
        (async () => {{
            const given = new URLSearchParams(location.search);
            const main = "http://localhost:" + location.port;
            const smartcars = "http://localhost:" + given.get("smartcars");
            const report = {{
                given: given.get("darkmode"),
                own: await seen("/api/{ID}/pilot"),
                ported: await seen(smartcars + "/api/{ID}/pilot"),
                bus: await opens("ws://localhost:" + given.get("bus")),
                usage: await seen(main + "/v1/usage"),
                manage: await seen("/v1/manage", {{ method: "POST", body: '{{"do":"list"}}' }}),
                outside: await seen("{outside}"),
                told: await opens("{outside}".replace("http", "ws")),
            }};
            await fetch("/api/{ID}/say", {{
                method: "POST",
                headers: {{ "Content-Type": "application/json" }},
                body: JSON.stringify(report),
            }});
        }})();</script>"#,
        outside = outside.url("/"),
    );
    let served = Served::start(home_with(&page));
    served.until_runs(ID);
    let mut bus = served.bus();
    let (main, smartcars) = (served.main().port(), served.smartcars().port());
    let query = format!("darkmode=true&smartcars={smartcars}&bus={}", served.bus_port());
    let address = format!("http://{ID}.localhost:{main}/plugins/{ID}/?{query}");
    let _browser = Browser::open(&served.rig, &address);
    let report = &hear(&mut bus, "said")["data"];
    let expected = json!({
        "given": "true", "own": "\"VA1\"", "ported": "\"VA1\"", "bus": "open",
        "usage": "no", "manage": r#"{"error":"not_found"}"#, "outside": "no", "told": "no",
    });
    assert_eq!(*report, expected);
    assert_eq!(outside.received().len(), 0, "no byte of it leaves this machine's host");
}

#[test]
fn a_page_of_the_outside_reaches_nothing() {
    let served = Served::start(home_with("<title>Demo</title>"));
    served.until_runs(ID);
    let (main, smartcars) = (served.main().port(), served.smartcars().port());
    let (send, told) = mpsc::channel();
    let page = format!(
        r#"<!doctype html><script>{TRY}
        (async () => {{
            // That nothing answers is no proof where nobody could.
            const report = [await seen("http://localhost:" + location.port + "/open")];
            for (const port of [{main}, {smartcars}]) {{
                for (const name of ["localhost", "127.0.0.1", "[::1]", "{ID}.localhost", "evil.example"]) {{
                    const at = "http://" + name + ":" + port;
                    report.push(await seen(at + "{route}"));
                    report.push(await seen(at + "/v1/usage"));
                    report.push(await seen(at + "/plugins/{ID}/"));
                    report.push(await opens(at.replace("http", "ws") + "/v1/bus"));
                }}
            }}
            report.push(await opens("ws://localhost:{bus}"));
            await fetch("/report", {{ method: "POST", body: JSON.stringify(report) }});
        }})();</script>"#,
        route = route("pilot"),
        bus = served.bus_port(),
    );
    let outside = Server::answering(move |request| {
        if request.target == "/report" {
            let _nobody_waits_any_more = send.send(request.body.clone());
        }
        if request.target == "/open" {
            return Reply::with(200, &[("Access-Control-Allow-Origin", "*")], "yes");
        }
        Reply::with(200, &[("Content-Type", "text/html")], &page)
    });
    let address = format!("http://evil.example:{}/", outside.address().port());
    let _browser = Browser::open(&served.rig, &address);
    let report = told.recv_timeout(Duration::from_mins(1)).expect("the page reports");
    let report: Json = serde_json::from_slice(&report).expect("JSON");
    let expected: Vec<&str> = [&["yes"], &["no"; 41][..]].concat();
    assert_eq!(report, Json::from(expected));
}
