use crate::{Permission, hints};

#[test]
fn what_a_source_names() {
    let cases = [
        (r#"fetch("https://api.example.com/v1?x=1")"#, &["net:api.example.com"][..]),
        ("url = 'http://127.0.0.1:8080/'", &["net:127.0.0.1:8080"]),
        ("const a = `https://${host}/x`", &[]),
        (r#"const FILE = "~/.tool/key.json";"#, &["read:~/.tool/key.json"]),
        (r#"ctx.host.fs.writeText("~/.tool/key", x)"#, &["read:~/.tool/key", "write:~/.tool/key"]),
        ("ctx.host.env.get('TOOL_KEY')", &["env:TOOL_KEY"]),
        (r#"const NAMES = ["ZAI_API_KEY", "OTHER"]"#, &["env:ZAI_API_KEY"]),
        (r#"keychain.readGenericPassword("Tool Auth")"#, &["keychain:Tool Auth"]),
        ("ctx.host.ls.discover({})", &["processes"]),
        ("ctx.host.ccusage.query()", &["ccusage"]),
        ("this.api.executeCommand('git', ['status'])", &["run:git"]),
        ("this.api.executeCommand(tool)", &[]),
        ("this.api.executeNodeScript('x.js')", &["run:node"]),
        ("ctx.server.registerRouter('/x', router)", &["routes"]),
        (r#""~/a*b""#, &[r"read:~/a\*b"]),
        (r#""https://user@a.example:8443/x""#, &["net:a.example:8443"]),
        (r#""~/../../etc/passwd""#, &[]),
        (r#""https://*.example.com""#, &[]),
        ("nothing here", &[]),
        // Comments and regular expressions name nothing.
        ("// \"https://a.example\"\nx", &[]),
        ("/* don't */ f('https://b.example') // it's", &["net:b.example"]),
        ("-- don't call \"https://a.example\"\nf('https://b.example')", &["net:b.example"]),
        ("--[[ it's\n'https://a.example' ]] f('https://b.example')", &["net:b.example"]),
        ("x = 1 -- it's\ny = 'https://b.example'", &["net:b.example"]),
        ("for (; n--;) f('https://b.example')", &["net:b.example"]),
        (r#"s.replace(/["'`]/g, "").concat("https://b.example")"#, &["net:b.example"]),
        ("a = b / c; d = 'https://b.example' / e", &["net:b.example"]),
        ("'unfinished\n'https://b.example'", &["net:b.example"]),
        (r"'it\'s ' + 'https://b.example'", &["net:b.example"]),
        // Texts that are put together.
        ("`https://a.example/${id}`", &["net:a.example"]),
        ("`https://127.0.0.1:${port}/x`", &["net:127.0.0.1"]),
        ("'https://127.0.0.1:' .. port", &["net:127.0.0.1"]),
        ("'https://api.' + region + '.example.com'", &[]),
        ("`https://q.${region}.example.com`", &[]),
        (
            "`https://a.example/${f(`https://b.example/${'}'}`)}`",
            &["net:a.example", "net:b.example"],
        ),
        ("`https://{host}/x`", &[]),
        ("`~/.tool/${name}.json`", &[]),
        (r"'~/a\u0062'", &[]),
        ("path.startsWith('~/') || 'https://'", &[]),
        ("'http://host'", &[]),
        ("'http://localhost:8080/x'", &["net:localhost:8080"]),
        ("'https://[::1]:80/'", &["net:[::1]:80"]),
        // Functions of the host, in both languages.
        ("ctx.host.fs:writeText('~/.tool/a', x)", &["read:~/.tool/a", "write:~/.tool/a"]),
        ("fs.writeText('~/.tool/' + name, x)", &["read:~/.tool"]),
        ("ctx.host.sqlite.exec(\"~/.tool/db\", sql)", &["read:~/.tool/db", "write:~/.tool/db"]),
        ("ctx.host.sqlite.query('~/.tool/db', sql)", &["read:~/.tool/db"]),
        ("re.exec('~/x')", &["read:~/x"]),
        ("ctx.host.env.get \"TOOL_KEY\"", &["env:TOOL_KEY"]),
        ("ctx.host.env?.get(`TOOL_KEY`)", &["env:TOOL_KEY"]),
        ("ctx.host.env.get(NAME)", &[]),
        ("ctx.host.env.get('A' .. b)", &[]),
        ("map.get('TOOL_KEY')", &[]),
        ("keychain.writeGenericPasswordForCurrentUser('A*', v)", &[r"keychain:A\*"]),
        ("readGenericPassword(SERVICE)", &[]),
        ("local ls = ctx.host.ls", &["processes"]),
        ("const { ls } = ctx.host; ls.discover(o)", &["processes"]),
        ("tools.discover()", &[]),
        ("const u = ctx.host.ccusage; u.query()", &["ccusage"]),
        ("'ccusage'", &[]),
        (
            "get({ url: 'https://127.0.0.1:' + p, dangerouslyIgnoreTls: true })",
            &["net:127.0.0.1", "insecureTls:127.0.0.1"],
        ),
        (
            "local h = 'localhost'\nget{ url = u, dangerouslyIgnoreTls = scheme == 'https' }",
            &["net:localhost", "insecureTls:localhost"],
        ),
        ("get({ url: 'https://a.example', dangerouslyIgnoreTls: true })", &["net:a.example"]),
        ("get({ url: 'https://127.0.0.1', dangerouslyIgnoreTls: false })", &["net:127.0.0.1"]),
        ("'127.0.0.1'", &[]),
    ];
    for (source, expected) in cases {
        let found: Vec<String> = hints(source).iter().map(Permission::to_string).collect();
        assert_eq!(found, expected, "{source}");
    }
}

#[test]
fn a_source_that_is_made_to_be_slow_is_read_once() {
    let units =
        ["/[", "\"\\", "'\\'\"", "a-- ", " --[[", "`${", "`${`", "/*", "{", "\\\"", "/\\/["];
    for unit in units {
        let source = unit.repeat(1_000_000 / unit.len());
        assert!(hints(&source).is_empty(), "{unit}");
    }
}

#[test]
fn there_are_only_so_many_hints() {
    let source: Vec<String> = (0..1_000).map(|n| format!("'https://a{n}.example'")).collect();
    assert_eq!(
        hints(&source.join(
            "
"
        ))
        .len(),
        100
    );
}
