//! One run of the program over several hostile plugins and two that mean well.

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use serde_json::{Value as Json, json};

use super::cases::{Case, engine_of};
use super::server::Server;
use crate::rig::{LANGUAGES, Language, Ran, Rig};

/// The time limit of whoever has none of its own.
const TIMEOUT: Duration = Duration::from_secs(20);
/// How long after its deadline a plugin's run may end.
const GRACE: Duration = Duration::from_secs(5);
/// How much memory the host may ever have, of which SQLite may take 256 MiB.
#[cfg(target_os = "linux")]
const HOST_MIB: u64 = 512;
/// How much text one snapshot may have.
const SNAPSHOT_BYTES: usize = 4 * 1024 * 1024;
/// What nobody was granted to read.
const CANARY: &str = "canary-in-the-mine";
/// How many plugins run at once.
const JOBS: &str = "6";

/// Runs the plugins together. What became of each.
pub(super) fn run(cases: &[&Case], language: Language, allow_all: bool) -> Vec<(String, String)> {
    let rig = Rig::new();
    let server = Server::start();
    furnish(&rig);
    for case in cases {
        copy(&rig, case, language, &server);
    }
    let neighbours = ["a-neighbour", "zz-neighbour"];
    rig.says(neighbours[0], "still here");
    let last = *LANGUAGES.last().expect("a build has an engine");
    rig.plugin(
        last,
        neighbours[1],
        "return { lines = { ctx.line.text({ label = 'Says', value = 'still here' }) } }",
        "return { lines: [ctx.line.text({ label: 'Says', value: 'still here' })] }",
    );

    let mut command = rig.command(&["probe", "--json", "--memory", "64M", "--jobs", JOBS]);
    command.arg("--timeout").arg(format!("{}s", TIMEOUT.as_secs()));
    command.arg("--plugins").arg(rig.plugins());
    // Set, so that no shell is asked for it.
    command.env("CODEX_HOME", "/nowhere");
    if allow_all {
        command.arg("--allow-all");
    }
    let ran = Ran::of(&output(command), rig.home.path());
    assert!(matches!(ran.code, Some(0 | 1)), "{language:?}: {ran}");
    assert!(ran.stderr.len() < 1024 * 1024, "{language:?} floods the terminal");
    if !allow_all {
        assert!(!ran.stdout.contains(CANARY) && !ran.stderr.contains(CANARY), "{language:?}");
    }
    let snapshots = ran.json();
    let of = |id: &str| {
        let snapshots = snapshots.as_array().into_iter().flatten();
        snapshots.into_iter().find(|snapshot| snapshot["providerId"] == id)
    };
    for id in neighbours {
        let said = of(id).map(|snapshot| &snapshot["lines"][0]["value"]);
        assert_eq!(said, Some(&json!("still here")), "{id} in {language:?}");
    }
    cases
        .iter()
        .map(|case| {
            let snapshot = of(&case.name).unwrap_or_else(|| panic!("{} is gone", case.name));
            check(case, snapshot);
            (case.name.clone(), outcome(case, language, snapshot))
        })
        .collect()
}

/// What the plugins look for: files that are none, links, and something to read.
fn furnish(rig: &Rig) {
    rig.home.write("canary", CANARY);
    rig.home.write("folder/file", "");
    #[cfg(unix)]
    {
        use std::os::unix::fs::symlink;

        let home = rig.home.path();
        symlink("canary", home.join("link")).expect("a link can be made");
        symlink("loop", home.join("loop")).expect("a link can be made");
        symlink("/dev/zero", home.join("zero")).expect("a link can be made");
        let fifo = Command::new("mkfifo").arg(home.join("fifo")).status();
        assert!(fifo.is_ok_and(|status| status.success()), "a pipe can be made");
        let sparse = std::fs::File::create(home.join("sparse")).expect("a file can be made");
        sparse.set_len(1 << 40).expect("a file may have holes");
    }
}

/// Copies a plugin, with the case's limits in its manifest and the server's address in its source.
fn copy(rig: &Rig, case: &Case, language: Language, server: &Server) {
    let folder = rig.fixture(&format!("hostile/{}", case.name), language);
    edit(&folder.join("plugin.json"), |text| {
        let mut manifest: Json = serde_json::from_str(text).expect("a manifest is JSON");
        manifest["limits"] = json!({ "memoryBytes": case.memory });
        if let Some(timeout) = case.timeout_ms {
            manifest["limits"]["timeoutMs"] = json!(timeout);
        }
        manifest.to_string()
    });
    let source = folder.join(format!("plugin.{}", language.name()));
    edit(&source, |text| text.replace("{{server}}", &server.url()));
}

fn edit(path: &Path, change: impl FnOnce(&str) -> String) {
    let text = std::fs::read_to_string(path).expect("it was copied");
    std::fs::write(path, change(&text)).expect("it can be written");
}

/// Runs the program to its end, and looks at its memory meanwhile where the system tells.
fn output(mut command: Command) -> Output {
    let child =
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
    #[cfg(target_os = "linux")]
    let watch = super::watch::Watch::start(child.id());
    let output = child.wait_with_output().expect("the program ends");
    #[cfg(target_os = "linux")]
    {
        let peak = watch.end();
        assert!(peak < HOST_MIB * 1024 * 1024, "the host had {} MiB", peak / 1024 / 1024);
    }
    output
}

/// What holds for every snapshot, whatever the plugin did.
fn check(case: &Case, snapshot: &Json) {
    let name = &case.name;
    if let Err(error) = schema().validate(snapshot) {
        panic!("{name}: {error}");
    }
    assert!(snapshot.to_string().len() < SNAPSHOT_BYTES, "{name} floods the output");
    let limit = case.timeout_ms.map_or(TIMEOUT, Duration::from_millis);
    let took = Duration::from_millis(snapshot["durationMs"].as_u64().expect("a duration"));
    assert!(took <= limit + GRACE, "{name} took {took:?}");
    assert_ne!(snapshot["lines"].as_array().map(Vec::len), Some(0), "{name} has no line");
}

fn schema() -> &'static jsonschema::Validator {
    static SCHEMA: OnceLock<jsonschema::Validator> = OnceLock::new();
    SCHEMA.get_or_init(|| {
        let path = crate::rig::fixtures().join("../crates/vario-model/docs/snapshot.schema.json");
        let text = std::fs::read_to_string(path).expect("the schema is committed");
        let schema: Json = serde_json::from_str(&text).expect("a schema is JSON");
        jsonschema::validator_for(&schema).expect("it is a schema")
    })
}

/// What became of a plugin, as the table writes it.
fn outcome(case: &Case, language: Language, snapshot: &Json) -> String {
    let words = match (snapshot["error"].as_str(), snapshot["plan"].as_str()) {
        (Some(error), _) => quoted(error),
        (None, Some(plan)) => format!("answers {}", quoted(plan)),
        (None, None) => "answers".to_owned(),
    };
    let may = case.may(engine_of(language));
    if may.is_empty() {
        return words;
    }
    assert!(may.contains(&words), "{} in {language:?}: {words} is none of {may:?}", case.name);
    may.join(" or ")
}

/// A text in quotes, cut where it is long, with nothing in it that a table or a terminal obeys.
fn quoted(text: &str) -> String {
    let visible: String = text.chars().take(200).flat_map(char::escape_debug).collect();
    let visible = visible.replace("\\'", "'").replace('|', "\\|");
    let cut = if text.chars().nth(200).is_some() { "…" } else { "" };
    format!("“{visible}{cut}”")
}
