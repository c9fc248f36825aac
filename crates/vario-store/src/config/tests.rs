mod edits;
mod reading;
mod units;
mod writing;

use std::fs;

use vario_test_support::TempHome;

use crate::{Config, Paths};

/// A home folder with a configuration.
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
        fixture.home.write("config/config.toml", text);
        fixture
    }

    fn config(&self) -> Config {
        Config::load(&self.paths)
    }

    fn text(&self) -> String {
        fs::read_to_string(self.paths.config_file()).unwrap()
    }

    /// Problems, a line each, without the folder.
    fn problems(&self) -> Vec<String> {
        let config = self.config();
        config.problems().iter().map(|problem| self.bare(&problem.to_string())).collect()
    }

    fn bare(&self, text: &str) -> String {
        let folder = format!("{}/", self.paths.config_dir().display());
        text.replace(&folder, "")
    }
}
