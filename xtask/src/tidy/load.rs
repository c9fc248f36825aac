//! Reads the workspace from disk, through `cargo metadata` and a walk over its files.

use std::path::Path;

use anyhow::{Context as _, Result};
use cargo_metadata::{DependencyKind, MetadataCommand, TargetKind};

use super::model::{Dependency, Kind, Package, TextFile, Workspace};

/// Dot folders that belong to the project; all others belong to somebody's editor.
const DOT_FOLDERS: &[&str] = &[".cargo", ".ci", ".github"];

/// Reads everything the rules look at. Nothing is downloaded: dependencies are not resolved.
pub(crate) fn workspace(root: &Path) -> Result<Workspace> {
    let metadata = MetadataCommand::new()
        .manifest_path(root.join("Cargo.toml"))
        .no_deps()
        .exec()
        .context("cannot read the workspace with `cargo metadata`")?;
    let relative = |path: &Path| {
        let path = path.strip_prefix(metadata.workspace_root.as_std_path()).unwrap_or(path);
        path.to_string_lossy().replace('\\', "/")
    };
    let packages = metadata.workspace_packages().into_iter().map(|package| {
        let is_library =
            |kind: &TargetKind| matches!(kind, TargetKind::Lib | TargetKind::ProcMacro);
        let library = package.targets.iter().find(|target| target.kind.iter().any(is_library));
        let program = package.targets.iter().find(|target| target.kind.contains(&TargetKind::Bin));
        let front_page = library.or(program);
        Package {
            name: package.name.to_string(),
            folder: package
                .manifest_path
                .parent()
                .map_or_else(String::new, |folder| relative(folder.as_std_path())),
            description: package.description.clone().unwrap_or_default(),
            dependencies: package
                .dependencies
                .iter()
                .map(|dependency| Dependency {
                    name: dependency.name.clone(),
                    kind: match dependency.kind {
                        DependencyKind::Development => Kind::Dev,
                        DependencyKind::Build => Kind::Build,
                        _ => Kind::Normal,
                    },
                })
                .collect(),
            front_page: front_page
                .map_or_else(String::new, |target| relative(target.src_path.as_std_path())),
            is_library: library.is_some(),
        }
    });
    let mut workspace = Workspace { packages: packages.collect(), files: Vec::new() };
    read_folder(root, "", &mut workspace.files)?;
    workspace.files.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(workspace)
}

/// Adds the text files below a folder, leaving out build output and what is not UTF-8.
fn read_folder(folder: &Path, prefix: &str, files: &mut Vec<TextFile>) -> Result<()> {
    let entries =
        std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{prefix}{name}");
        let kind = entry.file_type()?;
        if kind.is_dir() {
            let is_foreign = name.starts_with('.') && !DOT_FOLDERS.contains(&name.as_str());
            let is_output = name == "target" || entry.path().join("CACHEDIR.TAG").exists();
            if !is_foreign && !is_output {
                read_folder(&entry.path(), &format!("{path}/"), files)?;
            }
        } else if kind.is_file()
            && let Ok(text) = std::fs::read_to_string(entry.path())
        {
            files.push(TextFile { path, text });
        }
    }
    Ok(())
}
