//! Runs the program with a home folder of its own, on plugins written for the occasion or taken
//! from `fixtures/`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::SystemTime;

use serde_json::Value as Json;
use vario_test_support::TempHome;

/// The languages this build runs; the same test runs once in each.
pub(crate) const LANGUAGES: &[Language] = &[
    #[cfg(feature = "lua")]
    Language::Lua,
    #[cfg(feature = "js")]
    Language::Js,
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(
    not(all(feature = "lua", feature = "js")),
    expect(dead_code, reason = "a build may lack an engine")
)]
pub(crate) enum Language {
    Lua,
    Js,
}

impl Language {
    /// Its name, which is its folder's and its files' ending too.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Lua => "lua",
            Self::Js => "js",
        }
    }

    /// A script whose probe has this body, in the language at hand.
    pub(crate) fn script(self, id: &str, lua: &str, js: &str) -> String {
        match self {
            Self::Lua => format!("return {{ id = '{id}', probe = function(ctx)\n{lua}\nend }}\n"),
            Self::Js => format!(
                "globalThis.__openusage_plugin = {{ id: '{id}', probe(ctx) {{\n{js}\n}} }};\n"
            ),
        }
    }
}

/// A home folder, and in it `plugins`, the folder that every run is told to look into.
pub(crate) struct Rig {
    pub(crate) home: TempHome,
}

impl Rig {
    pub(crate) fn new() -> Self {
        let home = TempHome::new();
        std::fs::create_dir(home.path().join("plugins")).expect("the home folder is new");
        Self { home }
    }

    pub(crate) fn plugins(&self) -> PathBuf {
        self.home.path().join("plugins")
    }

    /// Writes a plugin whose probe has this body.
    pub(crate) fn plugin(&self, language: Language, id: &str, lua: &str, js: &str) -> PathBuf {
        self.plugin_with(language, id, lua, js, "")
    }

    /// The same with more keys of the manifest, each followed by a comma.
    pub(crate) fn plugin_with(
        &self,
        language: Language,
        id: &str,
        lua: &str,
        js: &str,
        keys: &str,
    ) -> PathBuf {
        let ending = language.name();
        let manifest = format!(
            r#"{{ "schemaVersion": 1, "dialect": "vario", {keys} "id": "{id}", "name": "The {id}", "version": "1.0.0", "entry": "plugin.{ending}" }}"#
        );
        self.home.write(&format!("plugins/{id}/plugin.{ending}"), language.script(id, lua, js));
        self.home.write(&format!("plugins/{id}/plugin.json"), manifest);
        self.plugins().join(id)
    }

    /// A plugin that returns one line of text, in whatever language there is.
    pub(crate) fn says(&self, id: &str, text: &str) -> PathBuf {
        self.plugin(
            LANGUAGES[0],
            id,
            &format!(
                "return {{ lines = {{ ctx.line.text({{ label = 'Says', value = '{text}' }}) }} }}"
            ),
            &format!("return {{ lines: [ctx.line.text({{ label: 'Says', value: '{text}' }})] }}"),
        )
    }

    /// A plugin that has used so many percent.
    pub(crate) fn uses(&self, id: &str, percent: u8) -> PathBuf {
        self.plugin(
            LANGUAGES[0],
            id,
            &format!(
                "return {{ lines = {{ ctx.line.progress({{ label = 'Used', used = {percent}, limit = 100, format = {{ kind = 'percent' }} }}) }} }}"
            ),
            &format!(
                "return {{ lines: [ctx.line.progress({{ label: 'Used', used: {percent}, limit: 100, format: {{ kind: 'percent' }} }})] }}"
            ),
        )
    }

    /// A plugin that throws a text.
    pub(crate) fn throws(&self, id: &str, text: &str) -> PathBuf {
        self.plugin(LANGUAGES[0], id, &format!("error('{text}', 0)"), &format!("throw '{text}'"))
    }

    /// Copies a plugin of `fixtures/` into the plugins' folder.
    pub(crate) fn fixture(&self, path: &str, language: Language) -> PathBuf {
        let from = fixtures().join(path).join(language.name());
        let id = Path::new(path).file_name().expect("a fixture has a name");
        let to = self.plugins().join(id);
        std::fs::create_dir_all(&to).expect("a folder can be made in a temporary one");
        for entry in std::fs::read_dir(&from).expect("the fixture is there") {
            let entry = entry.expect("the fixture can be read");
            std::fs::copy(entry.path(), to.join(entry.file_name())).expect("it can be copied");
        }
        to
    }

