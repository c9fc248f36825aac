//! What every request can reach.

use std::sync::Arc;

use axum::http::StatusCode;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::timeout;

use crate::config::{Config, Limits};
use crate::fan::Fan;
use crate::lanes::Lanes;
use crate::names::page_host;
use crate::pool::Pool;
use crate::reply::{self, Refusal};
use crate::site::{PluginInfo, Site, Surface};
use crate::token::Token;

/// How many blocking questions to the site run at once; more wait their turn.
const QUESTIONS: usize = 8;

/// How many commands run at once; one more is answered 503.
const COMMANDS: usize = 4;

/// The server's insides.
pub(crate) struct App {
    pub(crate) site: Arc<dyn Site>,
    pub(crate) token: Option<Token>,
    pub(crate) cors_any: bool,
    pub(crate) limits: Limits,
    /// The ports that are open.
    pub(crate) ports: Vec<(Surface, u16)>,
    /// Frames of bus events.
    pub(crate) events: Arc<Fan>,
    /// Frames of new snapshots.
    pub(crate) snapshots: Arc<Fan>,
    pub(crate) lanes: Arc<Lanes>,
    pub(crate) pool: Arc<Pool>,
    streams: Arc<Semaphore>,
    questions: Arc<Semaphore>,
    commands: Arc<Semaphore>,
    stop: watch::Receiver<bool>,
}

impl App {
    pub(crate) fn new(
        site: Arc<dyn Site>,
        config: &Config,
        ports: Vec<(Surface, u16)>,
        stop: watch::Receiver<bool>,
    ) -> Self {
        let limits = config.limits.clone();
        Self {
            site,
            token: config.token.clone(),
            cors_any: config.cors_any,
            ports,
            events: Arc::new(Fan::new(limits.queue, limits.queue_bytes)),
            snapshots: Arc::new(Fan::new(limits.queue, limits.queue_bytes)),
            lanes: Lanes::new(limits.per_plugin),
            pool: Pool::new(limits.connections),
            streams: Arc::new(Semaphore::new(limits.streams.min(limits.connections / 2))),
            questions: Arc::new(Semaphore::new(QUESTIONS)),
            commands: Arc::new(Semaphore::new(COMMANDS)),
            stop,
            limits,
        }
    }

    /// The port of a surface, if it is open.
    pub(crate) fn port(&self, surface: Surface) -> Option<u16> {
        self.ports.iter().find(|(known, _)| *known == surface).map(|(_, port)| *port)
    }

    /// The plugin whose pages have this host name.
    pub(crate) fn plugin_at(&self, host: &str) -> Option<PluginInfo> {
        self.site.plugins().iter().find(|plugin| page_host(&plugin.id) == host).cloned()
    }

    /// The plugin of this id.
    pub(crate) fn plugin(&self, id: &str) -> Option<PluginInfo> {
        self.site.plugins().iter().find(|plugin| plugin.id == id).cloned()
    }

    /// Asks the site something that may block, on a thread kept for that; 504 if it takes too long.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&dyn Site) -> T + Send + 'static,
    ) -> Result<T, Refusal> {
        let answer = async {
            let turn = Arc::clone(&self.questions).acquire_owned().await;
            self.run(turn.map_err(|_closed| Box::new(reply::busy()))?, question).await
        };
        let late = || Box::new(reply::error(StatusCode::GATEWAY_TIMEOUT, "too_slow"));
        timeout(self.limits.answer_time, answer).await.map_err(|_elapsed| late())?
    }

    /// The same for a command, which may take as long as it needs.
    pub(crate) async fn command<T: Send + 'static>(
        &self,
        command: impl FnOnce(&dyn Site) -> T + Send + 'static,
    ) -> Result<T, Refusal> {
        let turn = Arc::clone(&self.commands).try_acquire_owned();
        self.run(turn.map_err(|_full| Box::new(reply::busy()))?, command).await
    }

    async fn run<T: Send + 'static>(
        &self,
        turn: OwnedSemaphorePermit,
        work: impl FnOnce(&dyn Site) -> T + Send + 'static,
    ) -> Result<T, Refusal> {
        let site = Arc::clone(&self.site);
        let work = move || {
            // Given back when the work ends, even if nobody waits for it any more.
            let _turn = turn;
            work(&*site)
        };
        let broken = || Box::new(reply::error(StatusCode::INTERNAL_SERVER_ERROR, "internal"));
        tokio::task::spawn_blocking(work).await.map_err(|_panicked| broken())
    }

    /// A place for one more stream.
    pub(crate) fn stream(&self) -> Result<OwnedSemaphorePermit, Refusal> {
        Arc::clone(&self.streams).try_acquire_owned().map_err(|_full| Box::new(reply::busy()))
    }

    /// Returns when the server stops.
    pub(crate) async fn stopped(&self) {
        let mut stop = self.stop.clone();
        // An error means that the server is gone already.
        let _stopped = stop.wait_for(|stop| *stop).await;
    }
}
