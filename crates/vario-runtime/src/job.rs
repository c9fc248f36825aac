use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use vario_dialects::{AppInfo, ModuleSource, ProbeDialect, ProbeJob};
use vario_manifest::{Code, Dialect, Language as Written, read_entry};
use vario_sandbox::{Language, Limits, Source, SourceKind};
use vario_store::Paths;

use crate::catalog::{Found, SharedFolder};

/// The largest file a plugin may load as a module.
const MAX_MODULE_BYTES: u64 = 4 * 1024 * 1024;

/// How the program presents itself to plugins (`ctx.app`).
#[derive(Debug, Clone)]
pub struct App {
    /// Version.
    pub version: String,
    /// `linux`, `macos` or `windows`.
    pub platform: String,
    /// Where things are: the data directory, and each plugin's own below it.
    pub paths: Paths,
}

impl App {
    /// The plugin's own directory (contract section 4.1).
    pub fn plugin_data_dir(&self, id: &str) -> PathBuf {
        self.paths.plugin_data_dir(id)
    }

    pub(crate) fn info(&self, id: &str) -> AppInfo {
        AppInfo {
            version: self.version.clone(),
            platform: self.platform.clone(),
            app_data_dir: self.paths.data_dir().to_string_lossy().into_owned(),
            plugin_data_dir: self.plugin_data_dir(id).to_string_lossy().into_owned(),
        }
    }
}

/// A probe made ready: its language and its job. The error is the card's text.
pub(crate) fn prepare(
    found: &Found,
    app: AppInfo,
    now: Timestamp,
    frozen_clock: bool,
    limits: Limits,
) -> Result<(Language, ProbeJob), String> {
    let plugin = &found.plugin;
    let code = plugin.probe.as_ref().ok_or("this plugin has no probe")?;
    let (language, kind) = how_to_run(plugin.dialect, code)?;
    let text = read_entry(found.folder.as_ref(), &code.path).map_err(|error| error.to_string())?;
    let job = ProbeJob {
        plugin_id: plugin.id.clone(),
        dialect: match plugin.dialect {
            Dialect::Openusage => ProbeDialect::Openusage,
            _ => ProbeDialect::Vario,
        },
        source: Source::new(kind, code.path.as_str(), text),
        app,
        now_iso: now.to_string(),
        now_unix_ms: now.as_millisecond(),
        frozen_clock,
        limits,
        unlisted_functions: Vec::new(),
    };
    Ok((language, job))
}

fn how_to_run(dialect: Dialect, code: &Code) -> Result<(Language, SourceKind), String> {
    match code.language {
        Written::Lua if dialect == Dialect::Openusage => Ok((Language::Lua, SourceKind::Script)),
        Written::Lua => Ok((Language::Lua, SourceKind::Module)),
        Written::JsScript => Ok((Language::JavaScript, SourceKind::Script)),
        Written::JsModule => Ok((Language::JavaScript, SourceKind::Module)),
        _ => Err(format!(
            "`{}` cannot be run: compile it to JavaScript and name the result as `entry`",
            code.path
        )),
    }
}

/// What the manifest lowers, taken off the limits the user set.
pub(crate) fn lowered(limits: &Limits, by: &vario_manifest::Limits) -> Limits {
    let least = |limit: usize, lower: Option<u64>| {
        lower.map_or(limit, |lower| limit.min(usize::try_from(lower).unwrap_or(usize::MAX)))
    };
    let calls =
        by.max_host_calls.map_or(u32::MAX, |calls| u32::try_from(calls).unwrap_or(u32::MAX));
    Limits {
        wall: by.timeout_ms.map_or(limits.wall, |ms| limits.wall.min(Duration::from_millis(ms))),
        heap_bytes: least(limits.heap_bytes, by.memory_bytes),
        stack_bytes: limits.stack_bytes,
        lines: least(limits.lines, by.max_lines),
        output_bytes: least(limits.output_bytes, by.max_output_bytes),
        host_calls: limits.host_calls.min(calls),
        http_body_bytes: least(limits.http_body_bytes, by.max_http_body_bytes),
        log_bytes: least(limits.log_bytes, by.max_log_bytes),
    }
}

/// Module files of the plugin's own folder, for `require` and `import`.
pub(crate) struct FolderModules(pub(crate) SharedFolder);

impl ModuleSource for FolderModules {
    fn module(&self, path: &str) -> Result<String, String> {
        let bytes = self
            .0
            .read(path, MAX_MODULE_BYTES)
            .map_err(|error| format!("module `{path}`: {error}"))?;
        String::from_utf8(bytes)
            .map_err(|error| format!("module `{path}` is not valid UTF-8: {error}"))
    }
}

/// Makes the plugin's own directory, before the script runs.
pub(crate) fn make_data_dir(path: &Path) -> Result<(), String> {
    vario_store::make_folder(path).map_err(|error| {
        format!("cannot create the plugin's directory {}: {error}", path.display())
    })
}

/// The modules a plugin may load: none in `openusage`, which has no module syntax.
pub(crate) fn modules(found: &Found) -> Option<Arc<dyn ModuleSource>> {
    (found.plugin.dialect != Dialect::Openusage)
        .then(|| Arc::new(FolderModules(Arc::clone(&found.folder))) as Arc<dyn ModuleSource>)
}
