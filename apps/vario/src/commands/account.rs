//! `vario account`: who is signed in. Secrets come from files or standard input, go to the keychain
//! and are never shown.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde_json::{Map, Value as Json, json};
use vario_bootstrap::{AccountRow, NewAccount, SecretState, Vario};
use vario_store::AccountKind;

use crate::cli::{
    AccountAction, AccountAdd, AccountArgs, AccountKindArg, AccountUseArgs, AddSmartcarsArgs,
    AddStratosArgs, Global, ListArgs,
};
use crate::exit::{Exit, no_match, not_ok, usage};
use crate::style::Style;
use crate::terminal;

/// No token is longer.
const MAX_TOKEN: u64 = 64 * 1024;

/// No identity is larger.
const MAX_IDENTITY: u64 = 1024 * 1024;

pub(crate) fn run(global: &Global, args: &AccountArgs) -> anyhow::Result<Exit> {
    let vario = super::open(super::options(global))?;
    let exit = match &args.action {
        AccountAction::List(args) => list(global, args, &vario),
        AccountAction::Add(args) => match &args.kind {
            AccountAdd::Smartcars(args) => add(&vario, smartcars(args)?, args.replace),
            AccountAdd::Stratos(args) => add(&vario, stratos(args)?, args.replace),
        },
        AccountAction::Use(args) => use_account(&vario, args),
        AccountAction::Remove(args) => {
            known(&vario, &args.name)?;
            vario.accounts().remove(&args.name).map_err(|error| not_ok(error.to_string()))?;
            Ok(Exit::Ok)
        }
    }?;
    for warning in vario.accounts().take_warnings() {
        terminal::warn(global, &warning);
    }
    Ok(exit)
}

/// Whether the command changes who is signed in.
pub(crate) fn changes(args: &AccountArgs) -> bool {
    !matches!(args.action, AccountAction::List(_))
}

fn add(vario: &Vario, new: NewAccount, replace: bool) -> anyhow::Result<Exit> {
    let name = new.name.clone();
    vario.add_account(new, replace).map_err(|error| usage(error.to_string()))?;
    let rows = vario.accounts().list().unwrap_or_default();
    if rows.iter().any(|row| row.entry.name == name && !row.in_use) {
        terminal::say(&format!(
            "another account is in use; `vario account use {name}` changes that"
        ));
    }
    Ok(Exit::Ok)
}

fn smartcars(args: &AddSmartcarsArgs) -> anyhow::Result<NewAccount> {
    let text = read(&args.identity, MAX_IDENTITY, "identity")?;
    let Ok(Json::Object(document)) = serde_json::from_str(&text) else {
        return Err(usage("the identity is no JSON object"));
    };
    let (kind, name) = (AccountKind::Smartcars, args.name.clone());
    Ok(NewAccount { kind, name, document, refresh_url: None })
}

fn stratos(args: &AddStratosArgs) -> anyhow::Result<NewAccount> {
    let token_file = args.token_stdin.then_some(Path::new("-")).or(args.token_file.as_deref());
    let secret = |file: Option<&Path>, what| file.map(|file| token(file, what)).transpose();
    let texts = [
        ("id", args.id.clone()),
        ("name", args.name_shown.clone()),
        ("icao", args.icao.clone()),
        ("baseUrl", Some(args.base_url.clone())),
        ("token", secret(token_file, "token")?),
        ("refreshToken", secret(args.refresh_token_file.as_deref(), "refresh token")?),
    ];
    let given = texts.into_iter().filter_map(|(key, text)| Some((key.to_owned(), text?.into())));
    Ok(NewAccount {
        kind: AccountKind::Stratos,
        name: args.name.clone(),
        document: given.collect::<Map<String, Json>>(),
        refresh_url: args.refresh_url.clone(),
    })
}

fn token(file: &Path, what: &str) -> anyhow::Result<String> {
    let text = read(file, MAX_TOKEN, what)?;
    let token = text.trim();
    // It becomes a part of a header.
    if token.is_empty() || token.contains(|it: char| it.is_control() || it.is_whitespace()) {
        return Err(usage(format!("the {what} is not one word")));
    }
    Ok(token.to_owned())
}

/// What a file holds; `-` is standard input.
fn read(file: &Path, most: u64, what: &str) -> anyhow::Result<String> {
    let (source, place): (Box<dyn Read>, _) = if file == Path::new("-") {
        (Box::new(std::io::stdin()), "standard input".to_owned())
    } else {
        let place = file.display().to_string();
        let opened = File::open(file);
        let opened = opened.map_err(|error| usage(format!("cannot read {place}: {error}")))?;
        (Box::new(opened), place)
    };
    let mut bytes = Vec::new();
    source
        .take(most + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| usage(format!("cannot read {place}: {error}")))?;
    if bytes.len() as u64 > most {
        return Err(usage(format!("the {what} has more than {} KiB", most / 1024)));
    }
    String::from_utf8(bytes).map_err(|_its_bytes| usage(format!("the {what} is not in UTF-8")))
}

