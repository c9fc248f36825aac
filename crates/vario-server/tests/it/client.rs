//! A client that sends exactly what a test wrote.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value as Json;
use vario_server::{Server, Surface};

/// No test waits longer for a byte; what comes in time does not depend on it.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(known, _)| known == name);
        let first = found.next()?;
        assert!(found.next().is_none(), "{name} stands twice in {self:?}");
        Some(&first.1)
    }

    pub(crate) fn json(&self) -> Json {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub(crate) fn error(&self) -> String {
        self.json()["error"].as_str().unwrap().to_owned()
    }
}

pub(crate) fn address(server: &Server, surface: Surface) -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, server.port(surface).unwrap()))
}

pub(crate) fn connect(server: &Server, surface: Surface) -> TcpStream {
    let stream = TcpStream::connect(address(server, surface)).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.set_write_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// A request in the making.
pub(crate) struct Ask<'a> {
    server: &'a Server,
    surface: Surface,
    line: String,
    host: String,
    headers: Vec<String>,
    body: Vec<u8>,
}

pub(crate) fn get<'a>(server: &'a Server, path: &str) -> Ask<'a> {
    ask(server, Surface::Main, "GET", path)
}

pub(crate) fn ask<'a>(server: &'a Server, surface: Surface, method: &str, path: &str) -> Ask<'a> {
    let port = server.port(surface).unwrap();
    Ask {
        server,
        surface,
        line: format!("{method} {path} HTTP/1.1"),
        host: format!("localhost:{port}"),
        headers: Vec::new(),
        body: Vec::new(),
    }
}

impl Ask<'_> {
    /// Another host name, with the right port.
    pub(crate) fn host(mut self, name: &str) -> Self {
        self.host = format!("{name}:{}", self.server.port(self.surface).unwrap());
        self
    }

    /// Another Host header.
    pub(crate) fn raw_host(mut self, host: &str) -> Self {
        host.clone_into(&mut self.host);
        self
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push(format!("{name}: {value}"));
        self
    }

    pub(crate) fn origin(self, origin: &str) -> Self {
        self.header("Origin", origin)
    }

    pub(crate) fn token(self, token: &str) -> Self {
        self.header("Authorization", &format!("Bearer {token}"))
    }

    pub(crate) fn body(mut self, body: &[u8]) -> Self {
        self.body = body.to_vec();
        self.header("Content-Length", &body.len().to_string())
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut text = format!("{}\r\nHost: {}\r\n", self.line, self.host);
        for header in &self.headers {
            text += header;
            text += "\r\n";
        }
        [text.as_bytes(), b"Connection: close\r\n\r\n", &self.body].concat()
    }

    pub(crate) fn send(&self) -> Answer {
        let mut stream = connect(self.server, self.surface);
        stream.write_all(&self.bytes()).unwrap();
        read_answer(&mut stream, self.line.starts_with("HEAD"))
            .unwrap_or_else(|| panic!("no answer to {}", self.line))
    }

    pub(crate) fn status(&self) -> u16 {
        self.send().status
    }
}

/// Sends these bytes and returns all that comes back.
pub(crate) fn exchange(server: &Server, surface: Surface, bytes: &[u8]) -> Vec<u8> {
    let mut stream = connect(server, surface);
    // The server may stop reading whenever it has seen enough.
    let _sent = stream.write_all(bytes);
    read_all(&mut stream)
}

/// All that comes until the end, which may be a reset.
pub(crate) fn read_all(stream: &mut TcpStream) -> Vec<u8> {
    let mut all = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => return all,
            Ok(count) => all.extend_from_slice(&buffer[..count]),
            Err(error) => {
                let is_late = matches!(
                    error.kind(),
                    std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut
                );
                assert!(!is_late, "the server neither answers nor ends: {all:?}");
                return all;
            }
        }
    }
}

/// The statuses of all answers in a stream.
pub(crate) fn statuses(bytes: &[u8]) -> Vec<u16> {
    let text = String::from_utf8_lossy(bytes);
    let marks = text.match_indices("HTTP/1.").map(|(at, _)| &text[at + 9..at + 12]);
    marks.map(|status| status.parse().unwrap()).collect()
}

/// Reads one answer and nothing after it.
pub(crate) fn read_answer(stream: &mut TcpStream, is_head: bool) -> Option<Answer> {
    let mut head = Vec::new();
    let mut byte = [0; 1];
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte).ok()? == 0 {
            return None;
        }
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap();
    let mut lines = head.lines();
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let pair = |line: &str| {
        let (name, value) = line.split_once(':')?;
        Some((name.to_ascii_lowercase(), value.trim().to_owned()))
    };
    let headers: Vec<_> = lines.filter_map(pair).collect();
    let mut answer = Answer { status, headers, body: Vec::new() };
    if let Some(length) = answer.header("content-length").filter(|_| !is_head) {
        answer.body = vec![0; length.parse().unwrap()];
        stream.read_exact(&mut answer.body).ok()?;
    }
    Some(answer)
}
