//! Who is signed in.

/// The accounts, as they were read last.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccountsView {
    /// Whether they were read already.
    pub read: bool,
    /// By kind and name.
    pub all: Vec<AccountView>,
    /// What is wrong with them, or with what was done last.
    pub problems: Vec<String>,
    /// Whether something is being changed.
    pub busy: bool,
    /// How many changes have succeeded: what was typed for one is done with.
    pub changes: u64,
}

/// One account, without its secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountView {
    /// Of which kind.
    pub kind: AccountKind,
    /// What the user calls it.
    pub name: String,
    /// What it is for: an address, a pilot.
    pub about: String,
    /// Whether it is the one in use of its kind.
    pub in_use: bool,
    /// How it is with its secrets.
    pub secrets: Secrets,
}

/// Whose service an account is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountKind {
    /// An identity for smartCARS plugins.
    Smartcars,
    /// An airline for Stratos plugins.
    Stratos,
}

/// Whether secrets are kept. They themselves are never here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Secrets {
    /// In the keychain.
    Kept,
    /// It has none.
    None,
    /// The keychain does not tell; with its words.
    Unknown(String),
}
