//! `vario probe`: run probes and print what they return.

mod ask;
mod bar;
mod output;
mod prompt;
mod record;
mod watch;

use vario_bootstrap::{Options, Vario};
use vario_model::{NeedReason, Snapshot};
use vario_runtime::{Catalog, Found, RefreshOptions};

use self::output::Output;
use self::prompt::Prompt;
use super::runs::{Runs, failed_for_want_of_rights};
use crate::cli::{FormatArg, Global, ProbeArgs};
use crate::exit::{Exit, no_match, usage};
use crate::terminal;

pub(crate) fn run(global: &Global, args: &ProbeArgs) -> anyhow::Result<Exit> {
    let cancel = super::cancel_on_signal()?;
    let mut vario = super::open(Options {
        timeout: args.timeout,
        memory: args.memory,
        allow_all: args.allow_all,
        ..super::options(global)
    })?;
    vario.set_log(terminal::log_sink(global, vario.log_level()));
    super::say_warnings(global, &vario);
    if args.allow_all {
        terminal::say(
            "warning: --allow-all: every plugin may read, change and send whatever you may",
        );
    }
    let catalog = vario.catalog();
    super::say_problems(global, &vario, &catalog);
    if let Some(format) = args.format
        && args.watch
        && !vario_formats::Format::from(format).streams()
    {
        return Err(usage(
            "--watch prints one answer after the other, which this format's reader does not take",
        ));
    }
    if args.push && args.format == Some(FormatArg::Starship) {
        return Err(usage(
            "--push sends what was run, and a prompt runs nothing: let `vario serve` send it",
        ));
    }
    if let Some(file) = &args.record {
        return record::run(global, args, &vario, &catalog, file, &cancel);
    }
    let chosen = Chosen::of(args, &vario, &catalog)?;
    for id in &chosen.unknown {
        terminal::warn(global, &format!("there is no plugin `{id}`{}", nearest(id, &catalog)));
    }
    let output = Output::new(global, args, &vario, &catalog);
    let max_age = args.max_age.or(args.format.map(|_| bar::MAX_AGE));
    let prompt = Prompt { vario: &vario, max_age: max_age.unwrap_or_default() };
    if args.format == Some(FormatArg::Starship) && !args.refresh {
        output.all(&prompt.stored(&chosen.plugins)?)?;
        if let Err(error) = prompt.refresh(&chosen.plugins) {
            terminal::warn(global, &format!("what is too old stays so: {error:#}"));
        }
        return Ok(Exit::Ok);
    }
    let _sole = match args.refresh.then(|| prompt.lock()) {
        None => None,
        Some(Some(lock)) => Some(lock),
        // Somebody else is at it.
        Some(None) => return Ok(Exit::Ok),
    };
    let context = super::context(&vario, &catalog)?;
    let options = RefreshOptions {
        trigger: vario_model::RunTrigger::Manual,
        max_age,
        workers: usize::from(args.jobs),
        cancel: cancel.clone(),
    };
    let runs = Runs { global, vario: &vario, context: &context };
    if args.watch {
        return watch::run(&runs, &chosen.plugins, options, &output);
    }
    let (mut snapshots, due) = match args.format {
        Some(_) => prompt.spared(&chosen.plugins)?,
        None => (Vec::new(), chosen.plugins.clone()),
    };
    snapshots.extend(runs.all(&due, &options)?);
    if !args.allow_all && args.format.is_none() && ask::can_ask(global) && !cancel.is_cancelled() {
        let allowed = ask_for_rights(global, &vario, &catalog, &snapshots)?;
        let context = super::context(&vario, &catalog)?;
        let runs = Runs { context: &context, ..runs };
        for again in runs.all(&allowed, &options)? {
            snapshots.retain(|snapshot| snapshot.provider_id != again.provider_id);
            snapshots.push(again);
        }
    }
    // In the order asked for, else by id.
    let place = |snapshot: &Snapshot| {
        chosen.plugins.iter().position(|found| found.plugin.id == snapshot.provider_id)
    };
    snapshots.sort_by_key(place);
    output.all(&snapshots)?;
    let all_sent = !args.push || push(global, &vario, &snapshots)?;
    if args.format.is_some() {
        // A bar hides what ends otherwise; what failed is in what it shows.
        return Ok(Exit::Ok);
    }
    say_needs(global, &snapshots);
    let all_ran = chosen.unknown.is_empty() && snapshots.len() == chosen.plugins.len();
    let exit = exit(all_ran, &snapshots);
    Ok(if exit == Exit::Ok && !all_sent { Exit::NotOk } else { exit })
}

