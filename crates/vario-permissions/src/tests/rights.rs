use crate::{Access, Bases, Host, PermissionSet, Reason, Rights};

fn bases() -> Bases {
    Bases {
        home: vec!["/home/ann".into(), "/disk/ann".into()],
        data: vec!["/home/ann/.data/demo".into()],
    }
}

fn set(texts: &[&str]) -> PermissionSet {
    texts
        .iter()
        .map(|text| text.parse().unwrap_or_else(|error| panic!("{text}: {error}")))
        .collect()
}

fn read(path: &str) -> Access {
    Access::Read(path.to_owned())
}

fn net(host: &str, port: u16) -> Access {
    Access::Net { host: Host::parse(host).expect(host), port }
}

#[test]
fn what_a_right_covers() {
    let cases = [
        ("read:~/.tool/**", read("/home/ann/.tool"), true),
        ("read:~/.tool/**", read("/home/ann/.tool/a/b"), true),
        ("read:~/.tool/**", read("/disk/ann/.tool/a"), true),
        ("read:~/.tool/**", read("/home/ann/.tools"), false),
        ("read:~/.tool/**", read("/home/ann/.Tool/a"), false),
        ("read:~/.tool/**", read("/home/bob/.tool/a"), false),
        ("read:~/.tool/**", Access::Write("/home/ann/.tool/a".into()), false),
        ("read:~/.tool", read("/home/ann/.tool/a"), false),
        ("read:~/*/key", read("/home/ann/.tool/key"), true),
        ("read:~/*/key", read("/home/ann/a/b/key"), false),
        ("read:~/**/key", read("/home/ann/key"), true),
        ("read:~/**/key", read("/home/ann/a/b/key"), true),
        ("read:~/k?y", read("/home/ann/key"), true),
        ("read:~/k?y", read("/home/ann/k/y"), false),
        (r"read:~/a\*", read("/home/ann/ab"), false),
        (r"read:~/a\*", read("/home/ann/a*"), true),
        ("read:~", read("/home/ann"), true),
        ("read:~", read("/home/ann/x"), false),
        ("read:~/.tool/**", read("/home/ann/.tool/"), true),
        ("read:~/.tool/**", read("/home/ann//.tool/./a"), true),
        ("read:~/.tool/**/*.json", read("/home/ann/.tool/a/b.json"), true),
        ("read:~/.tool/**/*.json", read("/home/ann/.tool/.json"), true),
        ("read:~/.tool/**/*.json", read("/home/ann/.tool"), false),
        (r"read:~/\?", read("/home/ann/?"), true),
        (r"read:~/\?", read("/home/ann/a"), false),
        ("read:~/é?", read("/home/ann/éü"), true),
        ("read:/etc/*", read("/etc/hosts"), true),
        ("read:/etc/**", read("/etc"), true),
        ("read:/", read("/"), true),
        ("read:/", read("/a"), false),
        ("read:C:/Tools/**", read("c:/Tools/a"), true),
        ("read:C:/Tools/**", read("//?/C:/Tools/a"), true),
        ("read:C:/Tools/**", read("C:/tools/a"), false),
        ("read:C:/Tools/**", read("/C:/Tools/a"), false),
        ("read:/**", read("C:/Tools/a"), false),
        ("read:/**", read("/anything/at/all"), true),
        ("net:a.example", net("a.example", 8443), true),
        ("net:a.example", net("A.EXAMPLE.", 80), true),
        ("net:a.example", net("b.a.example", 443), false),
        ("net:a.example:443", net("a.example", 80), false),
        ("net:*.a.example", net("b.a.example", 443), true),
        ("net:*.a.example", net("c.b.a.example", 443), true),
        ("net:*.a.example", net("a.example", 443), false),
        ("net:*.a.example", net("xa.example", 443), false),
        ("net:*", net("a.example", 443), true),
        ("net:*", net("localhost", 80), false),
        ("net:*", net("x.localhost", 80), false),
        ("net:*", net("1.1.1.1", 80), false),
        ("net:127.0.0.1", net("2130706433", 80), true),
        ("net:127.0.0.1", net("localhost", 80), false),
        ("net:localhost", net("127.0.0.1", 80), false),
        ("net:bücher.example", net("xn--bcher-kva.example", 443), true),
        ("net:*.localhost", net("x.localhost", 80), true),
        ("net:*.localhost", net("localhost", 80), false),
        ("net:[::1]:80", net("[0:0::1]", 80), true),
        ("net:[::1]", net("[::ffff:127.0.0.1]", 80), false),
        ("net:[64:ff9b::7f00:1]", net("127.0.0.1", 80), false),
        ("insecureTls:127.0.0.1", net("127.0.0.1", 80), false),
        ("net:*", Access::InsecureTls { host: Host::Name("a.example".into()), port: 443 }, false),
        ("env:A", Access::Env("A".into()), true),
        ("env:A", Access::Env("a".into()), false),
        ("keychain:Claude Code*", Access::Keychain("Claude Code-credentials".into()), true),
        ("keychain:Claude Code", Access::Keychain("Claude Code-credentials".into()), false),
        ("ccusage", Access::Ccusage, true),
        ("ccusage", Access::Processes, false),
        ("processes", Access::Processes, true),
        ("system", Access::System, true),
        ("routes", Access::Routes, true),
        ("system", Access::Routes, false),
        ("run:git", Access::Run("git".into()), true),
        ("bus:a.*", Access::Bus("a.b".into()), true),
    ];
    for (right, access, expected) in cases {
        let rights = Rights::new(bases(), None, set(&[right]), PermissionSet::new());
        assert_eq!(rights.check(&access).is_ok(), expected, "{right}: {access:?}");
        let none = Rights::none(bases());
        let refusal = none.check(&access).expect_err("nothing is granted");
        assert_eq!(refusal.reason, Reason::NotGranted);
    }
}

