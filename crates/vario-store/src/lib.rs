//! What outlives a run: snapshots in SQLite, settings in a TOML file a person can edit.
