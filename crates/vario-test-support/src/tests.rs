use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;

use crate::fixtures::differences;
use crate::{Reply, Server, TempHome, filters};

fn ask(server: &Server, request: &str) -> String {
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn the_server_follows_its_script_and_remembers() {
    let replies =
        [Reply::with(201, &[("X-A", "b")], "made"), Reply::raw("HTTP/1.1 200 OK\r\n\r\ncut")];
    let server = Server::start(replies);
    let request = "POST /a?b HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc";
    let answer = ask(&server, request);
    assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
    assert!(answer.contains("\r\nX-A: b\r\n") && answer.ends_with("\r\n\r\nmade"), "{answer}");
    assert!(ask(&server, "GET / HTTP/1.1\r\n\r\n").ends_with("cut"));
    assert!(ask(&server, "GET / HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 599 "));
    let received = server.received();
    assert_eq!(received.len(), 3);
    assert_eq!((received[0].method.as_str(), received[0].target.as_str()), ("POST", "/a?b"));
    assert_eq!(received[0].header("HOST"), Some("x"));
    assert_eq!(received[0].body, b"abc");
}

#[test]
fn snapshots_do_not_depend_on_folders_and_times() {
    let mut text = "/tmp/x.1/a at 2026-01-31T10:00:00.123Z in 12 ms, \"durationMs\":7".to_owned();
    for (pattern, replacement) in filters(&[Path::new("/tmp/x.1")]) {
        text = regex::Regex::new(&pattern).unwrap().replace_all(&text, replacement).into_owned();
    }
    assert_eq!(text, "[TEMP]/a at [TIME] in [DURATION], \"durationMs\": \"[DURATION]\"");
}

#[test]
fn a_folder_is_compared_and_updated() {
    let home = TempHome::new();
    home.write("b.in", "b");
    home.write("a.in", "a");
    home.write("a.out", "A\r\n");
    let compare = |update| {
        let run = |_: &Path, text: &str| format!("{}\n", text.to_uppercase());
        differences(home.path(), "in", "out", update, run)
    };
    let found = compare(false);
    assert_eq!(found.len(), 1);
    assert!(found[0].contains("b.out") && found[0].ends_with("--- found\nB\n"), "{}", found[0]);
    assert!(compare(true).is_empty());
    assert!(compare(false).is_empty());
    assert_eq!(home.names(""), ["a.in", "a.out", "b.in", "b.out"]);
}

#[test]
fn the_environment_of_a_home_knows_nothing_else() {
    let home = TempHome::new();
    let lookup = home.lookup();
    assert_eq!(lookup("HOME").as_deref(), Some(home.path().as_os_str()));
    assert_eq!(lookup("PATH"), None);
    assert_eq!(home.names("missing"), Vec::<String>::new());
}
