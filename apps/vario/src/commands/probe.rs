//! `vario probe`: run probes and print what they return.

mod output;
mod record;
mod watch;

use vario_bootstrap::{Options, Vario};
use vario_model::Snapshot;
use vario_runtime::{Catalog, Found, RefreshOptions};

use self::output::Output;
use crate::cli::{Global, ProbeArgs};
use crate::exit::{Exit, no_match, usage};
use crate::terminal;

pub(crate) fn run(global: &Global, args: &ProbeArgs) -> anyhow::Result<Exit> {
    let cancel = super::cancel_on_signal()?;
    let mut vario = super::open(Options {
        plugins: global.plugins.clone(),
        timeout: args.timeout,
        memory: args.memory,
    })?;
    vario.set_log(terminal::log_sink(global, vario.log_level()));
    super::say_warnings(global, &vario);
    let catalog = vario.catalog();
    super::say_problems(global, &vario, &catalog);
    if let Some(file) = &args.record {
        return record::run(global, args, &vario, &catalog, file, &cancel);
    }
    let chosen = Chosen::of(args, &vario, &catalog)?;
    for id in &chosen.unknown {
        terminal::warn(global, &format!("there is no plugin `{id}`{}", nearest(id, &catalog)));
    }
    let context = vario.context(&catalog);
    let output = Output::new(global, args.json, &vario, &catalog);
    let options = RefreshOptions {
        trigger: vario_model::RunTrigger::Manual,
        max_age: args.max_age,
        workers: usize::from(args.jobs),
        cancel: cancel.clone(),
    };
    if args.watch {
        return watch::run(&vario, &context, &chosen.plugins, options, &output);
    }
    let mut progress = terminal::Progress::new(global, chosen.plugins.len());
    let mut snapshots: Vec<Snapshot> = Vec::new();
    let warnings = vario.refresher()?.run(&context, &chosen.plugins, &options, &mut |event| {
        progress.event(&event);
        if let vario_model::RunEvent::Finished { snapshot } = event {
            snapshots.push(*snapshot);
        }
    });
    progress.clear();
    for warning in warnings {
        terminal::warn(global, &warning);
    }
    // In the order asked for, else by id.
    let place = |snapshot: &Snapshot| {
        chosen.plugins.iter().position(|found| found.plugin.id == snapshot.provider_id)
    };
    snapshots.sort_by_key(place);
    output.all(&snapshots)?;
    let all_ok = chosen.unknown.is_empty()
        && snapshots.len() == chosen.plugins.len()
        && snapshots.iter().all(|snapshot| snapshot.ok);
    Ok(if all_ok { Exit::Ok } else { Exit::NotOk })
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

fn nearest(id: &str, catalog: &Catalog) -> String {
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
