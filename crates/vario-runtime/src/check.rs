use std::path::{Path, PathBuf};

use vario_manifest::{
    Code, Diagnostic, Diagnostics, DiskFolder, Folder, Language as Written, Severity, check,
    duplicate_ids, read_entry,
};
use vario_sandbox::{Language, Source, SourceKind};

use crate::engines::Engines;
use crate::isolation::Isolation;

/// What checking one plugin's folder found.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The folder.
    pub folder: PathBuf,
    /// The plugin's id, if the manifest is good enough to have one.
    pub id: Option<String>,
    /// Every problem.
    pub diagnostics: Diagnostics,
}

/// Checks plugin folders: their manifests, the files these name, the syntax of the code, and
/// whether two of them have one id. Runs nothing.
pub fn check_folders(
    engines: &Engines,
    isolation: &Isolation,
    folders: &[PathBuf],
) -> Vec<Checked> {
    let mut checked: Vec<Checked> =
        folders.iter().map(|folder| check_folder(engines, isolation, folder)).collect();
    let with_id: Vec<usize> =
        (0..checked.len()).filter(|index| checked[*index].id.is_some()).collect();
    let ids: Vec<String> = with_id.iter().filter_map(|index| checked[*index].id.clone()).collect();
    for duplicate in duplicate_ids(ids.iter().map(String::as_str)) {
        let kept = checked[with_id[duplicate.kept]].folder.display().to_string();
        let message = format!("the id `{}` is taken by the plugin in {kept}", duplicate.id);
        let help = "give one of them another id, or remove one".to_owned();
        let diagnostic = Diagnostic::of_file(Severity::Error, "plugin.json", message, Some(help));
        checked[with_id[duplicate.dropped]].diagnostics.push(diagnostic);
    }
    checked
}

fn check_folder(engines: &Engines, isolation: &Isolation, path: &Path) -> Checked {
    let mut diagnostics = Diagnostics::default();
    let folder = match DiskFolder::open(path) {
        Ok(folder) => folder,
        Err(error) => {
            let message = error.to_string();
            diagnostics.push(Diagnostic::of_file(Severity::Error, "plugin.json", message, None));
            return Checked { folder: path.to_owned(), id: None, diagnostics };
        }
    };
    let loaded = check(&folder);
    diagnostics = loaded.diagnostics;
    let id = loaded.plugin.as_ref().map(|plugin| plugin.id.clone());
    if let Some(code) = loaded.plugin.as_ref().and_then(|plugin| plugin.probe.as_ref())
        && let Some(diagnostic) = check_syntax(engines, isolation, &folder, code)
    {
        diagnostics.push(diagnostic);
    }
    Checked { folder: path.to_owned(), id, diagnostics }
}

fn check_syntax(
    engines: &Engines,
    isolation: &Isolation,
    folder: &dyn Folder,
    code: &Code,
) -> Option<Diagnostic> {
    let (language, kind) = match code.language {
        Written::Lua => (Language::Lua, SourceKind::Script),
        Written::JsScript => (Language::JavaScript, SourceKind::Script),
        Written::JsModule => (Language::JavaScript, SourceKind::Module),
        _ => return None,
    };
    let text = read_entry(folder, &code.path).ok()?;
    let source = Source::new(kind, code.path.as_str(), text);
    let words = isolation.check(engines, language, &source).err()?;
    let message = format!("the code does not parse: {words}");
    Some(Diagnostic::of_file(Severity::Error, code.path.as_str(), message, None))
}