    /// The program with these arguments, in an environment that has nothing but this home.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        self.command_of(vario(), args)
    }

    /// Another program in the same surroundings.
    pub(crate) fn command_of(&self, program: &Path, args: &[&str]) -> Command {
        let mut command = Command::new(program);
        let home = self.home.path();
        command
            .args(args)
            .env_clear()
            .env("HOME", home)
            .env("USERPROFILE", home)
            .env("XDG_CONFIG_HOME", home.join("config"))
            .env("XDG_DATA_HOME", home.join("data"))
            .env("XDG_STATE_HOME", home.join("state"))
            .env("XDG_CACHE_HOME", home.join("cache"))
            .env("TZ", "UTC")
            .env("LANG", "C.UTF-8")
            .env("COLUMNS", "80")
            .current_dir(home)
            .stdin(Stdio::null());
        command
    }

    /// Runs it with the plugins' folder of this rig.
    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        let folder = self.plugins();
        let mut command = self.command(&["--plugins"]);
        command.arg(folder).args(args);
        self.finish(command)
    }

    /// Runs it with the folders that are configured.
    pub(crate) fn run_configured(&self, args: &[&str]) -> Ran {
        self.finish(self.command(args))
    }

    pub(crate) fn finish(&self, mut command: Command) -> Ran {
        Ran::of(&command.output().expect("the program starts"), self.home.path())
    }
}

/// How a run ended. Paths below the home folder begin with `[TEMP]`.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    pub(crate) fn of(output: &Output, home: &Path) -> Self {
        let text = |bytes: &[u8]| {
            String::from_utf8(bytes.to_vec())
                .expect("the program writes UTF-8")
                .replace(&*home.to_string_lossy(), "[TEMP]")
        };
        Self {
            code: output.status.code(),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        }
    }

    /// Checks the exit code; a failure shows all that was printed.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self}");
        self
    }

    /// Standard output as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Json {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self}"))
    }

    /// Standard output as JSON, an object a line.
    #[track_caller]
    pub(crate) fn json_lines(&self) -> Vec<Json> {
        let lines = self.stdout.lines().map(serde_json::from_str).collect::<Result<_, _>>();
        lines.unwrap_or_else(|error| panic!("{error}: {self}"))
    }

    /// Exit code and both texts, for a snapshot.
    pub(crate) fn transcript(&self) -> String {
        let mut text = format!("exit {}\n", self.code.unwrap_or(-1));
        for (name, content) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !content.is_empty() {
                let _cannot_fail = write!(text, "--- {name}\n{content}");
            }
        }
        text
    }
}

impl std::fmt::Display for Ran {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.transcript())
    }
}

/// What a user at a terminal does once something is shown.
#[cfg(target_os = "linux")]
pub(crate) enum Does {
    Types(&'static [u8]),
    PressesCtrlC,
}

/// Runs the program on a terminal of its own, does each thing when the words before it are shown,
/// and gives the exit code and all that was shown. What is to be done at once has no words.
#[cfg(target_os = "linux")]
pub(crate) fn on_terminal(rig: &Rig, args: &[&str], steps: &[(&str, Does)]) -> Ran {
    use std::io::{Read as _, Write as _};
    use std::os::fd::OwnedFd;

    use rustix::fs::{Mode, OFlags};
    use rustix::process::{Pid, Signal, kill_process};
    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

    let main = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("there are terminals");
    grantpt(&main).and_then(|()| unlockpt(&main)).expect("a new terminal can be used");
    let name = ptsname(&main, Vec::new()).expect("a terminal has a name");
    let side: OwnedFd =
        rustix::fs::open(name, OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).expect("its file");
    let twin = |side: &OwnedFd| Stdio::from(side.try_clone().expect("a second descriptor"));
    let mut main = std::fs::File::from(main);
    let mut steps = steps.iter().peekable();
    // Waits in the terminal before the program starts.
    while let Some(("", Does::Types(text))) = steps.peek() {
        main.write_all(text).expect("what is typed waits until it is read");
        steps.next();
    }
    let mut command = rig.command(&["--plugins"]);
    command.arg(rig.plugins()).args(args);
    command.stdin(twin(&side)).stdout(twin(&side)).stderr(twin(&side));
    let mut child = command.spawn().expect("the program starts");
    // Both hold the other side; without them reading ends with the program.
    drop((side, command));
    let (mut shown, mut seen) = (Vec::new(), 0);
    let mut piece = [0; 4096];
    // The end of the last writer is an error here.
    while let Ok(count @ 1..) = main.read(&mut piece) {
        shown.extend_from_slice(&piece[..count]);
        let text = String::from_utf8_lossy(&shown[seen..]).into_owned();
        let Some((words, does)) = steps.peek() else { continue };
        if !text.contains(words) {
            continue;
        }
        seen = shown.len();
        match does {
            Does::Types(text) => main.write_all(text).expect("the program reads"),
            Does::PressesCtrlC => {
                let pid = Pid::from_child(&child);
                kill_process(pid, Signal::INT).expect("the program runs");
            }
        }
        steps.next();
    }
    let status = child.wait().expect("the program ends");
    let shown = String::from_utf8_lossy(&shown).into_owned();
    Ran { code: status.code(), stdout: shown, stderr: String::new() }
}

/// Whether the user of this process ignores file permissions, as root does.
#[cfg(unix)]
pub(crate) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// The folder `fixtures` of the repository.
pub(crate) fn fixtures() -> PathBuf {
    repository().join("fixtures")
}

fn repository() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().expect("this crate is a folder of the repository").to_owned()
}

