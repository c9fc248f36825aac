//! Background plugins in Lua, as their process runs them, with a host that is made up.

#![expect(clippy::unwrap_used, reason = "tests")]
#![expect(clippy::disallowed_methods, reason = "tests read fixtures")]

mod errors;
mod fixtures;
mod mudstack;
mod probe;
mod rig;
mod smartcars;
mod stratos;
mod tasks;
mod vario;
