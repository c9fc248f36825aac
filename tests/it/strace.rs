//! Proof from outside: the system calls of a run without grants name nothing of the user's.

use std::path::Path;
use std::process::Command;

use vario_test_support::{Reply, Server};

use crate::rig::{LANGUAGES, Language, Rig};

/// Files a plugin would like to have. Their names occur nowhere else.
const CANARIES: &[&str] = &[
    ".canary-ssh/id_canary",
    ".canary-tool/credentials.json",
    ".config/canary-app/auth.json",
    ".local/share/canary-data/state.db",
    "canary-listing/canary-entry",
];

/// Everything a script can try with a path, a host, a name. Days of `|` are handed to no program,
/// so that nothing is fetched where a script has every right.
const LUA: &str = r#"
    local home, port = "HOME_DIR", "PORT"
    local host, tried = ctx.host, 0
    local function try(call, ...) tried = tried + 1; pcall(call, ...) end
    for _, canary in ipairs({ CANARIES }) do
      for _, path in ipairs({
        "~/" .. canary, home .. "/" .. canary, "~/plugins/../" .. canary,
        "./" .. canary, canary, home .. "//./" .. canary, "/proc/self/root" .. home .. "/" .. canary,
      }) do
        try(host.fs.exists, path)
        try(host.fs.readText, path)
        try(host.fs.listDir, path)
        try(host.fs.writeText, path, "gone")
        try(host.sqlite.query, path, "SELECT 1")
        try(host.sqlite.exec, path, "CREATE TABLE canary (a)")
      end
    end
    try(host.sqlite.exec, ctx.app.pluginDataDir .. "/own.db",
      "ATTACH '" .. home .. "/.canary-tool/credentials.json' AS canary")
    for _, address in ipairs({ "127.0.0.1", "localhost", "2130706433", "127.1", "[::ffff:127.0.0.1]" }) do
      try(host.http.request, { url = "http://" .. address .. ":" .. port .. "/canary" })
      try(host.http._requestRaw, '{"url":"http://' .. address .. ":" .. port .. '/canary"}')
    end
    try(host.env.get, "CODEX_HOME")
    try(host.keychain.readGenericPassword, "canary")
    try(host.ls.discover, { processName = "canary", markers = {}, csrfFlag = "--canary" })
    try(host.ccusage.query, { homePath = "~/.canary-tool", since = "|" })
    return { lines = { ctx.line.text({ label = "Tried", value = tostring(tried) }) } }
"#;

const JS: &str = r#"
    const home = "HOME_DIR", port = "PORT", host = ctx.host;
    let tried = 0;
    const attempt = (call) => { tried += 1; try { call(); } catch (error) { void error; } };
    for (const canary of [CANARIES]) {
      for (const path of [
        "~/" + canary, home + "/" + canary, "~/plugins/../" + canary,
        "./" + canary, canary, home + "//./" + canary, "/proc/self/root" + home + "/" + canary,
      ]) {
        attempt(() => host.fs.exists(path));
        attempt(() => host.fs.readText(path));
        attempt(() => host.fs.listDir(path));
        attempt(() => host.fs.writeText(path, "gone"));
        attempt(() => host.sqlite.query(path, "SELECT 1"));
        attempt(() => host.sqlite.exec(path, "CREATE TABLE canary (a)"));
      }
    }
    attempt(() => host.sqlite.exec(ctx.app.pluginDataDir + "/own.db",
      "ATTACH '" + home + "/.canary-tool/credentials.json' AS canary"));
    for (const address of ["127.0.0.1", "localhost", "2130706433", "127.1", "[::ffff:127.0.0.1]"]) {
      attempt(() => host.http.request({ url: "http://" + address + ":" + port + "/canary" }));
      attempt(() => host.http._requestRaw('{"url":"http://' + address + ":" + port + '/canary"}'));
    }
    attempt(() => host.env.get("CODEX_HOME"));
    attempt(() => host.keychain.readGenericPassword("canary"));
    attempt(() => host.ls.discover({ processName: "canary", markers: [], csrfFlag: "--canary" }));
    attempt(() => host.ccusage.query({ homePath: "~/.canary-tool", since: "|" }));
    return { lines: [ctx.line.text({ label: "Tried", value: String(tried) })] };
