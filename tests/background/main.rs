//! Background plugins, hosted by this process as by any owner, with real processes, databases and
//! files. Names of tests begin with the row of a reference that they prove.

mod rig;
mod smartcars;
