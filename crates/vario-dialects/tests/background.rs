//! Background plugins, run in this process with a host made of tables, a clock of the tests' own
//! and no waiting. Tests are named by the rows of the reference's checklists they prove.

#![expect(clippy::unwrap_used, reason = "tests")]
#![expect(clippy::disallowed_methods, reason = "tests read fixtures")]

#[path = "background/rig.rs"]
mod rig;

#[path = "background/smartcars.rs"]
mod smartcars;

#[path = "background/stratos.rs"]
mod stratos;

#[path = "background/mudstack.rs"]
mod mudstack;

#[path = "background/shims.rs"]
mod shims;

#[path = "background/vario.rs"]
mod vario;
