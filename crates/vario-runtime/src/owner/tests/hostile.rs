//! What comes over the socket without being asked for.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};

use vario_store::StateLock;

use super::rig::{FAR, Rig, ask, finished};
use crate::owner::answering::{MAX_PEERS, MAX_REQUEST};
use crate::owner::{Client, NoOwner, PROTOCOL, Watch};

/// A connection that says what a test wants it to.
pub(super) struct Raw {
    stream: UnixStream,
    reader: BufReader<UnixStream>,
}

impl Raw {
    /// Writes a line; the other side may be gone.
    pub(super) fn say(&mut self, line: &str) {
        let _gone = self.stream.write_all(line.as_bytes());
        let _gone = self.stream.write_all(b"\n");
    }

    /// Reads until a line has this word.
    #[track_caller]
    pub(super) fn until(&mut self, word: &str) {
        while !self.line().expect("the owner lives").contains(word) {}
    }

    /// Reads one; nothing at the end.
    pub(super) fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        let count = self.reader.read_line(&mut line).unwrap_or(0);
        (count > 0).then_some(line)
    }
}

fn connect(rig: &Rig) -> Raw {
    let path = rig.plugins.context.app.paths.state_dir().join("owner/socket");
    let stream = UnixStream::connect(path).expect("an owner listens");
    stream.set_read_timeout(Some(FAR)).expect("a socket");
    let reader = BufReader::new(stream.try_clone().expect("a socket"));
    Raw { stream, reader }
}

