//! Who is signed in. The keychain may be slow, so all of it happens aside.

use std::path::Path;

use serde_json::{Map, Value as Json};
use vario_bootstrap::{AccountRow, NewAccount, SecretState, Vario};
use vario_runtime::owner::Changed;
use vario_ui::{AccountKind, AccountView, AccountsView, NewAirline, Secrets};

use super::Working;
use super::parts::{Part, aside};

/// An identity's file is no larger.
const MOST_BYTES: u64 = 512 * 1024;

impl Working {
    /// Reads them anew.
    pub(super) fn read_accounts(&self) {
        let (vario, part) = (self.vario.reopened(), self.accounts.clone());
        let reading = aside("accounts", move || {
            let read = read(&vario);
            part.change(|view| put(view, read));
        });
        if let Err(text) = reading {
            self.accounts.change(|view| view.problems = vec![text]);
        }
    }

    /// Changes something, tells whoever hosts plugins, and reads all anew.
    fn change_accounts(
        &self,
        work: impl FnOnce(&Vario) -> Result<Outcome, String> + Send + 'static,
    ) -> Result<(), String> {
        self.accounts.change(|view| view.busy = true);
        let (vario, part) = (self.vario.reopened(), self.accounts.clone());
        aside("accounts", move || {
            let outcome = work(&vario);
            if outcome == Ok(Outcome::Changed) {
                vario.tell_owner(Changed::Config);
            }
            let read = read(&vario);
            part.change(|view| finish(view, read, outcome));
        })
    }

    pub(super) fn use_account(&self, name: String) -> Result<(), String> {
        self.change_accounts(move |vario| changed(vario.accounts().use_account(&name)))
    }

    pub(super) fn sign_out(&self, kind: AccountKind) -> Result<(), String> {
        self.change_accounts(move |vario| changed(vario.accounts().use_none(stored(kind))))
    }

    pub(super) fn remove_account(&self, name: String) -> Result<(), String> {
        self.change_accounts(move |vario| changed(vario.accounts().remove(&name)))
    }

    pub(super) fn add_airline(&self, new: NewAirline) -> Result<(), String> {
        self.change_accounts(move |vario| changed(vario.add_account(airline(new), false)))
    }

    /// Asks for the file of an identity and adds it.
    pub(super) fn add_identity(&self, name: String) -> Result<(), String> {
        self.change_accounts(move |vario| {
            let dialog = rfd::FileDialog::new()
                .set_title("Identity for smartCARS plugins")
                .add_filter("Identity (JSON)", &["json"]);
            let Some(file) = dialog.pick_file() else { return Ok(Outcome::Nothing) };
            changed(vario.add_account(identity(&name, &file)?, false))
        })
    }
}

/// What came of a wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Changed,
    /// The user thought better of it.
    Nothing,
}

fn changed<T>(result: Result<T, vario_bootstrap::Error>) -> Result<Outcome, String> {
    result.map(|_what| Outcome::Changed).map_err(|error| error.to_string())
}

/// The accounts, and what is wrong with them.
type Read = (Result<Vec<AccountRow>, String>, Vec<String>);

fn read(vario: &Vario) -> Read {
    let book = vario.accounts();
    let rows = book.list().map_err(|error| error.to_string());
    (rows, book.take_warnings())
}

fn put(view: &mut AccountsView, (rows, mut problems): Read) {
    view.read = true;
    view.all = match rows {
        Ok(rows) => rows.into_iter().map(account).collect(),
        Err(why) => {
            if !problems.contains(&why) {
                problems.push(why);
            }
            Vec::new()
        }
    };
    view.problems = problems;
}

fn finish(view: &mut AccountsView, read: Read, outcome: Result<Outcome, String>) {
    put(view, read);
    view.busy = false;
    match outcome {
        Ok(Outcome::Changed) => view.changes += 1,
        Ok(Outcome::Nothing) => {}
        Err(words) => view.problems.push(words),
    }
}

fn account(row: AccountRow) -> AccountView {
    let (entry, in_use) = (row.entry, row.in_use);
    let text = |path: &[&str]| {
        let mut at = entry.document.get(*path.first()?)?;
        for key in path.iter().skip(1) {
            at = at.get(key)?;
        }
        at.as_str().map(str::to_owned)
    };
    let (kind, about) = match entry.kind {
        vario_store::AccountKind::Stratos => {
            (AccountKind::Stratos, text(&["baseUrl"]).unwrap_or_default())
        }
        vario_store::AccountKind::Smartcars => {
            let parts = [text(&["airline", "name"]), text(&["va_user", "pilotID"])];
            let parts: Vec<String> = parts.into_iter().flatten().collect();
            (AccountKind::Smartcars, parts.join(", "))
        }
    };
    let secrets = row.secrets.iter().fold(Secrets::None, |so_far, (_, state)| match state {
        SecretState::Unknown(why) => Secrets::Unknown(why.clone()),
        SecretState::Set if so_far == Secrets::None => Secrets::Kept,
        SecretState::Set | SecretState::NotSet => so_far,
    });
    AccountView { kind, name: entry.name.clone(), about, in_use, secrets }
}