"#;

/// As many calls as the scripts make: 5 files by 7 spellings by 6 functions, and the others.
const TRIED: usize = 5 * 7 * 6 + 1 + 5 * 2 + 4;

#[test]
fn a_plugin_without_grants_leaves_no_trace() {
    for language in LANGUAGES {
        let rig = Rig::new();
        let server = Server::start([Reply::new(200, "canary")]);
        let trace = traced(&rig, *language, &server, &[]);
        let named = trace.lines().filter(|line| line.contains("canary")).collect::<Vec<_>>();
        assert_eq!(named, [""; 0], "{language:?}: system calls that name a canary");
        let internet = |line: &&str| line.contains("AF_INET");
        let connected = trace.lines().filter(internet).collect::<Vec<_>>();
        assert_eq!(connected, [""; 0], "{language:?}: sockets to the network");
        assert_eq!(server.received().len(), 0, "{language:?}: requests that arrived");
        for canary in CANARIES {
            let content = std::fs::read_to_string(rig.home.path().join(canary));
            assert_eq!(content.expect("it is still there"), "canary", "{language:?}: {canary}");
        }
    }
}

/// The proof would be worth nothing if it could not fail: with rights the same calls are seen.
#[test]
fn with_all_rights_the_same_calls_are_seen() {
    let rig = Rig::new();
    let server = Server::start([Reply::new(200, "canary"), Reply::new(200, "canary")]);
    let trace = traced(&rig, LANGUAGES[0], &server, &["--allow-all"]);
    // A path is walked one name at a time.
    for name in CANARIES.iter().flat_map(|canary| canary.split('/')) {
        assert!(trace.contains(&format!("\"{name}\"")), "no system call names {name}");
    }
    assert!(trace.contains("AF_INET"), "nothing connects");
    assert!(!server.received().is_empty(), "no request arrived");
}

/// Runs the greedy plugin and gives every system call of the whole tree of processes that names a
/// file or a network address.
fn traced(rig: &Rig, language: Language, server: &Server, args: &[&str]) -> String {
    let home = rig.home.path();
    for canary in CANARIES {
        rig.home.write(canary, "canary");
    }
    let fill = |script: &str| {
        let canaries = CANARIES.iter().map(|canary| format!("\"{canary}\"")).collect::<Vec<_>>();
        script
            .replace("HOME_DIR", &home.to_string_lossy())
            .replace("PORT", &server.address().port().to_string())
            .replace("CANARIES", &canaries.join(", "))
    };
    rig.plugin(language, "greedy", &fill(LUA), &fill(JS));
    let probe = rig.command(&["probe", "greedy", "--json", "--plugins"]);
    let written = home.join("trace");
    let mut strace = Command::new("strace");
    strace.args(["-f", "-qq", "-s", "4096", "-e", "trace=file,network", "-o"]).arg(&written);
    strace.arg(probe.get_program()).args(probe.get_args()).arg(rig.plugins()).args(args);
    strace.env_clear().envs(probe.get_envs().filter_map(|(name, value)| Some((name, value?))));
    strace.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    strace.env("CODEX_HOME", home.join("canary-listing")).current_dir(home);
    let ran = rig.finish(strace);
    let tried = &ran.json()[0]["lines"][0]["value"];
    assert_eq!(tried, &TRIED.to_string(), "the script came to its end: {ran}");
    read(&written)
}

fn read(file: &Path) -> String {
    let bytes = std::fs::read(file).expect("strace is installed and wrote its file");
    String::from_utf8_lossy(&bytes).into_owned()
}
