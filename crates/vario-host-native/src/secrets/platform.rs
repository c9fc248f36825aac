use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use crossbeam_channel::{RecvTimeoutError, bounded};
use vario_host::Cancel;

use super::{SecretError, SecretStore};

#[cfg(target_os = "linux")]
use super::secret_service as backend;
#[cfg(not(target_os = "linux"))]
use super::system_keyring as backend;

/// The keychain of this system: the Secret Service on Linux, the Keychain on macOS, the Credential
/// Manager on Windows.
///
/// Nothing is touched before the first call. A keychain may wait for its user to type a password,
/// so each call works on a thread of its own and is left behind when its time is up.
#[derive(Debug, Clone, Default)]
pub struct PlatformSecrets {
    cancel: Cancel,
    left_behind: Arc<AtomicUsize>,
}

impl PlatformSecrets {
    /// The keychain of this system, not yet asked anything.
    pub fn new() -> Self {
        Self::default()
    }

    fn run<T: Send + 'static>(
        &self,
        deadline: Instant,
        work: impl FnOnce() -> Result<T, SecretError> + Send + 'static,
    ) -> Result<T, SecretError> {
        if !self.is_available() {
            return Err(SecretError::Unavailable);
        }
        run_apart(&self.left_behind, &self.cancel, deadline, work)
    }
}

/// Does `work` on another thread, and stops waiting for it at the deadline or when cancelled.
pub(super) fn run_apart<T: Send + 'static>(
    left_behind: &Arc<AtomicUsize>,
    cancel: &Cancel,
    deadline: Instant,
    work: impl FnOnce() -> Result<T, SecretError> + Send + 'static,
) -> Result<T, SecretError> {
    // Its user has not answered yet: asking again would only open one more question each time.
    if left_behind.load(Ordering::SeqCst) > 0 {
        return Err(failed("the keychain has not answered an earlier request yet"));
    }
    // Room for both messages: neither sender ever waits for a receiver that has left.
    let (sender, receiver) = bounded(2);
    let cancelled = sender.clone();
    let _guard = cancel.on_cancel(move || {
        let _ = cancelled.send(None);
    });
    let counter = Arc::clone(left_behind);
    std::thread::Builder::new()
        .name("keychain".to_owned())
        .spawn(move || {
            // Counted by the worker, as the caller is gone when it ends too late.
            let result = work();
            if sender.send(Some(result)).is_err() {
                counter.fetch_sub(1, Ordering::SeqCst);
            }
        })
        .map_err(|error| failed(format!("cannot start a thread: {error}")))?;
    match receiver.recv_deadline(deadline) {
        Ok(Some(result)) => result,
        Ok(None) => Err(leave(left_behind, receiver, "the run was cancelled")),
        Err(RecvTimeoutError::Timeout) => {
            Err(leave(left_behind, receiver, "the keychain did not answer in time"))
        }
        Err(RecvTimeoutError::Disconnected) => Err(failed("the request ended without an answer")),
    }
}

/// Counts the worker as left behind, unless it finished this very moment.
fn leave<T>(
    left_behind: &AtomicUsize,
    receiver: crossbeam_channel::Receiver<Option<Result<T, SecretError>>>,
    why: &str,
) -> SecretError {
    // Up before the receiver goes, so that the worker's down can only come after it.
    left_behind.fetch_add(1, Ordering::SeqCst);
    let answered = receiver.try_iter().any(|message| message.is_some());
    drop(receiver);
    if answered {
        left_behind.fetch_sub(1, Ordering::SeqCst);
    }
    failed(why)
}

fn failed(message: impl Into<String>) -> SecretError {
    SecretError::Failed(message.into())
}

impl SecretStore for PlatformSecrets {
    fn read(
        &self,
        service: &str,
        account: Option<&str>,
        deadline: Instant,
    ) -> Result<String, SecretError> {
        let (service, account) = (service.to_owned(), account.map(str::to_owned));
        self.run(deadline, move || backend::read(&service, account.as_deref()))
    }

    fn write(
        &self,
        service: &str,
        account: Option<&str>,
        value: &str,
        deadline: Instant,
    ) -> Result<(), SecretError> {
        let (service, account) = (service.to_owned(), account.map(str::to_owned));
        let value = value.to_owned();
        self.run(deadline, move || backend::write(&service, account.as_deref(), &value))
    }

    fn delete(
        &self,
        service: &str,
        account: Option<&str>,
        deadline: Instant,
    ) -> Result<(), SecretError> {
        let (service, account) = (service.to_owned(), account.map(str::to_owned));
        self.run(deadline, move || backend::delete(&service, account.as_deref()))
    }

    fn is_available(&self) -> bool {
        backend::is_available()
    }

    fn cancellable(&self, cancel: &Cancel) -> Option<Box<dyn SecretStore>> {
        Some(Box::new(Self { cancel: cancel.clone(), left_behind: Arc::clone(&self.left_behind) }))
    }
}
