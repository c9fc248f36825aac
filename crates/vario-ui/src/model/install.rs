//! A plugin that may be installed.

use vario_permissions::PermissionSet;

/// How far it is.
#[derive(Debug, Clone, PartialEq)]
pub enum InstallView {
    /// It is being looked at; with its path.
    Reading(String),
    /// It cannot be installed.
    Refused {
        /// The folder or the file.
        path: String,
        /// Why, in words.
        why: String,
    },
    /// The user is asked.
    Asked(Box<InstallPlan>),
    /// It is being put in place; with its name.
    Working(String),
    /// It is there.
    Done {
        /// Its id.
        id: String,
        /// Its name and version.
        name: String,
        /// Whether it asks for rights.
        asks: bool,
        /// Whether it has some already, granted to the version before it.
        keeps: bool,
        /// Whether the version before it can be brought back.
        can_go_back: bool,
    },
}

/// What an installation would do.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct InstallPlan {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its version; may be empty.
    pub version: String,
    /// Who made it, as it says itself; may be empty.
    pub author: String,
    /// Its family.
    pub dialect: String,
    /// The folder or the file it is in.
    pub source: String,
    /// How many files it has.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
    /// Whether it runs by itself for as long as the program does.
    pub stays: bool,
    /// Whether it brings pages of its own.
    pub has_ui: bool,
    /// What is worth a word.
    pub warnings: Vec<String>,
    /// What it takes the place of.
    pub replaces: Option<Replaced>,
    /// What it asks for; nothing where its manifest does not say.
    pub asks_for: Option<PermissionSet>,
    /// Of these, what the installed version does not ask for.
    pub new_rights: PermissionSet,
    /// What only the installed version asks for.
    pub dropped_rights: PermissionSet,
    /// What it may do at once, because it was granted to the version before it.
    pub has_at_once: PermissionSet,
    /// Settings that the installed version does not have.
    pub new_settings: Vec<String>,
    /// Settings that only the installed version has.
    pub dropped_settings: Vec<String>,
}

/// What is installed already.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Replaced {
    /// Its version; may be empty.
    pub version: String,
    /// Its family, if that is another one.
    pub other_dialect: Option<String>,
    /// Its author, if that is another one; may be empty.
    pub other_author: Option<String>,
    /// Whether every file is the same.
    pub same: bool,
}
