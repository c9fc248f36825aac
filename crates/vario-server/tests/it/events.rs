//! Server-sent events.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value as Json;
use vario_server::{Config, Limits, Server, Surface, page_host};

use crate::client::{ask, connect, get};
use crate::site::{MAP, TOKEN, config, snapshot, start, start_with};

struct Stream(BufReader<TcpStream>);

impl Stream {
    fn open(server: &Server) -> Self {
        let mut stream = connect(server, Surface::Main);
        stream.write_all(&get(server, "/v1/events").bytes()).unwrap();
        let mut stream = Self(BufReader::new(stream));
        let head = stream.until("");
        assert!(head[0].starts_with("HTTP/1.1 200"), "{head:?}");
        assert!(head.contains(&"content-type: text/event-stream".to_owned()), "{head:?}");
        stream
    }

    /// The lines before this one.
    fn until(&mut self, end: &str) -> Vec<String> {
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            assert!(self.0.read_line(&mut line).unwrap() > 0, "it ended: {lines:?}");
            let line = line.trim_end().to_owned();
            if line == end {
                return lines;
            }
            lines.push(line);
        }
    }

    /// The next event's data.
    fn next(&mut self) -> Json {
        self.until("event: snapshot");
        let data = self.until("");
        serde_json::from_str(data[0].strip_prefix("data: ").unwrap()).unwrap()
    }
}

#[test]
fn new_snapshots_arrive_at_everybody() {
    let (server, site) = start();
    let mut streams = [Stream::open(&server), Stream::open(&server)];
    for id in ["claude", "codex"] {
        assert_eq!(site.tell(&snapshot(id)), 1);
        for stream in &mut streams {
            let seen = stream.next();
            assert_eq!(seen["providerId"], id);
            assert_eq!(seen.as_object().unwrap().len(), 5);
        }
    }
}

#[test]
fn a_quiet_stream_shows_that_it_lives() {
    let ping_time = Duration::from_millis(20);
    let limits = Limits { ping_time, ..Limits::default() };
    let (server, _site) = start_with(&Config { limits, ..config() });
    let mut stream = Stream::open(&server);
    stream.until(":");
}

#[test]
fn programs_may_listen_and_pages_may_not() {
    let (server, _site) = start();
    let port = server.port(Surface::Main).unwrap();
    let own = format!("http://{}:{port}", page_host(MAP));
    for origin in ["https://example.com", "null", "http://localhost:3000", &own] {
        assert_eq!(get(&server, "/v1/events").origin(origin).status(), 403, "{origin}");
    }
    let foreign = get(&server, "/v1/events").header("Sec-Fetch-Site", "cross-site");
    assert_eq!(foreign.status(), 403);
    assert_eq!(get(&server, "/v1/events").origin(&own).token(TOKEN).status(), 200);
    assert_eq!(ask(&server, Surface::Main, "POST", "/v1/events").status(), 405);
}

#[test]
fn streams_have_a_limit() {
    let limits = Limits { streams: 2, ..Limits::default() };
    let (server, _site) = start_with(&Config { limits, ..config() });
    let _open = [Stream::open(&server), Stream::open(&server)];
    assert_eq!(get(&server, "/v1/events").send().error(), "server_busy");
    assert_eq!(get(&server, "/v1/usage").status(), 200);
}
