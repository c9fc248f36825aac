use std::fs::File;
use std::io::Write as _;

use super::{Block, Blocks, LONGEST_LINE, open};

/// The parts of a file: `L` with its lines, `T` for a tail, `X` for a line that is too long.
fn parts(bytes: &[u8], from: u64) -> (String, u64) {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    let mut file_again = file.try_clone().unwrap();
    std::io::Seek::rewind(&mut file_again).unwrap();
    let mut found = Vec::new();
    let reached = Blocks::default().read(&mut file_again, from, |block| match block {
        Block::Lines(lines) => {
            found.push(format!("L{}", String::from_utf8_lossy(lines).trim_end()));
        }
        Block::Tail(tail) => found.push(format!("T{}", String::from_utf8_lossy(tail))),
        Block::TooLong => found.push("X".to_owned()),
    });
    (found.join(";"), reached.unwrap().offset)
}

#[test]
fn whole_lines_come_before_the_unfinished_one() {
    assert_eq!(parts(b"", 0), (String::new(), 0));
    assert_eq!(parts(b"a\nb\n", 0), ("La\nb".to_owned(), 4));
    assert_eq!(parts(b"a\nb", 0), ("La;Tb".to_owned(), 2));
    assert_eq!(parts(b"a\nb\n", 2), ("Lb".to_owned(), 4));
}

#[test]
fn a_line_of_200_megabytes_takes_no_such_memory() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("huge.jsonl");
    let mut file = File::create(&path).unwrap();
    file.write_all(b"before\n").unwrap();
    // A file with a hole in it: long, but it takes no space.
    file.set_len(200 << 20).unwrap();
    std::io::Seek::seek(&mut file, std::io::SeekFrom::End(0)).unwrap();
    file.write_all(b"\nafter\n").unwrap();
    let mut blocks = Blocks::default();
    let mut largest = 0;
    let mut found = Vec::new();
    let (mut file, _) = open(&path, super::Reached::default()).unwrap();
    let reached = blocks.read(&mut file, 0, |block| match block {
        Block::Lines(lines) => {
            largest = largest.max(lines.len());
            found.push(String::from_utf8_lossy(lines).into_owned());
        }
        Block::TooLong => found.push("too long".to_owned()),
        Block::Tail(_) => found.push("tail".to_owned()),
    });
    assert_eq!(found, ["before\n", "too long", "after\n"]);
    assert!(largest <= LONGEST_LINE);
    assert!(blocks.buffer.capacity() <= 4 << 20);
    assert_eq!(reached.unwrap().offset, (200 << 20) + 7);
}

#[test]
fn a_changed_beginning_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.jsonl");
    std::fs::write(&path, "one\ntwo\n").unwrap();
    let (mut file, same) = open(&path, super::Reached::default()).unwrap();
    assert!(!same);
    let reached = Blocks::default().read(&mut file, 0, |_| {}).unwrap();
    std::fs::write(&path, "one\ntwo\nthree\n").unwrap();
    assert!(open(&path, reached).unwrap().1);
    std::fs::write(&path, "one\nTWO\nthree\n").unwrap();
    assert!(!open(&path, reached).unwrap().1);
    std::fs::write(&path, "one\n").unwrap();
    assert!(!open(&path, reached).unwrap().1);
}
