//! Where runs are asked for.

use std::collections::HashSet;
use std::sync::Arc;
use std::thread::Builder;

use crossbeam_channel::Sender;
use vario_host::Cancel;
use vario_runtime::owner::{Ask, Client, Front, Identity, NotRun, Owner, Told};
use vario_runtime::{Found, RefreshOptions, Refresher};
use vario_store::Paths;

use super::WORKERS;

/// Who runs plugins.
pub(super) enum Runs<'a> {
    /// This process, for all others too.
    Owner(&'a Owner),
    /// The owner.
    Follower { paths: Paths, identity: Identity },
    /// This process, for itself.
    Alone { refresher: Arc<Refresher>, front: Arc<dyn Front> },
    /// Nobody.
    None,
}

impl Runs<'_> {
    /// Asks for runs. What becomes of them arrives in `told`.
    pub(super) fn ask(&self, ask: Ask, told: &Sender<Told>, cancel: &Cancel) {
        let (told, cancel) = (told.clone(), cancel.clone());
        match self {
            Self::Owner(owner) => {
                let receiver = owner.run(&ask);
                spawn(move || {
                    for message in receiver {
                        let _the_window_is_gone = told.send(message);
                    }
                });
            }
            Self::Follower { paths, identity } => {
                let (paths, identity) = (paths.clone(), identity.clone());
                spawn(move || by_owner(&paths, &identity, &ask, &told, &cancel));
            }
            Self::Alone { refresher, front } => {
                let (refresher, front) = (Arc::clone(refresher), Arc::clone(front));
                spawn(move || by_itself(&refresher, front.as_ref(), &ask, &told, cancel));
            }
            Self::None => {}
        }
    }
}

/// Without a thread nothing is run, and the next ask may find one.
fn spawn(work: impl FnOnce() + Send + 'static) {
    let _none = Builder::new().name("asking".to_owned()).spawn(work);
}

/// If the owner is lost on the way, whoever owns next is asked anew.
fn by_owner(paths: &Paths, identity: &Identity, ask: &Ask, told: &Sender<Told>, cancel: &Cancel) {
    let Ok(mut client) = Client::connect(paths, identity) else { return };
    let asked = client.run(ask, cancel, &mut |message| {
        let _the_window_is_gone = told.send(message);
    });
    for (id, why) in asked.not_run {
        let _the_window_is_gone = told.send(Told::NotRun { id, why });
    }
    let _the_window_is_gone = told.send(Told::Done { warnings: asked.warnings });
}

fn by_itself(
    refresher: &Refresher,
    front: &dyn Front,
    ask: &Ask,
    told: &Sender<Told>,
    cancel: Cancel,
) {
    let send = |message| {
        let _the_window_is_gone = told.send(message);
    };
    let loaded = match front.load() {
        Ok(loaded) => loaded,
        Err(text) => return send(Told::Done { warnings: vec![text] }),
    };
    let wanted: HashSet<&String> = ask
        .ids
        .as_ref()
        .map_or_else(|| loaded.enabled.iter().collect(), |ids| ids.iter().collect());
    let plugins: Vec<Found> = loaded
        .catalog
        .plugins
        .iter()
        .filter(|found| wanted.contains(&found.plugin.id))
        .filter(|found| {
            let left_ms =
                if ask.heed_cooldown { refresher.cooldown_left_ms(&found.plugin.id) } else { 0 };
            if left_ms > 0 {
                let id = found.plugin.id.clone();
                send(Told::NotRun { id, why: NotRun::CoolingDown { left_ms } });
            }
            left_ms == 0
        })
        .cloned()
        .collect();
    let options =
        RefreshOptions { trigger: ask.trigger, max_age: ask.max_age(), workers: WORKERS, cancel };
    let warnings =
        refresher.run(&loaded.context, &plugins, &options, &mut |event| send(Told::Event(event)));
    send(Told::Done { warnings });
}
