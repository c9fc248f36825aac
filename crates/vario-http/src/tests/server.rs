//! A real server on loopback that serves one connection with a given script.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread::{self, JoinHandle};

pub(super) struct Server {
    pub(super) port: u16,
    thread: JoinHandle<Vec<u8>>,
}

impl Server {
    /// Accepts one connection and hands it to `script`, whose result [`Server::finish`] gives.
    pub(super) fn start(script: impl FnOnce(&mut TcpStream) -> Vec<u8> + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let thread = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            script(&mut stream)
        });
        Self { port, thread }
    }

    /// Reads the request, answers these bytes and closes. Its result is the request.
    pub(super) fn answering(response: impl Into<Vec<u8>>) -> Self {
        let response = response.into();
        Self::start(move |stream| {
            let request = read_request(stream);
            // A client that has seen enough may have left.
            let _ = stream.write_all(&response);
            let _ = stream.shutdown(Shutdown::Write);
            wait_for_close(stream);
            request
        })
    }

    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }

    pub(super) fn finish(self) -> Vec<u8> {
        self.thread.join().unwrap()
    }

    pub(super) fn request_text(self) -> String {
        String::from_utf8(self.finish()).unwrap()
    }
}

/// A whole response with a body of known length.
pub(super) fn ok(headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\n{headers}content-length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

/// Reads a head, and a body if a length was announced.
pub(super) fn read_request(stream: &mut impl Read) -> Vec<u8> {
    let mut request = Vec::new();
    let mut byte = [0];
    while !request.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() == 1 {
        request.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&request).to_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
    stream.read_exact(&mut body).unwrap();
    request.extend(body);
    request
}

/// Blocks until the other side is gone.
pub(super) fn wait_for_close(stream: &mut TcpStream) {
    let mut ignored = [0; 1024];
    while stream.read(&mut ignored).is_ok_and(|count| count > 0) {}
}

/// A port where nothing listens.
pub(super) fn closed_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}
