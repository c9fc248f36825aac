use std::fmt;
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use axum::extract::ws::Utf8Bytes;
use parking_lot::Mutex;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch;
use vario_background::{Keep, Subscription};

use crate::app::App;
use crate::config::Config;
use crate::error::Error;
use crate::fan::Frame;
use crate::listen::{Listening, open_all};
use crate::site::{Feed, Site, Surface};
use crate::{bus, connection, usage};

/// How long open connections may take to end when the server stops.
const GRACE: Duration = Duration::from_millis(500);

/// How long [`Server::stop`] waits at most.
const STOP: Duration = Duration::from_secs(3);

/// The addresses of each port that is open.
pub type Addresses = Vec<(Surface, Vec<SocketAddr>)>;

/// A running server. It stops when it is dropped.
pub struct Server {
    addresses: Addresses,
    stop: watch::Sender<bool>,
    ended: Mutex<Option<(mpsc::Receiver<()>, JoinHandle<()>)>>,
}

/// What ends with the server: it hears these.
struct Heard {
    _events: Subscription,
    _snapshots: Feed,
}

impl Server {
    /// Opens the ports and serves, on threads of its own, until it is stopped or dropped.
    ///
    /// # Errors
    /// [`Error::Taken`] or [`Error::Bind`] if any port cannot be opened; then none is.
    pub fn start(config: &Config, site: Arc<dyn Site>) -> Result<Self, Error> {
        let opened = open_all(config)?;
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .max_blocking_threads(32)
            .thread_keep_alive(Duration::from_secs(2))
            .thread_name("vario-server")
            .enable_all()
            .build()
            .map_err(Error::Threads)?;
        let (stop, stopped) = watch::channel(false);
        let ports = opened.iter().map(|one| (one.surface, one.port)).collect();
        let app = Arc::new(App::new(site, config, ports, stopped));
        let addresses = opened.iter().map(|one| (one.surface, addresses_of(one))).collect();
        let heard = hear(&app);
        let (end, ended) = mpsc::channel();
        let thread = std::thread::Builder::new()
            .name("vario-server".to_owned())
            .spawn(move || {
                runtime.block_on(serve(Arc::clone(&app), opened));
                drop(heard);
                end_runtime(runtime);
                // Nobody waits any more if this fails.
                let _ended = end.send(());
            })
            .map_err(Error::Threads)?;
        Ok(Self { addresses, stop, ended: Mutex::new(Some((ended, thread))) })
    }

    /// What it listens on: a surface has one address or two, IPv4 first.
    pub fn addresses(&self) -> &[(Surface, Vec<SocketAddr>)] {
        &self.addresses
    }

    /// The port of a surface, if it is open.
    pub fn port(&self, surface: Surface) -> Option<u16> {
        let (_, addresses) = self.addresses.iter().find(|(known, _)| *known == surface)?;
        addresses.first().map(SocketAddr::port)
    }

    /// Closes the ports and ends the connections. Waits for that, 3 s at most; a second call does
    /// nothing.
    pub fn stop(&self) {
        // Nobody hears it if the server has ended already.
        let _heard = self.stop.send(true);
        let Some((ended, thread)) = self.ended.lock().take() else {
            return;
        };
        if ended.recv_timeout(STOP).is_ok() {
            // It has nothing left to do but to return.
            let _panicked = thread.join();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("addresses", &self.addresses).finish_non_exhaustive()
    }
}

fn addresses_of(one: &Listening) -> Vec<SocketAddr> {
    one.listeners.iter().filter_map(|listener| listener.local_addr().ok()).collect()
}

/// One subscription each, however many clients there are.
fn hear(app: &App) -> Heard {
    let events = Arc::downgrade(&app.events);
    let on_event = move |event: &Arc<vario_background::Event>| match events.upgrade() {
        Some(fan) => {
            fan.send(|| bus::frame(event));
            Keep::Yes
        }
        None => Keep::No,
    };
    let snapshots = Arc::downgrade(&app.snapshots);
    let on_snapshot = move |snapshot: &vario_model::Snapshot| match snapshots.upgrade() {
        Some(fan) => {
            let text = || Utf8Bytes::from(usage::shape(snapshot).to_string());
            fan.send(|| Frame { id: snapshot.fetched_at.as_str().into(), text: text() });
            Keep::Yes
        }
        None => Keep::No,
    };
    Heard {
        _events: app.site.bus().subscribe(on_event),
        _snapshots: app.site.on_snapshot(Box::new(on_snapshot)),
    }
}

async fn serve(app: Arc<App>, opened: Vec<Listening>) {
    for one in opened {
        for listener in one.listeners {
            spawn_listener(&app, one.surface, one.port, listener);
        }
    }
    app.stopped().await;
    let empty = async {
        while app.pool.len() > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let _all_ended = tokio::time::timeout(GRACE, empty).await;
}

fn spawn_listener(app: &Arc<App>, surface: Surface, port: u16, listener: TcpListener) {
    // It was made non-blocking when it was bound, which is all that could fail here.
    if let Ok(listener) = tokio::net::TcpListener::from_std(listener) {
        tokio::spawn(connection::accept(Arc::clone(app), surface, port, listener));
    }
}

fn end_runtime(runtime: Runtime) {
    runtime.shutdown_timeout(Duration::from_secs(1));
}
