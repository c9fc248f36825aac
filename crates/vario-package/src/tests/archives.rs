//! Archives that are not what they should be: none of them gets as far as a plugin's folder.

use super::rig::{Rig, manifest, plugin_zip};
use super::zip::{End, Entry, crc32, zip, zip_with};
use crate::{Error, Limits};

/// A plugin, and beside it one more entry.
fn with(entry: Entry) -> Vec<u8> {
    with_all(vec![entry])
}

fn with_all(more: Vec<Entry>) -> Vec<u8> {
    let mut entries = vec![
        Entry::new("plugin.json", manifest("1.0.0", "")),
        Entry::new("plugin.lua", "return 1"),
    ];
    entries.extend(more);
    zip(&entries)
}

fn named(name: &str) -> Vec<u8> {
    with(Entry::new(name, "x"))
}

fn lying(change: impl FnOnce(&mut Entry)) -> Vec<u8> {
    let mut entry = Entry::new("lib/a.lua", "-- a\n".repeat(100));
    change(&mut entry);
    with(entry)
}

fn ending(end: &End) -> Vec<u8> {
    zip_with(
        &[Entry::new("plugin.json", manifest("1.0.0", "")), Entry::new("plugin.lua", "return 1")],
        end,
    )
}

/// The archive, and words of the refusal.
type Case = (&'static str, Vec<u8>, &'static str);

/// Names that do not mean one file below the plugin's folder, the same on every system.
fn names() -> Vec<Case> {
    let deep = vec!["d"; 70].join("/");
    let wide = format!("{}/x", "d".repeat(250)).repeat(5);
    vec![
        ("absolute", named("/etc/cron.d/x"), "absolute"),
        ("up", named("../evil.lua"), "`.` or `..`"),
        ("up inside", named("lib/../../evil.lua"), "`.` or `..`"),
        ("dot", named("./lib/a.lua"), "`.` or `..`"),
        ("backslash", named("..\\evil.lua"), "not `\\`"),
        ("drive", named("C:/evil.lua"), "Windows has no files"),
        ("drive alone", named("C:evil.lua"), "Windows has no files"),
        ("stream", named("plugin.lua:hidden"), "Windows has no files"),
        ("server", named("//server/share/x"), "absolute"),
        ("empty part", named("lib//a.lua"), "empty"),
        ("nul", named("a\0.lua"), "control characters"),
        ("newline", named("a\n.lua"), "control characters"),
        ("escape", named("\u{1b}[2Ja.lua"), "control characters"),
        ("c1", named("a\u{9b}.lua"), "control characters"),
        ("not utf-8", with(Entry::deflated(b"a\xff.lua", b"x")), "not UTF-8"),
        ("device con", named("CON"), "device"),
        ("device aux", named("lib/aux.lua"), "device"),
        ("device com1", named("com1.txt.lua"), "device"),
        ("device superscript", named("LPT\u{b9}"), "device"),
        ("dot at the end", named("plugin.lua."), "drops a dot"),
        ("space at the end", named("plugin.lua "), "drops a dot"),
        ("long name", named(&"n".repeat(256)), "too long"),
        ("long path", named(&wide), "too long"),
        ("deep", named(&deep), "within each other"),
        ("twice", named("plugin.lua"), "the same name"),
        ("twice, folder", with_all(vec![Entry::new("a/", ""), Entry::new("a/", "")]), "same name"),
        ("case", named("PLUGIN.lua"), "same name as"),
        (
            "case of a folder",
            with_all(vec![Entry::new("Lib/a", "x"), Entry::new("lib/b", "y")]),
            "same name as",
        ),
        (
            "accent",
            with_all(vec![Entry::new("\u{e9}.lua", "x"), Entry::new("e\u{301}.lua", "y")]),
            "same name as",
        ),
        ("wide letters", named("\u{ff50}lugin.lua"), "same name as"),
        (
            "sharp s",
            with_all(vec![Entry::new("stra\u{df}e", "x"), Entry::new("STRASSE", "y")]),
            "same name as",
        ),
        ("file and folder", named("plugin.lua/x"), "a file and a folder"),
        (
            "folder and file",
            with_all(vec![Entry::new("a/", ""), Entry::new("a", "x")]),
            "a file and a folder",
        ),
    ]
}

