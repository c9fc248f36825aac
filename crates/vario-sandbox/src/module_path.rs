/// Why a module name does not lead to a file of the plugin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ModulePathError {
    /// Not `./…` or `../…`.
    #[error(
        "module `{0}` is not a relative path: only files of the plugin's own folder can be loaded"
    )]
    NotRelative(String),
    /// It leads out of the plugin's folder.
    #[error("module `{0}` is outside the plugin's folder")]
    Outside(String),
}

/// Resolves what a plugin wrote in `require` or `import` against the file that wrote it.
///
/// `from` and the result are relative to the plugin's folder, with `/`. Purely textual: symbolic
/// links are the business of whoever opens the file.
///
/// # Errors
/// When the name is not relative or leads out of the folder.
pub fn resolve_module(from: &str, name: &str) -> Result<String, ModulePathError> {
    let relative = name.starts_with("./") || name.starts_with("../");
    if !relative || name.contains(['\\', '\0', ':']) {
        return Err(ModulePathError::NotRelative(name.to_owned()));
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in name.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                if parts.pop().is_none() {
                    return Err(ModulePathError::Outside(name.to_owned()));
                }
            }
            part => parts.push(part),
        }
    }
    if parts.is_empty() {
        return Err(ModulePathError::Outside(name.to_owned()));
    }
    Ok(parts.join("/"))
}
