//! `cases.toml`: what each plugin of the corpus tries, and what it needs to try it.

use std::path::PathBuf;

use serde_json::{Map, Value as Json};

use crate::rig::{Language, fixtures};

/// A language of the corpus, whether or not this build runs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Engine {
    Lua,
    JavaScript,
}

/// Both, with the names of their folders.
pub(super) const BOTH: [(Engine, &str); 2] = [(Engine::Lua, "lua"), (Engine::JavaScript, "js")];

pub(super) fn engine_of(language: Language) -> Engine {
    match language {
        Language::Lua => Engine::Lua,
        Language::Js => Engine::JavaScript,
    }
}

/// Cases that belong together; one test.
pub(super) struct Group {
    pub(super) key: String,
    pub(super) title: String,
    pub(super) words: String,
    pub(super) cases: Vec<Case>,
}

/// One plugin in one or two languages.
pub(super) struct Case {
    pub(super) name: String,
    /// What it does, completing "it ...".
    pub(super) tries: String,
    /// Its own time limit.
    pub(super) timeout_ms: Option<u64>,
    /// Its memory limit in bytes.
    pub(super) memory: u64,
    /// Whether it runs with every right.
    pub(super) allow_all: bool,
    /// Why it cannot be run yet.
    pub(super) broken: Option<String>,
    absent: [Option<String>; 2],
    may: [Vec<String>; 2],
    unix: bool,
}

const MEMORY: u64 = 32 * 1024 * 1024;

impl Case {
    /// Why it does not exist in this language, if it does not.
    pub(super) fn absent(&self, engine: Engine) -> Option<&str> {
        self.absent[engine as usize].as_deref()
    }

    /// All its possible outcomes, where chance or the machine decides; else empty.
    pub(super) fn may(&self, engine: Engine) -> &[String] {
        &self.may[engine as usize]
    }

    /// Whether it is run on this system, today.
    pub(super) fn runs(&self, engine: Engine) -> bool {
        self.absent(engine).is_none() && self.broken.is_none() && (cfg!(unix) || !self.unix)
    }
}

/// The folder of the corpus.
pub(super) fn folder() -> PathBuf {
    fixtures().join("hostile")
}

/// Every group, in the file's order.
pub(super) fn all() -> Vec<Group> {
    let text = std::fs::read_to_string(folder().join("cases.toml")).expect("cases.toml is there");
    let file: Json = toml_edit::de::from_str(&text).unwrap_or_else(|error| panic!("{error}"));
    table(&file).iter().map(|(key, value)| group(key, value)).collect()
}

fn group(key: &str, value: &Json) -> Group {
    let cases = table(&value["cases"]).iter().map(|(name, value)| case(name, value)).collect();
    Group { key: key.to_owned(), title: text(&value["title"]), words: text(&value["words"]), cases }
}

fn case(name: &str, value: &Json) -> Case {
    const KEYS: &[&str] = &[
        "tries",
        "timeout-ms",
        "memory",
        "allow-all",
        "unix",
        "needs-isolation",
        "broken",
        "no-lua",
        "no-js",
        "lua-may",
        "js-may",
    ];
    let known = table(value);
    for key in known.keys() {
        assert!(KEYS.contains(&key.as_str()), "{name}: there is no key `{key}`");
    }
    let get = |key: &str| known.get(key);
    let flag = |key: &str| get(key).is_some_and(|value| value == &Json::Bool(true));
    let list = |key: &str| get(key).map(texts).unwrap_or_default();
    Case {
        name: name.to_owned(),
        tries: text(&value["tries"]),
        timeout_ms: get("timeout-ms").map(|value| value.as_u64().expect("a whole number")),
        memory: get("memory").map_or(MEMORY, |value| value.as_u64().expect("a whole number")),
        allow_all: flag("allow-all"),
        broken: get("broken").map(text),
        absent: [get("no-lua").map(text), get("no-js").map(text)],
        may: [list("lua-may"), list("js-may")],
        unix: flag("unix"),
    }
}

fn table(value: &Json) -> &Map<String, Json> {
    value.as_object().unwrap_or_else(|| panic!("{value} is no table"))
}

fn texts(value: &Json) -> Vec<String> {
    value.as_array().expect("a list").iter().map(text).collect()
}

fn text(value: &Json) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}