type Texts = &'static [&'static str];

/// Asked for, granted, denied, and what comes of it.
type Case = (Option<Texts>, Texts, Texts, Result<(), Reason>);

#[test]
fn asked_for_and_granted_and_not_denied() {
    const ALL: &[&str] = &["read:~/**"];
    const KEY: &[&str] = &["read:~/.tool/key"];
    let access = read("/home/ann/.tool/key");
    let cases: &[Case] = &[
        (None, KEY, &[], Ok(())),
        (Some(ALL), KEY, &[], Ok(())),
        (Some(&[]), KEY, &[], Err(Reason::NotRequested)),
        (Some(ALL), &[], &[], Err(Reason::NotGranted)),
        (None, ALL, KEY, Err(Reason::Denied)),
        (None, ALL, &["read:~/.TOOL/**"], Err(Reason::Denied)),
        (None, ALL, &["write:~/.tool/**"], Ok(())),
    ];
    for (requested, granted, denied, expected) in cases {
        let rights = Rights::new(bases(), requested.map(set), set(granted), set(denied));
        let found = rights.check(&access).map_err(|refusal| refusal.reason);
        assert_eq!(found, *expected, "{requested:?} {granted:?} {denied:?}");
    }
}

#[test]
fn a_denial_is_read_broadly() {
    let own = "/home/ann/.data/demo/x";
    let tls = Access::InsecureTls { host: Host::Name("a.example".into()), port: 443 };
    let cases = [
        ("read:~/.ssh/**", read("/home/ann/.ssh"), true),
        ("read:~/.ssh/**", read("/disk/ann/.SSH/Id"), true),
        ("read:~/.ssh/**", read("/HOME/Ann/.ssh/id"), true),
        ("read:~/.\u{17f}sh/**", read("/home/ann/.SSH/id"), true),
        ("read:~/.ssh/**", read("/home/ann/.sshx/id"), false),
        ("read:~/.ssh", read("/home/ann/.ssh/id"), false),
        ("read:/**", read("/x"), true),
        ("read:/**", read("D:/x"), true),
        ("read:$DATA/**", read(own), true),
        ("read:~/**", read(own), true),
        ("read:~/**", Access::Write(own.into()), false),
        ("net:*", net("a.example", 443), true),
        ("net:*", net("localhost", 443), true),
        ("net:*", net("10.0.0.1", 443), true),
        ("net:*:80", net("10.0.0.1", 443), false),
        ("net:a.example", net("a.example", 8443), true),
        ("net:a.example", net("b.example", 443), false),
        ("net:*", tls.clone(), false),
        ("insecureTls:*", tls, true),
        ("env:PATH", Access::Env("Path".into()), true),
        ("keychain:Claude*", Access::Keychain("claude code".into()), true),
        ("run:git", Access::Run("GIT".into()), true),
        ("bus:a.*", Access::Bus("A.b".into()), true),
        ("system", Access::System, true),
        ("system", Access::Processes, false),
        ("routes", Access::Routes, true),
    ];
    for (right, access, expected) in cases {
        let rights = Rights::all(bases()).without(set(&[right]));
        let found = rights.check(&access).map_err(|refusal| refusal.reason);
        let wanted = if expected { Err(Reason::Denied) } else { Ok(()) };
        assert_eq!(found, wanted, "{right}: {access:?}");
    }
}

