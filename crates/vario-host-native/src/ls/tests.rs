use std::collections::HashMap;

use vario_host::DiscoverOptions;
use vario_value::Value;

use super::programs::{read_ports, read_processes};
use super::{Process, find, flags, matching};

fn options(name: &str, markers: &[&str]) -> DiscoverOptions {
    DiscoverOptions {
        process_name: name.to_owned(),
        markers: markers.iter().map(|marker| (*marker).to_owned()).collect(),
        csrf_flag: String::new(),
        port_flag: None,
        extra_flags: None,
    }
}

fn processes(commands: &[&str]) -> Vec<Process> {
    let process = |(pid, command): (u32, &&str)| Process { pid, command: (*command).to_owned() };
    (1..).zip(commands).map(process).collect()
}

fn pids(options: &DiscoverOptions, commands: &[&str]) -> Vec<u32> {
    matching::candidates(options, &processes(commands)).iter().map(|found| found.pid).collect()
}

#[test]
fn programs_are_told_by_name() {
    let cases = [
        ("long: program", "language_server", "language_server --x", true),
        ("long: path", "language_server", "/opt/x/language_server --x", true),
        ("case", "Language_Server", "/opt/LANGUAGE_SERVER", true),
        ("long: suffix", "language_server", "/opt/language_server_linux_x64 -a", true),
        ("long: anywhere", "language_server", "node /x/language_server.js", true),
        ("long: as part of a word", "language_server", "mylanguage_servers", true),
        ("long: stranger", "language_server", "language-server", false),
        ("quoted program", "agy", "\"/Program Files/agy\" --x", true),
        ("single quotes", "agy", "'/a b/agy' --x", true),
        ("short: program", "agy", "agy", true),
        ("short: path", "agy", "/usr/bin/agy --x", true),
        ("short: end", "agy", "sh -c /usr/bin/agy", true),
        ("short: before a space", "agy", "sh /usr/bin/agy -x", true),
        ("short: before a tab", "agy", "sh /usr/bin/agy\t-x", true),
        ("short: suffix", "agy", "/usr/bin/agy_x", false),
        ("short: word without a path", "agy", "sh agy", false),
        ("short: folder", "agy", "sh /usr/agy/x", false),
        ("seven bytes are short", "codeium", "node codeium", false),
        ("eight bytes are long", "windsurf", "node windsurf", true),
        ("empty", "", "anything", false),
    ];
    for (what, name, command, expected) in cases {
        assert_eq!(!pids(&options(name, &[]), &[command]).is_empty(), expected, "{what}");
    }
}