/// The program, beside this test's own binary; built once if it is not there or older than its
/// sources, with the same profile and the same engines.
pub(super) fn vario() -> &'static Path {
    static VARIO: OnceLock<PathBuf> = OnceLock::new();
    VARIO.get_or_init(|| {
        let binary = binary("vario");
        if is_stale(&binary) || !has_our_engines(&binary) {
            build("vario", &binary);
        }
        binary
    })
}

/// The window, in the same way.
#[cfg(all(target_os = "linux", feature = "lua", feature = "js"))]
pub(crate) fn viewer() -> PathBuf {
    let binary = binary("vario-viewer");
    if is_stale(&binary) {
        build("vario-viewer", &binary);
    }
    binary
}

fn binary(name: &str) -> PathBuf {
    let own = std::env::current_exe().expect("a test knows its own file");
    let profile = own.parent().and_then(Path::parent).expect("it is in <profile>/deps");
    profile.join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

/// Whether the program is missing or one of the sources cargo noted for it is newer.
fn is_stale(binary: &Path) -> bool {
    let changed = |path: &Path| path.metadata().and_then(|metadata| metadata.modified());
    let Ok(built) = changed(binary) else { return true };
    let Ok(notes) = std::fs::read_to_string(binary.with_extension("d")) else { return true };
    let sources = notes.split_once(": ").map_or("", |(_, sources)| sources);
    let sources = sources.replace("\\ ", "\0");
    sources.split_whitespace().any(|source| {
        let source = source.replace('\0', " ");
        changed(Path::new(&source)).unwrap_or_else(|_| SystemTime::now()) > built
    })
}

/// Whether the program was built with the engines these tests are built with.
fn has_our_engines(binary: &Path) -> bool {
    let home = TempHome::new();
    let output = Command::new(binary)
        .args(["doctor", "--json"])
        .env_clear()
        .env("VARIO_HOME", home.path())
        .output();
    let report = output.ok().and_then(|output| serde_json::from_slice::<Json>(&output.stdout).ok());
    let engines = report.as_ref().and_then(|report| report["engines"].as_array());
    engines.is_some_and(|engines| {
        let has = |language: &Language| {
            let name = language.name();
            engines.iter().filter_map(Json::as_str).any(|engine| {
                engine.to_lowercase().starts_with(if name == "js" { "javascript" } else { name })
            })
        };
        engines.len() == LANGUAGES.len() && LANGUAGES.iter().all(has)
    })
}

fn build(package: &str, binary: &Path) {
    let profile = binary.parent().expect("a binary is in a profile's folder");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let name = profile.file_name().and_then(|name| name.to_str()).unwrap_or("debug");
    let name = if name == "debug" { "dev" } else { name };
    let engines: Vec<&str> = LANGUAGES.iter().map(|language| language.name()).collect();
    let status = Command::new(cargo)
        .args(["build", "--quiet", "--package", package, "--profile", name])
        .args(["--no-default-features", "--features", &engines.join(",")])
        .arg("--target-dir")
        .arg(profile.parent().expect("a profile's folder is in the target folder"))
        .current_dir(repository())
        .status();
    assert!(status.is_ok_and(|status| status.success()), "{package} cannot be built");
    assert!(binary.is_file(), "there is no {}", binary.display());
}
