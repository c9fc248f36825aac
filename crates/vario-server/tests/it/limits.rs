//! What a client may take, and that others do not feel it.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::atomic::Ordering;
use std::time::Duration;

use vario_server::{Config, Limits, Surface};

use crate::client::{ask, connect, exchange, get, read_all, read_answer, statuses};
use crate::site::{config, start, start_with};

const SHORT: Duration = Duration::from_millis(50);

fn with(limits: Limits) -> Config {
    Config { limits, ..config() }
}

#[test]
fn a_body_has_a_megabyte() {
    let (server, site) = start();
    let most = 1024 * 1024;
    let send = |length: usize| {
        ask(&server, Surface::Main, "POST", "/api/plain/echo").body(&vec![b'a'; length]).bytes()
    };
    assert_eq!(statuses(&exchange(&server, Surface::Main, &send(most))), [200]);
    // Said beforehand: refused before it is sent.
    let mut stream = connect(&server, Surface::Main);
    let line = ask(&server, Surface::Main, "POST", "/api/plain/echo");
    let line = line.header("Content-Length", &(most + 1).to_string());
    stream.write_all(&line.bytes()).unwrap();
    assert_eq!(read_answer(&mut stream, false).unwrap().error(), "body_too_large");
    // Not said beforehand.
    let mut stream = connect(&server, Surface::Main);
    let line = ask(&server, Surface::Main, "POST", "/api/plain/echo");
    stream.write_all(&line.header("Transfer-Encoding", "chunked").bytes()).unwrap();
    let chunk = [b"10000\r\n".as_slice(), &vec![b'a'; 0x10000], b"\r\n"].concat();
    for _ in 0..16 {
        stream.write_all(&chunk).unwrap();
    }
    stream.write_all(b"1\r\n").unwrap();
    stream.write_all(b"a").unwrap();
    assert_eq!(read_answer(&mut stream, false).unwrap().status, 413);
    assert_eq!(site.calls.load(Ordering::SeqCst), 1);
}

#[test]
fn a_slow_body_is_given_up() {
    let (server, site) = start_with(&with(Limits { body_time: SHORT, ..Limits::default() }));
    let line = ask(&server, Surface::Main, "POST", "/api/plain/echo");
    let mut stream = connect(&server, Surface::Main);
    stream.write_all(&line.header("Content-Length", "10").bytes()).unwrap();
    stream.write_all(b"abc").unwrap();
    assert_eq!(read_answer(&mut stream, false).unwrap().error(), "body_too_slow");
    assert!(read_all(&mut stream).is_empty());
    assert_eq!(site.calls.load(Ordering::SeqCst), 0);
}

#[test]
fn a_slow_head_and_an_idle_connection_are_given_up() {
    let (server, _site) = start_with(&with(Limits { head_time: SHORT, ..Limits::default() }));
    for start in ["", "GET /v1/us", "GET /v1/usage HTTP/1.1\r\nHost: "] {
        let mut stream = connect(&server, Surface::Main);
        stream.write_all(start.as_bytes()).unwrap();
        let answer = read_all(&mut stream);
        assert!(statuses(&answer).iter().all(|status| *status == 408), "{start}: {answer:?}");
    }
    // The same between two requests; the first of them must arrive in time.
    let head_time = Duration::from_secs(1);
    let (server, _site) = start_with(&with(Limits { head_time, ..Limits::default() }));
    let mut stream = connect(&server, Surface::Main);
    let port = server.port(Surface::Main).unwrap();
    write!(stream, "GET /v1/usage HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n").unwrap();
    assert_eq!(read_answer(&mut stream, false).unwrap().status, 200);
    assert!(read_all(&mut stream).len() < 1000);
}

#[test]
fn a_plugin_that_never_answers_is_given_up() {
    let limits = Limits { answer_time: SHORT, ..Limits::default() };
    let (server, _site) = start_with(&with(limits));
    let answer = get(&server, "/api/plain/never").send();
    assert_eq!((answer.status, answer.error().as_str()), (504, "the plugin does not answer"));
}

