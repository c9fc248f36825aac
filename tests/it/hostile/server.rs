//! An HTTP server that means no good. What it does is chosen by the path.

use std::io::{BufRead as _, BufReader, Read as _, Result, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// The time between two bytes of a slow answer.
const PACE: Duration = Duration::from_millis(20);

/// It listens on loopback, with a thread for each connection, and ends when dropped.
pub(super) struct Server {
    address: SocketAddr,
    over: Arc<AtomicBool>,
}

impl Server {
    pub(super) fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("loopback has a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let over = Arc::new(AtomicBool::new(false));
        let for_thread = Arc::clone(&over);
        thread::spawn(move || {
            for stream in listener.incoming().filter_map(Result::ok) {
                if for_thread.load(Ordering::Acquire) {
                    return;
                }
                // A broken connection is what most of them end with.
                thread::spawn(move || serve(stream));
            }
        });
        Self { address, over }
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Release);
        // A last connection wakes the thread that listens.
        drop(TcpStream::connect(self.address));
    }
}

const OK: &str = "HTTP/1.1 200 OK\r\n";

fn serve(mut stream: TcpStream) -> Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let mut line = first.clone();
    while !line.trim().is_empty() {
        line.clear();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
    }
    let path = first.split(' ').nth(1).unwrap_or("").split('?').next().unwrap_or("");
    let mut send = |text: &str| stream.write_all(text.as_bytes());
    match path {
        "/silent" => drop(reader.read(&mut [0])?),
        "/slow-head" => {
            send(OK)?;
            send("x-slow: ")?;
            drip(&stream)?;
        }
        "/slow-body" => {
            send(OK)?;
            send("Content-Length: 1000000\r\n\r\n")?;
            drip(&stream)?;
        }
        "/huge-length" => {
            send(OK)?;
            send("Content-Length: 1000000000000000000\r\n\r\n")?;
            drip(&stream)?;
        }
        "/false-length" => send(&format!("{OK}Content-Length: 1000\r\n\r\nx"))?,
        "/endless-head" => flood(stream, OK, "x-a: b\r\n")?,
        "/endless-line" => flood(stream, "HTTP/1.1 200 ", "x")?,
        "/endless-body" => flood(stream, &format!("{OK}\r\n"), "x")?,
        "/endless-chunks" => {
            flood(stream, &format!("{OK}Transfer-Encoding: chunked\r\n\r\n"), "1\r\nx\r\n")?;
        }
        "/informs" => flood(stream, "", "HTTP/1.1 100 Continue\r\n\r\n")?,
        "/compressed" => {
            let body = bomb();
            send(OK)?;
            send(&format!("Content-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", body.len()))?;
            stream.write_all(&body)?;
        }
        "/redirect" => {
            send("HTTP/1.1 302 Found\r\nLocation: /redirect\r\nContent-Length: 0\r\n\r\n")?;
        }
        "/nonsense" => send(&"\0\u{1}nonsense\r\n\r\n".repeat(10))?,
        _ => send(&format!("{OK}Content-Length: 2\r\nConnection: close\r\n\r\nok"))?,
    }
    Ok(())
}

/// Sends the same byte again and again, until the other side has had enough.
fn drip(mut stream: &TcpStream) -> Result<()> {
    // Nothing more will be asked, so waiting for it is waiting.
    stream.set_read_timeout(Some(PACE))?;
    loop {
        stream.write_all(b"x")?;
        if matches!(stream.read(&mut [0]), Ok(0)) {
            return Ok(());
        }
    }
}

/// Sends a beginning, and then the same as fast as it is taken.
fn flood(mut stream: TcpStream, head: &str, again: &str) -> Result<()> {
    stream.write_all(head.as_bytes())?;
    let block = again.repeat(65_536 / again.len());
    loop {
        stream.write_all(block.as_bytes())?;
    }
}

/// Some hundred kilobytes that gzip makes into two hundred megabytes: a zero, and a reference to
/// the 258 bytes before, over and over (RFC 1951, section 3.2.6).
fn bomb() -> Vec<u8> {
    let mut bytes = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let (mut bits, mut count) = (0_u64, 0_u32);
    let mut put = |code: u64, length: u32| {
        // Huffman codes go in from their first bit.
        for position in (0..length).rev() {
            bits |= (code >> position & 1) << count;
            count += 1;
            if count == 8 {
                bytes.push(u8::try_from(bits).expect("it has eight bits"));
                (bits, count) = (0, 0);
            }
        }
    };
    // The last block, with the fixed codes: the bits 1, then 1 and 0.
    put(0b110, 3);
    put(0b0011_0000, 8);
    for _ in 0..800_000 {
        put(0b1100_0101, 8);
        put(0, 5);
    }
    put(0, 7);
    put(0, 7);
    bytes
}
