//! Owners and askers in one process, each with descriptors, locks and stores of its own, and
//! plugins whose every host call waits until a test lets it go on.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, unbounded};
use parking_lot::Mutex;
use vario_host::Cancel;
use vario_model::{RunEvent, RunTrigger, Snapshot};
use vario_store::Store;
use vario_value::Value;

use crate::owner::{
    Ask, Changed, Claim, Client, Follower, Front, Identity, Loaded, Owner, OwnerOptions, Teller,
    Told, Watch, claim,
};
use crate::tests::rig::{self, GOOD, NOW};

/// Longer than anything takes; a test that meets it fails.
pub(super) const FAR: Duration = Duration::from_mins(1);

pub(super) struct Rig {
    pub(super) plugins: rig::Rig,
    pub(super) calls: Arc<Calls>,
    pub(super) front: Arc<TestFront>,
    /// A message for each call that begins.
    pub(super) begun: Receiver<()>,
    /// A message lets one call that waits go on.
    pub(super) go_on: Sender<()>,
}

/// How often the plugins were run, and how many at once.
#[derive(Default)]
pub(super) struct Calls {
    pub(super) all: AtomicUsize,
    now: AtomicUsize,
    pub(super) most_at_once: AtomicUsize,
    waits: AtomicBool,
}

pub(super) struct TestFront {
    loaded: Mutex<Loaded>,
    pub(super) scope: Mutex<String>,
    pub(super) shown: AtomicUsize,
    pub(super) changed: Mutex<Vec<Changed>>,
    /// Whoever asked for something else, and waits.
    pub(super) managed: Mutex<Vec<Teller>>,
}

impl TestFront {
    /// Finds plugins that were written after the rig was made.
    pub(super) fn reload(&self, rig: &Rig) {
        self.loaded.lock().catalog = rig.plugins.catalog();
    }
}

impl Front for TestFront {
    fn load(&self) -> Result<Loaded, String> {
        Ok(self.loaded.lock().clone())
    }

    fn scope(&self) -> String {
        self.scope.lock().clone()
    }

    fn show(&self) -> bool {
        self.shown.fetch_add(1, Ordering::SeqCst);
        true
    }

    fn changed(&self, what: Changed) {
        self.changed.lock().push(what);
    }

    fn manage(&self, _command: serde_json::Value, teller: Teller) {
        self.managed.lock().push(teller);
    }
}

impl Rig {
    /// With plugins of these names, each of which makes one host call.
    pub(super) fn new(ids: &[&str]) -> Self {
        let calls = Arc::new(Calls::default());
        let (begins, begun) = unbounded();
        let (go_on, goes_on) = unbounded::<()>();
        let seen = Arc::clone(&calls);
        let plugins = rig::Rig::with_host(move |_, _| {
            seen.all.fetch_add(1, Ordering::SeqCst);
            let now = seen.now.fetch_add(1, Ordering::SeqCst) + 1;
            seen.most_at_once.fetch_max(now, Ordering::SeqCst);
            let _nobody_looks = begins.send(());
            if seen.waits.load(Ordering::SeqCst) {
                let _the_test_is_over = goes_on.recv_timeout(FAR);
            }
            seen.now.fetch_sub(1, Ordering::SeqCst);
            Ok(Value::Bool(true))
        });
        for id in ids {
            plugins.js(id, &format!("ctx.host.fs.exists('x'); {GOOD}"));
        }
        let catalog = plugins.catalog();
        let loaded = Loaded {
            context: plugins.context.clone(),
            enabled: catalog.plugins.iter().map(|found| found.plugin.id.clone()).collect(),
            catalog,
            interval: Duration::from_mins(15),
        };
        let front = Arc::new(TestFront {
            loaded: Mutex::new(loaded),
            scope: Mutex::new("here".to_owned()),
            shown: AtomicUsize::new(0),
            changed: Mutex::default(),
            managed: Mutex::default(),
        });
        Self { plugins, calls, front, begun, go_on }
    }

    /// The next calls wait.
    pub(super) fn hold(&self) {
        self.calls.waits.store(true, Ordering::SeqCst);
    }

    pub(super) fn options(&self) -> OwnerOptions {
        let paths = self.plugins.context.app.paths.clone();
        OwnerOptions {
            store: Arc::new(Store::open(&paths).expect("a store")),
            paths,
            clock: Arc::new(NOW),
            front: Arc::clone(&self.front) as Arc<dyn Front>,
            version: "1.2.3".to_owned(),
            workers: 4,
            cancel: Cancel::new(),
        }
    }

    pub(super) fn identity(&self) -> Identity {
        Identity { scope: "here".to_owned(), ..self.options().identity() }
    }

    #[track_caller]
    pub(super) fn owner(&self) -> Owner {
        Self::owner_with(&self.options())
    }

    #[track_caller]
    pub(super) fn owner_with(options: &OwnerOptions) -> Owner {
        match claim(options, &Watch::Nothing) {
            Claim::Owner(owner) => {
                assert_eq!(owner.deaf(), None);
                *owner
            }
            Claim::Follower(_) => panic!("there is an owner already"),
            Claim::Alone(why) => panic!("{why:?}"),
        }
    }

    #[track_caller]
    pub(super) fn follower(&self, watch: &Watch) -> Follower {
        match claim(&self.options(), watch) {
            Claim::Follower(follower) => *follower,
            Claim::Owner(_) => panic!("there was no owner"),
            Claim::Alone(why) => panic!("{why:?}"),
        }
    }

    #[track_caller]
    pub(super) fn client(&self) -> Client {
        let paths = &self.plugins.context.app.paths;
        Client::connect(paths, &self.identity()).expect("there is an owner")
    }

    pub(super) fn calls(&self) -> usize {
        self.calls.all.load(Ordering::SeqCst)
    }

    /// Waits until a plugin runs.
    #[track_caller]
    pub(super) fn until_one_runs(&self) {
        self.begun.recv_timeout(FAR).expect("a plugin runs");
    }
}

pub(super) fn ask(ids: &[&str]) -> Ask {
    Ask {
        ids: Some(ids.iter().map(|id| (*id).to_owned()).collect()),
        trigger: RunTrigger::Manual,
        max_age_ms: None,
        heed_cooldown: false,
        log: None,
    }
}

/// Takes a follower's events until this plugin has finished.
#[track_caller]
pub(super) fn finished(follower: &mut Follower, id: &str) -> Snapshot {
    loop {
        match follower.next_news().expect("the owner lives") {
            crate::owner::News::Event(RunEvent::Finished { snapshot })
                if snapshot.provider_id == id =>
            {
                return *snapshot;
            }
            _ => {}
        }
    }
}

/// All that an owner tells, up to its end.
#[track_caller]
pub(super) fn until_done(told: &Receiver<Told>) -> Vec<Told> {
    let mut all = Vec::new();
    loop {
        let next = told.recv_timeout(FAR).expect("an end");
        let is_done = matches!(next, Told::Done { .. });
        all.push(next);
        if is_done {
            return all;
        }
    }
}
