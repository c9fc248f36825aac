//! `vario background`: plugins that stay, as their owner hosts them.

use std::time::Duration;

use serde_json::{Value as Json, json};
use vario_bootstrap::Vario;
use vario_host::Cancel;
use vario_model::{BackgroundInfo, BackgroundState, MenuCommand};
use vario_runtime::owner::{Client, NoOwner};
use vario_store::LogLine;

use crate::cli::{
    BackgroundArgs, BackgroundCommand, CallArgs, Global, LogsArgs, MenuArgs, NameArgs, PageArgs,
};
use crate::commands::{cancel_on_signal, open, options};
use crate::exit::{Exit, no_match, not_ok, usage};
use crate::table::render_columns;
use crate::terminal;

pub(crate) fn run(global: &Global, args: &BackgroundArgs) -> anyhow::Result<Exit> {
    let vario = open(options(global))?;
    match &args.command {
        BackgroundCommand::List(args) => list(&vario, global, args.json),
        BackgroundCommand::Start(args) => wish(&vario, "start", args),
        BackgroundCommand::Stop(args) => wish(&vario, "stop", args),
        BackgroundCommand::Restart(args) => wish(&vario, "restart", args),
        BackgroundCommand::Rescan => {
            ask(&vario, &json!({ "do": "rescan" }))?;
            Ok(Exit::Ok)
        }
        BackgroundCommand::Logs(args) => logs(&vario, args),
        BackgroundCommand::Call(args) => call(&vario, args),
        BackgroundCommand::Menu(args) => menu(&vario, global, args),
        BackgroundCommand::Page(args) => page(&vario, args),
    }
}

/// Says so if there is no such plugin anywhere; whoever hosts may know more than is here now.
fn expect_known(vario: &Vario, id: &str) -> anyhow::Result<()> {
    let catalog = vario.catalog();
    if catalog.get(id).is_some() {
        return Ok(());
    }
    let near = super::probe::nearest(id, &catalog);
    Err(no_match(format!("there is no plugin `{id}`{near}")))
}

/// What is to be said when nobody hosts anything.
const NOBODY: &str =
    "no background plugins run: start `vario serve` or the window, which host them";

/// Asks the owner for one thing.
pub(super) fn ask(vario: &Vario, command: &Json) -> anyhow::Result<Json> {
    let mut client = connect(vario)?;
    let answer = client.manage(command, &Cancel::new(), &mut |_item| true);
    match answer {
        Ok(Some(Ok(value))) => Ok(value),
        Ok(Some(Err(words))) => Err(not_ok(words)),
        Ok(None) | Err(_) => Err(anyhow::anyhow!("the running vario did not answer")),
    }
}

pub(super) fn connect(vario: &Vario) -> anyhow::Result<Client> {
    Client::connect(vario.paths(), &vario.identity()).map_err(|error| match error {
        NoOwner::None => usage(NOBODY.to_owned()),
        NoOwner::Refused(text) => anyhow::anyhow!(text),
        NoOwner::Silent => anyhow::anyhow!("the running vario does not answer"),
    })
}

fn list(vario: &Vario, global: &Global, as_json: bool) -> anyhow::Result<Exit> {
    let plugins: Vec<BackgroundInfo> =
        serde_json::from_value(ask(vario, &json!({ "do": "list" }))?)?;
    if as_json {
        terminal::print_json(&plugins)?;
        return Ok(Exit::Ok);
    }
    if plugins.is_empty() {
        terminal::warn(global, "no plugin has a background part");
        return Ok(Exit::Ok);
    }
    let now = vario.clock().now().as_millisecond();
    let mut rows = Vec::new();
    for plugin in &plugins {
        let uptime = plugin.active_since.map_or_else(String::new, |since| span(now - since));
        let memory = plugin
            .memory_bytes
            .map_or_else(String::new, |bytes| format!("{} MiB", bytes.div_ceil(1 << 20)));
        rows.push(vec![
            plugin.id.clone(),
            plugin.state.name().to_owned(),
            uptime,
            plugin.restarts.to_string(),
            memory,
            plugin.routes.len().to_string(),
            remark(plugin),
        ]);
    }
    print_table(global, &["ID", "STATE", "UPTIME", "RESTARTS", "MEMORY", "ROUTES", "NOTE"], &rows)?;
    if !global.quiet {
        for plugin in plugins.iter().filter(|plugin| !plugin.needs.is_empty()) {
            let id = terminal::name(&plugin.id);
            terminal::say(&format!("`vario grant {id} --from-last-run` grants what `{id}` lacks"));
        }
    }
    let has_failed = plugins.iter().any(|plugin| plugin.state == BackgroundState::Failed);
    Ok(if has_failed { Exit::NotOk } else { Exit::Ok })
}

