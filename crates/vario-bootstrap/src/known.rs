//! What is asked often and changes seldom, as it was when somebody last said that it changed.

use std::collections::BTreeMap;
use std::sync::Arc;

use parking_lot::{Mutex, RwLock};
use vario_background::{Account, AccountKind, Accounts};
use vario_manifest::Plugin;

use crate::accounts::AccountBook;
use crate::vario::Vario;

/// The configuration and who is signed in. Read again after [`Known::forget`].
#[derive(Clone)]
pub(crate) struct Known(Arc<State>);

struct State {
    vario: RwLock<Vario>,
    book: AccountBook,
    accounts: Mutex<BTreeMap<AccountKind, Option<Account>>>,
}

impl Known {
    pub(crate) fn new(vario: &Vario) -> Self {
        Self(Arc::new(State {
            vario: RwLock::new(vario.reopened()),
            book: vario.accounts(),
            accounts: Mutex::default(),
        }))
    }

    /// Something was changed: everything is read anew.
    pub(crate) fn forget(&self) {
        let reopened = self.0.vario.read().reopened();
        *self.0.vario.write() = reopened;
        self.0.accounts.lock().clear();
    }

    pub(crate) fn is_enabled(&self, plugin: &Plugin) -> bool {
        self.0.vario.read().is_enabled(plugin)
    }
}

impl Accounts for Known {
    fn current(&self, kind: AccountKind) -> Option<Account> {
        let mut accounts = self.0.accounts.lock();
        accounts.entry(kind).or_insert_with(|| self.0.book.current(kind)).clone()
    }

    fn renew(
        &self,
        kind: AccountKind,
        name: &str,
        token: &str,
        refresh_token: Option<&str>,
    ) -> Result<(), String> {
        let kept = self.0.book.renew(kind, name, token, refresh_token);
        if let Some(Some(account)) = self.0.accounts.lock().get_mut(&kind)
            && account.name == name
        {
            account.token = Some(token.to_owned());
            account.refresh_token =
                refresh_token.map(str::to_owned).or_else(|| account.refresh_token.take());
        }
        kept
    }
}
