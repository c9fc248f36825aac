//! Rights to files, with real links, and the plugin's own folder.

use std::fs;
use std::path::Path;

use vario_host::HostError;
use vario_value::Value;

use super::support::{World, texts};

/// A home with `in`, which may be read and written, and `out`, which may not.
#[cfg(unix)]
fn split() -> World {
    let world = World::new();
    for folder in ["in/folder", "out/folder"] {
        fs::create_dir_all(world.path(folder)).unwrap();
        fs::write(world.path(folder).join("inner"), folder).unwrap();
    }
    fs::write(world.path("in/file"), "granted").unwrap();
    fs::write(world.path("out/file"), "secret").unwrap();
    for (name, target) in [
        ("in/link", "file"),
        ("in/secret", "../out/file"),
        ("in/other", "../out"),
        ("in/new", "../out/new"),
        ("in/new.db", "../out/new.db"),
    ] {
        std::os::unix::fs::symlink(target, world.path(name)).unwrap();
    }
    world.rights(&["read:~/in/**", "write:~/in/**"], &[])
}

#[cfg(unix)]
#[test]
fn a_link_does_not_lead_out_of_a_grant() {
    let world = split();
    let sql = "CREATE TABLE t(a)";
    let cases: [(&str, &[&str], &str); 15] = [
        ("fs.readText", &["~/in/secret"], "read:~/out/file"),
        ("fs.readText", &["~/in/other/file"], "read:~/out/file"),
        ("fs.readText", &["~/in/../out/file"], "read:~/out/file"),
        ("fs.readText", &["~/in/folder/../../out/file"], "read:~/out/file"),
        ("fs.readText", &["~/in/other/none"], "read:~/out/none"),
        ("fs.readText", &["~/in/other/../file"], ""),
        ("fs.listDir", &["~/in/other"], "read:~/out"),
        ("fs.listDir", &["~/in/other/folder"], "read:~/out/folder"),
        ("fs.listDir", &["~"], "read:~"),
        ("fs.writeText", &["~/in/secret", "x"], "write:~/out/file"),
        ("fs.writeText", &["~/in/new", "x"], "write:~/out/new"),
        ("fs.writeText", &["~/in/other/new", "x"], "write:~/out/new"),
        ("sqlite.query", &["~/in/other/file", "SELECT 1"], "read:~/out/file"),
        ("sqlite.exec", &["~/in/new.db", sql], "read:~/out/new.db"),
        ("sqlite.exec", &["~/in/other/a.db", sql], "read:~/out/a.db"),
    ];
    for (name, args, need) in cases {
        let answer = world.call(name, &texts(args));
        if need.is_empty() {
            // `..` takes back the link's own name.
            assert_eq!(answer, Ok(Value::from("granted")), "{name} {args:?}");
            continue;
        }
        let message = format!("permission denied: not granted ({need})");
        assert_eq!(answer, Err(HostError::Failed(message)), "{name} {args:?}");
    }
    for path in ["~/in/secret", "~/in/other", "~/in/other/file", "~/in/new"] {
        assert_eq!(world.call("fs.exists", &texts(&[path])), Ok(Value::Bool(false)), "{path}");
    }
    assert_eq!(fs::read_to_string(world.path("out/file")).unwrap(), "secret");
    assert_eq!(fs::read_dir(world.path("out")).unwrap().count(), 2, "something was created");
}

#[cfg(unix)]
#[test]
fn inside_a_grant_links_work() {
    let world = split();
    for path in ["~/in/file", "~/in/link", "~/in/./folder/../link"] {
        let read = world.call("fs.readText", &texts(&[path]));
        assert_eq!(read, Ok(Value::from("granted")), "{path}");
    }
    world.call("fs.writeText", &texts(&["~/in/link", "written"])).unwrap();
    assert!(world.path("in/link").is_symlink(), "the link stays");
    assert_eq!(fs::read_to_string(world.path("in/file")).unwrap(), "written");
    // A database behind a link has its journal beside the real file.
    std::os::unix::fs::symlink("folder/real.db", world.path("in/a.db")).unwrap();
    let sql = "CREATE TABLE t(a); INSERT INTO t VALUES (5)";
    world.call("sqlite.exec", &texts(&["~/in/a.db", sql])).unwrap();
    assert!(world.path("in/folder/real.db").is_file());
    let rows = world.call("sqlite.query", &texts(&["~/in/a.db", "SELECT a FROM t"]));
    assert_eq!(rows, Ok(Value::from("[{\"a\":5}]\n")));
}

