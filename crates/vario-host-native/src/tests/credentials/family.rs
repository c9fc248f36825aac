use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

/// A provider of logins. Each exchange replaces the token; an old token ends its login.
pub(super) struct Provider {
    port: u16,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    logins: Vec<Login>,
    requests: usize,
    /// Answers of exchanges wait for the receiver, after the sender was told.
    gate: Option<(Sender<()>, Receiver<()>)>,
    /// What an exchange answers instead of the usual.
    answer: Option<String>,
}

/// Every token that was ever given out, newest last.
struct Login {
    tokens: Vec<String>,
    is_alive: bool,
}

impl Provider {
    pub(super) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::<Mutex<State>>::default();
        let shared = Arc::clone(&state);
        // It ends with the process.
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let shared = Arc::clone(&shared);
                std::thread::spawn(move || answer(stream.unwrap(), &shared));
            }
        });
        Self { port, state }
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// A new login, which leaves others as they are.
    pub(super) fn log_in(&self) -> String {
        let mut state = self.state.lock().unwrap();
        let token = format!("refresh-token-{}-0-abcdef", state.logins.len());
        state.logins.push(Login { tokens: vec![token.clone()], is_alive: true });
        token
    }

    /// The one good token of the first login; none when that has ended.
    pub(super) fn newest(&self) -> Option<String> {
        let state = self.state.lock().unwrap();
        state.logins[0].is_alive.then(|| state.logins[0].tokens.last().unwrap().clone())
    }

    /// Whether an exchange with this token would succeed.
    pub(super) fn takes(&self, token: &str) -> bool {
        let state = self.state.lock().unwrap();
        state.logins.iter().any(|login| login.is_alive && login.tokens.last().unwrap() == token)
    }

    pub(super) fn requests(&self) -> usize {
        self.state.lock().unwrap().requests
    }

    /// From now on: the token is exchanged, the receiver gets word, and the answer waits for the
    /// sender.
    pub(super) fn hold(&self) -> (Receiver<()>, Sender<()>) {
        let ((exchanged, wait), (go, gate)) = (channel(), channel());
        self.state.lock().unwrap().gate = Some((exchanged, gate));
        (wait, go)
    }

    /// What an exchange answers from now on; `NEW` stands for the new token.
    pub(super) fn answers(&self, body: &str) {
        self.state.lock().unwrap().answer = Some(body.to_owned());
    }
}

fn answer(mut stream: TcpStream, shared: &Mutex<State>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap();
        }
        if line.trim().is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let body = String::from_utf8(body).unwrap();
    let mut state = shared.lock().unwrap();
    state.requests += 1;
    let (status, body) = exchange(&mut state, &body);
    let gate = state.gate.take();
    drop(state);
    if let Some((exchanged, gate)) = gate {
        exchanged.send(()).unwrap();
        gate.recv().unwrap();
    }
    let head = format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\n\r\n", body.len());
    // Whoever asked may be gone.
    let _gone = stream.write_all(format!("{head}{body}").as_bytes());
}

fn exchange(state: &mut State, body: &str) -> (u16, String) {
    if !body.contains("refresh-token-") {
        return (200, "{\"usage\":1}".to_owned());
    }
    let sent = super::token(body);
    let found = state.logins.iter_mut().enumerate().find(|(_, login)| login.tokens.contains(&sent));
    match found {
        Some((number, login)) if login.is_alive && login.tokens.last() == Some(&sent) => {
            let new = format!("refresh-token-{number}-{}-abcdef", login.tokens.len());
            login.tokens.push(new.clone());
            let usual = "{\"access_token\":\"access\",\"refresh_token\":\"NEW\"}".to_owned();
            (200, state.answer.clone().unwrap_or(usual).replace("NEW", &new))
        }
        Some((_, login)) => {
            login.is_alive = false;
            (400, "{\"error\":\"refresh_token_reused\"}".to_owned())
        }
        None => (400, "{\"error\":\"invalid_grant\"}".to_owned()),
    }
}
