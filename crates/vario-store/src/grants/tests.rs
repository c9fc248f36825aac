mod reading;
mod writing;

use std::fs;

use vario_permissions::{Permission, PermissionSet};
use vario_test_support::TempHome;

use crate::{Grants, Paths};

/// A home folder with grants.
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
        fixture.home.write("config/grants.toml", text);
        fixture
    }

    fn grants(&self) -> Grants {
        Grants::load(&self.paths)
    }

    fn text(&self) -> String {
        fs::read_to_string(self.paths.grants_file()).unwrap()
    }

    fn bare(&self, text: &str) -> String {
        let folder = format!("{}/", self.paths.config_dir().display());
        text.replace(&folder, "")
    }
}

fn right(text: &str) -> Permission {
    text.parse().unwrap()
}

fn texts(rights: &PermissionSet) -> Vec<String> {
    rights.iter().map(ToString::to_string).collect()
}
