mod archives;
mod installing;
mod killed;
mod names;
mod packing;
mod plans;
mod rig;
mod zip;
