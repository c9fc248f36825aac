//! `vario serve`: owns the state directory, hosts background plugins, keeps probes up to date, and
//! serves both over HTTP on this machine.

use std::sync::Arc;

use crossbeam_channel::select;
use vario_bootstrap::{FolderWatch, Serving, ServingOptions, Vario};
use vario_host::Cancel;
use vario_model::RunEvent;
use vario_runtime::owner::{Alone, Changed, Claim, News, Owner, Watch, claim};

use crate::cli::{CompatArg, Global, ServeArgs};
use crate::commands::{cancel_on_signal, open, options, say_warnings};
use crate::exit::{Exit, not_ok, usage};
use crate::terminal;

/// How many probes run at once.
const WORKERS: usize = 4;

pub(crate) fn run(global: &Global, args: &ServeArgs) -> anyhow::Result<Exit> {
    let mut vario = open(options(global))?;
    vario.set_log(terminal::log_sink(global, vario.log_level()));
    say_warnings(global, &vario);
    for warning in vario.accounts().take_warnings() {
        terminal::warn(global, &warning);
    }
    if !vario.shares_runs() {
        return Err(usage("plugins cannot be hosted in this process: leave `--isolation` out"));
    }
    let cancel = cancel_on_signal()?;
    let hosting = vario.hosting_front()?;
    let owning = vario.owner_options(hosting.front(), WORKERS, cancel.clone())?;
    let owner = match claim(&owning, &Watch::Enabled) {
        Claim::Owner(owner) => owner,
        Claim::Follower(_) => {
            return Err(not_ok(
                "another vario (the window, or `probe --watch`) owns the state directory and hosts \
                 the plugins; end it first",
            ));
        }
        Claim::Alone(Alone::Cancelled) => return Ok(Exit::Ok),
        Claim::Alone(why) => return Err(not_ok(alone(why))),
    };
    if let Some(why) = owner.deaf() {
        terminal::warn(global, &format!("other programs cannot ask this one: {why}"));
    }
    let hosted = hosting.hosted().map_err(not_ok)?;
    let serving =
        vario.serve(&hosted, &serving_options(args)).map_err(|error| not_ok(error.to_string()))?;
    let serving = Arc::new(serving);
    hosted.set_serving(&serving);
    say_addresses(&serving)?;
    say_store_warnings(global, &vario);
    owner.watch(Watch::Enabled);
    serve(global, &vario, &owner, &serving, &cancel)
}

/// Why this process is not the one that hosts.
fn alone(why: Alone) -> String {
    match why {
        Alone::NoLock(text) => format!("the state directory cannot be owned: {text}"),
        Alone::Refused(text) => terminal::in_line(&text),
        Alone::Silent => "the running vario does not answer; end it first".to_owned(),
        Alone::OtherScope | Alone::Cancelled => {
            "another vario with other plugins or variables owns the state directory; end it first"
                .to_owned()
        }
    }
}

fn serving_options(args: &ServeArgs) -> ServingOptions {
    ServingOptions {
        port: args.port,
        smartcars: args.compat.contains(&CompatArg::Smartcars),
        stratos: args.compat.contains(&CompatArg::Stratos),
        compat_anywhere: args.compat_anywhere,
        cors_any: args.cors_any,
    }
}

fn say_addresses(serving: &Serving) -> anyhow::Result<()> {
    let lines =
        serving.addresses().into_iter().map(|(what, address)| format!("{address}  {what}\n"));
    // A reader of the first line may have gone; the service is for others.
    terminal::print_on(&lines.collect::<String>())?;
    Ok(())
}

/// What became of the database: nobody else is told when it is damaged.
fn say_store_warnings(global: &Global, vario: &Vario) {
    match vario.store() {
        Ok(store) => {
            store.take_warnings().iter().for_each(|warning| terminal::warn(global, warning));
        }
        Err(error) => terminal::warn(global, &error.to_string()),
    }
}

/// Until Ctrl-C.
fn serve(
    global: &Global,
    vario: &Vario,
    owner: &Owner,
    serving: &Serving,
    cancel: &Cancel,
) -> anyhow::Result<Exit> {
    let news = owner.follow();
    let mut folders = FolderWatch::new();
    folders.watch(vario);
    let changed = folders.changed();
    let (sender, woken) = crossbeam_channel::bounded(1);
    let _guard = cancel.on_cancel(move || {
        let _already_told = sender.try_send(());
    });
    loop {
        select! {
            recv(news) -> news => match news {
                Ok(News::Event(RunEvent::Finished { snapshot })) => {
                    serving.tell(&snapshot);
                    say_store_warnings(global, vario);
                }
                Ok(_) => {}
                Err(_) => return Ok(Exit::Ok),
            },
            recv(changed) -> _ => {
                folders.settle();
                folders.watch(vario);
                for what in [Changed::Plugins, Changed::Config, Changed::Grants] {
                    owner.changed(what);
                }
            }
            recv(woken) -> _ => return Ok(Exit::Ok),
        }
    }
}
