//! The host of background plugins is killed: what they kept is whole, they come back, and no
//! process of theirs is left behind.

#![expect(clippy::unwrap_used, reason = "helpers of one test")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value as Json;

use crate::rig::Rig;

/// Longer than anything here takes on a busy machine.
const LONG: Duration = Duration::from_mins(1);

const MANIFEST: &str = r#"{ "schemaVersion": 1, "dialect": "vario", "id": "keeper", "name": "Keeper", "version": "1.0.0",
    "background": "main.mjs", "permissions": { "routes": true } }"#;

/// Counts in a stored value and in a database, in a transaction.
const CODE: &str = r"
let database;
export default {
  async start(ctx) {
    database = ctx.database.open('counts.db');
    database.exec('CREATE TABLE IF NOT EXISTS count (number INTEGER NOT NULL)');
    context = ctx;
  },
  routes: {
    post: { count: async () => {
      const number = ((await context.config.get('count')) ?? 0) + 1;
      database.transaction(() => database.prepare('INSERT INTO count VALUES (?)').run(number))();
      await context.config.set('count', number);
      return { number };
    } },
    get: { count: async () => ({
      kept: await context.config.get('count'),
      rows: database.prepare('SELECT count(*) AS n FROM count').get().n,
    }) },
  },
};
let context;
";

struct Host {
    child: Child,
    port: u16,
}

impl Host {
    fn start(rig: &Rig) -> Self {
        let mut command = rig.command(&["serve", "--port", "0"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.split_whitespace().next().unwrap_or_default();
        let port = address.rsplit(':').next().and_then(|port| port.parse().ok());
        Self { child, port: port.unwrap_or_else(|| panic!("no address: {line:?}")) }
    }

    /// Asks until the plugin answers: it takes a moment to start.
    fn ask(&self, method: &str) -> Json {
        let end = Instant::now() + LONG;
        loop {
            let (status, body) = self.ask_once(method);
            if status == 200 {
                return serde_json::from_str(&body).unwrap();
            }
            assert!(Instant::now() < end, "{status} {body}");
            std::thread::yield_now();
        }
    }

    fn ask_once(&self, method: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let port = self.port;
        write!(
            stream,
            "{method} /api/keeper/count HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let status = answer.split(' ').nth(1).unwrap_or_default().parse().unwrap_or_default();
        let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        (status, body.to_owned())
    }

    /// The processes it started.
    fn children(&self) -> Vec<String> {
        let parent = self.child.id().to_string();
        let processes = std::fs::read_dir("/proc").unwrap().flatten();
        let pids = processes.filter_map(|entry| entry.file_name().into_string().ok());
        pids.filter(|pid| {
            let status = std::fs::read_to_string(format!("/proc/{pid}/status"));
            status.is_ok_and(|status| {
                let line = status.lines().find_map(|line| line.strip_prefix("PPid:"));
                line.is_some_and(|line| line.trim() == parent)
            })
        })
        .collect()
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

#[test]
fn a_killed_host_leaves_nothing_behind_and_everything_kept() {
    let rig = Rig::new();
    rig.home.write("data/vario/plugins/keeper/plugin.json", MANIFEST);
    rig.home.write("data/vario/plugins/keeper/main.mjs", CODE);
    rig.run_configured(&["grant", "keeper", "routes"]).exits(0);
    for round in 1..=3 {
        let host = Host::start(&rig);
        let number = host.ask("POST")["number"].as_i64().unwrap();
        assert_eq!(number, round);
        let children = host.children();
        assert!(!children.is_empty(), "the plugin has no process");
        host.kill();
        let end = Instant::now() + LONG;
        while children.iter().any(|pid| is_worker(pid)) {
            assert!(Instant::now() < end, "a process of a plugin lives on");
            std::thread::yield_now();
        }
    }
    let host = Host::start(&rig);
    let kept = host.ask("GET");
    assert_eq!(kept, serde_json::json!({ "kept": 3, "rows": 3 }));
    host.kill();
}

/// Whether this process is still one of ours.
fn is_worker(pid: &str) -> bool {
    let command = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    String::from_utf8_lossy(&command).contains("worker")
}