/// Entries that are no plain files, or not what their headers say.
fn entries() -> Vec<Case> {
    let zip64_extra = [&[1, 0, 16, 0][..], &[0xff; 16]].concat();
    let unicode_path =
        [&[0x75, 0x70, 9, 0, 1][..], &crc32(b"lib/a.lua").to_le_bytes(), b"evil"].concat();
    let device = |mode| with(Entry::new("dev", "x").with_mode(mode));
    vec![
        ("link", with(Entry::new("link", "/etc/passwd").with_mode(0o120_777)), "a link"),
        (
            "link without a system",
            with(Entry { attributes: 0o120_777 << 16, ..Entry::new("l", "/etc") }),
            "a link",
        ),
        ("character device", device(0o020_666), "a device"),
        ("block device", device(0o060_666), "a device"),
        ("pipe", device(0o010_666), "a device"),
        ("socket", device(0o140_666), "a device"),
        ("folder by mode", device(0o040_755), "a device"),
        ("file that ends in /", with(Entry::new("a/", "").with_mode(0o100_644)), "a device"),
        ("folder with content", with(Entry::new("a/", "content")), "with content"),
        ("encrypted", lying(|entry| entry.flags = 1), "encrypted"),
        ("strongly encrypted", lying(|entry| entry.flags = 0x41), "encrypted"),
        ("method", lying(|entry| entry.method = 12), "not known here"),
        ("method 99", lying(|entry| entry.method = 99), ""),
        ("wrong sum", lying(|entry| entry.crc ^= 1), "damaged"),
        ("broken data", lying(|entry| entry.packed[3] ^= 0xff), "damaged"),
        ("says less", lying(|entry| entry.size -= 1), "damaged"),
        ("says more", lying(|entry| entry.size += 1), "damaged"),
        ("says nothing", lying(|entry| entry.size = 0), "damaged"),
        ("packed less", lying(|entry| entry.packed_size -= 3), "damaged"),
        ("packed more", lying(|entry| entry.packed_size += 3), "damaged"),
        ("local size", lying(|entry| entry.local_size = Some(7)), "damaged"),
        ("local name", lying(|entry| entry.local_name = Some(b"lib/b.lua".to_vec())), "damaged"),
        ("other name in a note", lying(|entry| entry.extra = unicode_path), ""),
        ("same place", lying(|entry| entry.offset = Some(0)), "damaged"),
        ("place nowhere", lying(|entry| entry.offset = Some(0x00ff_ffff)), "damaged"),
        (
            "zip64 size",
            lying(|entry| {
                entry.size = u32::MAX;
                entry.extra = zip64_extra;
            }),
            "damaged",
        ),
        ("zip64 without a size", lying(|entry| entry.packed_size = u32::MAX), "damaged"),
    ]
}

/// Archives that are not whole, or hold no plugin.
fn archives() -> Vec<Case> {
    let locator = [b"PK\x06\x07".to_vec(), vec![0; 16]].concat();
    let cut = plugin_zip("1.0.0");
    let sfx = [b"#!/bin/sh\n".to_vec(), plugin_zip("1.0.0")].concat();
    let behind = [plugin_zip("1.0.0"), b"more".to_vec()].concat();
    vec![
        ("zip64 count", ending(&End { count: Some(u16::MAX), ..End::default() }), "64-bit"),
        ("zip64 place", ending(&End { directory: Some(u32::MAX), ..End::default() }), "64-bit"),
        ("zip64 locator", ending(&End { before: locator, ..End::default() }), "64-bit"),
        ("fewer entries", ending(&End { count: Some(1), ..End::default() }), "damaged"),
        ("more entries", ending(&End { count: Some(3), ..End::default() }), "damaged"),
        ("huge count", ending(&End { count: Some(50_000), ..End::default() }), "more than 10000"),
        ("directory size", ending(&End { size: Some(3), ..End::default() }), "where it should be"),
        (
            "directory place",
            ending(&End { directory: Some(1), ..End::default() }),
            "where it should be",
        ),
        ("something before", sfx, "where it should be"),
        ("something behind", behind, "no zip file"),
        ("cut at the end", cut[..cut.len() - 1].to_vec(), "no zip file"),
        ("cut in the middle", cut[..cut.len() / 2].to_vec(), "no zip file"),
        ("nothing", Vec::new(), "no zip file"),
        ("text", b"hello".to_vec(), "no zip file"),
        ("empty archive", zip(&[]), "neither a `plugin.json`"),
        ("no manifest", zip(&[Entry::new("a.txt", "x")]), "neither a `plugin.json`"),
        (
            "two wrappers",
            zip(&[Entry::new("a/plugin.json", manifest("1", "")), Entry::new("b/x", "x")]),
            "neither a `plugin.json`",
        ),
        (
            "wrapped twice",
            zip(&[Entry::new("a/b/plugin.json", manifest("1", ""))]),
            "neither a `plugin.json`",
        ),
        ("bad manifest", zip(&[Entry::new("plugin.json", "{")]), ""),
        ("no entry", zip(&[Entry::new("plugin.json", manifest("1.0.0", ""))]), "plugin.lua"),
    ]
}

