use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::{Mutex, RwLock};
use serde_json::{Value as Json, json};
use vario_manifest::Plugin;

use crate::account::Refreshing;
use crate::answer::{CallError, Done};
use crate::assets::Assets;
use crate::bus::{Bus, Keep, Subscription};
use crate::parts::Parts;
use crate::session::Session;

/// Hears what a plugin sends to its own user interface: channel and payload.
type IpcListener = Arc<dyn Fn(&str, &Json) -> Keep + Send + Sync>;

struct IpcEntry {
    number: u64,
    plugin: String,
    listener: IpcListener,
}

/// What all plugins of one owner share, and through which they reach each other.
pub(crate) struct Hub {
    pub(crate) parts: Parts,
    pub(crate) bus: Bus,
    pub(crate) assets: Assets,
    pub(crate) refreshing: Refreshing,
    /// Every plugin that has a process, loaded or beyond.
    sessions: RwLock<BTreeMap<String, Arc<Session>>>,
    /// Plugins that count as active.
    active: RwLock<std::collections::BTreeSet<String>>,
    /// Every plugin there is, with a background part or without.
    installed: RwLock<Vec<Arc<Plugin>>>,
    /// Mount paths in the order they were taken, and by whom.
    mounts: Mutex<Vec<(String, String)>>,
    ipc: Mutex<Vec<IpcEntry>>,
    ipc_numbers: AtomicU64,
    feeds: Mutex<BTreeMap<(String, u64), Subscription>>,
}

impl Hub {
    pub(crate) fn new(parts: Parts) -> Self {
        Self {
            assets: Assets::new(Arc::clone(&parts.storage)),
            parts,
            bus: Bus::new(),
            refreshing: Refreshing::default(),
            sessions: RwLock::default(),
            active: RwLock::default(),
            installed: RwLock::default(),
            mounts: Mutex::default(),
            ipc: Mutex::default(),
            ipc_numbers: AtomicU64::new(1),
            feeds: Mutex::default(),
        }
    }

    /// Sends an event of the host's own.
    pub(crate) fn emit(&self, kind: &str, payload: Json) {
        self.bus.publish(kind, "core", payload, self.parts.now_ms());
    }

    pub(crate) fn session(&self, id: &str) -> Option<Arc<Session>> {
        self.sessions.read().get(id).map(Arc::clone)
    }

    pub(crate) fn enter(&self, session: &Arc<Session>) {
        self.sessions.write().insert(session.id().to_owned(), Arc::clone(session));
    }

    /// A process is gone, with everything it registered.
    pub(crate) fn leave(&self, session: &Arc<Session>) {
        let id = session.id();
        let mut sessions = self.sessions.write();
        if !sessions.get(id).is_some_and(|known| Arc::ptr_eq(known, session)) {
            return;
        }
        sessions.remove(id);
        drop(sessions);
        self.active.write().remove(id);
        self.mounts.lock().retain(|(_, owner)| owner != id);
        // Dropped outside the lock: a subscription that goes calls back.
        let mut feeds = self.feeds.lock();
        let gone: Vec<_> = feeds.keys().filter(|(owner, _)| owner == id).cloned().collect();
        let feeds_gone: Vec<_> = gone.iter().filter_map(|key| feeds.remove(key)).collect();
        drop(feeds);
        drop(feeds_gone);
    }

    pub(crate) fn set_active(&self, id: &str, is_active: bool) {
        let mut active = self.active.write();
        if is_active {
            active.insert(id.to_owned());
        } else {
            active.remove(id);
        }
    }

    pub(crate) fn is_active(&self, id: &str) -> bool {
        self.active.read().contains(id)
    }

    pub(crate) fn set_installed(&self, plugins: Vec<Arc<Plugin>>) {
        *self.installed.write() = plugins;
    }

    pub(crate) fn installed(&self) -> Vec<Arc<Plugin>> {
        self.installed.read().clone()
    }

