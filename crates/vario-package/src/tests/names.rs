use crate::names::{check, folded};

#[test]
fn names_that_every_system_has_are_allowed() {
    for name in [
        "plugin.json",
        "a/b/c.lua",
        ".hidden",
        "..two",
        "a..b",
        "comma,semi;colon.txt",
        "console.lua",
        "com10",
        "com",
        "auxiliary.js",
        "null",
        "with space.txt",
        "\u{fc}ber.lua",
        "@scope/pkg/index.js",
    ] {
        assert!(check(name).is_ok(), "{name}");
    }
}

#[test]
fn names_are_folded_as_the_widest_file_system_does() {
    for (one, other) in [
        ("README", "readme"),
        ("\u{e9}", "E\u{301}"),
        ("\u{df}", "SS"),
        ("\u{3c2}", "\u{3a3}"),
        ("\u{fb01}", "fi"),
        ("\u{212b}", "\u{e5}"),
    ] {
        assert_eq!(folded(one), folded(other), "{one} {other}");
    }
    assert_ne!(folded("a"), folded("b"));
}
