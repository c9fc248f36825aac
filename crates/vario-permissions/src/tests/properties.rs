use std::net::{IpAddr, Ipv4Addr};

use proptest::prelude::*;

use crate::address::is_public;
use crate::{Access, Bases, Host, Permission, PermissionSet, Reason, Rights, hints, meant};

fn bases() -> Bases {
    Bases { home: vec!["/home/ann".into()], data: vec!["/data/demo".into()] }
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-zA-Z0-9._-]{1,8}",
        1 => Just("**".to_owned()),
        1 => r"[*?\\a]{1,4}",
        1 => "\\PC{1,4}",
    ]
    .prop_filter("a name", |name| !name.contains('/') && name != "." && name != "..")
}

/// One `/` between names and none at the end.
fn normal(path: &str) -> String {
    let names: Vec<&str> = path.split('/').filter(|name| !name.is_empty()).collect();
    format!("/{}", names.join("/"))
}

fn path() -> impl Strategy<Value = String> {
    prop::collection::vec(name(), 0..6)
        .prop_map(|names| names.join("/"))
        .prop_flat_map(|rest| {
            prop_oneof![
                Just("/home/ann/"),
                Just("/"),
                Just("/home/ann/.tool/"),
                Just("/data/demo/")
            ]
            .prop_map(move |base| format!("{base}{rest}"))
        })
        .prop_map(|path| normal(&path))
}

fn host() -> impl Strategy<Value = Host> {
    prop_oneof![
        "[a-z]{1,5}(\\.[a-z]{1,5}){0,3}".prop_filter_map("a host", |text| Host::parse(&text).ok()),
        any::<u32>().prop_map(|bits| Host::ip(IpAddr::V4(Ipv4Addr::from(bits)))),
        any::<u128>().prop_map(|bits| Host::ip(IpAddr::from(bits.to_be_bytes()))),
    ]
}

fn access() -> impl Strategy<Value = Access> {
    prop_oneof![
        path().prop_map(Access::Read),
        path().prop_map(Access::Write),
        (host(), 1..u16::MAX).prop_map(|(host, port)| Access::Net { host, port }),
        (host(), 1..u16::MAX).prop_map(|(host, port)| Access::InsecureTls { host, port }),
        "[A-Z_]{1,8}".prop_map(Access::Env),
        "[ -~]{0,6}[a-z]".prop_map(Access::Keychain),
        Just(Access::Ccusage),
    ]
}

/// An access, and others that a right to it might allow by mistake.
fn neighbours() -> impl Strategy<Value = (Access, Access)> {
    let change = |text: &str, how: u8| match how {
        0 => format!("{text}x"),
        1 => format!("{text}/x"),
        2 => text.rsplit_once('/').map_or_else(String::new, |(parent, _)| parent.to_owned()),
        3 => format!("{text}*"),
        4 => text.to_uppercase(),
        5 => text.replace('*', "x"),
        _ => text.replace('a', "?"),
    };
    (access(), 0..9_u8).prop_map(move |(access, how)| {
        let near = match (&access, how) {
            (Access::Read(path), 7) => Access::Write(path.clone()),
            (Access::Write(path), 7) => Access::Read(path.clone()),
            (Access::Read(path), how) => Access::Read(normal(&change(path, how))),
            (Access::Write(path), how) => Access::Write(normal(&change(path, how))),
            (Access::Net { host, port }, 0) => {
                Access::InsecureTls { host: host.clone(), port: *port }
            }
            (Access::Net { host: Host::Name(name), port }, 1) => {
                Access::Net { host: Host::Name(format!("x.{name}")), port: *port }
            }
            (Access::Net { host: Host::Name(name), port }, 2) => {
                Access::Net { host: Host::Name(format!("x{name}")), port: *port }
            }
            (Access::Net { host, port }, _) => {
                Access::Net { host: host.clone(), port: port.wrapping_add(1) }
            }
            (Access::InsecureTls { host, port }, _) => {
                Access::Net { host: host.clone(), port: *port }
            }
            (Access::Env(name), how) => Access::Env(change(name, how)),
            (Access::Keychain(name), how) => Access::Keychain(change(name, how)),
            (_, _) => Access::Processes,
        };
        (access, near)
    })
}