#[test]
fn hostile_archives_are_refused_and_nothing_is_written() {
    let rig = Rig::new();
    let mut wrong = Vec::new();
    for (name, bytes, words) in [names(), entries(), archives()].concat() {
        match rig.inspect(&bytes) {
            Ok(found) => wrong.push(format!("{name}: accepted with {} files", found.files)),
            Err(error) if !error.to_string().contains(words) => {
                wrong.push(format!("{name}: {error}"));
            }
            Err(error) => {
                let text = error.to_string();
                assert!(!text.contains(|c: char| c.is_control()), "{name}: {text:?}");
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(rig.home.names(""), ["plugin.zip"]);
}

/// The archive and the files that are installed of it.
fn harmless() -> Vec<(&'static str, Vec<u8>, &'static [&'static str])> {
    const BOTH: &[&str] = &["plugin.json", "plugin.lua"];
    let plain = || {
        vec![Entry::new("plugin.json", manifest("1.0.0", "")), Entry::new("plugin.lua", "return 1")]
    };
    let wrapped: Vec<Entry> = plain()
        .into_iter()
        .map(|entry| {
            let name = [b"demo-main/".as_slice(), &entry.name].concat();
            Entry { name, ..entry }
        })
        .collect();
    let finder = [
        wrapped.clone(),
        vec![
            Entry::new("demo-main/", "").with_mode(0o040_755),
            Entry::new("demo-main/.DS_Store", "x"),
            Entry::new("__MACOSX/demo-main/._plugin.json", "x"),
        ],
    ]
    .concat();
    let described =
        plain().into_iter().map(|entry| Entry { flags: 1 << 11, ..entry }).collect::<Vec<_>>();
    let unix = plain().into_iter().map(|entry| entry.with_mode(0o100_000)).collect::<Vec<_>>();
    let stored = vec![
        Entry::stored(b"plugin.json", manifest("1.0.0", "").as_bytes()),
        Entry::stored(b"plugin.lua", b"return 1"),
    ];
    let comment = End { comment: b"made by hand PK\x05\x06".to_vec(), ..End::default() };
    vec![
        ("as the examples are packed", zip(&plain()), BOTH),
        ("with folders", with(Entry::new("lib/", "")), BOTH),
        ("modes without rights", zip(&unix), BOTH),
        ("wrapped", zip(&wrapped), BOTH),
        ("wrapped by a Mac", zip(&finder), BOTH),
        ("marked as UTF-8", zip(&described), BOTH),
        ("stored", zip(&stored), BOTH),
        ("empty file", with(Entry::new("a.lua", "")), &["a.lua", "plugin.json", "plugin.lua"]),
        (
            "name of many letters",
            named("\u{30d7}/\u{e9}.lua"),
            &["plugin.json", "plugin.lua", "\u{30d7}/\u{e9}.lua"],
        ),
        ("with a comment", ending(&comment), BOTH),
    ]
}

#[test]
fn archives_of_many_packers_are_installed() {
    for (name, bytes, files) in harmless() {
        let rig = Rig::new();
        let mut candidate = rig.inspect(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        let installed = rig.installer().install(&mut candidate).unwrap();
        let mut tree = rig.tree();
        tree.retain(|path| !path.ends_with('/'));
        let expected: Vec<String> = files.iter().map(|file| format!("demo/{file}")).collect();
        assert_eq!(tree, expected, "{name}");
        assert!(!installed.has_previous);
        #[cfg(unix)]
        for file in expected {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = rig.plugins().join(file).metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o700, 0o600, "{name}");
        }
    }
}

#[test]
fn what_comes_out_of_an_archive_is_bounded_whatever_it_says() {
    const MIB: u64 = 1 << 20;
    let limits = Limits {
        entries: 5,
        total_bytes: 3 * MIB,
        file_bytes: 2 * MIB,
        archive_bytes: MIB,
        ratio: 100,
        free_bytes: MIB,
    };
    let zeros = |mib: usize| vec![0; mib << 20];
    let noise: Vec<u8> = (0..1_u64 << 20)
        .map(|index| (index.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32).to_le_bytes()[0])
        .collect();
    let named = |names: &[&str], content: &[u8]| {
        with_all(names.iter().map(|name| Entry::new(name, content)).collect())
    };
    let mut liar = Entry::new("a", zeros(3));
    (liar.size, liar.local_size) = (10, Some(10));
    let stored = Entry::stored(b"a", &noise);
    let cases = [
        ("a file that lies", with(liar), ""),
        ("files", named(&["a", "b"], &noise[..noise.len() / 3]), ""),
        (
            "all files",
            with_all(vec![Entry::new("a", zeros(2)), Entry::new("b", zeros(2))]),
            "times its own size",
        ),
        ("the ratio", named(&["a"], &zeros(2)), "times its own size"),
        ("entries", named(&["a", "b", "c", "d"], b""), "more than 5 files"),
        ("the archive", with(stored), "the archive has more than 1 MiB"),
    ];
    let rig = Rig::new();
    for (name, bytes, words) in cases {
        let path = rig.home.write("plugin.zip", bytes);
        match crate::inspect(&path, limits) {
            Ok(_) => assert_eq!(name, "files"),
            Err(error) => {
                assert!(error.to_string().contains(words), "{name}: {error}");
                assert!(name != "files", "{error}");
            }
        }
    }
    let no_ratio = Limits { ratio: u64::MAX, ..limits };
    let two = with_all(vec![Entry::new("a", zeros(2)), Entry::new("b", zeros(2))]);
    for (bytes, words) in
        [(two, "more than 3 MiB together"), (named(&["a"], &zeros(3)), "`a` has more than 2 MiB")]
    {
        let error = crate::inspect(&rig.home.write("plugin.zip", bytes), no_ratio).unwrap_err();
        assert!(matches!(error, Error::TooLarge { .. }), "{error}");
        assert!(error.to_string().contains(words), "{error}");
    }
}
