//! `vario probe ID --record FILE`.

use std::fs;
use std::path::Path;

use vario_bootstrap::Vario;
use vario_host::Cancel;
use vario_runtime::{Catalog, RecordOptions};
use vario_store::RunLock;

use super::output::Output;
use super::single;
use crate::cli::{Global, ProbeArgs};
use crate::exit::{Exit, not_ok};
use crate::terminal;

#[cfg(test)]
mod tests;

pub(super) fn run(
    global: &Global,
    args: &ProbeArgs,
    vario: &Vario,
    catalog: &Catalog,
    file: &Path,
    cancel: &Cancel,
) -> anyhow::Result<Exit> {
    let found = single(args, catalog)?;
    can_be_written(file)?;
    // One run per plugin at a time, or two of them refresh one token.
    let id = &found.plugin.id;
    let _lock = match RunLock::try_acquire(vario.paths(), id) {
        Ok(Some(lock)) => Some(lock),
        Ok(None) => return Err(not_ok(format!("another vario is running `{id}`; try again"))),
        Err(error) => {
            terminal::warn(global, &format!("runs are not kept apart: {error}"));
            None
        }
    };
    let context = super::super::context(vario, catalog)?;
    let options = RecordOptions {
        name: args.name.clone(),
        timezone: iana_time_zone::get_timezone().ok(),
        redact_names: args.redact_names,
    };
    let recorded =
        vario_runtime::record(&context, found, options, vario.clock(), cancel).map_err(not_ok)?;
    crate::commands::runs::say_notices(&recorded.snapshot);
    // The file first: standard output may be closed, which ends the program.
    let written = match &recorded.cassette {
        Ok(cassette) => write(file, &(serde_json::to_string_pretty(cassette)? + "\n"))
            .map(|()| cassette.calls.len()),
        Err(reason) => Err(not_ok(format!("{} was not written: {reason}", file.display()))),
    };
    let snapshots = [recorded.snapshot];
    Output::new(global, args, vario, catalog).all(&snapshots)?;
    super::say_needs(global, &snapshots);
    let calls = written?;
    if !global.quiet {
        terminal::say(&format!("recorded {calls} host calls into {}", file.display()));
    }
    Ok(super::exit(true, &snapshots))
}

/// Says before the run, which may have effects, that its cassette could not be kept.
fn can_be_written(file: &Path) -> anyhow::Result<()> {
    let refused = |reason: &str| not_ok(format!("cannot write {}: {reason}", file.display()));
    if let Ok(metadata) = fs::metadata(file) {
        if metadata.is_dir() {
            return Err(refused("it is a folder"));
        }
        if is_pipe(&metadata) {
            return Err(refused("it is a pipe"));
        }
        return Ok(());
    }
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    match folder {
        // Where `vario test` looks for them.
        Some(folder) if folder.file_name().is_some_and(|name| name == "cassettes") => {
            std::fs::create_dir(folder)
                .or_else(|error| if folder.is_dir() { Ok(()) } else { Err(error) })
                .map_err(|error| refused(&error.to_string()))
        }
        Some(folder) if !folder.is_dir() => {
            Err(refused(&format!("there is no folder {}", folder.display())))
        }
        _ => Ok(()),
    }
}

/// Writing to a pipe waits for a reader, perhaps for ever.
fn is_pipe(metadata: &fs::Metadata) -> bool {
    #[cfg(unix)]
    return std::os::unix::fs::FileTypeExt::is_fifo(&metadata.file_type());
    #[cfg(not(unix))]
    return false;
}

/// A cassette that is there already stays whole when there is no room for the new one.
fn write(file: &Path, text: &str) -> anyhow::Result<()> {
    if fs::metadata(file).is_ok_and(|metadata| !metadata.is_file()) {
        return fs::write(file, text)
            .map_err(|error| not_ok(format!("cannot write {}: {error}", file.display())));
    }
    vario_store::replace_file(file, text.as_bytes()).map_err(|error| not_ok(error.to_string()))
}
