use vario_value::Value;

use super::super::support::World;
use super::bytes;

const TRUE: Value = Value::Bool(true);

#[test]
fn bytes_go_to_files_and_back() {
    let world = World::plugin(&[]);
    let path = world.at("data/a.bin");
    world.call("fs.writeBytes", &[path.clone(), bytes(&[0, 255, 10])]).unwrap();
    world.call("fs.appendBytes", &[path.clone(), "text".into()]).unwrap();
    let found = world.call("fs.readBytes", std::slice::from_ref(&path)).unwrap();
    assert_eq!(found, bytes(b"\x00\xff\x0atext"));
    let stat = world.call("fs.stat", std::slice::from_ref(&path)).unwrap();
    assert_eq!(stat.get("kind"), Some(&"file".into()));
    assert_eq!(stat.get("size"), Some(&Value::Int(7)));
    let Some(Value::Int(changed)) = stat.get("mtimeMs") else { panic!("{stat:?}") };
    assert!(*changed > 1_600_000_000_000, "{changed} is in milliseconds");
    let folder = world.call("fs.stat", &[world.at("data")]).unwrap();
    assert_eq!(folder.get("kind"), Some(&"dir".into()));
    for nothing in ["data/none", "data/none/deeper", "data/a.bin/below"] {
        assert_eq!(world.call("fs.stat", &[world.at(nothing)]), Ok(Value::Absent), "{nothing}");
    }
    world.call("fs.appendBytes", &[world.at("data/new"), bytes(b"x")]).unwrap();
    assert_eq!(std::fs::read(world.path("data/new")).unwrap(), b"x");
}

#[test]
fn folders_are_made_and_removed() {
    let world = World::plugin(&[]);
    let deep = world.at("data/a/b/c");
    assert!(world.call("fs.makeDir", std::slice::from_ref(&deep)).is_err());
    world.call("fs.makeDir", &[deep.clone(), TRUE]).unwrap();
    world.call("fs.makeDir", &[deep.clone(), TRUE]).unwrap();
    assert!(world.call("fs.makeDir", &[deep]).is_err(), "it is there");
    std::fs::write(world.path("data/a/b/f"), "x").unwrap();
    assert!(world.call("fs.remove", &[world.at("data/a")]).is_err(), "it is not empty");
    world.call("fs.remove", &[world.at("data/a"), TRUE]).unwrap();
    assert!(!world.path("data/a").exists());
    assert!(world.call("fs.remove", &[world.at("data/a"), TRUE]).is_err());
    let message = world.failure("fs.remove", &[world.at("data"), TRUE]);
    assert_eq!(message, "the plugin's data directory itself must stay");
    let deepest = format!("data/{}", "x/".repeat(100));
    assert!(world.call("fs.makeDir", &[world.at(&deepest), TRUE]).is_err(), "too many at once");
}

#[test]
fn files_are_copied_and_moved() {
    let world = World::plugin(&["read:~/other/**", "write:~/other/**"]);
    std::fs::create_dir(world.path("other")).unwrap();
    std::fs::write(world.path("other/f"), "x").unwrap();
    world.call("fs.copy", &[world.at("plugin/index.js"), world.at("data/copy.js")]).unwrap();
    assert_eq!(std::fs::read(world.path("data/copy.js")).unwrap(), b"code");
    world.call("fs.rename", &[world.at("other/f"), world.at("data/copy.js")]).unwrap();
    assert_eq!(std::fs::read(world.path("data/copy.js")).unwrap(), b"x");
    world.call("fs.makeDir", &[world.at("other/in")]).unwrap();
    world.call("fs.rename", &[world.at("other/in"), world.at("data/in")]).unwrap();
    assert!(world.path("data/in").is_dir());
    assert!(world.call("fs.copy", &[world.at("data/in"), world.at("data/in2")]).is_err());
}

#[test]
fn what_is_not_granted_is_refused_and_told() {
    let mut world = World::plugin(&[]);
    std::fs::write(world.path("secret"), "x").unwrap();
    let secret = || world.at("secret");
    let own = || world.at("data/f");
    world.denied("fs.stat", &[secret()], "read:~/secret");
    world.denied("fs.readBytes", &[secret()], "read:~/secret");
    world.denied("fs.writeBytes", &[secret(), bytes(b"y")], "write:~/secret");
    world.denied("fs.appendBytes", &[secret(), bytes(b"y")], "write:~/secret");
    world.denied("fs.makeDir", &[world.at("new"), TRUE], "write:~/new");
    world.denied("fs.remove", &[secret()], "write:~/secret");
    world.denied("fs.copy", &[secret(), own()], "read:~/secret");
    world.denied("fs.copy", &[own(), secret()], "write:~/secret");
    world.denied("fs.rename", &[secret(), own()], "read:~/secret");
    world.denied("fs.rename", &[secret(), own()], "write:~/secret");
    world.denied("fs.readBytes", &[world.at("data/../secret")], "read:~/secret");
    // What a plugin is made of it may read, and not change.
    assert_eq!(world.call("fs.readBytes", &[world.at("plugin/index.js")]), Ok(bytes(b"code")));
    world.denied("fs.writeBytes", &[world.at("plugin/x"), bytes(b"y")], "write:~/plugin/x");
    world.denied("fs.remove", &[world.at("plugin/index.js")], "write:~/plugin/index.js");
    assert_eq!(std::fs::read(world.path("secret")).unwrap(), b"x");
    // To write is not to move away, which makes it readable.
    world.set_plugin_rights(&["write:~/secret"], &[]);
    world.denied("fs.rename", &[world.at("secret"), world.at("data/f")], "read:~/secret");
}