fn use_account(vario: &Vario, args: &AccountUseArgs) -> anyhow::Result<Exit> {
    let accounts = vario.accounts();
    if let Some(name) = &args.name {
        known(vario, name)?;
        accounts.use_account(name).map_err(|error| usage(error.to_string()))?;
    }
    let kind = args.none.map(|kind| match kind {
        AccountKindArg::Smartcars => AccountKind::Smartcars,
        AccountKindArg::Stratos => AccountKind::Stratos,
    });
    if let Some(kind) = kind {
        accounts.use_none(kind).map_err(|error| usage(error.to_string()))?;
    }
    Ok(Exit::Ok)
}

/// Fails when there is no account of that name.
fn known(vario: &Vario, name: &str) -> anyhow::Result<()> {
    let names = vario.accounts().names().map_err(|error| usage(error.to_string()))?;
    if names.iter().any(|known| known == name) {
        return Ok(());
    }
    Err(no_match(format!("there is no account `{name}`; `vario account list` shows them")))
}

fn list(global: &Global, args: &ListArgs, vario: &Vario) -> anyhow::Result<Exit> {
    let rows = vario.accounts().list().map_err(|error| not_ok(error.to_string()))?;
    if args.json {
        terminal::print_json(&rows.iter().map(as_json).collect::<Vec<_>>())?;
        return Ok(Exit::Ok);
    }
    if rows.is_empty() {
        terminal::say("there are no accounts; `vario account add --help` says how to add one");
    }
    let style = terminal::stdout_style(global);
    for row in &rows {
        terminal::print(&as_text(row, style))?;
    }
    Ok(Exit::Ok)
}

fn as_json(row: &AccountRow) -> Json {
    let secrets = row.secrets.iter().map(|(name, state)| {
        let state = match state {
            SecretState::Set => json!(true),
            SecretState::NotSet => json!(false),
            SecretState::Unknown(_) => Json::Null,
        };
        ((*name).to_owned(), state)
    });
    json!({
        "kind": row.entry.kind.name(),
        "name": row.entry.name,
        "inUse": row.in_use,
        "shown": shown(row),
        "baseUrl": row.entry.document.get("baseUrl").filter(|_| is_airline(row)),
        "refreshUrl": row.entry.refresh_url,
        "signedIn": row.entry.signed_in,
        "isSet": secrets.collect::<Map<String, Json>>(),
    })
}

/// A line with what it is, and one a secret.
fn as_text(row: &AccountRow, style: Style) -> String {
    let kind = style.dim(row.entry.kind.name());
    let in_use = if row.in_use { style.green("in use") } else { style.dim("not in use") };
    let shown =
        shown(row).map_or_else(String::new, |shown| format!("  {}", terminal::name(&shown)));
    let name = style.bold(&terminal::name(&row.entry.name));
    let mut lines = vec![format!("{name} {kind}  {in_use}{shown}")];
    let urls = [("base URL", url(row)), ("refresh URL", row.entry.refresh_url.as_deref())];
    for (what, url) in urls {
        lines.extend(url.map(|url| format!("  {} {}", style.dim(what), terminal::in_line(url))));
    }
    for (secret, state) in &row.secrets {
        let state = match state {
            SecretState::Set => "set".to_owned(),
            SecretState::NotSet => "not set".to_owned(),
            SecretState::Unknown(words) => format!("not readable ({})", terminal::in_line(words)),
        };
        lines.push(format!("  {} {state}", style.dim(secret)));
    }
    lines.join("\n") + "\n"
}

fn is_airline(row: &AccountRow) -> bool {
    row.entry.kind == AccountKind::Stratos
}

fn url(row: &AccountRow) -> Option<&str> {
    row.entry.document.get("baseUrl").filter(|_| is_airline(row))?.as_str()
}

/// Who or what it is, as far as the document says: `VA123, Virtual Air` or `Virtual Air, VAI`.
fn shown(row: &AccountRow) -> Option<String> {
    let at = |place: &[&str]| {
        let document = &row.entry.document;
        let first = document.get(*place.first()?)?;
        let found = place[1..].iter().try_fold(first, |value, key| value.get(key))?;
        found.as_str().filter(|text| !text.is_empty())
    };
    let airline = || at(&["airline", "name"]).or(at(&["airline", "settings", "airlineName"]));
    let parts = match row.entry.kind {
        AccountKind::Smartcars => [at(&["va_user", "pilotID"]), airline()],
        AccountKind::Stratos => [at(&["name"]), at(&["icao"])],
    };
    let parts: Vec<&str> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}
