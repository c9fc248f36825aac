//! Forged owners, and askers that talk nonsense.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;

use super::meter::Meter;
use super::watcher::Watcher;
use super::{start, value};
use crate::rig::Rig;

fn folder(rig: &Rig) -> PathBuf {
    rig.home.path().join("state/vario/owner")
}

/// Holds the lock, listens, and answers every hello with the same words.
fn forged(rig: &Rig, answer: &'static str) -> File {
    let folder = folder(rig);
    std::fs::create_dir_all(&folder).expect("a folder");
    let lock = File::create(folder.join("lock")).expect("a file");
    lock.lock().expect("nobody has it");
    let socket = folder.join("socket");
    let listener = UnixListener::bind(&socket).expect("a socket");
    let address = serde_json::json!({ "socket": socket, "pid": 1 });
    std::fs::write(folder.join("address"), address.to_string()).expect("a file");
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let _hello = BufReader::new(&stream).read_line(&mut String::new());
            let _gone = stream.write_all(answer.as_bytes());
        }
    });
    lock
}

const LATER: &str =
    "{\"reply\":\"hello\",\"protocol\":9,\"version\":\"9.0.0\",\"sameScope\":true}\n";

#[test]
fn an_owner_of_another_version_is_left_alone() {
    let (rig, meter) = start();
    let _lock = forged(&rig, LATER);
    let ran = rig.run(&["probe", "--json"]).exits(0);
    assert_eq!(value(&ran.json()[0]), "1");
    assert!(ran.stderr.contains("the running vario 9.0.0 (protocol 9)"), "{ran}");
    assert!(ran.stderr.contains("do not understand each other"), "{ran}");
    let mut watcher = Watcher::start(&rig, &[]);
    assert_eq!(value(&watcher.next()), "2", "it runs by itself");
    watcher.errors_until("do not understand each other");
    assert_eq!(watcher.interrupt(), Some(0));
    assert_eq!(meter.most_at_once(), 1);
}

#[test]
fn an_owner_that_talks_nonsense_is_left_alone() {
    for answer in ["nonsense\n", "", "{}\n", "{\"reply\":\"alive\"}\n"] {
        let (rig, _meter) = start();
        let _lock = forged(&rig, answer);
        let ran = rig.run(&["probe", "--json"]).exits(0);
        assert_eq!(value(&ran.json()[0]), "1", "{answer}");
        assert!(ran.stderr.contains("going on without it"), "{answer}: {ran}");
    }
}

/// An address is no more than a text that anyone may have written.
#[test]
fn an_address_that_leads_nowhere() {
    for address in ["", "{", "{\"socket\":\"/nowhere/at/all\"}", "{\"socket\":\"\"}", "\u{0}"] {
        let (rig, _meter) = start();
        rig.home.write("state/vario/owner/address", address);
        let ran = rig.run(&["probe", "--json"]).exits(0);
        assert_eq!(value(&ran.json()[0]), "1", "{address}");
    }
}

#[test]
fn a_flood_of_garbage_keeps_nobody_from_asking() {
    let (rig, meter): (Rig, Meter) = start();
    let mut watcher = Watcher::start(&rig, &[]);
    watcher.next();
    let socket = folder(&rig).join("socket");
    let long = vec![0xff; 100_000];
    let words: [&[u8]; 4] = [b"\n", b"garbage\n", &long, b"{\"protocol\":77}\n"];
    for number in 0..400 {
        let mut stream = UnixStream::connect(&socket).expect("the owner listens");
        let _refused = stream.write_all(words[number % words.len()]);
        if number % 8 == 0 {
            // Some wait for an answer.
            let _end = stream.read_to_end(&mut Vec::new());
        }
    }
    let ran = rig.run(&["probe", "--json"]).exits(0);
    assert_eq!((value(&ran.json()[0]), ran.stderr.as_str()), ("2", ""));
    assert_eq!(watcher.next(), ran.json()[0]);
    assert_eq!(meter.most_at_once(), 1);
}