#[cfg(unix)]
#[test]
fn links_lead_nowhere_else() {
    let world = World::plugin(&[]);
    std::fs::write(world.path("secret"), "x").unwrap();
    std::fs::create_dir(world.path("outside")).unwrap();
    std::os::unix::fs::symlink(world.path("secret"), world.path("data/link")).unwrap();
    std::os::unix::fs::symlink(world.path("outside"), world.path("data/folder")).unwrap();
    let real = world.path("secret").canonicalize().unwrap();
    assert!(real.ends_with("secret"));
    world.denied("fs.readBytes", &[world.at("data/link")], "read:~/secret");
    world.denied("fs.appendBytes", &[world.at("data/link"), bytes(b"y")], "write:~/secret");
    world.denied("fs.writeBytes", &[world.at("data/folder/f"), "y".into()], "write:~/outside/f");
    world.denied("fs.makeDir", &[world.at("data/folder/f"), TRUE], "write:~/outside/f");
    // Removing and moving a link is about the link.
    world.call("fs.rename", &[world.at("data/link"), world.at("data/other")]).unwrap();
    world.denied("fs.readBytes", &[world.at("data/other")], "read:~/secret");
    world.call("fs.remove", &[world.at("data/other")]).unwrap();
    world.call("fs.remove", &[world.at("data/folder"), TRUE]).unwrap();
    assert_eq!(std::fs::read(world.path("secret")).unwrap(), b"x");
    assert!(world.path("outside").is_dir());
}

#[test]
fn a_denied_part_keeps_its_folder() {
    let mut world = World::plugin(&[]);
    std::fs::create_dir_all(world.path("tool/keep")).unwrap();
    std::fs::write(world.path("tool/keep/f"), "x").unwrap();
    let grants = &["read:~/tool/**", "write:~/tool/**"];
    world.set_plugin_rights(grants, &["write:~/tool/keep/**"]);
    world.denied("fs.remove", &[world.at("tool"), TRUE], "write:~/tool/keep/f");
    world.set_plugin_rights(grants, &["read:~/tool/keep/f"]);
    world.denied("fs.rename", &[world.at("tool"), world.at("data/t")], "read:~/tool/keep/f");
    assert!(world.path("tool/keep/f").is_file());
}

#[test]
fn the_quota_holds_for_every_way_in() {
    let world = World::plugin(&["read:~/big", "write:~/big"]);
    let limit = 100 * 1024 * 1024;
    let fill = std::fs::File::create(world.path("data/fill")).unwrap();
    fill.set_len(limit - 8192).unwrap();
    std::fs::File::create(world.path("big")).unwrap().set_len(20_000).unwrap();
    let words = "the plugin's data directory is full";
    let large = || Value::Bytes(vec![0; 20_000]);
    let calls = [
        ("fs.writeBytes", [world.at("data/a"), large()]),
        ("fs.appendBytes", [world.at("data/a"), large()]),
        ("fs.appendBytes", [world.at("data/fill"), large()]),
        ("fs.copy", [world.at("big"), world.at("data/a")]),
        ("fs.rename", [world.at("big"), world.at("data/a")]),
    ];
    for (name, args) in calls {
        let message = world.failure(name, &args);
        assert!(message.starts_with(words), "{name}: {message}");
    }
    world.call("fs.makeDir", &[world.at("data/one")]).unwrap();
    let mut made = 1;
    while world.call("fs.makeDir", &[world.at(&format!("data/{made}"))]).is_ok() {
        made += 1;
        assert!(made < 10, "folders count, too");
    }
    assert!(world.path("big").exists());
}

#[test]
fn a_part_of_a_file_is_read() {
    for (args, expected) in [
        (vec![], "0123456789"),
        (vec![Value::Int(3)], "3456789"),
        (vec![Value::Int(3), Value::Int(4)], "3456"),
        (vec![Value::Int(8), Value::Int(40)], "89"),
        (vec![Value::Int(40)], ""),
        (vec![Value::Int(-1), Value::Float(f64::NAN)], "0123456789"),
    ] {
        let part = crate::fs::Part::read(&[vec![Value::from("path")], args].concat());
        assert_eq!(part.of(b"0123456789"), expected.as_bytes());
    }
}