#[cfg(unix)]
#[test]
fn with_every_right_a_path_is_the_systems() {
    let mut world = split();
    world.scope.rights = std::sync::Arc::new(vario_permissions::Rights::all(world.bases()));
    let read = |path: &str| world.call("fs.readText", &texts(&[path]));
    assert_eq!(read("~/in/secret"), Ok(Value::from("secret")));
    // The parent of what the link leads to, not of the link.
    assert_eq!(read("~/in/other/../out/file"), Ok(Value::from("secret")));
    let message = world.failure("fs.readText", &texts(&["~/in/file/../file"]));
    assert_eq!(message, std::io::Error::from_raw_os_error(20).to_string());
    world.call("fs.writeText", &texts(&["~/in/new", "made"])).unwrap();
    assert_eq!(fs::read_to_string(world.path("out/new")).unwrap(), "made");
    assert!(world.witness.take().iter().all(|call| call.needs.is_empty()));
}

#[cfg(unix)]
#[test]
fn a_home_behind_links_is_still_the_home() {
    let mut world = World::new();
    fs::create_dir_all(world.path("disk/alice/.tool")).unwrap();
    fs::create_dir_all(world.path("disk/alice/data")).unwrap();
    fs::write(world.path("disk/alice/.tool/f"), "x").unwrap();
    // Two steps, the first of which is in no grant.
    std::os::unix::fs::symlink("step", world.path("home")).unwrap();
    std::os::unix::fs::symlink("disk/alice", world.path("step")).unwrap();
    world.config.home = Some(world.path("home"));
    world.scope.plugin_data_dir = world.path("home/data");
    world.set_rights(&["read:~/.tool/**"], &[]);
    assert_eq!(world.call("fs.readText", &texts(&["~/.tool/f"])), Ok(Value::from("x")));
    let own = world.path("home/data/f").to_str().unwrap().to_owned();
    world.call("fs.writeText", &texts(&[&own, "mine"])).unwrap();
    assert_eq!(world.call("fs.readText", &texts(&[&own])), Ok(Value::from("mine")));
    // The real path is the same place.
    let real = world.path("disk/alice/.tool/f").canonicalize().unwrap();
    let found = world.call("fs.readText", &texts(&[real.to_str().unwrap()]));
    assert_eq!(found, Ok(Value::from("x")));
    let message = world.failure("fs.readText", &texts(&["~/.other/f"]));
    assert_eq!(message, "permission denied: not granted (read:~/.other/f)");
}

#[cfg(unix)]
#[test]
fn denials_hold_behind_links_and_in_other_letters() {
    let mut world = split();
    world.set_rights(&["read:~/**"], &["read:~/out/**"]);
    for path in ["~/out/file", "~/in/secret", "~/in/other/file", "~/OUT/file", "~/in/../Out/file"] {
        let message = world.failure("fs.readText", &texts(&[path]));
        assert!(message.starts_with("permission denied: denied ("), "{path}: {message}");
    }
    assert_eq!(world.call("fs.readText", &texts(&["~/in/link"])), Ok(Value::from("granted")));
}

