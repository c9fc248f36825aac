use std::io::{Read, Write, pipe};
use std::time::{Duration, Instant};

use super::Moved;
use super::threads::Pipe;
use crate::frames::{CHUNK, Frames};

fn soon() -> Instant {
    Instant::now() + Duration::from_millis(5)
}

fn later() -> Instant {
    Instant::now() + Duration::from_mins(1)
}

#[test]
fn threads_carry_bytes_and_notice_the_end() {
    let (mut theirs, to) = pipe().unwrap();
    let (from, mut out) = pipe().unwrap();
    let mut ours = Pipe::new(to, from).unwrap();
    let mut frames = Frames::default();

    assert_eq!(ours.read(&mut frames, soon()), Moved::Late);
    out.write_all(&[2, 0, 0, 0, 7, 9]).unwrap();
    assert_eq!(ours.read(&mut frames, later()), Moved::Bytes(6));
    assert_eq!(frames.next(|_| 10), Ok(Some((7, [9].as_slice()))));
    drop(out);
    assert_eq!(ours.read(&mut frames, later()), Moved::Gone);

    assert_eq!(ours.write(b"hello", later()), Moved::Bytes(5));
    let mut got = [0; 5];
    theirs.read_exact(&mut got).unwrap();
    assert_eq!(&got, b"hello");
}

#[test]
fn threads_do_not_wait_for_one_who_does_not_read() {
    let (theirs, to) = pipe().unwrap();
    let (from, _out) = pipe().unwrap();
    let mut ours = Pipe::new(to, from).unwrap();
    let big = vec![0; 64 * CHUNK];
    let stuck = (0..64).find(|_| ours.write(&big, soon()) == Moved::Late);
    assert!(stuck.is_some(), "a pipe has an end");
    drop(theirs);
    let gone = (0..64).find(|_| ours.write(&big, later()) == Moved::Gone);
    assert!(gone.is_some(), "and breaks when nobody is there");
}
