use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use super::{SecretError, SecretStore, no_item};

/// Keeps secrets in memory, for tests and for embedding; they are gone with the store.
#[derive(Default)]
pub struct MemorySecrets {
    items: Mutex<Vec<Item>>,
}

struct Item {
    service: String,
    account: Option<String>,
    value: String,
}

impl MemorySecrets {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    fn with_items<T>(&self, work: impl FnOnce(&mut Vec<Item>) -> T) -> T {
        // Each change is one step, so a panic elsewhere cannot have left the list half done.
        work(&mut self.items.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn find(items: &[Item], service: &str, account: Option<&str>) -> Option<usize> {
    items.iter().position(|item| {
        item.service == service && (account.is_none() || item.account.as_deref() == account)
    })
}

impl SecretStore for MemorySecrets {
    fn read(
        &self,
        service: &str,
        account: Option<&str>,
        _deadline: Instant,
    ) -> Result<String, SecretError> {
        self.with_items(|items| match find(items, service, account) {
            Some(place) => Ok(items[place].value.clone()),
            None => Err(no_item(service, account)),
        })
    }

    fn write(
        &self,
        service: &str,
        account: Option<&str>,
        value: &str,
        _deadline: Instant,
    ) -> Result<(), SecretError> {
        self.with_items(|items| match find(items, service, account) {
            Some(place) => value.clone_into(&mut items[place].value),
            None => items.push(Item {
                service: service.to_owned(),
                account: account.map(str::to_owned),
                value: value.to_owned(),
            }),
        });
        Ok(())
    }

    fn delete(
        &self,
        service: &str,
        account: Option<&str>,
        _deadline: Instant,
    ) -> Result<(), SecretError> {
        self.with_items(|items| match find(items, service, account) {
            Some(place) => {
                items.remove(place);
                Ok(())
            }
            None => Err(no_item(service, account)),
        })
    }

    fn is_available(&self) -> bool {
        true
    }
}

impl std::fmt::Debug for MemorySecrets {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let count = self.with_items(|items| items.len());
        formatter.debug_struct("MemorySecrets").field("count", &count).finish()
    }
}