/// One that has said hello.
pub(super) fn raw(rig: &Rig, protocol: u32) -> Raw {
    let mut raw = connect(rig);
    raw.say(&format!(r#"{{"protocol":{protocol},"version":"9.9.9","scope":"here","new":true}}"#));
    let answer = raw.line().expect("an answer");
    assert_eq!(answer.contains(r#""hello""#), protocol == PROTOCOL, "{answer}");
    raw
}

#[test]
fn another_version_is_refused_in_words() {
    let rig = Rig::new(&["a"]);
    let _owner = rig.owner();
    let mut later = connect(&rig);
    later.say(r#"{"protocol":99,"version":"9.9.9"}"#);
    let answer = later.line().expect("an answer");
    let own = format!("vario 1.2.3 (protocol {PROTOCOL})");
    for part in ["refused", &own, "vario 9.9.9 (protocol 99)"] {
        assert!(answer.contains(part), "{answer}");
    }
    assert_eq!(later.line(), None, "and that is all");
}

/// And the other way round: the owner is of a later version, or is none of ours at all.
#[test]
fn an_owner_that_speaks_otherwise_is_refused() {
    let cases: &[(&str, &str)] = &[
        (r#"{"reply":"hello","protocol":9,"version":"3\u001b[0m","sameScope":true}"#, "protocol 9"),
        (r#"{"reply":"refused","text":"go\naway"}"#, "goaway"),
        (r#"{"reply":"alive"}"#, ""),
        ("garbage", ""),
        ("", ""),
    ];
    for (answer, words) in cases {
        let rig = Rig::new(&[]);
        let paths = &rig.plugins.context.app.paths;
        let mut lock = StateLock::try_acquire(paths).expect("a lock").expect("free");
        let path = lock.socket_path(100).expect("a path");
        let listener = UnixListener::bind(&path).expect("a socket");
        lock.publish(&serde_json::json!({ "socket": path }).to_string()).expect("published");
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let (mut stream, _) = listener.accept().expect("a client");
                let _hello = BufReader::new(&stream).read_line(&mut String::new());
                stream.write_all(format!("{answer}\n").as_bytes()).expect("it listens");
            });
            let error = Client::connect(paths, &rig.identity()).map(|_| ()).unwrap_err();
            match error {
                NoOwner::Refused(text) => {
                    assert!(!words.is_empty() && text.contains(words), "{text}");
                    assert!(!text.contains(char::is_control), "{text:?}");
                }
                error => assert_eq!((error, *words), (NoOwner::Silent, ""), "{answer}"),
            }
        });
    }
}

#[test]
fn garbage_costs_its_sender_the_connection_and_nobody_else_anything() {
    let rig = Rig::new(&["a"]);
    let _owner = rig.owner();
    let long = "x".repeat(MAX_REQUEST + 1);
    let deep = "[".repeat(60_000);
    let cases =
        ["", "{}", "null", "\u{0}\u{1}", "{\"protocol\":-1}", "GET / HTTP/1.1", &long, &deep];
    for garbage in cases {
        let mut raw = connect(&rig);
        raw.say(garbage);
        while raw.line().is_some() {}
        let mut raw = super::hostile::raw(&rig, PROTOCOL);
        raw.say(garbage);
        assert_eq!(raw.line(), None, "{}", &garbage[..garbage.len().min(20)]);
    }
    // A part of a line, and then nothing.
    let raw = connect(&rig);
    (&raw.stream).write_all(br#"{"protocol":3"#).expect("it listens");
    raw.stream.shutdown(Shutdown::Write).expect("open");
    assert_eq!((&raw.stream).read(&mut [0; 8]).unwrap_or(0), 0);
    let asked = rig.client().run(&ask(&["a"]), &vario_host::Cancel::new(), &mut |_| {});
    assert!(asked.is_whole);
    assert_eq!(rig.calls(), 1);
}

#[test]
fn too_many_are_refused_and_there_is_room_again_when_they_go() {
    let rig = Rig::new(&["a"]);
    let owner = rig.owner();
    let mut all: Vec<Raw> = (0..MAX_PEERS).map(|_| raw(&rig, PROTOCOL)).collect();
    let refused = Client::connect(&rig.plugins.context.app.paths, &rig.identity()).map(|_| ());
    assert!(matches!(refused, Err(NoOwner::Refused(text)) if text.contains("too many")));
    // The owner itself is as well as ever.
    super::rig::until_done(&owner.run(&ask(&["a"])));
    let last = all.pop().expect("many");
    last.stream.shutdown(Shutdown::Both).expect("open");
    let mut tries = 0;
    while Client::connect(&rig.plugins.context.app.paths, &rig.identity()).is_err() {
        tries += 1;
        assert!(tries < 100_000, "its place is not given to others");
        std::thread::yield_now();
    }
}

#[test]
fn more_requests_than_any_front_has_end_the_connection() {
    let rig = Rig::new(&["a"]);
    let _owner = rig.owner();
    rig.hold();
    let mut raw = raw(&rig, PROTOCOL);
    for number in 0..100 {
        raw.say(&format!(
            r#"{{"request":"run","number":{number},"ids":["a"],"trigger":"manual","maxAgeMs":null,"heedCooldown":false}}"#
        ));
    }
    while raw.line().is_some() {}
    rig.go_on.send(()).expect("it waits");
    assert!(rig.client().status().is_ok());
}

/// It is dropped when too much waits for it, and the one who reads hears everything.
#[test]
fn a_follower_that_does_not_read_is_dropped() {
    let rig = Rig::new(&[]);
    let big = "'x'.repeat(10000)";
    rig.plugins.js("a", &format!("ctx.host.fs.exists('x'); return {{ lines: Array.from({{length: 40}}, () => ctx.line.text({{ label: 'a', value: {big} }})) }}"));
    rig.front.reload(&rig);
    let owner = rig.owner();
    let mut lazy = raw(&rig, PROTOCOL);
    lazy.say(r#"{"request":"follow","watch":"nothing"}"#);
    assert!(lazy.line().expect("an answer").contains("following"));
    let mut reads = rig.follower(&Watch::Nothing);
    assert_eq!(owner.status().followers, 2);
    let mut rounds = 0;
    while owner.status().followers == 2 {
        super::rig::until_done(&owner.run(&ask(&["a"])));
        finished(&mut reads, "a");
        rounds += 1;
        assert!(rounds < 500, "it costs the owner more and more");
    }
    assert_eq!(owner.status().followers, 1);
    super::rig::until_done(&owner.run(&ask(&["a"])));
    finished(&mut reads, "a");
}
