use crate::{Host, Permission, PermissionSet, meant};

fn parse(text: &str) -> Permission {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn every_spelling_has_one_form() {
    let cases = [
        ("net:api.example.com", "net:api.example.com"),
        ("net:API.Example.COM.", "net:api.example.com"),
        ("net:*.example.com:8443", "net:*.example.com:8443"),
        ("net:bücher.example", "net:xn--bcher-kva.example"),
        ("net:*", "net:*"),
        ("net:*:443", "net:*:443"),
        ("net:*.EXAMPLE.com.", "net:*.example.com"),
        ("net:127.0.0.1:*", "net:127.0.0.1"),
        ("net:127.0.0.1.", "net:127.0.0.1"),
        ("net:127.1", "net:127.0.0.1"),
        ("net:[::127.0.0.1]", "net:[::7f00:1]"),
        ("net:[64:ff9b::127.0.0.1]", "net:[64:ff9b::7f00:1]"),
        ("net:[2002:7F00:0001::]:1", "net:[2002:7f00:1::]:1"),
        ("net:localhost", "net:localhost"),
        ("net:LOCALHOST.:8080", "net:localhost:8080"),
        ("net:_srv.example", "net:_srv.example"),
        ("net:0x7f.1:80", "net:127.0.0.1:80"),
        ("net:2130706433", "net:127.0.0.1"),
        ("net:0177.0.0.1", "net:127.0.0.1"),
        ("net:[::1]:80", "net:[::1]:80"),
        ("net:[::ffff:127.0.0.1]", "net:127.0.0.1"),
        ("insecureTls:127.0.0.1", "insecureTls:127.0.0.1"),
        ("read:~", "read:~"),
        ("read:~/", "read:~"),
        ("read:~/.tool//./key/", "read:~/.tool/key"),
        ("read:~/.tool/**/**/x", "read:~/.tool/**/x"),
        ("read:/", "read:/"),
        ("write:$DATA/a", "write:$DATA/a"),
        ("read:c:/Users/x", "read:C:/Users/x"),
        (r"read:~/a\*b", r"read:~/a\*b"),
        (r"read:~/a\?\\b", r"read:~/a\?\\b"),
        ("read:~/./a/.", "read:~/a"),
        ("read:$DATA", "read:$DATA"),
        ("read:$DATA/", "read:$DATA"),
        ("read:/a//b", "read:/a/b"),
        ("read:/./", "read:/"),
        ("read:C:", "read:C:/"),
        ("read://?/C:/x", "read:C:/x"),
        ("read:~/a\u{301}", "read:~/a\u{301}"),
        ("read:~/...", "read:~/..."),
        ("read:~/a**b", ""),
        ("env:NAME", "env:NAME"),
        ("keychain:Claude Code*", "keychain:Claude Code*"),
        ("keychain:gh:github.com", "keychain:gh:github.com"),
        ("run:git", "run:git"),
        ("bus:a.*", "bus:a.*"),
        ("ccusage", "ccusage"),
        ("processes", "processes"),
        ("system", "system"),
        ("routes", "routes"),
        ("routes:/x", ""),
    ];
    for (text, form) in cases {
        match text.parse::<Permission>() {
            Ok(permission) => assert_eq!(permission.to_string(), form, "{text}"),
            Err(error) => assert_eq!(form, "", "{text}: {error}"),
        }
    }
}

#[test]
fn what_is_no_right_is_explained() {
    let cases = [
        ("", "is no kind of right"),
        ("nett:a", "is no kind of right; there are net,"),
        ("Net:a", "is no kind of right"),
        ("net", "must be written `net:HOST`"),
        ("ccusage:true", "must be written `ccusage`"),
        ("net:", "is no host"),
        ("net:a b", "is no host"),
        ("net:*.127.0.0.1", "is no host"),
        ("net:a..b", "is no host"),
        ("net:https://a.example", "is no host: write `api.example.com`"),
        ("net:me@a.example", "is no host"),
        ("net:a.example/", "is no host"),
        ("net:[fe80::1%eth0]", "is no host"),
        ("net:fe80::1", "`fe80::1` is no host"),
        ("net:*.*.example", "is no host"),
        ("net:**", "is no host"),
        ("net:*.", "is no host"),
        ("net:%2A", "is no host"),
        ("net:256.1.1.1", "is no host"),
        ("net:xn--a", "is no host"),
        ("net:a.example:", "the port"),
        ("net:a.example:0", "from 1 to 65535"),
        ("net:a.example:65536", "from 1 to 65535"),
        ("net:a.example:+80", "from 1 to 65535"),
        ("net:api.*.example", "is no host"),
        ("read:", "it is empty"),
        ("read:$DATAX/x", "begins with none of"),
        ("read://server/share", "begins with none of"),
        ("read:c:x", "begins with none of"),
        (r"read:c:\x", "begins with none of"),
        (r"read:~/a\bc", "before none of"),
        ("read:~/a\\", "before none of"),
        (r"read:~/\..", "before none of"),
        ("read:~/..", "`..`"),
        ("read:/a/../b", "`..`"),
        ("read:~/***", "whole names"),
        ("read:relative/path", "begins with none of"),
        ("read:~other/x", "begins with none of"),
        ("read:$HOME/x", "begins with none of"),
        ("read:~/../x", "`..`"),
        ("read:~/a\0b", "null character"),
        ("read:~/a**", "whole names"),
        ("env:", "is no name"),
        ("env:A=B", "is no name"),
        ("env:*", "is no name"),
        ("env:env:A", "is no name"),
        ("keychain: ", "is no name"),
        (r"keychain:domain\user", r"in `domain\user` a `\` stands before none of"),
        ("bus:", "is no name"),
        ("run:", "is no name"),
    ];
    for (text, words) in cases {
        let error = text.parse::<Permission>().expect_err(text).to_string();
        assert!(error.contains(words), "{text:?}: {error}");
    }
}

#[test]
fn hosts_have_one_spelling() {
    let cases = [
        ("EXAMPLE.com.", "example.com"),
        ("127.1", "127.0.0.1"),
        ("0x7f000001", "127.0.0.1"),
        ("[::FFFF:7f00:1]", "127.0.0.1"),
        ("[::1]", "[::1]"),
        ("ｅxample．com", "example.com"),
        ("%6cocalhost", "localhost"),
    ];
    for (text, form) in cases {
        assert_eq!(Host::parse(text).expect(text).to_string(), form, "{text}");
    }
    for text in
        ["", ".", "a b", "[::1", "[fe80::1%eth0]", "a/b", "1.2.3.4.5.6", "256.1.1.1", "a..b"]
    {
        assert!(Host::parse(text).is_err(), "{text}");
    }
}

#[test]
fn rights_in_json() {
    let set: PermissionSet =
        ["system", "net:b.example", "net:a.example"].map(parse).into_iter().collect();
    let json = r#"["net:a.example","net:b.example","system"]"#;
    assert_eq!(serde_json::to_string(&set).expect("JSON"), json);
    assert_eq!(serde_json::from_str::<PermissionSet>(json).expect("read back"), set);
    assert!(serde_json::from_str::<PermissionSet>(r#"["x:y"]"#).is_err());
}

#[test]
fn one_right_covers_another() {
    let cases = [
        ("net:*", "net:a.example:443", true),
        ("net:*", "net:*.a.example", true),
        ("net:*", "net:127.0.0.1", false),
        ("net:*", "net:localhost", false),
        ("net:*.a.example", "net:b.a.example", true),
        ("net:*.a.example", "net:*.b.a.example", true),
        ("net:*.a.example", "net:a.example", false),
        ("net:a.example", "net:a.example:443", true),
        ("net:a.example:443", "net:a.example", false),
        ("net:a.example", "insecureTls:a.example", false),
        ("read:~/**", "read:~/.tool/key", true),
        ("read:~/.tool/**", "read:~/.tool/**", true),
        ("read:~/.tool/*", "read:~/.tool/**", false),
        ("read:~/.tool/*", "read:~/.tool/a*", true),
        ("read:~/.tool/a?", "read:~/.tool/a*", false),
        ("read:~/.tool/**", "write:~/.tool/key", false),
        ("read:/**", "read:~/.tool", false),
        ("keychain:Claude*", "keychain:Claude Code", true),
        ("env:A", "env:B", false),
        ("system", "system", true),
    ];
    for (one, other, expected) in cases {
        assert_eq!(parse(one).covers(&parse(other)), expected, "{one} covers {other}");
    }
}

#[test]
fn a_set_without_what_is_needless() {
    let texts = ["net:a.example", "net:a.example:443", "read:~/x/**", "read:~/x/y", "read:~/z"];
    let set: PermissionSet = texts.map(parse).into_iter().collect();
    let reduced: Vec<String> = set.reduced().iter().map(Permission::to_string).collect();
    assert_eq!(reduced, ["net:a.example", "read:~/x/**", "read:~/z"]);
}

#[test]
fn what_was_meant_is_proposed() {
    let cases = [
        ("net:https://api.example.com/v1?x#y", Some("net:api.example.com")),
        ("net:https://me:pass@api.example.com:8443/", Some("net:api.example.com:8443")),
        ("net:api.example.com/v1", Some("net:api.example.com")),
        ("net:net:api.example.com", Some("net:api.example.com")),
        ("write:read:~/x", Some("write:~/x")),
        ("env:env:TOOL", Some("env:TOOL")),
        ("net:.example.com", Some("net:*.example.com")),
        ("net:**.example.com", Some("net:*.example.com")),
        ("net: api.example.com ", Some("net:api.example.com")),
        ("insecureTls:::1", Some("insecureTls:[::1]")),
        ("InsecureTLS:127.0.0.1", Some("insecureTls:127.0.0.1")),
        ("read:$HOME/.tool/**", Some("read:~/.tool/**")),
        ("read:${HOME}/.tool", Some("read:~/.tool")),
        (r"read:%USERPROFILE%\.tool", Some("read:~/.tool")),
        (r"read:~\.tool\key", Some("read:~/.tool/key")),
        (r"write:C:\Tools\*", Some("write:C:/Tools/*")),
        ("write:${DATA}/x", Some("write:$DATA/x")),
        ("ccusage:true", Some("ccusage")),
        ("System", Some("system")),
        ("routes:/api", Some("routes")),
        ("net:api.example.com", None),
        ("net:", None),
        ("net:a b", None),
        ("read:~/../x", None),
        ("read:relative", None),
        ("other:x", None),
        ("", None),
    ];
    for (text, expected) in cases {
        let found = meant(text).map(|permission| permission.to_string());
        assert_eq!(found.as_deref(), expected, "{text}");
    }
}

#[test]
fn long_texts_are_no_rights() {
    let cases = [
        (format!("read:~/{}", "a".repeat(8_000)), true),
        (format!("read:~/{}", "a".repeat(9_000)), false),
        (format!("keychain:{}", "a".repeat(2_000)), true),
        (format!("keychain:{}", "a".repeat(3_000)), false),
        (format!("net:{}com", "a.".repeat(1_000)), false),
    ];
    for (text, expected) in cases {
        assert_eq!(text.parse::<Permission>().is_ok(), expected, "{} bytes", text.len());
    }
}