fn print_table(global: &Global, heads: &[&str], rows: &[Vec<String>]) -> anyhow::Result<()> {
    let style = terminal::stdout_style(global);
    let text = render_columns(terminal::width(), style, terminal::is_utf8(), heads, rows);
    terminal::print(&text)
}

/// Why it is as it is, and what it lacks.
fn remark(plugin: &BackgroundInfo) -> String {
    let mut parts = Vec::new();
    if !plugin.enabled {
        parts.push("disabled".to_owned());
    }
    parts.extend(plugin.reason.clone());
    if !plugin.needs.is_empty() {
        const SHOWN: usize = 5;
        let all = plugin.needs.iter().map(|need| need.permission.as_str());
        let shown: Vec<&str> = all.take(SHOWN).collect();
        let more = match plugin.needs.len().saturating_sub(SHOWN) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        parts.push(format!("lacks {}{more}", shown.join(", ")));
    }
    parts.join("; ")
}

fn span(ms: i64) -> String {
    let seconds = (ms / 1000).max(0);
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min", seconds / 60),
        3600..86_400 => format!("{} h {} min", seconds / 3600, seconds / 60 % 60),
        _ => format!("{} d {} h", seconds / 86_400, seconds / 3600 % 24),
    }
}

fn wish(vario: &Vario, what: &str, args: &NameArgs) -> anyhow::Result<Exit> {
    let mut exit = Exit::Ok;
    for id in &args.ids {
        expect_known(vario, id)?;
        if let Err(error) = ask(vario, &json!({ "do": what, "id": id })) {
            if crate::exit::of_error(&error) == Exit::Usage {
                return Err(error);
            }
            terminal::say(&format!("{error}"));
            exit = Exit::NotOk;
        }
    }
    Ok(exit)
}

fn logs(vario: &Vario, args: &LogsArgs) -> anyhow::Result<Exit> {
    let logs = vario.plugin_logs();
    let lines = logs.tail(&args.id, args.lines)?;
    if lines.is_empty() {
        expect_known(vario, &args.id)?;
    }
    let mut last = lines.last().cloned();
    print_lines(&lines)?;
    if !args.follow {
        return Ok(Exit::Ok);
    }
    let cancel = cancel_on_signal()?;
    let (sender, woken) = crossbeam_channel::bounded(1);
    let _guard = cancel.on_cancel(move || {
        let _already_told = sender.try_send(());
    });
    while woken.recv_timeout(LOOK_EVERY).is_err() {
        let lines = logs.tail(&args.id, MANY)?;
        // What was there before, by its last line; of a log that began anew everything is new.
        let seen = last.as_ref().and_then(|last| lines.iter().rposition(|line| line == last));
        let new = &lines[seen.map_or(0, |place| place + 1)..];
        print_lines(new)?;
        last = new.last().cloned().or(last);
    }
    Ok(Exit::Ok)
}

/// How often a log is looked at that is followed.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// More lines than are written in that time.
const MANY: usize = 10_000;

