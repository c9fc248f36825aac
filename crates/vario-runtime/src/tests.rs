mod batches;
mod catalogs;
mod refreshing;
mod replays;
mod rig;