#[cfg(unix)]
#[test]
fn special_files_are_refused_although_granted() {
    let world = split();
    let fifo = world.path("in/pipe");
    assert!(std::process::Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    for name in ["fs.readText", "fs.writeText"] {
        let message = world.failure(name, &texts(&["~/in/pipe", "x"]));
        assert_eq!(message, "not a regular file", "{name}");
    }
    for name in ["sqlite.query", "sqlite.exec"] {
        let message = world.failure(name, &texts(&["~/in/pipe", "SELECT 1"]));
        assert!(message.starts_with("sqlite3 error: "), "{name}: {message}");
    }
    let world = World::new().rights(&["read:/dev/zero", "read:/proc/**"], &[]);
    assert_eq!(world.failure("fs.readText", &texts(&["/dev/zero"])), "not a regular file");
    if cfg!(target_os = "linux") {
        // The kernel's links are names like others: what they lead to is not granted.
        let message = world.failure("fs.readText", &texts(&["/proc/self/root/etc/hostname"]));
        assert!(message.starts_with("permission denied: "), "{message}");
    }
}

#[cfg(unix)]
#[test]
fn databases_that_cannot_be_reached_fail_as_the_program_does() {
    let world = split();
    let query = |path: &str, sql: &str| world.failure("sqlite.query", &texts(&[path, sql]));
    let message = query("~/in/none/a.db", "SELECT 1");
    let path = world.path("in/none/a.db");
    let words = format!(
        "Error: unable to open database \"{}\": unable to open database file",
        path.display()
    );
    assert_eq!(message, format!("sqlite3 error: {words} (fallback: {words})"));
    let message = query("~/in/none/a.db", ".tables");
    assert_eq!(message, "sqlite3 dot-commands are not allowed");
    let message = world.failure("sqlite.exec", &texts(&["~/in/none/a.db", "SELECT 1"]));
    assert_eq!(message, format!("sqlite3 error: {words}"));
}

fn own(world: &World, name: &str) -> String {
    world.scope.plugin_data_dir.join(name).to_str().unwrap().to_owned()
}

#[test]
fn the_plugins_own_folder_is_always_its_own() {
    let mut world = World::new();
    fs::create_dir(&world.scope.plugin_data_dir).unwrap();
    world.set_rights(&[], &[]);
    let file = own(&world, "state.json");
    world.call("fs.writeText", &texts(&[&file, "{}"])).unwrap();
    assert_eq!(world.call("fs.readText", &texts(&[&file])), Ok(Value::from("{}")));
    let data = own(&world, "");
    assert_eq!(world.call("fs.listDir", &texts(&[&data])), Ok(Value::List(texts(&["state.json"]))));
    let db = own(&world, "a.db");
    world.call("sqlite.exec", &texts(&[&db, "CREATE TABLE t(a)"])).unwrap();
    assert_eq!(world.call("sqlite.query", &texts(&[&db, "SELECT * FROM t"])), Ok(Value::from("")));
    for outside in ["../f", "../data2/f", "../data/../f"] {
        let path = format!("{}/{outside}", world.scope.plugin_data_dir.display());
        let message = world.failure("fs.writeText", &texts(&[&path, "x"]));
        assert!(message.starts_with("permission denied: "), "{outside}: {message}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = Path::new(&file).metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "nobody else may read it");
    }
}

#[test]
fn the_plugins_own_folder_has_a_size() {
    const FULL: &str = "the plugin's data directory is full: it may hold 104857600 bytes";
    let world = World::new();
    fs::create_dir_all(world.scope.plugin_data_dir.join("deep")).unwrap();
    let ballast = fs::File::create(world.scope.plugin_data_dir.join("deep/ballast")).unwrap();
    // A file with a hole counts, but takes no room on this machine's disk. Besides, there are a
    // folder and a small file, which count 4096 bytes each.
    let limit = 100 * 1024 * 1024;
    ballast.set_len(limit - 3 * 4096).unwrap();
    let write = |name: &str, length: usize| {
        world.call("fs.writeText", &texts(&[&own(&world, name), &"x".repeat(length)]))
    };
    let full = || Err(HostError::Failed(FULL.to_owned()));
    assert_eq!(write("small", 10), Ok(Value::Absent));
    assert_eq!(write("other", 4097), full());
    assert_eq!(write("small", 8192), Ok(Value::Absent), "what is replaced gives room");
    assert_eq!(write("empty", 0), full(), "empty files are not free");
    assert_eq!(write("small", 8193), full());
    assert_eq!(fs::read_dir(&world.scope.plugin_data_dir).unwrap().count(), 2);
    // Outside there is no such limit, and what shrinks is welcome.
    assert_eq!(world.call("fs.writeText", &texts(&["~/f", "x"])), Ok(Value::Absent));
    ballast.set_len(2 * limit).unwrap();
    assert_eq!(write("small", 5), Ok(Value::Absent));
    // A database may be made and read, and does not grow.
    let grow = "CREATE TABLE t(a); INSERT INTO t VALUES (zeroblob(100000))";
    let message = world.failure("sqlite.exec", &texts(&[&own(&world, "a.db"), grow]));
    assert!(message.contains("full"), "{message}");
    assert!(fs::metadata(own(&world, "a.db")).map_or(0, |found| found.len()) <= 8192);
}

#[test]
fn links_in_the_plugins_own_folder_lead_nowhere_else() {
    let mut world = World::new();
    fs::create_dir(&world.scope.plugin_data_dir).unwrap();
    fs::write(world.path("secret"), "secret").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(world.path("secret"), own(&world, "link")).unwrap();
    world.set_rights(&[], &[]);
    let message = world.failure("fs.readText", &texts(&[&own(&world, "link")]));
    assert!(
        cfg!(windows) || message == "permission denied: not granted (read:~/secret)",
        "{message}"
    );
}

#[cfg(unix)]
#[test]
fn relative_paths_are_judged_below_the_current_directory() {
    let world = World::new().rights(&[], &[]);
    let current = std::env::current_dir().unwrap();
    let message = world.failure("fs.readText", &texts(&["Cargo.toml"]));
    let expected =
        format!("permission denied: not granted (read:{}/Cargo.toml)", current.display());
    assert_eq!(message, expected);
    let right = format!("read:{}/**", current.display());
    let world = World::new().rights(&[&right], &[]);
    assert!(world.call("fs.readText", &texts(&["Cargo.toml"])).is_ok());
}
