use std::fs;
use std::time::Instant;

use vario_host::HostError;
use vario_value::Value;

use super::support::{World, texts};

#[test]
fn paths_expand_the_home_and_nothing_else() {
    let world = World::new();
    fs::write(world.path("a"), "x").unwrap();
    let absolute = world.path("a").display().to_string();
    let cases = [
        ("~", true),
        ("~/", true),
        ("~/a", true),
        ("~//a", true),
        ("~/none", false),
        ("~root", false),
        ("$HOME", false),
        ("~a", false),
        (" ~", false),
        ("", false),
        ("a\0b", false),
        (absolute.as_str(), true),
    ];
    for (path, expected) in cases {
        let found = world.call("fs.exists", &texts(&[path]));
        assert_eq!(found, Ok(Value::Bool(expected)), "of {path:?}");
    }
}

#[test]
fn without_a_home_a_tilde_is_a_name() {
    let mut world = World::new();
    world.config.home = None;
    assert_eq!(world.call("fs.exists", &texts(&["~"])), Ok(Value::Bool(false)));
}

#[test]
fn texts_are_read_as_they_are() {
    let world = World::new();
    for text in ["", "plain\r\n", "\u{feff}with a mark", "ä\0b"] {
        fs::write(world.path("f"), text).unwrap();
        assert_eq!(world.call("fs.readText", &texts(&["~/f"])), Ok(Value::from(text)));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn failures_are_the_systems_words() {
    let world = World::new();
    fs::create_dir(world.path("folder")).unwrap();
    fs::write(world.path("bytes"), [0xff, 0xfe]).unwrap();
    fs::write(world.path("file"), "x").unwrap();
    std::os::unix::fs::symlink("nowhere", world.path("dangling")).unwrap();
    std::os::unix::fs::symlink("loop", world.path("loop")).unwrap();
    let none = "No such file or directory (os error 2)";
    let cases = [
        ("fs.readText", "~/none", none),
        ("fs.readText", "~/dangling", none),
        ("fs.readText", "~/folder", "Is a directory (os error 21)"),
        ("fs.readText", "~/bytes", "stream did not contain valid UTF-8"),
        ("fs.readText", "~/file/below", "Not a directory (os error 20)"),
        ("fs.readText", "~/loop", "Too many levels of symbolic links (os error 40)"),
        ("fs.readText", "/dev/zero", "not a regular file"),
        ("fs.writeText", "~/none/f", none),
        ("fs.writeText", "~/folder", "Is a directory (os error 21)"),
        ("fs.writeText", "/dev/null", "not a regular file"),
        ("fs.listDir", "~/none", none),
        ("fs.listDir", "~/file", "Not a directory (os error 20)"),
    ];
    for (name, path, message) in cases {
        assert_eq!(world.failure(name, &texts(&[path, "text"])), message, "{name} of {path}");
    }
    assert!(!world.path("none").exists(), "parents are not created");
}

#[test]
fn writing_creates_and_truncates() {
    let world = World::new();
    for text in ["long text", "short", ""] {
        let args = texts(&["~/f", text]);
        assert_eq!(world.call("fs.writeText", &args), Ok(Value::Absent));
        assert_eq!(fs::read_to_string(world.path("f")).unwrap(), text);
    }
}

#[test]
fn listings_are_sorted_by_byte() {
    let world = World::new();
    for name in ["b", ".hidden", "ä", "B", "a10", "a2"] {
        fs::write(world.path(name), "").unwrap();
    }
    let expected = Value::List(texts(&[".hidden", "B", "a10", "a2", "b", "ä"]));
    assert_eq!(world.call("fs.listDir", &texts(&["~"])), Ok(expected));
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_not_text_are_shown_lossily() {
    use std::os::unix::ffi::OsStrExt as _;
    let world = World::new();
    fs::write(world.home.path().join(std::ffi::OsStr::from_bytes(b"x\xff")), "").unwrap();
    assert_eq!(world.call("fs.listDir", &texts(&["~"])), Ok(Value::List(texts(&["x\u{fffd}"]))));
}

#[cfg(unix)]
#[test]
fn a_pipe_is_not_waited_for() {
    let world = World::new();
    let status = std::process::Command::new("mkfifo").arg(world.path("pipe")).status().unwrap();
    assert!(status.success());
    for name in ["fs.readText", "fs.writeText"] {
        assert_eq!(world.failure(name, &texts(&["~/pipe", "x"])), "not a regular file");
    }
    assert_eq!(world.call("fs.exists", &texts(&["~/pipe"])), Ok(Value::Bool(true)));
}

#[test]
fn huge_files_are_refused() {
    let world = World::new();
    // A file with a hole takes no room on the disk.
    fs::File::create(world.path("huge")).unwrap().set_len(1 << 40).unwrap();
    let message = "file is larger than 33554432 bytes";
    assert_eq!(world.failure("fs.readText", &texts(&["~/huge"])), message);
}

#[test]
fn after_the_deadline_or_a_cancellation_nothing_is_done() {
    let mut world = World::new();
    world.scope.deadline = Instant::now();
    for name in ["fs.exists", "fs.writeText", "env.get", "http.request", "system.info"] {
        let args = texts(&["~/f", "x"]);
        assert_eq!(world.failure(name, &args), "probe timed out", "of {name}");
    }
    let world = World::new();
    world.scope.cancel.cancel();
    let halted = Err(HostError::Halted("probe cancelled".to_owned()));
    assert_eq!(world.call("fs.writeText", &texts(&["~/f", "x"])), halted);
    assert!(!world.path("f").exists());
}