#[test]
fn a_path_that_cannot_be_judged_is_refused() {
    let long = format!("/home/ann/{}", "a".repeat(5_000));
    let cases = [
        "",
        "relative",
        "~/x",
        "/home/ann/.tool/../.ssh/id",
        "/..",
        "/home/ann/a\0b",
        "//server/share/x",
        "//./pipe/x",
        "//?/UNC/server/x",
        "C:x",
        r"C:\x",
        long.as_str(),
    ];
    let everything = set(&["read:/**", "read:~/**", "write:/**", "read:C:/**"]);
    let granted = Rights::new(bases(), None, everything, PermissionSet::new());
    for path in cases {
        for rights in [&granted, &Rights::all(bases())] {
            assert!(rights.check(&read(path)).is_err(), "{path}");
            assert!(rights.check(&Access::Write(path.to_owned())).is_err(), "{path}");
        }
    }
}

/// A plugin says the name, so it must not make the comparison with a pattern long.
#[test]
fn a_name_that_is_too_long_is_nobodys() {
    let rights = Rights::new(bases(), None, set(&["keychain:a*"]), PermissionSet::new());
    for (length, expected) in [(1_024, true), (1_025, false)] {
        let found = rights.check(&Access::Keychain("a".repeat(length))).is_ok();
        assert_eq!(found, expected, "{length}");
    }
}

#[test]
fn a_folder_that_is_no_place_is_nobodys() {
    for base in ["", "relative", "/home/../etc", "//server/share"] {
        let bases = Bases { home: vec![base.to_owned()], data: vec![base.to_owned()] };
        let rights = Rights::new(bases, None, set(&["read:~/**"]), PermissionSet::new());
        for path in ["/", "/etc/passwd", "/relative", "/server/share/x"] {
            assert!(rights.check(&read(path)).is_err(), "{base:?}: {path}");
        }
    }
    let windows = [r"C:\Users\ann", r"\\?\C:\Users\ann", "C:/Users/ann/"];
    for base in windows {
        let bases = Bases { home: vec![base.to_owned()], data: Vec::new() };
        let rights = Rights::new(bases, None, set(&["read:~/.tool/**"]), PermissionSet::new());
        assert!(rights.check(&read("C:/Users/ann/.tool/key")).is_ok(), "{base}");
        assert!(rights.check(&read("/Users/ann/.tool/key")).is_err(), "{base}");
        let refusal = rights.check(&read("//?/C:/Users/ann/key")).expect_err("not granted");
        assert_eq!(refusal.permission.to_string(), "read:~/key");
    }
}

#[test]
fn its_own_folder_is_its_own() {
    let own = Access::Write("/home/ann/.data/demo/cache".into());
    let other = Access::Write("/home/ann/.data/other/cache".into());
    let none = Rights::new(bases(), Some(PermissionSet::new()), set(&[]), set(&[]));
    assert!(none.check(&own).is_ok() && none.check(&other).is_err());
    let denied = Rights::new(bases(), None, set(&[]), set(&["write:$DATA/**"]));
    let refusal = denied.check(&own).expect_err("even its own folder can be denied");
    assert_eq!(refusal.to_string(), "write:$DATA/cache: denied");
    let everything = Rights::all(bases()).without(set(&["read:~/.ssh/**"]));
    assert!(everything.check(&other).is_ok());
    assert!(everything.check(&read("/home/ann/.ssh/id")).is_err(), "denied even then");
}

#[test]
fn a_refusal_names_the_least_right() {
    let cases = [
        (read("/home/ann/.tool/a*b"), r"read:~/.tool/a\*b"),
        (read("/disk/ann/x"), "read:~/x"),
        (read("/etc/passwd"), "read:/etc/passwd"),
        (read("/home/ann"), "read:~"),
        (read(r"/home/ann/a\b?"), r"read:~/a\\b\?"),
        (read("/home/ann/**"), r"read:~/\*\*"),
        (read("/"), "read:/"),
        (read("/home/annx"), "read:/home/annx"),
        (read("/home/ann/../bob"), "read:~/bob"),
        (Access::Env("TOOL".into()), "env:TOOL"),
        // Nobody who reads what was refused may take it for more.
        (Access::Net { host: Host::Name("*.com".into()), port: 443 }, "net:%2A.com:443"),
        (Access::Net { host: Host::Name("*".into()), port: 443 }, "net:%2A:443"),
        (net("a.example", 443), "net:a.example:443"),
        (net("[::1]", 80), "net:[::1]:80"),
        (Access::Keychain("a?".into()), r"keychain:a\?"),
    ];
    for (access, expected) in cases {
        let refusal = Rights::none(bases()).check(&access).expect_err("nothing is granted");
        assert_eq!(refusal.permission.to_string(), expected);
    }
}

