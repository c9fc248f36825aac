//! The layout of a smartCARS plugin (reference of smartCARS, section 2).

use std::fs;
use std::path::Path;

use serde_json::Value as Json;

use super::{Files, Links, Walk, is_file, is_folder};
use crate::error::Error;
use crate::limits::Limits;

/// The most bytes of a `package.json` that are looked at.
const MAX_PACKAGE: u64 = 1024 * 1024;

/// What is built and where it goes.
pub(super) fn files(root: &Path, limits: &Limits) -> Result<Files, Error> {
    // Links are left out, as the packer of the examples does.
    let mut walk = Walk::new(root, Links::LeftOut, limits.entries);
    walk.file("plugin.json", &root.join("plugin.json"));
    let all = |_path: &str| false;
    if is_installed(root) {
        for part in ["background", "ui"] {
            if is_folder(root, part) {
                walk.add(part, &root.join(part), &all)?;
            }
        }
        return Ok(walk.finish());
    }
    if is_file(root, "background/package.json") {
        background(root, &mut walk)?;
    }
    if is_file(root, "ui/package.json") {
        if !is_folder(root, "ui/dist") {
            let help = "run `npm run build` in `ui`, or pack with --build";
            return Err(Error::NotBuilt { missing: "ui/dist", help });
        }
        walk.add("ui", &root.join("ui/dist"), &all)?;
    }
    Ok(walk.finish())
}

fn background(root: &Path, walk: &mut Walk) -> Result<(), Error> {
    if !is_file(root, "background/build/index.js") {
        let help = "run `npm run build` in `background`, or pack with --build";
        return Err(Error::NotBuilt { missing: "background/build/index.js", help });
    }
    for name in ["index.js", "openapi.json"] {
        let built = format!("background/build/{name}");
        if is_file(root, &built) {
            walk.file(&format!("background/{name}"), &root.join(built));
        }
    }
    let modules = "background/node_modules";
    if has_dependencies(root) && is_folder(root, modules) {
        walk.add(modules, &root.join(modules), &|_path: &str| false)?;
    }
    Ok(())
}

/// Whether this is a plugin as it is installed, and not the sources of one: there is nothing to
/// build, or a part stands where only a build puts it.
fn is_installed(root: &Path) -> bool {
    let background = is_file(root, "background/package.json");
    let ui = is_file(root, "ui/package.json");
    let built = is_file(root, "background/index.js") && !is_folder(root, "background/build");
    !ui && (!background || built)
}

/// Whether the background part needs modules that were not put into its one file. One whose
/// `package.json` cannot be read needs none, as for the packer of the examples.
fn has_dependencies(root: &Path) -> bool {
    let path = root.join("background/package.json");
    let is_small = fs::metadata(&path).is_ok_and(|metadata| metadata.len() <= MAX_PACKAGE);
    let text = if is_small { fs::read(&path).unwrap_or_default() } else { Vec::new() };
    let package: Json = serde_json::from_slice(&text).unwrap_or_default();
    package["dependencies"].as_object().is_some_and(|modules| !modules.is_empty())
}