#[test]
fn markers_tell_instances_apart() {
    type Case = (&'static str, &'static [&'static str], &'static [&'static str], &'static [u32]);
    let cases: [Case; 10] = [
        ("none", &[], &["agy", "agy --ide_name x"], &[1, 2]),
        ("blank ones", &[" ", ""], &["agy", "agy --ide_name x"], &[1, 2]),
        ("by flag", &["Antigravity "], &["agy --ide_name antigravity"], &[1]),
        ("by flag with =", &["a"], &["agy --app_data_dir=A"], &[1]),
        ("one of two flags", &["a"], &["agy --ide_name x --app_data_dir a"], &[1]),
        ("flag of another", &["a"], &["agy --ide_name b /a/"], &[]),
        ("part of a value", &["a"], &["agy --ide_name ab"], &[]),
        ("by path", &["a"], &["/opt/A/agy", "/opt/a", "agy a"], &[1]),
        ("flag before path", &["a"], &["/a/agy", "agy --ide_name a", "/a/b/agy"], &[2, 1, 3]),
        ("no value to the flag", &["a"], &["/a/agy --ide_name"], &[1]),
    ];
    for (what, markers, commands, expected) in cases {
        assert_eq!(pids(&options("agy", markers), commands), expected, "{what}");
    }
}

#[test]
fn flags_take_the_first_value() {
    let cases = [
        ("x --f a --f b", Some("a")),
        ("x --f=a --f b", Some("a")),
        ("x --f=a=b", Some("a=b")),
        ("x --f=", Some("")),
        ("x --f", None),
        ("x --ff a", None),
        ("x --F a", None),
        ("x \t --f \t a", Some("a")),
        ("x --f --g", Some("--g")),
        ("", None),
    ];
    for (command, expected) in cases {
        assert_eq!(flags::value(command, "--f"), expected, "of {command:?}");
    }
}

#[test]
fn the_first_complete_candidate_wins() {
    let wanted = DiscoverOptions {
        csrf_flag: "--csrf".to_owned(),
        port_flag: Some("--port".to_owned()),
        extra_flags: Some(vec!["--cloud".to_owned(), "--absent".to_owned(), String::new()]),
        ..options("agy", &[])
    };
    let commands = [
        "agy --port 5",
        "agy --csrf none",
        "agy --csrf None --port words",
        "agy --csrf ToKen --port 77 --cloud=C",
        "agy --csrf other --port 78",
    ];
    let ports: HashMap<u32, Vec<u16>> = [(1, vec![1]), (5, vec![2])].into();
    let found = |commands: &[&str]| {
        find(&wanted, &processes(commands), |pid| ports.get(&pid).cloned().unwrap_or_default())
    };
    let expected =
        r#"{"pid":4,"csrf":"ToKen","ports":[],"extra":{"cloud":"C"},"extensionPort":77}"#;
    assert_eq!(found(&commands).to_json().to_string(), expected);
    assert_eq!(found(&commands[..3]), Value::Null);
    let expected = r#"{"pid":1,"csrf":"x","ports":[1],"extra":{},"extensionPort":null}"#;
    assert_eq!(found(&["agy --csrf x --port y"]).to_json().to_string(), expected);
}

#[test]
fn a_blank_token_flag_asks_for_none() {
    let wanted = DiscoverOptions { csrf_flag: " ".to_owned(), ..options("agy", &[]) };
    let found = find(&wanted, &processes(&["agy"]), |_| vec![9]);
    assert_eq!(found.get("csrf"), Some(&Value::from("")));
}

#[test]
fn the_output_of_programs_is_read() {
    let list = "    1 /sbin/init splash\n  23 x\n\nPID COMMAND\n 99999 \n";
    let found: Vec<_> =
        read_processes(list).into_iter().map(|process| (process.pid, process.command)).collect();
    let expected = [(1, "/sbin/init splash".to_owned()), (23, "x".to_owned())];
    assert_eq!(found[..2], expected);

    let sockets = "COMMAND PID USER FD TYPE DEVICE SIZE/OFF NODE NAME\n\
        agy 1 me 20u IPv4 0x1 0t0 TCP 127.0.0.1:5000 (LISTEN)\n\
        agy 1 me 21u IPv6 0x2 0t0 TCP [::1]:4000 (LISTEN)\n\
        agy 1 me 22u IPv4 0x3 0t0 TCP *:5000 (LISTEN)\n\
        agy 1 me 23u IPv4 0x4 0t0 TCP 127.0.0.1:6000->127.0.0.1:7 (ESTABLISHED)\n\
        agy 1 me 24u IPv4 0x5 0t0 TCP 127.0.0.1:70000 (LISTEN)\n\
        agy 1 me 25u IPv4 0x6 0t0 TCP 127.0.0.1:0 (LISTEN)\n";
    assert_eq!(read_ports(sockets), [4000, 5000]);
}

#[cfg(target_os = "linux")]
#[test]
fn tables_of_the_kernel_are_read() {
    let table = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n\
           0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4242 1 0\n\
           1: 0100007F:1F91 0100007F:0050 01 00000000:00000000 00:00000000 00000000  1000        0 4243 1 0\n\
           2: 00000000000000000000000001000000:0050 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 7\n\
           3: broken\n";
    assert_eq!(super::proc::table_entries(table), [(4242, 8080), (7, 80)]);
}

#[cfg(target_os = "linux")]
#[test]
fn both_sources_know_this_process() {
    use std::net::TcpListener;

    use super::{proc, programs};
    use crate::tests::support::World;

    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let scope = World::new().scope;
    let own = std::process::id();
    let has_own = |list: Option<Vec<Process>>| list.unwrap().iter().any(|p| p.pid == own);
    assert!(has_own(proc::processes(&scope)));
    assert!(proc::Ports::new(&scope).of(own).contains(&port));
    // Not on every machine.
    if std::path::Path::new("/bin/ps").exists() {
        assert!(has_own(programs::processes(&scope)));
    }
    if ["/usr/bin/lsof", "/usr/sbin/lsof"].iter().any(|lsof| std::path::Path::new(lsof).exists()) {
        assert!(programs::Ports::new(&scope).of(own).contains(&port));
    }
}
