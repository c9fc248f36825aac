//! A server that counts who asks it, and how many at once.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Answers each request with its number, at once or when it is let go on.
pub(super) struct Meter {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    asked: Receiver<()>,
}

#[derive(Default)]
struct State {
    all: usize,
    most: usize,
    holds: bool,
    /// Requests without an answer.
    open: Vec<Open>,
}

struct Open {
    target: String,
    number: usize,
    stream: TcpStream,
}

impl Meter {
    pub(super) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let state = Arc::<Mutex<State>>::default();
        let (asks, asked) = channel();
        let for_thread = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                accept(stream, &for_thread, &asks);
            }
        });
        Self { address, state, asked }
    }

    pub(super) fn url(&self, id: &str) -> String {
        format!("http://{}/{id}", self.address)
    }

    /// Requests from now on wait until they are let go on.
    pub(super) fn hold(&self) {
        // Who asked before has been answered.
        while self.asked.try_recv().is_ok() {}
        self.lock().holds = true;
    }

    /// Waits until one more has asked.
    pub(super) fn until_asked(&self) {
        self.asked.recv_timeout(Duration::from_mins(1)).expect("a plugin asks");
    }

    /// Answers all who wait, dead or not.
    pub(super) fn release(&self) {
        let mut state = self.lock();
        for open in std::mem::take(&mut state.open) {
            answer(open);
        }
    }

    pub(super) fn answer_at_once(&self) {
        self.lock().holds = false;
    }

    /// How many requests there were.
    pub(super) fn asked(&self) -> usize {
        self.lock().all
    }

    /// How many of one plugin there were at once.
    pub(super) fn most_at_once(&self) -> usize {
        self.lock().most
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn accept(stream: TcpStream, state: &Arc<Mutex<State>>, asks: &Sender<()>) {
    let mut reader = BufReader::new(stream.try_clone().expect("a socket"));
    let mut first = String::new();
    let mut line = String::new();
    while reader.read_line(&mut line).is_ok_and(|count| count > 2) {
        if first.is_empty() {
            first.clone_from(&line);
        }
        line.clear();
    }
    let target = first.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
    // One that was killed asks no more; its connection ends with it.
    let waits = |open: &Open| open.target == target && lives(&open.stream);
    let at_once = state.open.iter().filter(|open| waits(open)).count() + 1;
    state.all += 1;
    state.most = state.most.max(at_once);
    let open = Open { target, number: state.all, stream };
    if state.holds {
        state.open.push(open);
    } else {
        answer(open);
    }
    drop(state);
    let _the_test_is_over = asks.send(());
}

fn lives(stream: &TcpStream) -> bool {
    // A second is much more than the system needs to end a killed process.
    stream.set_read_timeout(Some(Duration::from_secs(1))).expect("a socket");
    let mut stream = stream;
    match stream.read(&mut [0]) {
        Ok(count) => count > 0,
        Err(error) => {
            matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut)
        }
    }
}

fn answer(open: Open) {
    let Open { number, mut stream, .. } = open;
    let body = number.to_string();
    let text = format!(
        "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    let _it_was_killed = stream.write_all(text.as_bytes());
}
