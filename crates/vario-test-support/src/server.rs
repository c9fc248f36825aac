use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// What to answer.
#[derive(Debug, Clone)]
pub struct Reply(Vec<u8>);

impl Reply {
    /// A status and a body.
    pub fn new(status: u16, body: impl AsRef<[u8]>) -> Self {
        Self::with(status, &[], body)
    }

    /// The same with headers. `Content-Length` and `Connection: close` are added.
    pub fn with(status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Self {
        let body = body.as_ref();
        let headers: Vec<String> =
            headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let (headers, length) = (headers.concat(), body.len());
        let head = format!(
            "HTTP/1.1 {status} Scripted\r\n{headers}Content-Length: {length}\r\n\
             Connection: close\r\n\r\n"
        );
        Self([head.as_bytes(), body].concat())
    }

    /// Exactly these bytes, then the connection is closed; for answers that no server should give.
    pub fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self(bytes.into())
    }
}

/// What the server was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// `GET`, `POST` …
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Names as sent, in order.
    pub headers: Vec<(String, String)>,
    /// The body, if its length was told.
    pub body: Vec<u8>,
}

impl Received {
    /// The first header of that name, whatever its case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

/// What makes a reply of a request.
struct Answering(Box<dyn Fn(&Received) -> Reply + Send + Sync>);

impl std::fmt::Debug for Answering {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Answering")
    }
}

#[derive(Debug, Default)]
struct Shared {
    replies: Mutex<VecDeque<Reply>>,
    answering: Option<Answering>,
    received: Mutex<Vec<Received>>,
    over: AtomicBool,
}

/// An HTTP server on loopback, with a thread for each connection. It gives its replies in order,
/// one a request, and status 599 when there is none left. It ends when dropped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
}

impl Server {
    /// Starts one.
    ///
    /// # Panics
    /// If loopback has no free port.
    pub fn start(replies: impl IntoIterator<Item = Reply>) -> Self {
        let replies = Mutex::new(replies.into_iter().collect());
        Self::of(Shared { replies, ..Shared::default() })
    }

    /// Starts one whose replies depend on the requests. Each request has a thread of its own, so a
    /// reply may wait for another request.
    ///
    /// # Panics
    /// If loopback has no free port.
    pub fn answering(answer: impl Fn(&Received) -> Reply + Send + Sync + 'static) -> Self {
        let answering = Some(Answering(Box::new(answer)));
        Self::of(Shared { answering, ..Shared::default() })
    }

    fn of(shared: Shared) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("loopback has a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let shared = Arc::new(shared);
        let for_thread = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming().filter_map(Result::ok) {
                if for_thread.over.load(Ordering::Acquire) {
                    return;
                }
                let shared = Arc::clone(&for_thread);
                thread::spawn(move || serve(stream, &shared));
            }
        });
        Self { address, shared }
    }

    /// `http://127.0.0.1:<port>` and a target, which starts with `/`.
    pub fn url(&self, target: &str) -> String {
        format!("http://{}{target}", self.address)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What it was asked so far. A request is here before its reply is sent.
    pub fn received(&self) -> Vec<Received> {
        self.shared.received.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::Release);
        // A last connection wakes the thread that listens.
        drop(TcpStream::connect(self.address));
    }
}

/// A connection that breaks is the client's business: the test sees it there.
fn serve(stream: TcpStream, shared: &Shared) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let received = receive(&mut reader)?;
    shared.received.lock().unwrap_or_else(PoisonError::into_inner).push(received.clone());
    let reply = match &shared.answering {
        Some(Answering(answer)) => Some(answer(&received)),
        None => shared.replies.lock().unwrap_or_else(PoisonError::into_inner).pop_front(),
    };
    let reply = reply.unwrap_or_else(|| Reply::new(599, "no reply is left in the script"));
    let mut stream = stream;
    stream.write_all(&reply.0).ok()
}

fn receive(reader: &mut BufReader<TcpStream>) -> Option<Received> {
    let first = line(reader)?;
    let mut words = first.split(' ');
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = Vec::new();
    loop {
        let line = line(reader)?;
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':')?;
        headers.push((name.to_owned(), value.trim().to_owned()));
    }
    let mut received = Received { method, target, headers, body: Vec::new() };
    let length = received.header("content-length").and_then(|length| length.parse().ok());
    received.body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut received.body).ok()?;
    Some(received)
}

fn line(reader: &mut BufReader<TcpStream>) -> Option<String> {
    let mut line = String::new();
    let count = reader.read_line(&mut line).ok()?;
    (count > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned())
}
