//! `vario probe ID --record FILE`.

use std::path::Path;

use vario_bootstrap::Vario;
use vario_host::Cancel;
use vario_runtime::{Catalog, RecordOptions};

use super::output::Output;
use super::single;
use crate::cli::{Global, ProbeArgs};
use crate::exit::{Exit, not_ok};
use crate::terminal;

pub(super) fn run(
    global: &Global,
    args: &ProbeArgs,
    vario: &Vario,
    catalog: &Catalog,
    file: &Path,
    cancel: &Cancel,
) -> anyhow::Result<Exit> {
    let found = single(args, catalog)?;
    let context = vario.context(catalog);
    let options = RecordOptions {
        name: args.name.clone(),
        timezone: iana_time_zone::get_timezone().ok(),
        redact_names: args.redact_names,
    };
    let recorded =
        vario_runtime::record(&context, found, options, vario.clock(), cancel).map_err(not_ok)?;
    let is_ok = recorded.snapshot.ok;
    Output::new(global, args.json, vario, catalog).all(&[recorded.snapshot])?;
    let cassette = recorded.cassette.map_err(|difference| {
        not_ok(format!("{} was not written: {difference}", file.display()))
    })?;
    let text = serde_json::to_string_pretty(&cassette)? + "\n";
    std::fs::write(file, text)
        .map_err(|error| not_ok(format!("cannot write {}: {error}", file.display())))?;
    if !global.quiet {
        let calls = cassette.calls.len();
        terminal::say(&format!("recorded {calls} host calls into {}", file.display()));
    }
    Ok(if is_ok { Exit::Ok } else { Exit::NotOk })
}
