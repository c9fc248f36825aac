//! Records what a probe asked of the host, redacts it, and replays it offline.
