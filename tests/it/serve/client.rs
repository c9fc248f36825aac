//! The program as it serves, and a client that sends what a test wrote.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value as Json;
use tungstenite::WebSocket;

use crate::rig::Rig;

/// No test waits longer; what comes in time does not depend on it.
const PATIENCE: Duration = Duration::from_mins(1);

/// `vario serve` with a home of its own, until it is dropped.
pub(super) struct Served {
    pub(super) rig: Rig,
    child: Child,
    main: u16,
    smartcars: u16,
    bus: u16,
}

impl Served {
    pub(super) fn start(rig: Rig) -> Self {
        let mut command = rig.command(&["serve", "--port", "0", "--compat", "smartcars"]);
        command.args(["--compat-anywhere", "--plugins"]).arg(rig.plugins());
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the program starts");
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let mut port = |scheme: &str| {
            let line = lines.next().expect("it goes on").expect("UTF-8");
            let rest = line.strip_prefix(&format!("{scheme}://localhost:"));
            let rest = rest.unwrap_or_else(|| panic!("{line}"));
            rest.split(' ').next().and_then(|port| port.parse().ok()).expect("a port")
        };
        let (main, smartcars, bus) = (port("http"), port("http"), port("ws"));
        Self { rig, child, main, smartcars, bus }
    }

    pub(super) fn main(&self) -> Origin {
        Origin::local(self.main)
    }

    pub(super) fn smartcars(&self) -> Origin {
        Origin::local(self.smartcars)
    }

    pub(super) fn bus_port(&self) -> u16 {
        self.bus
    }

    /// The bus, as a page that smartCARS shows opens it.
    pub(super) fn bus(&self) -> WebSocket<TcpStream> {
        let stream = connect(SocketAddr::from((Ipv4Addr::LOCALHOST, self.bus)));
        let address = format!("ws://localhost:{}/", self.bus);
        let opened = tungstenite::client(address, stream);
        opened.map_err(|error| error.to_string()).expect("it is let in").0
    }

    pub(super) fn until_runs(&self, id: &str) {
        until("it runs", || {
            let list = self.rig.run(&["background", "list", "--json"]).json();
            let rows = list.as_array().expect("a list");
            rows.iter().any(|row| row["id"] == id && row["state"] == "active")
        });
    }

    pub(super) fn until_logged(&self, id: &str, words: &str) {
        until(words, || self.rig.run(&["background", "logs", id]).stdout.contains(words));
    }

    /// Ends it as Ctrl-C does, and gives its exit code.
    pub(super) fn end(mut self) -> Option<i32> {
        kill_process(Pid::from_child(&self.child), Signal::INT).expect("it runs");
        self.child.wait().expect("it ends").code()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _already_dead = self.child.kill();
        let _already_reaped = self.child.wait();
    }
}

/// Waits until something is so.
pub(super) fn until(what: &str, is_so: impl Fn() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < end, "not in time: {what}");
        std::thread::yield_now();
    }
}

/// Where a client connects to, and what it calls it.
pub(super) struct Origin {
    address: SocketAddr,
    host: String,
}

impl Origin {
    fn local(port: u16) -> Self {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        Self { address, host: format!("localhost:{port}") }
    }

    /// The same by one of its names; nothing if this machine has no IPv6.
    pub(super) fn at(&self, name: &str) -> Option<Self> {
        let port = self.port();
        let address = match name {
            "[::1]" => SocketAddr::from((Ipv6Addr::LOCALHOST, port)),
            _ => self.address,
        };
        TcpStream::connect(address).ok()?;
        Some(Self { address, host: format!("{name}:{port}") })
    }

    /// The same by any name.
    pub(super) fn named(&self, host: &str) -> Self {
        Self { address: self.address, host: host.to_owned() }
    }

    pub(super) fn port(&self) -> u16 {
        self.address.port()
    }

    pub(super) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], b"")
    }

    pub(super) fn post(&self, path: &str, body: &Json) -> Answer {
        let headers = [("Content-Type", "application/json")];
        self.ask("POST", path, &headers, body.to_string().as_bytes())
    }

    pub(super) fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        let headers = headers
            .iter()
            .fold(String::new(), |text, (name, value)| text + &format!("{name}: {value}\r\n"));
        let (host, length) = (&self.host, body.len());
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\n{headers}Content-Length: {length}\r\n\
             Connection: close\r\n\r\n"
        );
        let mut stream = connect(self.address);
        stream.write_all(&[head.as_bytes(), body].concat()).expect("the server reads");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("the server answers");
        Answer::read(&answer)
    }
}

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).expect("it listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a time is no error");
    stream
}

pub(super) struct Answer {
    pub(super) status: u16,
    headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Answer {
    fn read(bytes: &[u8]) -> Self {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("a whole head");
        let head = std::str::from_utf8(&bytes[..end]).expect("plain headers");
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok());
        let pair = |line: &str| {
            let (name, value) = line.split_once(':')?;
            Some((name.to_ascii_lowercase(), value.trim().to_owned()))
        };
        let headers: Vec<_> = lines.filter_map(pair).collect();
        let body = bytes[end + 4..].to_vec();
        Self { status: status.expect("a status"), headers, body }
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(super) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).expect("UTF-8")
    }

    pub(super) fn json(&self) -> Json {
        let text = self.text();
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }
}

/// The next event of a type.
pub(super) fn hear(socket: &mut WebSocket<TcpStream>, kind: &str) -> Json {
    loop {
        let message = socket.read().expect("the server sends");
        let Ok(text) = message.to_text() else { continue };
        match serde_json::from_str::<Json>(text) {
            Ok(event) if event["type"] == kind => return event,
            _ => {}
        }
    }
}