#[test]
fn a_client_that_takes_nothing_is_given_up() {
    let limits = Limits { write_time: SHORT, connections: 1, ..Limits::default() };
    let (server, site) = start_with(&with(limits));
    let large = site.file("sound.wav");
    std::fs::File::options().write(true).open(large).unwrap().set_len(1 << 30).unwrap();
    let greedy = connect(&server, Surface::Main);
    (&greedy).write_all(&get(&server, "/api/plain/sound").bytes()).unwrap();
    // Its answer has begun.
    (&greedy).read_exact(&mut [0; 1]).unwrap();
    // While it is sent there is no room; afterwards there is, though the client still holds on.
    while {
        let mut other = connect(&server, Surface::Main);
        let _sent = other.write_all(&get(&server, "/v1/usage/claude").bytes());
        read_answer(&mut other, false).is_none_or(|answer| answer.status != 200)
    } {}
    drop(greedy);
}

#[test]
fn hundreds_of_slow_clients_do_not_hold_anybody_up() {
    let limits = Limits { connections: 64, ..Limits::default() };
    let (server, _site) = start_with(&with(limits));
    let starts: &[&[u8]] = &[
        b"",
        b"G",
        b"GET /v1/usage HTTP/1.1\r\nHost: localhost\r\nx: ",
        b"POST /api/plain/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nabc",
    ];
    let mut slow: Vec<TcpStream> = Vec::new();
    for number in 0..400 {
        let surface = if number % 2 == 0 { Surface::Main } else { Surface::Smartcars };
        let mut stream = connect(&server, surface);
        // Those that had to give way cannot be written to.
        let _sent = stream.write_all(starts[number % starts.len()]);
        slow.push(stream);
        if number % 8 == 0 {
            assert_eq!(get(&server, "/v1/usage/claude").status(), 200, "with {number}");
        }
    }
    for _ in 0..50 {
        assert_eq!(get(&server, "/api/plain/echo").status(), 200);
    }
}

#[test]
fn when_everybody_is_at_work_one_more_is_told_so() {
    let limits = Limits { connections: 4, per_plugin: 10, ..Limits::default() };
    let (server, site) = start_with(&with(limits));
    let mut waiting: Vec<TcpStream> = Vec::new();
    for count in 1..=4 {
        let mut stream = connect(&server, Surface::Main);
        stream.write_all(&get(&server, "/api/plain/never").bytes()).unwrap();
        waiting.push(stream);
        site.wait_held(count);
    }
    // Nothing is sent, so that the answer is not lost to a reset.
    let mut more = connect(&server, Surface::Main);
    let answer = read_answer(&mut more, false).unwrap();
    assert_eq!((answer.status, answer.error().as_str()), (503, "server_busy"));
    site.let_go();
    for stream in &mut waiting {
        assert_eq!(read_answer(stream, false).unwrap().status, 200);
    }
}

#[test]
fn one_plugin_does_not_use_up_the_server() {
    let limits = Limits { per_plugin: 3, ..Limits::default() };
    let (server, site) = start_with(&with(limits));
    let mut waiting: Vec<TcpStream> = Vec::new();
    for count in 1..=3 {
        let mut stream = connect(&server, Surface::Main);
        stream.write_all(&get(&server, "/api/plain/never").bytes()).unwrap();
        waiting.push(stream);
        site.wait_held(count);
    }
    assert_eq!(get(&server, "/api/plain/echo").send().error(), "server_busy");
    assert_eq!(get(&server, "/api/com.example.map/echo").status(), 200);
    assert_eq!(get(&server, "/v1/usage").status(), 200);
    site.let_go();
    for stream in &mut waiting {
        assert_eq!(read_answer(stream, false).unwrap().status, 200);
    }
    assert_eq!(get(&server, "/api/plain/echo").status(), 200);
}