/// Sends results to a collector; gives whether nothing was lost. That it does not take them is no
/// failure: they wait.
fn push(global: &Global, vario: &Vario, snapshots: &[Snapshot]) -> anyhow::Result<bool> {
    let exported = vario.push(snapshots).map_err(|error| usage(error.to_string()))?;
    let Some(exported) = exported else {
        return Err(usage(
            "--push: OTEL_EXPORTER_OTLP_ENDPOINT names no collector, such as http://localhost:4318, or \
             OTEL_SDK_DISABLED or OTEL_METRICS_EXPORTER wants nothing to be sent",
        ));
    };
    for problem in &exported.problems {
        terminal::warn(global, problem);
    }
    if exported.waiting > 0 {
        let count = super::install::count(exported.waiting, "message");
        terminal::warn(global, &format!("kept until the collector takes it: {count}"));
    }
    Ok(exported.lost == 0)
}

/// Asks once for all that plugins were refused, and gives those that may now do more.
fn ask_for_rights(
    global: &Global,
    vario: &Vario,
    catalog: &Catalog,
    snapshots: &[Snapshot],
) -> anyhow::Result<Vec<Found>> {
    let mut grants = vario.grants();
    // What cannot be read cannot be added to.
    if grants.broken().is_some() {
        return Ok(Vec::new());
    }
    let questions = ask::questions(catalog, &grants, snapshots);
    if questions.is_empty() {
        return Ok(Vec::new());
    }
    ask::ask(global, catalog, &mut grants, &questions)
}

/// One line on what could not be done for want of rights, and how to change that.
fn say_needs(global: &Global, snapshots: &[Snapshot]) {
    let lacking: Vec<&str> = snapshots
        .iter()
        .filter(|snapshot| snapshot.needs.iter().any(|need| need.reason == NeedReason::NotGranted))
        .map(|snapshot| snapshot.provider_id.as_str())
        .collect();
    let words = match lacking.as_slice() {
        [] => return,
        [id] => format!(
            "`{id}` was refused what it has no right to; `vario grants {id}` shows it, \
             `vario grant {id} --from-last-run` allows it"
        ),
        ids => format!(
            "{} plugins were refused what they have no right to; `vario grants` shows it, \
             `vario grant ID --from-last-run` allows it",
            ids.len()
        ),
    };
    terminal::warn(global, &words);
}

/// How the command ends.
fn exit(all_ran: bool, snapshots: &[Snapshot]) -> Exit {
    let mut failed = snapshots.iter().filter(|snapshot| !snapshot.ok).peekable();
    match (all_ran, failed.peek().is_some()) {
        (true, false) => Exit::Ok,
        (true, true) if failed.all(failed_for_want_of_rights) => Exit::NotAllowed,
        _ => Exit::NotOk,
    }
}

/// The plugins to run.
struct Chosen {
    plugins: Vec<Found>,
    unknown: Vec<String>,
}

impl Chosen {
    /// The named ones, disabled or not; all enabled ones when none is named.
    fn of(args: &ProbeArgs, vario: &Vario, catalog: &Catalog) -> anyhow::Result<Self> {
        let (mut plugins, mut unknown) = (Vec::<Found>::new(), Vec::new());
        if args.ids.is_empty() {
            let runnable =
                |found: &&Found| found.plugin.probe.is_some() && vario.is_enabled(&found.plugin);
            plugins = catalog.plugins.iter().filter(runnable).cloned().collect();
            if plugins.is_empty() {
                return Err(no_match(super::nothing_to_run(catalog)));
            }
            return Ok(Self { plugins, unknown });
        }
        for id in &args.ids {
            match catalog.get(id) {
                Some(found) if plugins.iter().all(|known| known.plugin.id != *id) => {
                    plugins.push(found.clone());
                }
                Some(_) => {}
                None => unknown.push(id.clone()),
            }
        }
        if plugins.is_empty() {
            let id = unknown.first().map_or("", String::as_str);
            let message = format!("there is no plugin `{id}`{}", nearest(id, catalog));
            return Err(no_match(message));
        }
        Ok(Self { plugins, unknown })
    }
}

pub(super) fn nearest(id: &str, catalog: &Catalog) -> String {
    let ids = catalog.plugins.iter().map(|found| found.plugin.id.as_str());
    match vario_manifest::nearest(id, ids) {
        Some(near) => format!("; did you mean `{near}`?"),
        None => "; `vario list` shows what there is".to_owned(),
    }
}

/// The one plugin that is meant, for a command that takes exactly one.
fn single<'a>(args: &ProbeArgs, catalog: &'a Catalog) -> anyhow::Result<&'a Found> {
    let [id] = args.ids.as_slice() else {
        return Err(usage("--record needs exactly one ID"));
    };
    catalog
        .get(id)
        .ok_or_else(|| no_match(format!("there is no plugin `{id}`{}", nearest(id, catalog))))
}