fn stored(kind: AccountKind) -> vario_store::AccountKind {
    match kind {
        AccountKind::Smartcars => vario_store::AccountKind::Smartcars,
        AccountKind::Stratos => vario_store::AccountKind::Stratos,
    }
}

fn airline(new: NewAirline) -> NewAccount {
    let mut document = Map::new();
    document.insert("baseUrl".to_owned(), Json::from(new.base_url));
    for (key, secret) in [("token", new.token), ("refreshToken", new.refresh_token)] {
        // It came from a website, with whatever stood around it.
        let secret = secret.0.trim();
        if !secret.is_empty() {
            document.insert(key.to_owned(), Json::from(secret));
        }
    }
    NewAccount {
        kind: vario_store::AccountKind::Stratos,
        name: new.name,
        document,
        refresh_url: Some(new.refresh_url).filter(|url| !url.is_empty()),
    }
}

/// An identity as a file holds it; without a name it is called what the file is.
fn identity(name: &str, file: &Path) -> Result<NewAccount, String> {
    let shown = file.display();
    let cannot = |why: &dyn std::fmt::Display| format!("`{shown}` cannot be read: {why}");
    let size = std::fs::metadata(file).map_err(|error| cannot(&error))?.len();
    if size > MOST_BYTES {
        return Err(format!("`{shown}` is larger than any identity"));
    }
    let text = std::fs::read_to_string(file).map_err(|error| cannot(&error))?;
    // What is wrong is told by its place only: the text holds secrets.
    let document: Map<String, Json> = serde_json::from_str(&text).map_err(|error| {
        format!("`{shown}` is no identity: line {}, column {}", error.line(), error.column())
    })?;
    if !document.get("va_user").is_some_and(Json::is_object) {
        return Err(format!("`{shown}` is no identity: it has no `va_user`"));
    }
    let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let name = if name.is_empty() { stem.unwrap_or_default() } else { name.to_owned() };
    let kind = vario_store::AccountKind::Smartcars;
    Ok(NewAccount { kind, name, document, refresh_url: None })
}

impl Working {
    /// The window may know nothing of what other threads keep up to date.
    pub(super) fn tell_parts(&self) {
        tell(&self.background);
        tell(&self.accounts);
        self.installing.tell();
    }
}

fn tell<T: Clone + Default + PartialEq>(part: &Part<T>) {
    if part.get() != T::default() {
        part.tell();
    }
}

#[cfg(test)]
mod tests {
    use vario_store::{AccountEntry, AccountKind};
    use vario_test_support::TempHome;
    use vario_ui::{NewAirline, Secret, Secrets};

    use super::{AccountRow, SecretState, account, airline, identity};

    #[test]
    fn an_airline_is_added_as_it_was_typed() {
        let secret = |text: &str| Secret(text.to_owned());
        let new = airline(NewAirline {
            name: "Sky".to_owned(),
            base_url: "https://sky.example".to_owned(),
            refresh_url: String::new(),
            token: secret(" abc\n"),
            refresh_token: secret(""),
        });
        assert_eq!((new.name.as_str(), new.refresh_url), ("Sky", None));
        assert_eq!(new.document["token"], "abc");
        assert!(!new.document.contains_key("refreshToken"));
    }

    #[test]
    fn an_identity_is_what_has_a_user() {
        let home = TempHome::new();
        let good = home.write("mine.json", r#"{ "va_user": { "session": "s" } }"#);
        let new = identity("", &good).expect("an identity");
        assert_eq!(new.name, "mine");
        assert_eq!(identity("Other", &good).expect("an identity").name, "Other");
        for (name, text) in [("a.json", "{ \"session\": \"hidden\" "), ("b.json", "{}")] {
            let file = home.write(name, text);
            let why = identity("", &file).err().expect("none");
            assert!(why.contains("is no identity") && !why.contains("hidden"), "{why}");
        }
        assert!(identity("", &home.path().join("gone.json")).is_err());
    }

    #[test]
    fn a_row_says_how_it_is_with_the_secrets() {
        let row = |secrets| AccountRow {
            entry: AccountEntry {
                kind: AccountKind::Stratos,
                name: "Sky".to_owned(),
                document: [("baseUrl".to_owned(), "https://sky.example".into())]
                    .into_iter()
                    .collect(),
                refresh_url: None,
                signed_in: None,
            },
            in_use: true,
            secrets,
        };
        let (set, not) = (SecretState::Set, SecretState::NotSet);
        let view = account(row(vec![("token", set.clone()), ("refreshToken", not.clone())]));
        assert_eq!((view.about.as_str(), view.secrets), ("https://sky.example", Secrets::Kept));
        assert_eq!(account(row(vec![("token", not)])).secrets, Secrets::None);
        let locked = SecretState::Unknown("locked".to_owned());
        let view = account(row(vec![("token", set), ("refreshToken", locked)]));
        assert_eq!(view.secrets, Secrets::Unknown("locked".to_owned()));
    }
}
