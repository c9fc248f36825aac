//! `cargo xtask fixtures [--check]`: the plugins in `fixtures/plugins`, each in Lua and JavaScript.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::{check_flag, process};

const FOLDER: &str = "fixtures/plugins";

/// Both programs must be there: one expectation for two languages is the parity test.
const LANGUAGES: &[&str] = &["js", "lua"];

/// Replays every fixture with `vario test`; without `--check` the expectations are rewritten.
pub(crate) fn run(root: &Path, args: &[String]) -> Result<()> {
    let check = check_flag("fixtures", args)?;
    let names = names(&root.join(FOLDER))?;
    let vario = process::vario(root)?;
    let mut failed = Vec::new();
    for name in &names {
        let mut command = Command::new(&vario);
        command.args(["test", &format!("{FOLDER}/{name}")]).current_dir(root);
        if !check {
            command.arg("--update");
        }
        if let Err(error) = process::run(command) {
            eprintln!("{error:#}");
            failed.push(name.as_str());
        }
    }
    if !failed.is_empty() {
        bail!("{} of {} fixtures failed: {}", failed.len(), names.len(), failed.join(", "));
    }
    println!("{} fixtures are as expected", names.len());
    Ok(())
}

/// The fixtures' names in order, after checking that each has both languages and a cassette.
fn names(folder: &Path) -> Result<Vec<String>> {
    let entries =
        std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    if names.is_empty() {
        bail!("there are no plugins in {}", folder.display());
    }
    for name in &names {
        for language in LANGUAGES {
            let manifest = folder.join(name).join(language).join("plugin.json");
            if !manifest.is_file() {
                bail!("fixture `{name}` has no {language}/plugin.json");
            }
        }
        let has_cassette = std::fs::read_dir(folder.join(name).join("cassettes"))
            .is_ok_and(|files| files.flatten().any(|file| is_json(&file.path())));
        if !has_cassette {
            bail!("fixture `{name}` has no cassettes/*.json, so it would test nothing");
        }
    }
    Ok(names)
}

fn is_json(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "json")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::names;

    fn put(folder: &Path, path: &str) {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, "{}").unwrap();
    }

    #[test]
    fn a_fixture_needs_both_languages_and_a_cassette() {
        let folder = tempfile::tempdir().unwrap();
        let error = |folder: &Path| names(folder).expect_err("incomplete").to_string();

        assert!(error(folder.path()).starts_with("there are no plugins in "));
        put(folder.path(), "badge/js/plugin.json");
        assert_eq!(error(folder.path()), "fixture `badge` has no lua/plugin.json");
        put(folder.path(), "badge/lua/plugin.json");
        put(folder.path(), "badge/cassettes/notes.txt");
        assert_eq!(
            error(folder.path()),
            "fixture `badge` has no cassettes/*.json, so it would test nothing"
        );
        put(folder.path(), "badge/cassettes/ok.json");
        put(folder.path(), "README.md");
        assert_eq!(names(folder.path()).unwrap(), ["badge"]);
    }
}
