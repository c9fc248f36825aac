mod reading;
mod writing;

use std::fs;

use serde_json::{Value, json};
use vario_test_support::TempHome;

use crate::{AccountEntry, AccountKind, Accounts, Paths};

/// A home folder with accounts.
struct Fixture {
    home: TempHome,
    paths: Paths,
}

impl Fixture {
    fn empty() -> Self {
        let home = TempHome::new();
        let paths = Paths::below(home.path());
        Self { home, paths }
    }

    fn new(text: impl AsRef<[u8]>) -> Self {
        let fixture = Self::empty();
        fixture.home.write("config/accounts.toml", text);
        fixture
    }

    fn accounts(&self) -> Accounts {
        Accounts::load(&self.paths)
    }

    fn text(&self) -> String {
        fs::read_to_string(self.paths.accounts_file()).unwrap()
    }

    /// What does not count, without the folder.
    fn problems(&self) -> Vec<String> {
        let folder = format!("{}/", self.paths.config_dir().display());
        let accounts = self.accounts();
        let problems = accounts.problems().iter();
        problems.map(|problem| problem.to_string().replace(&folder, "")).collect()
    }
}

fn entry(kind: AccountKind, name: &str, document: Value) -> AccountEntry {
    let Value::Object(document) = document else { panic!("a document is an object") };
    AccountEntry { kind, name: name.to_owned(), document, refresh_url: None, signed_in: None }
}

fn pilot(name: &str) -> AccountEntry {
    let document = json!({
        "tfdi_design_user": { "id": 7, "token": "" },
        "airline": { "name": "It's \"quoted\"\n'''", "rating": 4.7 },
        "va_user": { "pilotID": "VA1", "session": "", "rankImage": null },
    });
    entry(AccountKind::Smartcars, name, document)
}

fn airline(name: &str) -> AccountEntry {
    let base = "https://va.example/api";
    entry(AccountKind::Stratos, name, json!({ "name": "The VA", "icao": "TVA", "baseUrl": base }))
}
