//! Results go to an OpenTelemetry collector, where the environment names one.

use std::collections::HashSet;

use crossbeam_channel::{RecvTimeoutError, Sender, bounded};
use vario_host::{LogEntry, LogOrigin};
use vario_http::ProxyConfig;
use vario_model::Snapshot;
use vario_otlp::{Exported, Exporter, Settings};
use vario_value::LogLevel;

use crate::vario::{Error, Vario};

/// Who writes into the log of plugins.
const NAME: &str = "otlp";

/// Sends again and again until it is dropped.
pub(crate) struct Pushing {
    _ends_with_this: Sender<()>,
}

impl Vario {
    /// Sends these results now, and what waits. Nothing if the environment names no collector.
    ///
    /// # Errors
    /// If a variable cannot be used.
    pub fn push(&self, snapshots: &[Snapshot]) -> Result<Option<Exported>, Error> {
        Ok(self.exporter()?.map(|mut exporter| exporter.export(snapshots)))
    }

    /// Sends new results from now on, in the interval that the environment names.
    pub(crate) fn push_always(&self) -> Option<Pushing> {
        let mut exporter = match self.exporter() {
            Ok(exporter) => exporter?,
            Err(error) => {
                self.note(LogLevel::Error, error.to_string());
                return None;
            }
        };
        let (sender, ended) = bounded::<()>(0);
        let vario = self.reopened();
        let work = move || {
            let mut said = HashSet::new();
            while let Err(RecvTimeoutError::Timeout) = ended.recv_timeout(exporter.interval()) {
                let outcome = exporter.export(&vario.reopened().usage());
                if outcome.problems.is_empty() {
                    said.clear();
                }
                for problem in outcome.problems {
                    if said.insert(problem.clone()) {
                        vario.note(LogLevel::Warn, problem);
                    }
                }
            }
        };
        let thread = std::thread::Builder::new().name(NAME.to_owned()).spawn(work);
        match thread {
            Ok(_detached) => Some(Pushing { _ends_with_this: sender }),
            Err(error) => {
                self.note(LogLevel::Error, format!("nothing is sent: {error}"));
                None
            }
        }
    }

    fn exporter(&self) -> Result<Option<Exporter>, Error> {
        // What is no text is not the same as nothing: it is to be refused by name.
        let lookup = |name: &str| Some(std::env::var_os(name)?.to_string_lossy().into_owned());
        let settings = Settings::from_env(lookup).map_err(|error| Error::new(error.to_string()))?;
        let Some(settings) = settings else { return Ok(None) };
        let mut random = [0_u8; 8];
        getrandom::fill(&mut random).map_err(|error| Error::new(error.to_string()))?;
        let folder = self.paths.state_dir().join(NAME);
        let proxies = ProxyConfig::from_env(lookup);
        Ok(Some(Exporter::new(settings, folder, proxies, u64::from_le_bytes(random))))
    }

    fn note(&self, level: LogLevel, message: String) {
        if self.log.wants(level) {
            let (plugin_id, origin) = (NAME.to_owned(), LogOrigin::Host);
            self.log.write(LogEntry { plugin_id, level, origin, message });
        }
    }
}
