//! The processes that plugins run in: their clock, and what becomes of a run when one is killed.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value as Json, json};

use crate::rig::{LANGUAGES, Ran, Rig};

/// The zone's file cannot be read any more once a worker is locked down.
#[test]
fn a_worker_shows_the_users_time() {
    let lua =
        "return { lines = { ctx.line.text({ label = 'Hour', value = os.date('%H:%M', 0) }) } }";
    let js = "const date = new Date(0);
        const two = (number) => String(number).padStart(2, '0');
        const value = two(date.getHours()) + ':' + two(date.getMinutes());
        return { lines: [ctx.line.text({ label: 'Hour', value })] };";
    let cases = [("Asia/Kolkata", "05:30"), ("UTC", "00:00"), ("America/St_Johns", "20:30")];
    for language in LANGUAGES {
        let rig = Rig::new();
        rig.plugin(*language, "clock", lua, js);
        for (zone, expected) in cases {
            let mut command = rig.command(&["probe", "--json", "--plugins"]);
            command.arg(rig.plugins()).env("TZ", zone);
            let ran = rig.finish(command).exits(0);
            assert_eq!(ran.json()[0]["lines"][0]["value"], expected, "{language:?} in {zone}");
        }
    }
}

/// A plugin that asks a server and waits for its answer, and one that does not.
struct Waiting {
    rig: Rig,
    server: TcpListener,
    program: Child,
}

impl Waiting {
    /// Starts the program, and gives it when its plugin waits.
    fn start() -> (Self, std::net::TcpStream) {
        let rig = Rig::new();
        let server = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}/", server.local_addr().expect("an address"));
        rig.says("good", "fine");
        rig.run(&["probe", "good"]).exits(0);
        let call = format!("ctx.host.http.request({{ url = '{url}' }})");
        rig.plugin(LANGUAGES[0], "waits", &call, &call.replace("url =", "url:"));
        rig.run(&["grant", "waits", "net:127.0.0.1"]).exits(0);
        let mut command = rig.command(&["probe", "--json", "--plugins"]);
        command.arg(rig.plugins()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let program = command.spawn().expect("the program starts");
        let waiting = Self { rig, server, program };
        let (mut stream, _) = waiting.server.accept().expect("the plugin asks");
        let mut piece = [0; 1024];
        let asked = stream.read(&mut piece).expect("its request");
        assert!(asked > 0, "a request arrived");
        (waiting, stream)
    }

    fn pid(&self) -> Pid {
        Pid::from_child(&self.program)
    }

    /// The worker of the plugin that waits, once the other one's has ended.
    fn only_worker(&self) -> Pid {
        let until = Instant::now() + Duration::from_secs(10);
        loop {
            if let [worker] = *self.workers() {
                return worker;
            }
            assert!(Instant::now() < until, "the plugin has a process of its own");
            std::thread::yield_now();
        }
    }

    /// The workers that live.
    fn workers(&self) -> Vec<Pid> {
        let tasks = format!("/proc/{}/task", self.program.id());
        let tasks = std::fs::read_dir(tasks).into_iter().flatten().flatten();
        let children = tasks
            .map(|task| std::fs::read_to_string(task.path().join("children")).unwrap_or_default());
        let children: Vec<String> = children.collect();
        children
            .iter()
            .flat_map(|text| text.split_whitespace())
            .filter_map(|number| Pid::from_raw(number.parse().ok()?))
            .collect()
    }
}

fn error_of(ran: &Ran, id: &str) -> Json {
    let json = ran.json();
    let snapshots = json.as_array().expect("a list");
    let found = snapshots.iter().find(|snapshot| snapshot["providerId"] == id);
    found.unwrap_or_else(|| panic!("no {id} in {ran}"))["error"].clone()
}

#[test]
fn a_killed_worker_is_one_error_line() {
    let (waiting, mut stream) = Waiting::start();
    kill_process(waiting.only_worker(), Signal::KILL).expect("its user can kill it");
    let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
    stream.write_all(answer).expect("the host still listens");
    let output = waiting.program.wait_with_output().expect("the program ends");
    let ran = Ran::of(&output, waiting.rig.home.path()).exits(1);
    assert_eq!(error_of(&ran, "waits"), json!("the plugin's process ended unexpectedly"));
    assert_eq!(error_of(&ran, "good"), Json::Null, "its neighbour is untouched");
}

#[test]
fn a_killed_program_takes_its_workers_along_and_loses_nothing() {
    let (mut waiting, _stream) = Waiting::start();
    let worker = waiting.only_worker();
    kill_process(waiting.pid(), Signal::KILL).expect("it can be killed by its user");
    waiting.program.wait().expect("it ends");
    let until = Instant::now() + Duration::from_secs(10);
    let lives = |worker: &Pid| {
        let stat = format!("/proc/{}/stat", worker.as_raw_nonzero());
        // A zombie of the test's own system is dead, too.
        std::fs::read_to_string(stat).is_ok_and(|stat| !stat.contains(") Z "))
    };
    while lives(&worker) {
        assert!(Instant::now() < until, "a worker outlived its program");
        std::thread::yield_now();
    }
    let granted = waiting.rig.run(&["grants", "waits", "--json"]).exits(0).json();
    assert_eq!(granted[0]["allow"], json!(["net:127.0.0.1"]), "grants are kept");
    let stored = waiting.rig.run(&["probe", "good", "--max-age", "1h", "--json"]).exits(0);
    assert_eq!(stored.json()[0]["lines"][0]["value"], "fine", "and so are results");
}
