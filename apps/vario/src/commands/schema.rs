//! `vario schema`: the generated JSON schemas.

use crate::cli::{SchemaArgs, SchemaName};
use crate::exit::Exit;
use crate::terminal;

pub(crate) fn run(args: &SchemaArgs) -> anyhow::Result<Exit> {
    let schema = match args.name {
        SchemaName::Manifest => vario_manifest::schema(),
        SchemaName::Output => vario_output::schema(),
        SchemaName::Settings => vario_manifest::settings_schema(),
        SchemaName::Cassette => vario_cassette::schema(),
        SchemaName::Accounts => vario_store::accounts_schema(),
        SchemaName::Config => vario_store::config_schema(),
        SchemaName::Grants => vario_store::grants_schema(),
        SchemaName::Snapshot => vario_model::snapshot_schema(),
    };
    terminal::print_json(&schema)?;
    Ok(Exit::Ok)
}