    /// Takes a mount path for a plugin; the first to take it has it.
    pub(crate) fn mount(&self, prefix: &str, id: &str) -> Result<(), String> {
        let mut mounts = self.mounts.lock();
        match mounts.iter().find(|(known, _)| known == prefix) {
            Some((_, owner)) if owner != id => {
                Err(format!("`{prefix}` is served by plugin `{owner}` already"))
            }
            Some(_) => Ok(()),
            None => {
                mounts.push((prefix.to_owned(), id.to_owned()));
                Ok(())
            }
        }
    }

    pub(crate) fn unmount(&self, prefix: &str, id: &str) {
        self.mounts.lock().retain(|mount| (mount.0.as_str(), mount.1.as_str()) != (prefix, id));
    }

    /// The longest mount path that a path lies below, and who serves it.
    pub(crate) fn mounted(&self, path: &str) -> Option<(String, String)> {
        let mounts = self.mounts.lock();
        let fitting = mounts.iter().filter(|(prefix, _)| crate::routes::is_below(path, prefix));
        fitting.max_by_key(|(prefix, _)| prefix.len()).cloned()
    }

    /// Keeps a subscription of a plugin's as long as the plugin lives.
    pub(crate) fn keep_feed(&self, id: &str, number: u64, feed: Subscription) {
        self.feeds.lock().insert((id.to_owned(), number), feed);
    }

    pub(crate) fn drop_feed(&self, id: &str, number: u64) {
        let gone = self.feeds.lock().remove(&(id.to_owned(), number));
        drop(gone);
    }

    /// A plugin says something to its own user interface; whoever is not there misses it.
    pub(crate) fn push_ipc(&self, id: &str, channel: &str, payload: &Json) {
        // Called without the lock: whoever listens may stop doing so.
        let listeners: Vec<(u64, IpcListener)> = {
            let entries = self.ipc.lock();
            let own = entries.iter().filter(|entry| entry.plugin == id);
            own.map(|entry| (entry.number, Arc::clone(&entry.listener))).collect()
        };
        for (number, listener) in listeners {
            if listener(channel, payload) == Keep::No {
                self.stop_hearing_ipc(number);
            }
        }
    }

    pub(crate) fn hear_ipc(&self, id: &str, listener: IpcListener) -> u64 {
        let number = self.ipc_numbers.fetch_add(1, Ordering::Relaxed);
        self.ipc.lock().push(IpcEntry { number, plugin: id.to_owned(), listener });
        number
    }

    pub(crate) fn stop_hearing_ipc(&self, number: u64) {
        self.ipc.lock().retain(|entry| entry.number != number);
    }

    /// One plugin asks another (reference of Mudstack, section 6).
    pub(crate) fn request(
        &self,
        from: &str,
        target: &str,
        kind: &str,
        payload: vario_value::Value,
        limit: Option<std::time::Duration>,
        done: Done,
    ) {
        use vario_value::Value;

        let session = match self.session(target) {
            Some(session) if self.is_active(target) => session,
            _ => return done(Err(CallError::NotRunning(target.to_owned()))),
        };
        let message = Value::from([
            ("id", Value::from(crate::bus::random_uuid())),
            ("event", kind.into()),
            ("payload", payload.clone()),
            ("source", from.into()),
            ("timestamp", Value::Int(self.parts.now_ms())),
        ]);
        let value = Value::from([
            ("from", Value::from(from)),
            ("type", kind.into()),
            ("payload", payload),
            ("message", message),
        ]);
        let limit = limit.unwrap_or(session.supervision.request);
        session.ask("request", value, Some(limit), done);
    }

    /// `GET /api/plugins/installed` (smartCARS reference, section 5), and what plugins see of others.
    pub(crate) fn installed_json(&self) -> Json {
        let plugins = self.installed();
        let rows = plugins.iter().map(|plugin| {
            let kind = match plugin.kind {
                Some(vario_manifest::PluginKind::Airline) => "airline",
                _ => "user",
            };
            json!({
                "id": plugin.id,
                "name": plugin.name,
                "version": plugin.version,
                "type": kind,
                "description": plugin.description,
                "ui": plugin.ui.is_some(),
            })
        });
        rows.collect()
    }
}
