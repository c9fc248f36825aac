//! `cargo xtask codegen [--check]`: files that are generated and committed.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::{check_flag, process};

/// The schemas, by the name `vario schema` knows them under, and where each is kept.
const SCHEMAS: &[(&str, &str)] = &[
    ("accounts", "crates/vario-store/docs/accounts.schema.json"),
    ("cassette", "crates/vario-cassette/docs/cassette.schema.json"),
    ("config", "crates/vario-store/docs/config.schema.json"),
    ("grants", "crates/vario-store/docs/grants.schema.json"),
    ("manifest", "crates/vario-manifest/docs/manifest.schema.json"),
    ("output", "crates/vario-output/docs/output.schema.json"),
    ("settings", "crates/vario-manifest/docs/settings.schema.json"),
    ("snapshot", "crates/vario-model/docs/snapshot.schema.json"),
];

/// Writes every generated file, or with `--check` fails if one would change.
pub(crate) fn run(root: &Path, args: &[String]) -> Result<()> {
    let check = check_flag("codegen", args)?;
    let vario = process::vario(root)?;
    let mut stale = Vec::new();
    for (name, path) in SCHEMAS {
        let mut command = Command::new(&vario);
        command.args(["schema", name]).current_dir(root);
        let schema = pretty(&process::output(command)?)
            .with_context(|| format!("`vario schema {name}` printed something else than JSON"))?;
        let path_here = root.join(path);
        if is_current(&path_here, &schema) {
            continue;
        }
        if check {
            stale.push(*path);
        } else {
            write(&path_here, &schema)?;
            println!("wrote {path}");
        }
    }
    if !stale.is_empty() {
        bail!("out of date, run `cargo xtask codegen`: {}", stale.join(", "));
    }
    Ok(())
}

/// The same JSON with two-space indentation and a line feed at the end.
fn pretty(json: &[u8]) -> Result<String> {
    let value: serde_json::Value = serde_json::from_slice(json)?;
    Ok(serde_json::to_string_pretty(&value)? + "\n")
}

/// A checkout may have turned line ends around; that is no difference.
fn is_current(path: &Path, text: &str) -> bool {
    std::fs::read_to_string(path).is_ok_and(|old| old.replace("\r\n", "\n") == text)
}

fn write(path: &Path, text: &str) -> Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
    }
    std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::{SCHEMAS, is_current, pretty, write};

    #[test]
    fn generated_text_is_stable_and_compared_without_line_ends() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("docs/a.json");
        let text = pretty(br#"{"b":1,"a":[2]}"#).unwrap();
        assert_eq!(text, "{\n  \"b\": 1,\n  \"a\": [\n    2\n  ]\n}\n");
        assert!(!is_current(&path, &text), "there is no file yet");
        write(&path, &text).unwrap();
        assert!(is_current(&path, &text));
        write(&path, &text.replace('\n', "\r\n")).unwrap();
        assert!(is_current(&path, &text));
        write(&path, "{}\n").unwrap();
        assert!(!is_current(&path, &text));
        assert!(pretty(b"error").is_err());
    }

    #[test]
    fn every_schema_is_kept_with_a_crate() {
        for (name, path) in SCHEMAS {
            assert!(path.starts_with("crates/vario-"), "{path}");
            assert!(path.ends_with(&format!("/docs/{name}.schema.json")), "{path}");
        }
    }
}