fn only(permission: Permission) -> PermissionSet {
    std::iter::once(permission).collect()
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,40}") {
        let _either_way = (text.parse::<Permission>(), Host::parse(&text), hints(&text));
        for kind in ["net:", "read:", "keychain:", "read:~/", "env:"] {
            let _either_way = format!("{kind}{text}").parse::<Permission>();
        }
        let _either_way = meant(&text);
        for rights in [Rights::all(bases()), Rights::none(bases())] {
            let _either_way = (
                rights.check(&Access::Read(text.clone())),
                rights.check(&Access::Keychain(text.clone())),
                rights.check(&Access::Net { host: Host::Name(text.clone()), port: 1 }),
            );
        }
    }

    #[test]
    fn a_right_is_written_as_it_is_read(text in "\\PC{0,12}") {
        for kind in ["net:", "net:*.", "read:~/", "write:/", "keychain:", "bus:"] {
            if let Ok(permission) = format!("{kind}{text}").parse::<Permission>() {
                let written = permission.to_string();
                prop_assert_eq!(written.parse::<Permission>(), Ok(permission), "{}", written);
            }
        }
    }

    /// What a refusal names is enough for that very thing, can be written down, and is not enough
    /// for anything else.
    #[test]
    fn a_refusal_names_what_is_enough_and_no_more(wanted in access(), other in access()) {
        let Err(refusal) = Rights::none(bases()).check(&wanted) else { return Ok(()) };
        prop_assert_eq!(refusal.reason, Reason::NotGranted);
        let written = refusal.permission.to_string();
        let read: Permission = written.parse().expect("a refusal can be granted as it is written");
        prop_assert_eq!(&read, &refusal.permission);
        let rights = Rights::new(bases(), None, only(read), PermissionSet::new());
        prop_assert!(rights.check(&wanted).is_ok());
        if other != wanted && Rights::none(bases()).check(&other).is_err() {
            prop_assert!(rights.check(&other).is_err(), "{} allows {:?}", written, other);
        }
    }

    #[test]
    fn a_refusal_allows_nothing_near(pair in neighbours()) {
        let (wanted, near) = pair;
        if wanted == near || Rights::none(bases()).check(&near).is_ok() {
            return Ok(());
        }
        let Err(refusal) = Rights::none(bases()).check(&wanted) else { return Ok(()) };
        let rights = Rights::new(bases(), None, only(refusal.permission), PermissionSet::new());
        prop_assert!(rights.check(&near).is_err(), "{:?} allows {:?}", wanted, near);
    }

    /// Who asks for nothing is refused as not asked for; to ask for it is then not enough.
    #[test]
    fn a_refusal_names_what_to_ask_for(wanted in access()) {
        let refused = |requested: Option<Permission>, granted: Option<Permission>| {
            let set = |right: Option<Permission>| right.into_iter().collect::<PermissionSet>();
            let rights = Rights::new(bases(), Some(set(requested)), set(granted), PermissionSet::new());
            rights.check(&wanted)
        };
        let Err(first) = refused(None, None) else { return Ok(()) };
        prop_assert_eq!(first.reason, Reason::NotRequested);
        let right = Some(first.permission);
        let second = refused(right.clone(), None).map_err(|refusal| refusal.reason);
        prop_assert_eq!(second, Err(Reason::NotGranted));
        let third = refused(None, right.clone()).map_err(|refusal| refusal.reason);
        prop_assert_eq!(third, Err(Reason::NotRequested));
        prop_assert!(refused(right.clone(), right).is_ok());
    }

    #[test]
    fn what_is_denied_is_denied(wanted in access(), is_all in any::<bool>()) {
        // Whatever is granted: even the plugin's own folder.
        let nowhere = Bases { home: bases().home, data: Vec::new() };
        let Err(refusal) = Rights::none(nowhere).check(&wanted) else { return Ok(()) };
        let least = only(refusal.permission);
        let rights = if is_all {
            Rights::all(bases()).without(least)
        } else {
            Rights::new(bases(), Some(least.clone()), least.clone(), least)
        };
        prop_assert_eq!(rights.check(&wanted).map_err(|refusal| refusal.reason), Err(Reason::Denied));
    }

    #[test]
    fn nothing_outside_a_folder_is_in_it(path in path()) {
        let granted: PermissionSet = only("read:~/.tool/**".parse().expect("a right"));
        let rights = Rights::new(bases(), None, granted, PermissionSet::new());
        let is_inside = path == "/home/ann/.tool" || path.starts_with("/home/ann/.tool/");
        let is_own = path == "/data/demo" || path.starts_with("/data/demo/");
        prop_assert_eq!(rights.check(&Access::Read(path)).is_ok(), is_inside || is_own);
    }

    /// However a path is spelled: what is allowed is in the folder.
    #[test]
    fn dots_climb_nowhere(
        names in prop::collection::vec(
            prop_oneof![
                Just("..".to_owned()), Just(".".to_owned()), Just(String::new()),
                Just(".ssh".to_owned()), Just(".tool".to_owned()), name()
            ],
            0..8,
        ),
        base in prop_oneof![Just("/home/ann/.tool"), Just("/home/ann"), Just("//home/ann"), Just("")],
    ) {
        let path = format!("{base}/{}", names.join("/"));
        let granted: PermissionSet = only("read:~/.tool/**".parse().expect("a right"));
        let rights = Rights::new(bases(), None, granted, PermissionSet::new());
        if rights.check(&Access::Read(path.clone())).is_ok() {
            let plain: Vec<&str> =
                path.split('/').filter(|name| !matches!(*name, "" | ".")).collect();
            prop_assert!(!plain.contains(&".."), "{}", path);
            prop_assert_eq!(&plain[..3], ["home", "ann", ".tool"], "{}", path);
        }
    }

    /// What covers a right allows all that the right allows.
    #[test]
    fn covering_is_allowing(
        one in "~(/([ab]{1,2}|[ab]?\\*|\\?|\\*\\*)){0,4}", other in "~(/([ab]{1,2}|[ab]?\\*|\\?|\\*\\*)){0,4}",
        rest in prop::collection::vec("[abc]{1,2}", 0..5),
    ) {
        let one: Permission = format!("read:{one}").parse().expect("a right");
        let other: Permission = format!("read:{other}").parse().expect("a right");
        let path = normal(&format!("/home/ann/{}", rest.join("/")));
        let allows = |right: &Permission| {
            let rights = Rights::new(bases(), None, only(right.clone()), PermissionSet::new());
            rights.check(&Access::Read(path.clone())).is_ok()
        };
        if one.covers(&other) && allows(&other) {
            prop_assert!(allows(&one), "{} covers {}, but not {}", one, other, path);
        }
    }

    #[test]
    fn a_granted_host_is_no_other_host(one in host(), other in host(), port in 1..u16::MAX) {
        prop_assume!(one != other);
        let right: Permission = format!("net:{one}").parse().expect("a host can be granted");
        let rights = Rights::new(bases(), None, only(right), PermissionSet::new());
        let reach = |host: &Host| rights.check(&Access::Net { host: host.clone(), port }).is_ok();
        prop_assert!(reach(&one) && !reach(&other));
    }

    #[test]
    fn a_name_never_leads_to_a_private_address(bits in any::<u128>(), is_v4 in any::<bool>()) {
        let address = if is_v4 {
            let low = u32::try_from(bits & 0xffff_ffff).expect("32 bits");
            IpAddr::V4(Ipv4Addr::from(low))
        } else {
            IpAddr::from(bits.to_be_bytes())
        };
        let granted = only("net:*".parse().expect("a right"));
        let rights = Rights::new(bases(), None, granted, PermissionSet::new());
        let name = Host::parse("a.example").expect("a host");
        prop_assert_eq!(rights.check_address(&name, address, 443).is_ok(), is_public(address));
    }

    /// Patterns that make a naive matcher take forever.
    #[test]
    fn matching_takes_no_time_to_speak_of(stars in 1..20_usize, letters in 1..200_usize) {
        let pattern = format!("read:~/{}b", "a*".repeat(stars));
        let deep = format!("read:~/{}x", "**/*/".repeat(stars));
        let granted = [pattern, deep].iter().map(|text| text.parse().expect("a right")).collect();
        let rights = Rights::new(bases(), None, granted, PermissionSet::new());
        let long = Access::Read(format!("/home/ann/{}", "a".repeat(letters)));
        let far = Access::Read(format!("/home/ann/{}", "a/".repeat(letters).trim_end_matches('/')));
        prop_assert!(rights.check(&long).is_err() && rights.check(&far).is_err());
    }
}
