use serde::Serialize;

use crate::json::{Kind, Node};

/// The families of plugins that are understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Dialect {
    /// `OpenUsage` and `Pacebar` probes: a strict script that sets a global.
    Openusage,
    /// Our own: a superset of `openusage`, in Lua or JavaScript, checked more strictly.
    Vario,
    /// Stratos background modules: an ES module with a default export.
    Stratos,
    /// smartCARS background plugins: a `CommonJS` object.
    Smartcars,
    /// Mudstack desktop plugins: a `CommonJS` class.
    Mudstack,
}

/// Keys that only `vario` knows, and that make a manifest with `schemaVersion` a `vario` one.
pub(crate) const VARIO_KEYS: [&str; 6] =
    ["permissions", "settings", "limits", "refresh", "background", "dependencies"];

/// Endings of an entry that only `vario` runs.
const VARIO_ENDINGS: [&str; 4] = ["lua", "luau", "mjs", "ts"];

impl Dialect {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Openusage, Self::Vario, Self::Stratos, Self::Smartcars, Self::Mudstack];

    /// The name a manifest uses in `dialect`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Openusage => "openusage",
            Self::Vario => "vario",
            Self::Stratos => "stratos",
            Self::Smartcars => "smartcars",
            Self::Mudstack => "mudstack",
        }
    }

    /// The dialect of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dialect| dialect.name() == name)
    }

    /// What a manifest is by its keys, `dialect` left aside. None when nothing fits.
    pub(crate) fn detect(file: &str, root: &Node) -> Option<Self> {
        let has = |key| root.get(key).is_some();
        let settings_list =
            root.get("availableSettings").is_some_and(|node| matches!(node.kind, Kind::Array(_)));
        if file != "plugin.json" {
            return Some(Self::Mudstack);
        }
        if has("icon_light") || has("icon_dark") || settings_list {
            return Some(Self::Stratos);
        }
        if has("type") && !has("entry") && !has("main") {
            return Some(Self::Smartcars);
        }
        if has("main") {
            return Some(Self::Mudstack);
        }
        let own_keys = has("schemaVersion") && VARIO_KEYS.into_iter().any(has);
        let own_entry = root
            .get("entry")
            .and_then(Node::as_str)
            .and_then(ending)
            .is_some_and(|ending| VARIO_ENDINGS.contains(&ending.as_str()));
        if own_keys || own_entry {
            return Some(Self::Vario);
        }
        has("entry").then_some(Self::Openusage)
    }
}

/// The ending of a file name in lower case, without the dot.
pub(crate) fn ending(path: &str) -> Option<String> {
    let name = path.rsplit(['/', '\\']).next()?;
    name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase())
}
