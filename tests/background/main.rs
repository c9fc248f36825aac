//! Background plugins, hosted by this process as by any owner, with real processes, databases and
//! files. Names of tests begin with the row of a reference that they prove.

#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "tests")]

mod attacks;
mod hostile;
mod mudstack;
mod rig;
mod shapes;
mod smartcars;
mod stratos;
mod supervision;
mod twins;
