use std::collections::BTreeMap;
use std::time::Instant;

use parking_lot::Mutex;

use super::{SecretError, SecretStore};

/// Secrets that are forgotten with the process: for tests.
#[derive(Default)]
pub struct MemorySecrets {
    values: Mutex<BTreeMap<(String, String), String>>,
}

impl MemorySecrets {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }
}

fn matches(key: &(String, String), service: &str, account: Option<&str>) -> bool {
    key.0 == service && account.is_none_or(|account| key.1 == account)
}

fn not_found(service: &str) -> SecretError {
    SecretError::NotFound(service.to_owned())
}

impl SecretStore for MemorySecrets {
    fn read(
        &self,
        service: &str,
        account: Option<&str>,
        _deadline: Instant,
    ) -> Result<String, SecretError> {
        let values = self.values.lock();
        let found = values.iter().find(|(key, _)| matches(key, service, account));
        found.map(|(_, value)| value.clone()).ok_or_else(|| not_found(service))
    }

    fn write(
        &self,
        service: &str,
        account: Option<&str>,
        value: &str,
        _deadline: Instant,
    ) -> Result<(), SecretError> {
        let mut values = self.values.lock();
        if let Some(account) = account {
            values.insert((service.to_owned(), account.to_owned()), value.to_owned());
            return Ok(());
        }
        let found = values.iter_mut().find(|(key, _)| matches(key, service, None));
        found.map(|(_, old)| value.clone_into(old)).ok_or_else(|| not_found(service))
    }

    fn delete(
        &self,
        service: &str,
        account: Option<&str>,
        _deadline: Instant,
    ) -> Result<(), SecretError> {
        let mut values = self.values.lock();
        let found = values.keys().find(|key| matches(key, service, account)).cloned();
        let key = found.ok_or_else(|| not_found(service))?;
        values.remove(&key);
        Ok(())
    }

    fn is_available(&self) -> bool {
        true
    }
}

/// No keychain at all: for machines without one, and for tests of that.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoSecrets;

impl SecretStore for NoSecrets {
    fn read(&self, _: &str, _: Option<&str>, _: Instant) -> Result<String, SecretError> {
        Err(SecretError::Unavailable)
    }

    fn write(&self, _: &str, _: Option<&str>, _: &str, _: Instant) -> Result<(), SecretError> {
        Err(SecretError::Unavailable)
    }

    fn delete(&self, _: &str, _: Option<&str>, _: Instant) -> Result<(), SecretError> {
        Err(SecretError::Unavailable)
    }

    fn is_available(&self) -> bool {
        false
    }
}
