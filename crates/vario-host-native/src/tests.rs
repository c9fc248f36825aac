mod arguments;
mod background;
mod config;
mod credentials;
mod crypto;
mod env;
mod fs;
mod http;
mod keychain;
mod logins;
mod ls;
mod paths;
#[cfg(unix)]
mod processes;
mod rights;
mod sqlite;
pub(crate) mod support;
mod system;
mod witness;
