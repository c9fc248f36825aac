mod asking;
mod batches;
mod catalogs;
mod identities;
mod profiles;
mod refreshing;
mod replays;
pub(crate) mod rig;
