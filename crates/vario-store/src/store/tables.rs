//! The tables. A step, once released, is never changed; a change is a new step.

/// Step `n` leads from version `n` to `n + 1`.
pub(super) const MIGRATIONS: &[&str] = &[STEP_1, STEP_2, STEP_3];

/// `run`: one row a plugin. `latest` is null if the latest run was good, as `good` says the same.
/// `sample`: a quota of one run. `sample_hour`: all runs of an hour in one row.
const STEP_1: &str = "
CREATE TABLE run (
    plugin TEXT PRIMARY KEY NOT NULL,
    run_ms INTEGER NOT NULL,
    manual_ok_ms INTEGER,
    good TEXT,
    latest TEXT
) STRICT;

CREATE TABLE sample (
    plugin TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    label TEXT NOT NULL,
    used REAL NOT NULL,
    quota REAL NOT NULL
) STRICT;
CREATE INDEX sample_by_time ON sample (plugin, at_ms);
CREATE INDEX sample_by_age ON sample (at_ms);

CREATE TABLE sample_hour (
    plugin TEXT NOT NULL,
    hour_ms INTEGER NOT NULL,
    label TEXT NOT NULL,
    count INTEGER NOT NULL,
    used_min REAL NOT NULL,
    used_max REAL NOT NULL,
    used_sum REAL NOT NULL,
    used_last REAL NOT NULL,
    quota_last REAL NOT NULL,
    PRIMARY KEY (plugin, hour_ms, label)
) STRICT, WITHOUT ROWID;
CREATE INDEX sample_hour_by_age ON sample_hour (hour_ms);

CREATE TABLE upkeep (
    name TEXT PRIMARY KEY NOT NULL,
    at_ms INTEGER NOT NULL
) STRICT;
";

/// `audit`: one row a host call. `number` counts the rows of a plugin without gaps.
const STEP_2: &str = "
CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    plugin TEXT NOT NULL,
    number INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    run INTEGER NOT NULL,
    function TEXT NOT NULL,
    target TEXT NOT NULL,
    allowed INTEGER NOT NULL,
    permission TEXT,
    reason TEXT,
    ok INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    duration_us INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX audit_by_plugin ON audit (plugin, number);
";

/// `plugin_value`: what plugins keep by key, as JSON text. `bytes` is what it counts for against the
/// plugin's share, so that its index alone tells the sum.
const STEP_3: &str = "
CREATE TABLE plugin_value (
    plugin TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    PRIMARY KEY (plugin, key)
) STRICT;
CREATE INDEX plugin_value_by_size ON plugin_value (plugin, key, bytes);
";