#[test]
fn names_must_not_lead_home() {
    let cases = [
        ("a.example", "1.1.1.1", &["net:a.example"][..], true),
        ("a.example", "198.18.3.4", &["net:a.example"], true),
        ("a.example", "127.0.0.1", &["net:a.example"], false),
        ("a.example", "::ffff:10.0.0.1", &["net:a.example"], false),
        ("a.example", "169.254.169.254", &["net:*"], false),
        ("a.example", "10.0.0.1", &["net:a.example", "net:10.0.0.1"], true),
        ("a.example", "10.0.0.1", &["net:a.example", "net:10.0.0.1:80"], false),
        ("localhost", "127.0.0.1", &["net:localhost"], true),
        ("localhost", "::1", &["net:localhost"], true),
        ("localhost", "10.0.0.1", &["net:localhost"], false),
        ("localhost", "::ffff:127.0.0.1", &["net:localhost"], true),
        ("localhost", "::127.0.0.1", &["net:localhost"], false),
        ("localhost", "1.1.1.1", &["net:localhost"], false),
        ("a.example", "0.0.0.0", &["net:a.example"], false),
        ("a.example", "::", &["net:a.example"], false),
        ("a.example", "100.64.0.1", &["net:a.example"], false),
        ("a.example", "fe80::1", &["net:a.example"], false),
        ("a.example", "fd00::1", &["net:a.example", "net:[fd00::1]"], true),
        ("a.example", "192.0.2.1", &["net:a.example"], false),
        ("a.example", "224.0.0.1", &["net:a.example"], false),
        ("a.example", "64:ff9b::10.0.0.1", &["net:a.example"], false),
        ("a.example", "64:ff9b::10.0.0.1", &["net:a.example", "net:10.0.0.1"], false),
        ("a.example", "2002:a00:1::", &["net:a.example"], false),
        ("a.example", "::ffff:10.0.0.1", &["net:a.example", "net:10.0.0.1"], true),
        ("x.localhost", "127.0.0.1", &["net:*.localhost"], true),
        ("127.0.0.1", "127.0.0.1", &["net:127.0.0.1"], true),
        ("192.168.0.1", "192.168.0.1", &["net:192.168.0.1"], true),
    ];
    for (host, address, granted, expected) in cases {
        let rights = Rights::new(bases(), None, set(granted), PermissionSet::new());
        let host = Host::parse(host).expect(host);
        let address = address.parse().expect(address);
        let found = rights.check_address(&host, address, 443).is_ok();
        assert_eq!(found, expected, "{host} at {address} with {granted:?}");
    }
    let denied = Rights::new(bases(), None, set(&["net:*"]), set(&["net:1.1.1.1"]));
    let host = Host::parse("a.example").expect("a host");
    let address = "1.1.1.1".parse().expect("an address");
    assert!(denied.check_address(&host, address, 443).is_err(), "a denied address stays denied");
}

#[test]
fn a_plugin_may_read_what_it_is_made_of_and_no_more() {
    let code = || vec!["/plugins/demo".to_owned(), "/disk/p/demo".to_owned()];
    let rights = Rights::none(bases()).reading_own_code(code());
    assert_eq!(rights.own_code(), code());
    let cases = [
        (read("/plugins/demo"), true),
        (read("/plugins/demo/background/index.js"), true),
        (read("/disk/p/demo/x"), true),
        (read("/plugins/demo/../other"), false),
        (read("/plugins/demo2"), false),
        (read("/plugins"), false),
        (Access::Write("/plugins/demo/x".into()), false),
        (Access::Write("/home/ann/.data/demo/x".into()), true),
    ];
    for (access, expected) in cases {
        assert_eq!(rights.check(&access).is_ok(), expected, "{access:?}");
    }
    let denied = Rights::none(bases()).reading_own_code(code()).without(set(&["read:/plugins/**"]));
    let refusal = denied.check(&read("/plugins/demo/x")).expect_err("it is denied");
    assert_eq!(refusal.reason, Reason::Denied);
    for nowhere in [vec![], vec![String::new()], vec!["demo".to_owned()]] {
        let rights = Rights::none(bases()).reading_own_code(nowhere);
        assert!(rights.check(&read("/etc/passwd")).is_err());
    }
}
