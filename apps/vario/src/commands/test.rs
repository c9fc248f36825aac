//! `vario test`: a plugin's own cassettes.

use std::path::{Path, PathBuf};

use vario_bootstrap::Options;
use vario_cassette::Cassette;
use vario_manifest::is_candidate;
use vario_runtime::{Catalog, Found};

use super::replay::{Replays, Report, read};
use crate::cli::{Global, TestArgs};
use crate::exit::{Exit, no_match, not_ok, usage};

/// One plugin with the cassettes it is tested by.
struct Suite {
    folder: PathBuf,
    found: Found,
    cassettes: Vec<(PathBuf, Cassette)>,
}

pub(crate) fn run(global: &Global, args: &TestArgs) -> anyhow::Result<Exit> {
    let mut suites = Vec::new();
    for dir in &args.dirs {
        suites.extend(suites_of(dir)?);
    }
    let vario = super::open(Options { plugins: args.dirs.clone(), ..super::options(global) })?;
    let context = super::context(&vario, &Catalog::default())?;
    let replays = Replays { context: &context, options: &args.replay };
    let mut report = Report::new(global, &args.replay);
    for suite in &suites {
        let mut updated = Vec::new();
        for (file, cassette) in &suite.cassettes {
            let mut line = replays.line_with(&suite.found, cassette);
            if args.update {
                let is_whole = line["mismatch"].is_null() && line["output"].is_object();
                let mut new = cassette.clone();
                if is_whole {
                    new.output = Some(line["output"].clone());
                    line["ok"] = true.into();
                }
                updated.push((file, new));
            }
            if suites.len() > 1 {
                line["folder"] = suite.folder.display().to_string().into();
            }
            report.add(&line)?;
        }
        write_updated(&updated)?;
    }
    report.finish()
}

/// Writes cassettes back, those of one file together.
fn write_updated(updated: &[(&PathBuf, Cassette)]) -> anyhow::Result<()> {
    for group in updated.chunk_by(|one, next| one.0 == next.0) {
        let file = group[0].0;
        let lines = file.extension().is_some_and(|ending| ending == "jsonl");
        let texts = group.iter().map(|(_, cassette)| {
            if lines {
                serde_json::to_string(cassette)
            } else {
                serde_json::to_string_pretty(cassette)
            }
        });
        let text = texts.collect::<Result<Vec<_>, _>>()?.join("\n") + "\n";
        std::fs::write(file, text)
            .map_err(|error| not_ok(format!("cannot write {}: {error}", file.display())))?;
    }
    Ok(())
}

/// The plugin in this folder; or the ones in its sub-folders, when they share its cassettes.
fn suites_of(dir: &Path) -> anyhow::Result<Vec<Suite>> {
    if is_plugin(dir)? {
        // A plugin may stand beside its twin in another language and share cassettes with it.
        let own = cassettes(dir)?;
        let shared = dir.parent().map(cassettes).transpose()?.unwrap_or_default();
        let cassettes = if own.is_empty() { shared } else { own };
        return Ok(vec![suite(dir.to_owned(), cassettes)?]);
    }
    let entries = std::fs::read_dir(dir)
        .map_err(|error| usage(format!("cannot read {}: {error}", dir.display())))?;
    let mut folders: Vec<PathBuf> = entries
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.is_dir() && is_plugin(path).unwrap_or(false))
        .collect();
    folders.sort();
    if folders.is_empty() {
        return Err(no_match(format!("no plugin in {}", dir.display())));
    }
    let shared = cassettes(dir)?;
    folders
        .into_iter()
        .map(|folder| {
            let own = cassettes(&folder)?;
            suite(folder, if own.is_empty() { shared.clone() } else { own })
        })
        .collect()
}

fn is_plugin(dir: &Path) -> anyhow::Result<bool> {
    Ok(is_candidate(&super::named_folder(dir)?))
}

fn suite(folder: PathBuf, cassettes: Vec<(PathBuf, Cassette)>) -> anyhow::Result<Suite> {
    let loaded = Found::load(&folder).map_err(|diagnostics| {
        not_ok(format!("{} cannot be used:\n{diagnostics}", folder.display()))
    })?;
    if cassettes.is_empty() {
        return Err(no_match(format!("{} has no cassettes/*.json", folder.display())));
    }
    for (file, cassette) in &cassettes {
        if cassette.plugin != loaded.plugin.id {
            return Err(usage(format!(
                "{} is of plugin `{}`, not of `{}`",
                file.display(),
                cassette.plugin,
                loaded.plugin.id
            )));
        }
    }
    Ok(Suite { folder, found: loaded, cassettes })
}

fn cassettes(dir: &Path) -> anyhow::Result<Vec<(PathBuf, Cassette)>> {
    let folder = dir.join("cassettes");
    let entries = match std::fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(usage(format!("cannot read {}: {error}", folder.display()))),
    };
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "json" || ending == "jsonl"))
        .collect();
    files.sort();
    let mut cassettes = Vec::new();
    for file in files {
        cassettes.extend(read(&file)?.into_iter().map(|cassette| (file.clone(), cassette)));
    }
    Ok(cassettes)
}
