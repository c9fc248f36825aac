mod failures;
mod helpers;
mod rig;
