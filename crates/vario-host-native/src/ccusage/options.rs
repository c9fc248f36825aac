//! What is asked, and how the package is told.

use std::path::{Path, PathBuf};

use vario_host::{Scope, UsageOptions, UsageProvider};

use super::config::UsageQuery;
use crate::paths;

/// A query, with its defaults filled in.
#[derive(Debug)]
pub(super) struct Question {
    pub(super) provider: UsageProvider,
    since: Option<String>,
    until: Option<String>,
    home: Option<PathBuf>,
}

/// A version of the package that can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Package {
    /// With its version.
    pub(super) name: &'static str,
    /// The program in it.
    pub(super) program: &'static str,
    /// Says whose logs are meant, where the package knows of several.
    pub(super) subcommand: Option<&'static str>,
}

impl Question {
    /// `home` is what `~` means.
    pub(super) fn new(options: &UsageOptions, scope: &Scope, home: Option<&Path>) -> Self {
        let provider = options.provider(&scope.plugin_id);
        let for_claude = match provider {
            UsageProvider::Claude => given(options.claude_path.as_deref()),
            UsageProvider::Codex => None,
        };
        let named = given(options.home_path.as_deref()).or(for_claude);
        Self {
            provider,
            since: given(options.since.as_deref()).map(str::to_owned),
            until: given(options.until.as_deref()).map(str::to_owned),
            home: named.map(|path| paths::expand(path, home)),
        }
    }

    pub(super) fn for_source(&self, scope: &Scope) -> UsageQuery {
        UsageQuery {
            provider: self.provider,
            since: self.since.clone(),
            until: self.until.clone(),
            home_override: self.home.clone(),
            deadline: scope.deadline,
            cancel: scope.cancel.clone(),
        }
    }

    /// Whether no shell would do anything but read the days.
    pub(super) fn is_harmless(&self) -> bool {
        let is_harmless = |letter: char| letter.is_alphanumeric() || " -_./:,+".contains(letter);
        self.since.iter().chain(&self.until).all(|day| day.chars().all(is_harmless))
    }

    /// The package as it is now, and an older one for those that have it and no network.
    pub(super) fn packages(&self) -> [Package; 2] {
        const NAME: &str = "ccusage@20.0.2";
        let package = |name, program, subcommand| Package { name, program, subcommand };
        match self.provider {
            UsageProvider::Claude => [
                package(NAME, "ccusage", Some("claude")),
                package("ccusage@18.0.11", "ccusage", None),
            ],
            UsageProvider::Codex => [
                package(NAME, "ccusage", Some("codex")),
                package("@ccusage/codex@18.0.11", "ccusage-codex", None),
            ],
        }
    }

    /// What the package's program is told.
    pub(super) fn arguments<'a>(&'a self, package: &Package) -> Vec<&'a str> {
        let mut arguments: Vec<&str> = package.subcommand.into_iter().collect();
        arguments.extend(["daily", "--json", "--order", "desc"]);
        for (option, day) in [("--since", &self.since), ("--until", &self.until)] {
            if let Some(day) = day {
                arguments.extend([option, day]);
            }
        }
        arguments
    }

    /// The variable that tells the package where the logs are.
    pub(super) fn home_variable(&self) -> Option<(&'static str, &Path)> {
        let name = match self.provider {
            UsageProvider::Claude => "CLAUDE_CONFIG_DIR",
            UsageProvider::Codex => "CODEX_HOME",
        };
        self.home.as_deref().map(|home| (name, home))
    }
}

/// Blank is as good as nothing.
fn given(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}
