//! How each family's background plugins are watched over: time limits, readiness and restarts, as
//! data. Where a reference marks a row as its own choice (C), the choice is kept here.

use std::time::Duration;

use vario_manifest::Dialect;

/// What becomes of a plugin whose start takes longer than its limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LateStart {
    /// It has failed, and is ended.
    Fails,
    /// It goes on, marked as degraded, and may still become active.
    Degrades,
}

/// From when on something reaches a plugin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ready {
    /// As soon as its module is evaluated, while its start is pending.
    Loaded,
    /// When its start has succeeded; what comes before waits.
    Active,
}

/// What is done about a plugin whose process ended by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Restart {
    /// The wait before each restart; one crash more than there are entries is the end.
    pub waits: &'static [Duration],
    /// Only crashes within this time count.
    pub within: Duration,
    /// Whether a crash before the plugin was active counts as any other; else it is the end.
    pub during_start: bool,
}

/// How one family's plugins are watched over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Supervision {
    /// For evaluating the module and for its start together.
    pub start: Duration,
    /// What happens after that.
    pub late_start: LateStart,
    /// For its orderly end, before it is killed.
    pub stop: Duration,
    /// From when on its routes are served.
    pub routes: Ready,
    /// From when on events are delivered.
    pub events: Ready,
    /// For one request of HTTP or of another plugin.
    pub request: Duration,
    /// How long work may be outstanding before it is asked whether it still lives, and how long it
    /// may take to answer that.
    pub ping: Duration,
    /// How long its code may run before it gives way, whether something is outstanding or not.
    pub turn: Duration,
    /// After crashes.
    pub restart: Restart,
    /// Whether it runs only while somebody is signed in.
    pub needs_account: bool,
}

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

const WAITS: &[Duration] = &[seconds(1), seconds(5), seconds(15)];

/// smartCARS reference, sections 3 and 8: routes answer while `onStart` is pending, a late start
/// degrades, the third fatal crash within a minute is the end.
const SMARTCARS: Supervision = Supervision {
    start: seconds(30),
    late_start: LateStart::Degrades,
    stop: seconds(5),
    routes: Ready::Loaded,
    events: Ready::Loaded,
    request: seconds(30),
    ping: seconds(10),
    turn: seconds(10),
    restart: Restart { waits: &[seconds(1), seconds(5)], within: seconds(60), during_start: true },
    needs_account: true,
};

/// Stratos reference, sections 3 and 8: a late start is an error, and nothing restarts by itself.
const STRATOS: Supervision = Supervision {
    start: seconds(30),
    late_start: LateStart::Fails,
    stop: seconds(5),
    routes: Ready::Loaded,
    events: Ready::Loaded,
    request: seconds(30),
    ping: seconds(10),
    turn: seconds(10),
    restart: Restart { waits: &[], within: seconds(60), during_start: false },
    needs_account: false,
};

/// Mudstack reference, sections 4 and 7: events wait until the plugin is active, up to three
/// restarts in five minutes and none during the start.
const MUDSTACK: Supervision = Supervision {
    start: seconds(30),
    late_start: LateStart::Fails,
    stop: seconds(10),
    routes: Ready::Active,
    events: Ready::Active,
    request: seconds(30),
    ping: seconds(10),
    turn: seconds(10),
    restart: Restart { waits: WAITS, within: seconds(300), during_start: false },
    needs_account: false,
};

/// Ours: as Mudstack, but an end is given less time and a crash at start may be tried again.
const VARIO: Supervision = Supervision {
    stop: seconds(5),
    restart: Restart { waits: WAITS, within: seconds(300), during_start: true },
    ..MUDSTACK
};

/// How plugins of this family are watched over.
pub fn supervision(dialect: Dialect) -> Supervision {
    match dialect {
        Dialect::Smartcars => SMARTCARS,
        Dialect::Stratos => STRATOS,
        Dialect::Mudstack => MUDSTACK,
        _ => VARIO,
    }
}