fn print_lines(lines: &[LogLine]) -> anyhow::Result<()> {
    let row = |line: &LogLine| {
        let time = jiff::Timestamp::from_millisecond(line.at_ms).unwrap_or_default();
        format!("{time:.3} {:<5} {}\n", line.level.name(), terminal::plain(&line.message))
    };
    terminal::print(&lines.iter().map(row).collect::<String>())
}

fn call(vario: &Vario, args: &CallArgs) -> anyhow::Result<Exit> {
    expect_known(vario, &args.id)?;
    let values = args.args.iter().map(|text| value_of(text)).collect::<Vec<Json>>();
    let command = match (&args.ipc, &args.request) {
        (Some(channel), _) => {
            json!({ "do": "ipc", "id": args.id, "channel": channel, "args": values })
        }
        (None, Some(kind)) => {
            let payload = values.into_iter().next().unwrap_or(Json::Null);
            json!({ "do": "request", "id": args.id, "type": kind, "payload": payload })
        }
        (None, None) => return route(vario, args),
    };
    terminal::print_json(&ask(vario, &command)?)?;
    Ok(Exit::Ok)
}

/// A word of the command line as JSON, or as the text it is.
pub(super) fn value_of(text: &str) -> Json {
    serde_json::from_str(text).unwrap_or_else(|_no_json| Json::from(text))
}

/// Asks one of the plugin's routes, as a request of HTTP would.
fn route(vario: &Vario, args: &CallArgs) -> anyhow::Result<Exit> {
    let Some(path) = args.args.first() else {
        let words = "what to call is missing: a route, --ipc CHANNEL or --request TYPE";
        return Err(usage(words.to_owned()));
    };
    let target =
        if path.starts_with('/') { path.clone() } else { format!("/api/{}/{path}", args.id) };
    let body = args.args.get(1).cloned().unwrap_or_default();
    let method = args
        .method
        .clone()
        .unwrap_or_else(|| if body.is_empty() { "GET".to_owned() } else { "POST".to_owned() });
    let command = json!({ "do": "http", "method": method, "target": target, "body": body });
    let answer = ask(vario, &command)?;
    let status = answer.get("status").and_then(Json::as_u64).unwrap_or_default();
    let body = answer.get("body").and_then(Json::as_str).unwrap_or_default();
    terminal::print_foreign(body)?;
    if (200..400).contains(&status) {
        return Ok(Exit::Ok);
    }
    terminal::say(&format!("the route answered with status {status}"));
    Ok(Exit::NotOk)
}

fn menu(vario: &Vario, global: &Global, args: &MenuArgs) -> anyhow::Result<Exit> {
    let Some(command) = &args.command else {
        let entries: Vec<MenuCommand> =
            serde_json::from_value(ask(vario, &json!({ "do": "menu" }))?)?;
        let row = |entry: &MenuCommand| {
            vec![entry.plugin_id.clone(), entry.id.clone(), entry.title.clone()]
        };
        let rows: Vec<Vec<String>> = entries.iter().map(row).collect();
        print_table(global, &["PLUGIN", "COMMAND", "TITLE"], &rows)?;
        return Ok(Exit::Ok);
    };
    let Some(plugin) = &args.plugin else { return Err(usage("a plugin is missing".to_owned())) };
    expect_known(vario, plugin)?;
    let context = args.context.as_deref().map_or(Json::Null, value_of);
    let wish = json!({ "do": "run-menu", "id": plugin, "command": command, "context": context });
    ask(vario, &wish)?;
    Ok(Exit::Ok)
}

fn page(vario: &Vario, args: &PageArgs) -> anyhow::Result<Exit> {
    expect_known(vario, &args.id)?;
    // Near black and near white, as the window has them.
    let (foreground, background) =
        if args.dark { ("f2f2f2", "1c1c1e") } else { ("1c1c1e", "ffffff") };
    let wish = json!({
        "do": "page", "id": args.id, "dark": args.dark,
        "foreground": foreground, "background": background,
    });
    let address = ask(vario, &wish)?;
    terminal::print_line(&terminal::in_line(address.as_str().unwrap_or_default()))?;
    Ok(Exit::Ok)
}
